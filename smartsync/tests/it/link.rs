//! `smartsync link`: a person says whose contract it is.

use std::{fs, time::Duration};

use serde_json::{Value, json};
#[cfg(target_os = "linux")]
use smartsync::{ContractId, Inbox, Store};
use smartsync_sandbox::{CandidateSeed, HttpSandbox, SandboxSettings};
#[cfg(target_os = "linux")]
use {std::process::Stdio, tokio::time::timeout};

use crate::support::{Ended, Home};
#[cfg(target_os = "linux")]
use crate::support::{ending_signals, listens, signal, until};

/// A contract that was made and sent for the sample candidate, and in which the notice period was filled in.
struct Office {
    services: HttpSandbox,
    home: Home,
    candidate: String,
    contract: String,
}

impl Office {
    async fn open() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        home.append(
            "\n[sync]\nlink = [\"ledger\", \"participant_custom_id\"]\nconvention = false\n\
             [[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\n",
        );
        let seeded = services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let what =
            ["create", "--candidate", &seeded.candidate, "--template", &template, "--publish", "--json"];
        let made = home.run(&[&what[..], &["--workspace", &workspace]].concat()).await;
        let made: Value = serde_json::from_str(&made.out).unwrap();
        let office =
            Self { services, home, candidate: seeded.candidate, contract: made["contract"].to_string() };
        office.services.sandbox().advance(Duration::from_secs(600));
        let contract = office.contract.parse().unwrap();
        office.services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
        office
    }

    /// As on a new machine: neither database nor key is there any more.
    fn lose_everything(&self) {
        for file in fs::read_dir(self.home.folder()).unwrap().map(Result::unwrap) {
            if file.file_name().to_str().unwrap().starts_with("state.db") {
                fs::remove_file(file.path()).unwrap();
            }
        }
        self.home.secret("state.db.key", &"fedcba9876543210".repeat(4));
    }

    async fn link(&self, candidate: &str, more: &[&str]) -> Ended {
        self.home.run(&[&["link", &self.contract, "--candidate", candidate], more].concat()).await
    }

    async fn sync(&self) -> Ended {
        self.home.run(&["sync", &self.contract]).await
    }

    fn notice(&self, candidate: &str) -> Option<String> {
        self.services.sandbox().candidate_card(candidate).unwrap().get("oneflow-notice").map(str::to_owned)
    }

    fn another_candidate(&self) -> String {
        self.candidate_at("bo@example.com")
    }

    fn candidate_at(&self, address: &str) -> String {
        self.services.sandbox().add_candidate(CandidateSeed::new(address).name("Bo", "Sample")).unwrap()
    }
}

#[tokio::test]
async fn a_contract_whose_key_and_ledger_were_lost_works_again_once_it_is_linked() {
    let office = Office::open().await;
    office.lose_everything();
    let held = office.home.run(&["sync", &office.contract, "--json"]).await;
    assert_eq!(held.code, 2, "{}", held.err);
    assert!(held.out.contains("\"link-forged\""), "{}", held.out);
    assert_eq!(office.notice(&office.candidate), None);

    let linked = office.link(&office.candidate, &[]).await;
    assert_eq!((linked.code, linked.err.as_str()), (0, ""));
    assert_eq!(
        linked.out,
        format!(
            "contract {0} is linked to candidate {1}\n\
             Nothing has been written yet: run `smartsync sync {0}`, or wait for the next notification.\n",
            office.contract, office.candidate
        )
    );
    let synced = office.sync().await;
    assert_eq!(synced.code, 0, "{}{}", synced.out, synced.err);
    assert_eq!(office.notice(&office.candidate).as_deref(), Some("3 months"));
}

#[tokio::test]
async fn what_a_person_says_outranks_a_link_to_somebody_else() {
    // Under the key that signed the link, and under another one.
    for loses_key in [false, true] {
        let office = Office::open().await;
        let other = office.another_candidate();
        if loses_key {
            office.lose_everything();
        }
        let refused = office.link(&other, &[]).await;
        if loses_key {
            assert_eq!(refused.code, 0, "nothing says otherwise: {}", refused.err);
        } else {
            assert_eq!((refused.code, refused.out.as_str()), (1, ""));
            let expected = format!(
                "error: Contract {} belongs to candidate {}. Link it to {other} instead? There is no terminal to ask on\n \
                 next: reassigning a contract that belongs to another candidate requires `--yes`\n",
                office.contract, office.candidate
            );
            assert_eq!(refused.err, expected);
            assert_eq!(office.link(&other, &["--yes"]).await.code, 0);
        }
        let synced = office.sync().await;
        assert_eq!(synced.code, 0, "{}{}", synced.out, synced.err);
        assert_eq!(office.notice(&other).as_deref(), Some("3 months"));
        assert_eq!(office.notice(&office.candidate), None);
    }
}

#[tokio::test]
async fn it_says_in_json_whose_the_contract_was_and_may_be_repeated() {
    let office = Office::open().await;
    let other = office.another_candidate();
    for before in [&office.candidate, &other] {
        let linked = office.link(&other, &["--yes", "--json"]).await;
        let said: Value = serde_json::from_str(&linked.out).unwrap();
        let contract: i64 = office.contract.parse().unwrap();
        assert_eq!(said, json!({ "contract": contract, "candidate": other, "before": before }));
    }
}

