//! `smartsync probe`: what it shows beforehand, what it sends and what it saves.

use std::fs;

use serde_json::Value;
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, ONEFLOW_TOKEN, TEAMTAILOR_KEY};

/// As the sandbox has it.
const COMPANY: &str = "Example Company";
/// In everything that a person typed.
const CANARY: &str = "canary";

struct World {
    services: HttpSandbox,
    home: Home,
}

impl World {
    async fn start(settings: SandboxSettings) -> Self {
        let services = HttpSandbox::start(settings).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        let sandbox = services.sandbox();
        let contract = |name: &str| {
            ContractSeed::new(sandbox.seeded().template, format!("{CANARY} {name}"))
                .counterparty("Canary Sample", "canary@example.com")
                .value("oneflow-salary", "42000")
        };
        sandbox.add_contract(contract("draft")).unwrap();
        sandbox.add_contract(contract("sent").published()).unwrap();
        let signed = sandbox.add_contract(contract("signed").published()).unwrap();
        sandbox.sign_all(signed).unwrap();
        for email in ["canary.one@example.com", "canary.two@example.com"] {
            sandbox.add_candidate(CandidateSeed::new(email).name("Canary", "Person")).unwrap();
        }
        sandbox.clear_request_log();
        Self { services, home }
    }

    fn asked(&self) -> Vec<&'static str> {
        self.services.sandbox().request_log().iter().map(|request| request.operation).collect()
    }
}

#[tokio::test]
async fn it_says_what_was_found_out_and_saves_it() {
    let world = World::start(SandboxSettings::new().bare_webhook_list(true)).await;
    let ended = world.home.run(&["probe", "--company", COMPANY]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let row = ended.out.lines().find(|line| line.contains("webhook-list")).unwrap();
    let row: Vec<&str> = row.split_whitespace().take(4).collect();
    assert_eq!(row, ["oneflow", "webhook-list", "refuted", "array"]);
    assert!(ended.out.contains("saved in smartsync-facts.json\n`smartsync facts` shows"), "{}", ended.out);
    let facts = world.home.run(&["facts"]).await;
    assert!(facts.out.contains("An array, as one program reads it."), "{}", facts.out);

    let log = world.services.sandbox().request_log();
    assert!(!log.is_empty() && log.len() <= 60, "{}", log.len());
    assert!(log.iter().all(|request| request.method == "GET"), "{log:?}");

    let arguments = ["probe", "--company", COMPANY, "--json", "--facts", "other.json"];
    let ended = world.home.run(&arguments).await;
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&report["file"], &report["cut_short"]), (&"other.json".into(), &false.into()));
    let answers = report["answers"].as_array().unwrap();
    let refuted = answers.iter().find(|found| found["fact"] == "webhook-list").unwrap();
    assert_eq!((&refuted["state"], &refuted["answer"]), (&"refuted".into(), &"array".into()));
    assert!(world.home.folder().join("other.json").is_file());
}

#[tokio::test]
async fn explain_shows_every_request_and_sends_none() {
    let world = World::start(SandboxSettings::new()).await;
    let ended = world.home.run(&["probe", "--explain", "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let planned: Value = serde_json::from_str(&ended.out).unwrap();
    let planned = planned.as_array().unwrap();
    assert!(planned.iter().all(|request| request["method"] == "GET"));
    let text = world.home.run(&["probe", "--explain"]).await;
    assert!(text.out.starts_with(&format!("These {} requests at most", planned.len())), "{}", text.out);
    assert!(text.out.contains("/contracts/{signed}/files/1?download=true"), "{}", text.out);
    assert!(world.asked().is_empty());
    let ended = world.home.run(&["probe", "--company", COMPANY, "--json"]).await;
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["requests"], planned.len(), "each is sent where an id for it is there");
    assert_eq!(world.asked().len(), planned.len());
}

#[tokio::test]
async fn nothing_is_asked_without_the_name_of_the_company_or_on_a_large_account() {
    let world = World::start(SandboxSettings::new()).await;
    let nobody = world.home.run(&["probe"]).await;
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""));
    assert!(nobody.err.contains("`--company NAME`") && world.asked().is_empty(), "{}", nobody.err);

    let other = world.home.run(&["probe", "--company", "Another"]).await;
    assert_eq!((other.code, world.asked()), (1, vec!["get_company"]));
    assert!(!other.err.contains(COMPANY) && !other.err.contains("Another"), "{}", other.err);

    world.services.sandbox().clear_request_log();
    for number in 0..200 {
        let seed = CandidateSeed::new(format!("person{number}@example.com"));
        world.services.sandbox().add_candidate(seed).unwrap();
    }
    let large = world.home.run(&["probe", "--company", COMPANY]).await;
    assert_eq!(large.code, 1);
    assert!(large.err.contains("candidates and 3 contracts") && large.err.contains("`--large-account`"));
    assert_eq!(world.asked(), ["get_company", "list_candidates", "list_contracts"]);
    assert!(!world.home.folder().join("smartsync-facts.json").exists());
    let allowed = world.home.run(&["probe", "--company", COMPANY, "--large-account"]).await;
    assert_eq!((allowed.code, allowed.err.as_str()), (0, ""));
}

#[tokio::test]
async fn neither_report_nor_log_nor_file_holds_a_value_a_name_or_a_secret() {
    let world = World::start(SandboxSettings::new()).await;
    let arguments = ["probe", "--company", COMPANY, "--json", "-vv"];
    let ended = world.home.run(&arguments).await;
    assert_eq!(ended.code, 0, "{}", ended.err);
    let file = fs::read_to_string(world.home.folder().join("smartsync-facts.json")).unwrap();
    let facts = world.home.run(&["facts", "--json"]).await;
    let candidate = world.services.sandbox().seeded().candidate;
    let secrets = [ONEFLOW_TOKEN, TEAMTAILOR_KEY, COMPANY, "42000", "@example.com", "FkZsandbox"];
    for text in [&ended.out, &ended.err, &file, &facts.out] {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(!text.to_lowercase().contains(CANARY), "{text}");
    }
    assert!(!file.contains(&format!("\"{candidate}\"")), "{file}");
    assert!(ended.out.contains("custom-id-place") && file.contains("custom-id-place"));
}
