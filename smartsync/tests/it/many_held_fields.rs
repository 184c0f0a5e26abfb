//! A contract of which two hundred fields are held: they are decided upon some at a time, and no page of them is large.

use std::{collections::BTreeSet, future::pending, time::Duration};

use serde_json::Value;
use smartsync::server;
use smartsync_sandbox::{
    CustomFieldKind, CustomFieldSeed, DataFieldSeed, HttpSandbox, SandboxSettings, TemplateSeed,
    TemplateTypeSeed,
};

use crate::support::{Answered, Browser, Home};

const FIELDS: usize = 200;

fn name(number: usize) -> String {
    format!("employment-condition-{number:03}")
}

/// The fields of a page, by what a choice among them is called.
fn choices(page: &Answered) -> BTreeSet<String> {
    let names = page.text.split("name=\"take.custom:").skip(1);
    names.map(|behind| behind.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn two_hundred_held_fields_are_decided_upon_25_at_a_time_on_pages_below_40_kb() {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let (sandbox, workspace) = (services.sandbox(), services.sandbox().seeded().workspace.to_string());
    let mut kind = TemplateTypeSeed::new("Employment");
    let mut section =
        "\n[page]\nlisten = \"127.0.0.1:0\"\n[sync]\nconvention = false\ndocument = { attach = false }\n"
            .to_owned();
    for name in (0..FIELDS).map(name) {
        kind = kind.field(DataFieldSeed::new(&name));
        sandbox.add_custom_field(CustomFieldSeed::new(&name, CustomFieldKind::Text));
        section += &format!(
            "[[field]]\noneflow = \"{name}\"\nteamtailor = \"custom:{name}\"\non_conflict = \"hold\"\n"
        );
    }
    home.append(&section);
    let template = TemplateSeed::new("Employment", Some(sandbox.add_template_type(kind)));
    let template = sandbox.add_template(template).unwrap().to_string();
    let candidate = sandbox.seeded().candidate;
    let what = ["create", "--candidate", &candidate, "--template", &template, "--publish", "--json"];
    let made = home.run(&[&what[..], &["--workspace", &workspace]].concat()).await;
    assert_eq!(made.code, 0, "{}", made.err);
    let contract = serde_json::from_str::<Value>(&made.out).unwrap()["contract"].as_i64().unwrap();
    sandbox.advance(Duration::from_secs(600));
    for name in (0..FIELDS).map(name) {
        sandbox.fill_data_field(contract, &name, "of the participant").unwrap();
        sandbox.edit_custom_field(&candidate, &name, Some("of the recruiter")).unwrap();
    }

    let page = server::bind_page(&home.config()).await.unwrap();
    let mut browser = Browser::at(page.address());
    let _page = tokio::spawn(page.run(pending()));
    let path = format!("/contracts/{contract}/decide");
    // The browser measures each page that it is given.
    let (mut seen, mut plans, mut sizes) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for from in (0..FIELDS).step_by(25) {
        let place = if from > 0 { format!("?fields={from}") } else { String::new() };
        for shown in [
            browser.view(&(path.clone() + &place)).await,
            browser.post(&format!("{path}/show{place}"), &[]).await,
        ] {
            assert_eq!(choices(&shown).len(), 25, "{from}");
            assert_eq!(shown.text.contains("more fields"), from + 25 < FIELDS, "{from}");
            plans.insert(shown.field("plan").unwrap().to_owned());
            seen.extend(choices(&shown));
            sizes.push(shown.text.len());
        }
    }
    println!(
        "pages of held fields: {} to {} bytes",
        sizes.iter().min().unwrap(),
        sizes.iter().max().unwrap()
    );
    assert!(sizes.iter().all(|size| *size < 40_000), "{sizes:?}");
    assert_eq!(seen, (0..FIELDS).map(name).collect());
    assert_eq!(plans.len(), 1, "each page is of the plan of all fields");

    // One of the second page is decided; a field of the first that has changed since makes that stale, though it was on another page.
    let plan = plans.into_iter().next().unwrap();
    let (here, take) = (format!("{path}?fields=25"), format!("take.custom:{}", name(30)));
    sandbox.advance(Duration::from_secs(60));
    sandbox.fill_data_field(contract, &name(1), "changed since").unwrap();
    let stale = browser.send(&here, &[("plan", &plan), (&take, "contract")]).await;
    assert!(stale.read().contains("have changed since you were shown them"), "{}", stale.read());
    assert!(
        choices(&stale).contains(&name(30)) && !choices(&stale).contains(&name(1)),
        "the same page is shown anew"
    );
    let plan = stale.field("plan").unwrap().to_owned();
    let done = browser.send(&here, &[("plan", &plan), (&take, "contract")]).await;
    assert!(done.read().contains("Your decision was carried out."), "{}", done.read());
    let card = sandbox.candidate_card(&candidate).unwrap();
    assert_eq!(card.get(&name(30)), Some("of the participant"));
    assert_eq!(card.get(&name(31)), Some("of the recruiter"), "nothing else is written");
    // Where an address is behind the last one, the first are shown.
    let first = browser.view(&format!("{path}?fields=199")).await;
    assert!(choices(&first).contains(&name(0)), "{}", first.read());
}
