//! `[docs] url`: what a command prints then leads from a code to the page that explains it, and without it to none.

use std::fs;

use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::Home;

const DOCS: &str = "\n[docs]\nurl = \"https://docs.test/smartsync\"\n";

/// What the lines that name a page say.
fn pages(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.contains("https://docs.test") || line.contains(".html"))
        .map(str::trim)
        .collect()
}

#[tokio::test]
async fn the_reasons_below_a_table_lead_to_their_pages_only_where_the_file_names_the_documentation() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let sandbox = services.sandbox();
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com");
    let contract = sandbox.add_contract(seed).unwrap().to_string();
    let expected = ["identity-only-prefilled", "contract-is-draft"]
        .map(|code| format!("https://docs.test/smartsync/reasons/{code}.html"));
    for (docs, expected) in [("", [].as_slice()), (DOCS, expected.as_slice())] {
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        home.append(docs);
        let home = home.with_contracts_of_others(&services);
        for arguments in [["plan", &contract], ["sync", &contract], ["history", &contract]] {
            let ended = home.run(&arguments).await;
            assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{arguments:?}");
            assert_eq!(pages(&ended.out), expected, "{arguments:?}: {}", ended.out);
        }
        // What programs read says the code.
        assert_eq!(pages(&home.run(&["plan", &contract, "--json"]).await.out), [""; 0]);
    }
}

#[tokio::test]
async fn a_diagnostic_leads_to_its_page_only_where_the_file_names_the_documentation() {
    let wrong = "\n[[field]]\noneflow = \"salry\"\nteamtailor = \"custom:notes\"\n";
    let expected = ["= note: see https://docs.test/smartsync/diagnostics/SM0037.html"];
    for (docs, expected) in [("", [].as_slice()), (DOCS, expected.as_slice())] {
        let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
        home.append(&format!("{docs}{wrong}"));
        let schemas = include_str!("../../../smartsync-core/tests/it/mapping_schemas.json");
        fs::write(home.folder().join("smartsync-schema.json"), schemas).unwrap();
        let ended = home.run(&["check", "--offline"]).await;
        assert_eq!(ended.code, 1, "{}", ended.out);
        assert_eq!(pages(&format!("{}{}", ended.out, ended.err)), expected);
    }
}

#[tokio::test]
async fn explain_names_the_page_of_a_code_only_where_the_file_names_the_documentation() {
    for (code, page) in [
        ("conflict-held", "reasons/conflict-held.html"),
        ("took-too-long", "reasons/took-too-long.html"),
        ("sm0014", "diagnostics/SM0014.html"),
    ] {
        let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
        assert_eq!(pages(&home.run(&["explain", code]).await.out), [""; 0]);
        home.append(DOCS);
        let ended = home.run(&["explain", code]).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        assert_eq!(pages(&ended.out), [format!("https://docs.test/smartsync/{page}")]);
    }
}
