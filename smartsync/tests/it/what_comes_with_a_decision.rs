//! A look comes with each decision, and writes what the rules say as well: whoever decides is shown that beforehand, on the page and on the command line.

use std::{future::pending, time::Duration};

use serde_json::Value;
use smartsync::server;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::{Browser, Home};

const HELD: &str = "custom:oneflow-salary";

#[tokio::test]
async fn what_the_rules_write_with_a_decision_is_shown_to_whoever_decides() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.append(
        "\n[page]\nlisten = \"127.0.0.1:0\"\n[sync]\nconvention = false\n[[field]]\noneflow = \"oneflow-salary\"\n\
         teamtailor = \"custom:oneflow-salary\"\non_conflict = \"hold\"\n[[field]]\noneflow = \"oneflow-notice\"\n\
         teamtailor = \"custom:oneflow-notice\"\n",
    );
    let sandbox = services.sandbox();
    let seeded = sandbox.seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template, "--publish", "--json"];
    let made = home.run(&[&what[..], &["--workspace", &workspace]].concat()).await;
    let id = serde_json::from_str::<Value>(&made.out).unwrap()["contract"].to_string();
    let contract: i64 = id.parse().unwrap();
    sandbox.advance(Duration::from_secs(600));
    // One field is changed on both sides, one by the participant alone; then everybody signs.
    sandbox.fill_data_field(contract, "oneflow-salary", "50000").unwrap();
    sandbox.edit_custom_field(&seeded.candidate, "oneflow-salary", Some("60000")).unwrap();
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.sign_all(contract).unwrap();

    let asked = home.run(&["resolve", &id, HELD, "--take", "card"]).await;
    let said =
        "With it goes to the card what the rules say: custom:oneflow-notice, the signed document. Keep ";
    assert!(asked.err.replace("\n ", "").replace("    ", "").contains(said), "{}", asked.err);

    let page = server::bind_page(&home.config()).await.unwrap();
    let mut browser = Browser::at(page.address());
    let _page = tokio::spawn(page.run(pending()));
    let path = format!("/contracts/{id}/decide");
    let shown = browser.view(&path).await;
    for said in [
        "That look also writes what the rules say, whatever you choose here:",
        "oneflow-notice → custom:oneflow-notice",
        "The signed document is put on the card.",
    ] {
        assert!(shown.read().contains(said), "{said}: {}", shown.read());
    }
    let card = || sandbox.candidate_card(&seeded.candidate).unwrap();
    assert_eq!(
        (card().get("oneflow-notice"), card().uploads.len()),
        (None, 0),
        "nothing was written by showing it"
    );

    let plan = shown.field("plan").unwrap().to_owned();
    let done = browser.send(&path, &[("plan", &plan), (&format!("take.{HELD}"), "card")]).await.read();
    assert!(done.contains("Your decision was carried out."), "{done}");
    assert_eq!(card().get("oneflow-notice"), Some("3 months"));
    assert_eq!((card().get("oneflow-salary"), card().uploads.len()), (Some("60000"), 1));
}
