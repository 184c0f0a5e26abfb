//! What a signal does to `sync` and to `serve`.

use std::{
    process::{Output, Stdio},
    sync::Arc,
    time::Duration,
};

use oneflow_client::{ContractId, contracts::ListContracts};
use smartsync::{Inbox, Store};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, copy},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::timeout,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::support::{
    Home, ending_signals, looks, mock_services, notice, notification, pass, post, sent_contract, signal,
    slow_to_write, until,
};

/// No answer comes as long as a test lasts.
const NEVER: Duration = Duration::from_secs(600);

async fn output(process: Child, within: Duration) -> Output {
    timeout(within, process.wait_with_output()).await.expect("the process ends").unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

async fn ended(process: Child, within: Duration) -> (Option<i32>, String, String) {
    let output = output(process, within).await;
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Three sent contracts in which the notice period was filled in.
async fn services() -> (HttpSandbox, Home, Vec<(String, i64)>) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sent: Vec<_> = (0..3).map(|number| sent_contract(&services, number)).collect();
    services.sandbox().advance(Duration::from_secs(600));
    for (_, contract) in &sent {
        services.sandbox().fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
    }
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    (services, home, sent)
}

fn piped(home: &Home, arguments: &[&str]) -> Child {
    home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[tokio::test]
async fn a_sync_that_is_stopped_gives_its_claim_back_and_says_what_was_done() {
    for (name, code) in ending_signals() {
        let (services, home, sent) = services().await;
        // The second contract is never answered.
        let between = mock_services().await;
        pass(&between, &home, &ListContracts::new()).await;
        pass(&between, &home, &oneflow_client::contracts::GetContract::new(sent[0].1)).await;
        pass(&between, &home, &oneflow_client::events::ListContractEvents::new(sent[0].1)).await;
        let hangs = path(format!("/v1/contracts/{}", sent[1].1));
        Mock::given(hangs).respond_with(ResponseTemplate::new(200).set_delay(NEVER)).mount(&between).await;
        home.replace(services.oneflow_url().as_str(), &format!("{}/v1", between.uri()));

        let process = piped(&home, &["sync", "--all"]);
        until("it comes to that", async || looks(&between).await.len() == 3).await;
        signal(&process, name).await;
        let ended = output(process, Duration::from_secs(20)).await;
        let (out, err) = (text(ended.stdout), text(ended.stderr));
        assert_eq!((ended.status.code(), err.as_str()), (Some(code), ""), "{out}");
        let summary = "1 synced, 0 with nothing to do, 0 with held or failed fields, 2 not looked at\n";
        assert!(
            out.ends_with(&format!("SIG{} stopped the run before it was complete\n{summary}", &name[1..])),
            "{out}"
        );
        assert_eq!(notice(&services, &sent[0].0).as_deref(), Some("3 months"));

        let inbox = Inbox::new(Store::open(&home.database()).unwrap());
        for (_, contract) in &sent {
            assert!(inbox.claim(ContractId::new(*contract)).await.unwrap().is_some(), "{contract} is free");
        }
    }
}

#[tokio::test]
async fn a_plan_of_all_contracts_that_is_stopped_ends_with_the_code_of_the_signal() {
    for (name, code) in ending_signals() {
        let (services, home, _) = services().await;
        // No list is ever answered.
        let between = mock_services().await;
        Mock::given(path("/v1/contracts"))
            .respond_with(ResponseTemplate::new(200).set_delay(NEVER))
            .mount(&between)
            .await;
        home.replace(services.oneflow_url().as_str(), &format!("{}/v1", between.uri()));
        let process = piped(&home, &["plan", "--all"]);
        let lists = async || {
            let requests = between.received_requests().await.unwrap();
            requests.iter().any(|request| request.url.path() == "/v1/contracts")
        };
        until("it comes to that", lists).await;
        signal(&process, name).await;
        let ended = output(process, Duration::from_secs(20)).await;
        assert_eq!(ended.status.code(), Some(code), "{}", text(ended.stderr));
    }
}

#[tokio::test]
async fn a_write_that_has_begun_is_finished_and_then_nothing_more() {
    let (services, home, sent) = services().await;
    let (slow, _) = slow_to_write(services.teamtailor_url().as_str(), Duration::from_secs(1)).await;
    home.replace(services.teamtailor_url().as_str(), &slow);
    let ids: Vec<String> = sent.iter().map(|(_, contract)| contract.to_string()).collect();
    let process = piped(&home, &["sync", &ids[0], &ids[1], "--json"]);
    let ledger = || {
        let database = rusqlite::Connection::open(home.database()).ok()?;
        database.query_row("SELECT count(*) FROM cards", [], |row| row.get::<_, i64>(0)).ok()
    };
    // What is begun is in the ledger before it goes out.
    until("it comes to that", async || ledger() == Some(1)).await;
    signal(&process, "-INT").await;
    let (ended, out, err) = ended(process, Duration::from_secs(8)).await;
    let line = format!("finishing contract {}; a second signal stops immediately\n", ids[0]);
    assert_eq!((ended, err), (Some(130), line), "{out}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((json[0]["contract"].to_string(), &json[1]), (ids[0].clone(), &serde_json::Value::Null));
    assert_eq!(notice(&services, &sent[0].0).as_deref(), Some("3 months"));
    assert_eq!(notice(&services, &sent[1].0), None);
}

/// Answers what writes with 429, and lets everything else through to a service.
async fn busy_for_writes(target: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let target: Arc<str> = target.trim_start_matches("http://").trim_end_matches('/').into();
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let target = Arc::clone(&target);
            tokio::spawn(async move {
                let mut first = [0; 65536];
                let count = from.read(&mut first).await.unwrap_or_default();
                if first.starts_with(b"PATCH ") || first.starts_with(b"POST ") {
                    let busy = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 40\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    from.write_all(busy.as_bytes()).await.ok();
                    return;
                }
                // One request each, so that the next one is seen as well.
                let text =
                    String::from_utf8_lossy(&first[..count]).replacen("\r\n", "\r\nconnection: close\r\n", 1);
                let mut to = TcpStream::connect(&*target).await.unwrap();
                to.write_all(text.as_bytes()).await.unwrap();
                copy(&mut to, &mut from).await.ok();
            });
        }
    });
    origin
}

