//! What a probe finds out in each world that the sandbox can be: what is true there, or nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ops::RangeInclusive,
    sync::Arc,
    time::{Duration, Instant},
};

use oneflow_client::OneflowClient;
use serde_json::{Value, json};
use smartsync_core::facts;
use smartsync_sandbox::{
    CandidateSeed, ContractSeed, CustomFieldKind, CustomFieldSeed, Origin, Sandbox, SandboxSettings,
    unknowns::{ApiVersion, Unknowns},
};
use smartsync_transport::{Body, http};
use teamtailor_client::TeamtailorClient;

use super::{Probe, between};
use crate::config::FactService::{self, Oneflow, Teamtailor};

/// So many worlds are drawn unless `PROBE_WORLDS` says another number.
const WORLDS: u64 = 50;

/// Each answer of a fact, and whether an account with everything shows it.
type Row = (FactService, &'static str, &'static [(&'static str, bool)]);

/// Every fact that a probe by reading looks for.
const ROWS: &[Row] = &[
    (Oneflow, "contract-events", &[("listed", true), ("missing", true)]),
    (Oneflow, "contract-list-parties", &[("parties", true), ("bare", true), ("whole", true)]),
    (Oneflow, "custom-id-place", &[("owner-side", true), ("top", true), ("both", true)]),
    (Oneflow, "file-address", &[("redirect", true), ("bytes", true), ("else", true)]),
    (Oneflow, "my-party", &[("always", true), ("sometimes", true)]),
    (Oneflow, "page-ends", &[("null-address", true), ("null", true), ("absent", true)]),
    (Oneflow, "participant-events", &[("included", true), ("left-out", true)]),
    (Oneflow, "participant-times", &[("both", true), ("none", true), ("else", true)]),
    (Oneflow, "problem-members", &[("by-parameter", true), ("else", true)]),
    // Which of the two it is cannot be seen without using the limit up.
    (Oneflow, "rate-headers", &[("none", false), ("every", true), ("refusals", false)]),
    (Oneflow, "times-form", &[("without-colon", true), ("with-colon", true), ("else", true)]),
    (Oneflow, "token-info", &[("integration", true), ("else", true)]),
    (Oneflow, "trailing-slash", &[("same", true), ("redirect", true), ("refused", true)]),
    (Oneflow, "webhook-id-place", &[("webhook-id", true), ("id", true), ("both", true)]),
    (Oneflow, "webhook-list", &[("page", true), ("array", true)]),
    (Oneflow, "workspace-filters", &[("work", true), ("ignored", true), ("refused", true)]),
    (Teamtailor, "custom-field-filter", &[("works", true), ("ignored", true), ("refused", true)]),
    (Teamtailor, "lists-with-values", &[("answered", true), ("error", true)]),
    (
        Teamtailor,
        "nested-include",
        &[("come-along", true), ("linked-only", true), ("refused", true), ("else", true)],
    ),
    // A spelling that nobody knows is not told from an account without fields of jobs.
    (Teamtailor, "owner-type", &[("contains-job", true), ("else", false), ("absent", true)]),
    (Teamtailor, "paging-form", &[("number", true), ("cursor", true), ("by-list", true)]),
    (Teamtailor, "rate-headers", &[("live", true), ("fixed", true), ("absent", true)]),
];

/// Facts that reading would settle, and that no request of the list asks about yet.
const NOT_ASKED: &[(FactService, &str)] = &[
    (Oneflow, "approvals"),
    (Oneflow, "contract-extras"),
    (Oneflow, "contract-list-filters"),
    (Oneflow, "contract-list-order"),
    (Oneflow, "event-types"),
    (Oneflow, "file-address-lifetime"),
    (Oneflow, "integration-keys"),
    (Oneflow, "limit-all"),
    (Oneflow, "open-words"),
    (Oneflow, "tag-members"),
    (Oneflow, "template-extras"),
    (Teamtailor, "api-version"),
    (Teamtailor, "asia-pacific-host"),
    (Teamtailor, "candidate-extras"),
    (Teamtailor, "candidate-filters"),
    (Teamtailor, "candidate-includes"),
    (Teamtailor, "custom-field-flags"),
    (Teamtailor, "option-list"),
    (Teamtailor, "private-fields"),
    (Teamtailor, "upload-extras"),
];

/// Answers by the fact.
type Verdicts = BTreeMap<(FactService, String), String>;

/// What there is in an account, beside the sample candidate with its values.
#[derive(Clone, Copy, Debug)]
struct Contents {
    contracts: bool,
    /// Candidates, the first of them with so many values of its own.
    candidates: usize,
    field_of_jobs: bool,
    webhook: bool,
    /// Whether the sample candidate is there, with values.
    sample: bool,
}

impl Contents {
    const ALL: Self =
        Self { contracts: true, candidates: 2, field_of_jobs: true, webhook: true, sample: true };
}

/// What a probe finds out there.
async fn found(unknowns: Unknowns, contents: Contents) -> Verdicts {
    let sandbox = Sandbox::new(SandboxSettings::new().unknowns(unknowns));
    fill(&sandbox, contents);
    // Where new contracts are listed later, they are by now.
    sandbox.advance(Duration::from_secs(60));
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .user_email(sandbox.user_email())
        .transport(sandbox.oneflow_transport())
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .build()
        .unwrap();
    let to_oneflow = Arc::new(sandbox.oneflow_transport());
    let to_teamtailor = Arc::new(sandbox.teamtailor_transport());
    let mut probe = Probe::over(between(&oneflow, to_oneflow, &teamtailor, to_teamtailor).unwrap());
    let Ok(company) = probe.begin().await else {
        assert_eq!(
            unknowns.teamtailor.api_version,
            ApiVersion::Refused,
            "nothing else keeps a run from its first answer"
        );
        return Verdicts::new();
    };
    let report = probe.run(&company, "Example Company", false).await.unwrap();
    assert!(!report.cut_short);
    report.answers.into_iter().map(|found| ((found.service, found.fact), found.answer)).collect()
}

fn fill(sandbox: &Sandbox, contents: Contents) {
    let seeded = sandbox.seeded();
    if contents.contracts {
        let contract = |name: &str| {
            ContractSeed::new(seeded.template, format!("A {name} contract"))
                .counterparty("Bo Sample", "bo@example.com")
                .value("oneflow-salary", "42000")
        };
        sandbox.add_contract(contract("draft")).unwrap();
        sandbox.add_contract(contract("sent").published()).unwrap();
        let signed = sandbox.add_contract(contract("signed").published()).unwrap();
        sandbox.sign_all(signed).unwrap();
    }
    for number in 0..contents.candidates {
        let seed = CandidateSeed::new(format!("person.{number}@example.com")).name("Cay", "Sample");
        // One value is not enough to tell what comes along with all.
        let seed = if number == 0 { seed.custom_field("shirt-size", "L") } else { seed };
        sandbox.add_candidate(seed).unwrap();
    }
    if contents.field_of_jobs {
        let seed = CustomFieldSeed::new("budget", CustomFieldKind::Text).of_jobs();
        sandbox.add_custom_field(seed);
    }
    if contents.webhook {
        let body = json!({ "callback_url": "https://example.com/hooks" }).to_string();
        let request = http::Request::builder()
            .method("POST")
            .uri("/v1/webhooks")
            .header("content-type", "application/json")
            .header("x-oneflow-api-token", sandbox.oneflow_token())
            .body(Body::from(body))
            .unwrap();
        assert!(sandbox.handle(Origin::Oneflow, request).status().is_success());
    }
    if !contents.sample {
        sandbox.delete_candidate(&seeded.candidate).unwrap();
    }
}

/// The world in which this one answer is another.
pub(super) fn but_for(service: FactService, fact: &str, answer: &str) -> Unknowns {
    Unknowns::read(&json!({ service.as_str(): { fact: answer } }).to_string()).unwrap()
}

/// What is true in a world, by the fact.
pub(super) fn truth(unknowns: &Unknowns) -> Verdicts {
    let all = serde_json::to_value(unknowns).unwrap();
    let mut found = Verdicts::new();
    for service in [Oneflow, Teamtailor] {
        let Value::Object(facts) = &all[service.as_str()] else { panic!("{all}") };
        for (fact, answer) in facts {
            found.insert((service, fact.clone()), answer.as_str().unwrap().to_owned());
        }
    }
    found
}

#[test]
fn each_answer_of_each_fact_that_reading_settles_has_a_row() {
    let mut there = BTreeSet::new();
    for service in [Oneflow, Teamtailor] {
        for fact in service.facts().unwrap().iter() {
            if matches!(fact.probe, facts::Probe::Read { .. }) {
                there.extend(fact.answers.iter().map(|answer| (service, fact.id.clone(), answer.id.clone())));
            }
        }
    }
    let is_asked =
        |(service, fact, _): &(FactService, String, String)| !NOT_ASKED.contains(&(*service, fact.as_str()));
    for (service, fact) in NOT_ASKED {
        assert!(there.iter().any(|(of, id, _)| (of, id.as_str()) == (service, fact)), "there is no {fact}");
    }
    let rows: Vec<_> = ROWS
        .iter()
        .flat_map(|(service, fact, answers)| {
            answers.iter().map(|(answer, _)| (*service, (*fact).to_owned(), (*answer).to_owned()))
        })
        .collect();
    let asked: BTreeSet<_> = there.into_iter().filter(is_asked).collect();
    assert_eq!(rows.len(), asked.len(), "no row is there twice");
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), asked);
}

#[tokio::test]
async fn in_a_world_that_differs_in_one_answer_this_one_is_found_or_left_open_and_all_others_stay() {
    let usual = found(Unknowns::default(), Contents::ALL).await;
    for (service, fact, answers) in ROWS {
        for (answer, is_shown) in *answers {
            let found = found(but_for(*service, fact, answer), Contents::ALL).await;
            let key = (*service, (*fact).to_owned());
            assert_eq!(
                found.get(&key).map(String::as_str),
                is_shown.then_some(*answer),
                "{fact} in a world where it is {answer}"
            );
            let mut others = usual.clone();
            others.remove(&key);
            if (*fact, *answer) == ("contract-events", "missing") {
                // Where there is no list, nothing is known of what would be in it.
                others.remove(&(Oneflow, "participant-events".to_owned()));
            }
            let found: Verdicts = found.into_iter().filter(|(other, _)| *other != key).collect();
            assert_eq!(found, others, "{fact} in a world where it is {answer}");
        }
    }
}

/// Every fact that the sandbox has a switch for, with its answers.
pub(super) fn switches() -> Vec<(FactService, String, Vec<String>)> {
    let files = [(Oneflow, Oneflow.facts().unwrap()), (Teamtailor, Teamtailor.facts().unwrap())];
    let answers = |service: FactService, fact: &str| {
        let (_, facts) = files.iter().find(|(of, _)| *of == service).unwrap();
        facts.get(fact).unwrap().answers.iter().map(|answer| answer.id.clone()).collect()
    };
    let all = truth(&Unknowns::default()).into_keys();
    all.map(|(service, fact)| {
        let answers = answers(service, &fact);
        (service, fact, answers)
    })
    .collect()
}

#[tokio::test]
async fn a_world_that_differs_in_what_is_not_asked_about_changes_no_verdict() {
    let usual = found(Unknowns::default(), Contents::ALL).await;
    for (service, fact, answers) in switches() {
        let is_asked = ROWS.iter().any(|(of, asked, _)| *of == service && *asked == fact);
        for answer in answers.iter().filter(|_| !is_asked) {
            let found = found(but_for(service, &fact, answer), Contents::ALL).await;
            let mut expected = usual.clone();
            match (fact.as_str(), answer.as_str()) {
                ("api-version", "refused") => expected.clear(),
                // Two lists that differ in their paging are not there any more.
                ("option-list", "missing") => drop(expected.remove(&(Teamtailor, "paging-form".to_owned()))),
                _ => {}
            }
            assert_eq!(found, expected, "{fact} in a world where it is {answer}");
        }
    }
}

/// One of the answers of each.
pub(super) fn drawn(switches: &[(FactService, String, Vec<String>)], rng: &mut fastrand::Rng) -> Unknowns {
    let mut world = json!({});
    for (service, fact, answers) in switches {
        world[service.as_str()][fact] = answers[rng.usize(..answers.len())].clone().into();
    }
    Unknowns::read(&world.to_string()).unwrap()
}

fn contents(rng: &mut fastrand::Rng) -> Contents {
    let mostly = |rng: &mut fastrand::Rng| rng.u8(..8) > 0;
    Contents {
        contracts: mostly(rng),
        candidates: rng.usize(..3),
        field_of_jobs: rng.bool(),
        webhook: rng.bool(),
        sample: mostly(rng),
    }
}

/// `PROBE_WORLDS=2000` draws as many, `PROBE_SEED=7` one alone.
pub(super) fn seeds() -> RangeInclusive<u64> {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    match number("PROBE_SEED") {
        Some(seed) => seed..=seed,
        None => 1..=number("PROBE_WORLDS").unwrap_or(WORLDS),
    }
}

/// `--nocapture` shows how much was found.
#[tokio::test]
async fn in_worlds_that_are_drawn_at_random_no_verdict_is_wrong() {
    let switches = switches();
    let (begun, mut settled, mut worlds) = (Instant::now(), BTreeMap::<String, u64>::new(), 0);
    for seed in seeds() {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (unknowns, contents) = (drawn(&switches, &mut rng), contents(&mut rng));
        let is_true = truth(&unknowns);
        for (key, answer) in found(unknowns, contents).await {
            assert_eq!(Some(&answer), is_true.get(&key), "seed {seed}: {key:?}\n{contents:?}\n{is_true:#?}");
            *settled.entry(format!("{} {}", key.0.as_str(), key.1)).or_default() += 1;
        }
        worlds += 1;
    }
    println!("{worlds} worlds in {:?}; verdicts by fact: {settled:#?}", begun.elapsed());
}