#[tokio::test]
async fn nothing_is_linked_that_is_not_there_or_was_forgotten() {
    let office = Office::open().await;
    let ended = office.link("99999999", &["--yes"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: candidate 99999999 does not exist"), "{}", ended.err);

    let ended = office.home.run(&["link", "77", "--candidate", &office.candidate]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with("error: contract 77 does not exist"), "{}", ended.err);

    let other = office.another_candidate();
    assert_eq!(office.home.run(&["forget", "--candidate", &other, "--yes"]).await.code, 0);
    let ended = office.link(&other, &["--yes"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.starts_with(&format!("error: candidate {other} was forgotten")), "{}", ended.err);
    assert_eq!(office.sync().await.code, 0);
    assert_eq!(office.notice(&office.candidate).as_deref(), Some("3 months"), "the link of before counts");
}

/// A second one ends it at once with the same code, so it may be sent until it ends.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_signal_ends_the_wait_for_a_look_that_is_under_way() {
    let office = Office::open().await;
    let inbox = Inbox::new(Store::open(&office.home.database()).unwrap());
    let _look =
        inbox.claim(office.contract.parse::<ContractId>().unwrap()).await.unwrap().expect("nobody looks");
    for (name, code) in ending_signals() {
        let mut command = office.home.command(&["link", &office.contract, "--candidate", &office.candidate]);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("it listens", async || listens(&process)).await;
        let status = async {
            loop {
                signal(&process, name).await;
                if let Ok(status) = timeout(Duration::from_millis(200), process.wait()).await {
                    break status.unwrap();
                }
            }
        };
        let status = timeout(Duration::from_secs(20), status).await.expect("it ends");
        assert_eq!(status.code(), Some(code));
    }
}

/// The question of `link` on a terminal of its own.
#[cfg(target_os = "linux")]
mod on_a_terminal {
    use std::process::Stdio;

    use smartsync::{ContractId, Inbox, Store};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        process::{Child, Command},
        time::timeout,
    };

    use super::{Duration, Office};

    /// `link` to the other candidate, once it has asked.
    async fn asking(office: &Office, from: &str, other: &str) -> Child {
        let command = format!(
            "{} --config smartsync.toml link {} --candidate {other}",
            env!("CARGO_BIN_EXE_smartsync"),
            office.contract
        );
        let mut process = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(office.home.folder())
            .env_remove("RUST_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut shown = String::new();
        let asked = async {
            while !shown.contains("[y/N] ") {
                shown.push(char::from(process.stdout.as_mut().unwrap().read_u8().await.unwrap()));
            }
        };
        timeout(Duration::from_secs(20), asked).await.expect("it asks");
        assert!(shown.contains(&format!("belongs to candidate {from}")), "{shown}");
        process
    }

    async fn types(process: &mut Child, keys: &[u8]) {
        process.stdin.as_mut().unwrap().write_all(keys).await.unwrap();
    }

    async fn code(mut process: Child) -> Option<i32> {
        // Kept open until then: the end of what is typed is an answer as well.
        let stdin = process.stdin.take();
        let output = timeout(Duration::from_secs(20), process.wait_with_output()).await.expect("it ends");
        drop(stdin);
        output.unwrap().status.code()
    }

    #[tokio::test]
    async fn the_first_ctrl_c_ends_it_and_nothing_is_claimed_meanwhile() {
        let office = Office::open().await;
        let other = office.another_candidate();
        let mut process = asking(&office, &office.candidate, &other).await;
        let inbox = Inbox::new(Store::open(&office.home.database()).unwrap());
        let contract: ContractId = office.contract.parse().unwrap();
        let claim = inbox.claim(contract).await.unwrap().expect("it is free while the answer is awaited");
        inbox.release(claim).await.unwrap();
        types(&mut process, b"\x03").await;
        assert_eq!(code(process).await, Some(130));
        office.sync().await;
        assert_eq!(office.notice(&office.candidate).as_deref(), Some("3 months"));
        assert_eq!(office.notice(&other), None);
    }

    #[tokio::test]
    async fn a_yes_counts_for_the_candidate_that_was_named() {
        let office = Office::open().await;
        let (other, third) = (office.another_candidate(), office.candidate_at("third@example.com"));
        let mut process = asking(&office, &office.candidate, &other).await;
        assert_eq!(office.link(&third, &["--yes"]).await.code, 0);
        types(&mut process, b"y\n").await;
        // It is asked anew: the contract is the third one's by now.
        types(&mut process, b"n\n").await;
        assert_eq!(code(process).await, Some(1));
        assert_eq!(office.sync().await.code, 0);
        assert_eq!(office.notice(&third).as_deref(), Some("3 months"));

        let mut process = asking(&office, &third, &other).await;
        types(&mut process, b"y\n").await;
        assert_eq!(code(process).await, Some(0));
        assert_eq!(office.sync().await.code, 0);
        assert_eq!(office.notice(&other).as_deref(), Some("3 months"));
    }
}