#[tokio::test]
async fn a_contract_that_is_broken_off_while_it_is_written_is_named() {
    for json in [true, false] {
        let (services, home, sent) = services().await;
        let busy = busy_for_writes(services.teamtailor_url().as_str()).await;
        home.replace(services.teamtailor_url().as_str(), &busy);
        let ids: Vec<String> = sent.iter().map(|(_, contract)| contract.to_string()).collect();
        let arguments = ["sync", &ids[0], &ids[1], "--json"];
        let mut process = piped(&home, if json { &arguments } else { &arguments[..3] });
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        says(&mut log, "s for Teamtailor's rate limit").await;
        signal(&process, "-INT").await;
        let (ended, out, _) = ended(process, Duration::from_secs(8)).await;
        assert_eq!(ended, Some(130), "{out}");
        if json {
            let list: serde_json::Value = serde_json::from_str(&out).unwrap();
            let contract = sent[0].1;
            assert_eq!(list, serde_json::json!([{ "contract": contract, "broken_off": true }]));
        } else {
            let expected = format!(
                "SIGINT stopped the run before it was complete\n\
                 contract {0} was interrupted: it may be partly written; run `smartsync sync {0}` to complete it\n\
                 0 synced, 0 with nothing to do, 0 with held or failed fields, 1 interrupted, 1 not looked at\n",
                ids[0]
            );
            assert_eq!(out, expected);
        }
        let inbox = Inbox::new(Store::open(&home.database()).unwrap());
        assert!(inbox.claim(ContractId::new(sent[0].1)).await.unwrap().is_some(), "it is free");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_sync_under_nohup_outlives_its_terminal() {
    let (services, home, sent) = services().await;
    let hangs = mock_services().await;
    let never = ResponseTemplate::new(200).set_delay(NEVER);
    Mock::given(wiremock::matchers::any()).respond_with(never).mount(&hangs).await;
    home.replace(services.oneflow_url().as_str(), &format!("{}/v1", hangs.uri()));
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' HUP; exec \"$0\" sync --config smartsync.toml \"$1\""])
        .args([env!("CARGO_BIN_EXE_smartsync"), &sent[0].1.to_string()])
        .current_dir(home.folder())
        .env_remove("RUST_LOG")
        .kill_on_drop(true);
    let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("it looks", async || looks(&hangs).await.len() == 1).await;
    signal(&process, "-HUP").await;
    signal(&process, "-INT").await;
    let (ended, out, _) = ended(process, Duration::from_secs(8)).await;
    assert_eq!((ended, out.as_str()), (Some(130), "SIGINT stopped the run before it was complete\n"));
}

#[tokio::test]
async fn a_second_signal_ends_a_sync_at_once() {
    let (services, home, sent) = services().await;
    let (slow, _) = slow_to_write(services.teamtailor_url().as_str(), NEVER).await;
    home.replace(services.teamtailor_url().as_str(), &slow);
    let process = piped(&home, &["sync", &sent[0].1.to_string()]);
    let begun = || {
        let database = rusqlite::Connection::open(home.database()).ok()?;
        database.query_row("SELECT count(*) FROM cards", [], |row| row.get::<_, i64>(0)).ok()
    };
    until("it comes to that", async || begun() == Some(1)).await;
    signal(&process, "-INT").await;
    let mut process = process;
    let mut stderr = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("finishing contract "), "{line}");
    signal(&process, "-TERM").await;
    let status = timeout(Duration::from_secs(2), process.wait()).await.expect("it ends").unwrap();
    assert_eq!(status.code(), Some(143));
}

/// A server whose look at a contract hangs, and the lines that it logs.
async fn serve()
-> (Child, tokio::io::Lines<BufReader<tokio::process::ChildStderr>>, String, (MockServer, Home)) {
    let services = mock_services().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200).set_delay(NEVER))
        .mount(&services)
        .await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let mut server = piped(&home, &["serve"]);
    let mut out = BufReader::new(server.stdout.take().unwrap()).lines();
    let url = out.next_line().await.unwrap().unwrap().replace("listening on ", "");
    let log = BufReader::new(server.stderr.take().unwrap()).lines();
    assert_eq!(post(&url, notification("one", 9001.into())).await, 200);
    until("it comes to that", async || !looks(&services).await.is_empty()).await;
    (server, log, url, (services, home))
}

async fn says(log: &mut tokio::io::Lines<BufReader<tokio::process::ChildStderr>>, what: &str) {
    let said = async { while !log.next_line().await.unwrap().expect("the server runs").contains(what) {} };
    timeout(Duration::from_secs(10), said).await.expect("the log says it");
}

#[tokio::test]
async fn a_second_signal_ends_a_server_at_once() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let (mut server, mut log, ..) = serve().await;
        signal(&server, "-INT").await;
        says(&mut log, "stopping").await;
        signal(&server, name).await;
        let status = timeout(Duration::from_secs(2), server.wait()).await.expect("it ends").unwrap();
        assert_eq!(status.code(), Some(code));
    }
}

#[tokio::test]
async fn a_closed_terminal_does_not_end_a_server() {
    let (mut server, mut log, url, _services) = serve().await;
    for number in 0..2 {
        signal(&server, "-HUP").await;
        says(&mut log, "the configuration was read again").await;
        assert_eq!(post(&url, notification(&format!("after {number}"), 9002.into())).await, 200);
    }
    assert!(server.try_wait().unwrap().is_none());
}
