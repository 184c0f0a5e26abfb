//! The mappings of `docs/cookbook.md`: each fits the account of the page, and does in the sandbox what the page says.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use oneflow_client::contracts::PublishMessage;
use smartsync_core::{ContractRequest, Mapping, MemoryLedger, Schemas, mapping::MappingFile};
use smartsync_sandbox::{
    CandidateSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, Sandbox, SandboxSettings, TemplateSeed,
    TemplateTypeSeed,
};

use crate::{
    schemas::{oneflow, teamtailor},
    support::story::engine,
};

const PAGE: &str = include_str!("../../../docs/cookbook.md");

/// The cells of a row by the names of their columns, without the marks of code. `-` is nothing.
type Row = BTreeMap<String, String>;

/// The text below each heading, and the tables in it.
fn sections() -> Vec<(&'static str, &'static str)> {
    PAGE.split("\n## ").skip(1).map(|section| section.split_once('\n').unwrap()).collect()
}

/// The rows of all tables of a section.
fn rows(section: &str) -> Vec<Row> {
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_start_matches('|').trim_end_matches('|');
        line.split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    let (mut head, mut rows) = (Vec::new(), Vec::new());
    for line in section.lines() {
        if !line.starts_with('|') {
            head.clear();
        } else if head.is_empty() {
            head = cells(line);
        } else if !line.starts_with("|-") {
            let row = head.iter().cloned().zip(cells(line));
            rows.push(
                row.map(|(name, cell)| (name, if cell == "-" { String::new() } else { cell })).collect(),
            );
        }
    }
    rows
}

/// The mapping of a section.
fn mapping(section: &str) -> Option<&str> {
    Some(section.split_once("```toml\n")?.1.split_once("```").unwrap().0)
}

/// The account of the page, and a template of each template type.
fn account() -> (Arc<Sandbox>, BTreeMap<String, i64>) {
    let sandbox =
        Arc::new(Sandbox::new(SandboxSettings::new().unseeded().user_email("integration@example.com")));
    let mut kind = TemplateTypeSeed::new("Employment");
    for row in rows(sections().into_iter().find(|(title, _)| *title == "The account").unwrap().1) {
        if let Some(key) = row.get("data field in Oneflow") {
            kind = kind.field(DataFieldSeed::new(key));
            continue;
        }
        let types = [
            ("text", CustomFieldKind::Text),
            ("number", CustomFieldKind::Number),
            ("date", CustomFieldKind::Date),
            ("checkbox", CustomFieldKind::Checkbox),
            ("select", CustomFieldKind::Select),
        ];
        let (_, kind) = types.into_iter().find(|(name, _)| *name == row["type"]).unwrap();
        let options = row["options"].split(", ").filter(|option| !option.is_empty());
        sandbox.add_custom_field(
            CustomFieldSeed::new(&row["custom field in Teamtailor"], kind).options(options),
        );
    }
    let templates = [kind.clone(), kind].map(|kind| {
        let kind = sandbox.add_template_type(kind);
        (kind.to_string(), sandbox.add_template(TemplateSeed::new("A contract", Some(kind))).unwrap())
    });
    (sandbox, templates.into())
}

/// How a row ends with this mapping, and what is on the card then; before that, what the new contract held.
async fn story(mapping: &Mapping, row: &Row) -> [String; 3] {
    let (sandbox, templates) = account();
    let template = templates[row.get("template type").map_or("4001", String::as_str)];
    let (field, before, writes) = (&row["candidate field"], &row["on the card"], &row["somebody writes"]);
    let mut seed = CandidateSeed::new("ann@example.com").name("Ann", "Sample").field("phone", "+46701740605");
    let name = field.strip_prefix("custom:").unwrap_or(field);
    if field.starts_with("custom:") && !before.is_empty() {
        seed = seed.custom_field(name, before);
    }
    let candidate = sandbox.add_candidate(seed).unwrap();
    let on_card = || {
        let card = sandbox.candidate_card(&candidate).unwrap();
        card.get(name).unwrap_or_default().to_owned()
    };
    assert_eq!(&on_card(), before, "as the page says");

    let engine = engine(&sandbox, &Arc::new(MemoryLedger::new()), mapping.clone());
    let workspace = sandbox.seeded().workspace;
    let request = ContractRequest::new(
        "hire-1".parse().unwrap(),
        candidate.clone().into(),
        template.into(),
        workspace.into(),
    )
    .publish(PublishMessage::new("Your contract", "Please fill in and sign."));
    let plan = engine.plan_contract(&request).await.unwrap();
    let contract = engine.create(plan).await.unwrap().contract;
    let pair = mapping.fields.iter().find(|pair| pair.teamtailor.to_string() == *field);
    let key = pair.map_or(name, |pair| pair.oneflow.as_str()).to_owned();
    let held =
        sandbox.contract_card(contract.get()).unwrap().data_fields.get(&key).cloned().unwrap_or_default();

    sandbox.advance(Duration::from_secs(3_600));
    if !writes.is_empty() {
        sandbox.fill_data_field(contract.get(), &key, writes).unwrap();
    }
    if row.get("contract").is_none_or(|state| state == "signed") {
        sandbox.sign_all(contract.get()).unwrap();
    }
    let report = engine.sync(contract).await.unwrap();
    let outcome = report.outcomes.iter().find(|one| one.candidate_field.to_string() == *field).unwrap();
    let reason = outcome.reason().map(|reason| format!(" {}", reason.code())).unwrap_or_default();
    [held, format!("{}{reason}", outcome.outcome.as_str()), on_card()]
}

#[tokio::test]
async fn each_mapping_of_the_cookbook_fits_its_account_and_does_what_its_table_says() {
    let (sandbox, _) = account();
    let oneflow = oneflow(&sandbox.oneflow_token(), sandbox.oneflow_transport());
    let teamtailor = teamtailor(&sandbox.teamtailor_key(), sandbox.teamtailor_transport());
    let schemas = Schemas::read(&oneflow, &teamtailor).await.unwrap();
    let (mut mappings, mut stories, mut wrong) = (0, 0, Vec::new());
    for (title, section) in sections() {
        let Some(text) = mapping(section) else { continue };
        mappings += 1;
        let file = MappingFile::parse(&toml::from_str(text).unwrap());
        let found = file.diagnostics(Some(&schemas));
        wrong.extend(found.iter().map(|found| format!("{title}: {} {}", found.code, found.message)));
        let mapping = file.into_mapping().unwrap();
        for row in rows(section) {
            stories += 1;
            let ended = story(&mapping, &row).await;
            let said = ["in the new contract", "ends as", "on the card then"].map(|name| row[name].clone());
            if ended != said {
                wrong.push(format!("{title}: {row:?} ended as {ended:?}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(mappings >= 10 && stories >= 2 * mappings, "{mappings} mappings, {stories} rows");
}
