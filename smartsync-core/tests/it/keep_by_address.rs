//! A person keeps what the card of a candidate holds whom only an address links to the contract.

use smartsync_core::{
    Report,
    engine::Resolved,
    mapping::LinkMethod,
    plan::{Resolution, Take},
};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{
    BY_ADDRESS, IDA, SENT, Stage, candidate, candidate_page, cold, contract, summary, validation_error,
};

/// The city differs, and nobody knows what was agreed on; the salary is an empty field that is filled in.
const CARD: &[(&str, &str, &str)] = &[("904", "34", r#""Bergen""#)];

fn stage(fields: &[(&str, &str)], teamtailor: ScriptedTransport) -> Stage {
    let mapping = format!(
        "{BY_ADDRESS}document = {{ attach = false }}\n[[field]]\noneflow = \"city\"\nteamtailor = \"custom:oneflow-city\"\non_first_sight = \"hold\"\n"
    );
    let paper = contract("pending", "", fields);
    Stage::new(&mapping, ScriptedTransport::new().json(200, paper).json(200, SENT), teamtailor)
}

async fn keeps_the_city(stage: &Stage) -> (Report, bool) {
    let keep = [Resolution::new("custom:oneflow-city", Take::Card)];
    let resolved = stage.engine.resolve(9001.into(), &keep, None).await.unwrap();
    let Resolved::Applied { report, decided, .. } = resolved else { panic!("{resolved:?}") };
    let is_kept = decided[0].is_followed_in(&report.outcomes);
    (*report, is_kept)
}

fn city(report: &Report) -> String {
    let all = summary(&report.outcomes);
    all.into_iter().find_map(|line| line.strip_prefix("city ").map(str::to_owned)).unwrap()
}

#[tokio::test]
async fn a_card_is_kept_though_another_field_is_refused_or_every_request_behind_it_fails() {
    let refused = validation_error("/data/attributes/value", "is invalid");
    for (status, answer) in [(422, refused.as_str()), (401, "{}"), (403, "{}"), (429, "{}"), (503, "{}")] {
        let card = candidate(IDA, CARD, &[]);
        let script = cold().json(200, candidate_page(IDA, CARD, &[])).json(status, answer);
        // After a write of unknown end the card is read for that as well.
        let script = script.json(200, card.as_str()).json(200, card.as_str());
        let stage = stage(&[("city", "Oslo"), ("oneflow-salary", "45000")], script);
        let (report, is_kept) = keeps_the_city(&stage).await;
        assert_eq!((city(&report).as_str(), is_kept), ("skipped decided-card", true), "{status}");
        let entry = stage.ledger.entry(9001.into()).unwrap();
        assert!(entry.bases.contains_key("city"), "{status}");
        assert!(!entry.bases.contains_key("oneflow-salary"), "{status}");
    }
}

#[tokio::test]
async fn a_card_alone_is_kept_once_its_candidate_was_asked_for() {
    let script = cold().json(200, candidate_page(IDA, CARD, &[])).json(200, candidate(IDA, CARD, &[]));
    let stage = stage(&[("city", "Oslo")], script);
    let (report, is_kept) = keeps_the_city(&stage).await;
    assert_eq!((city(&report).as_str(), is_kept), ("skipped decided-card", true));
    let entry = stage.ledger.entry(9001.into()).unwrap();
    assert_eq!((entry.candidate, entry.linked_by), (Some("4711".into()), Some(LinkMethod::Email)));
    assert!(entry.bases.contains_key("city"));
    assert_eq!(stage.writes(), [""; 0]);
}

/// An index of addresses may still have a candidate who is gone.
#[tokio::test]
async fn nobody_is_bound_by_a_card_that_is_not_there_or_not_as_it_was_shown_or_cannot_be_read() {
    let moved = candidate(IDA, &[("904", "34", r#""Trondheim""#)], &[]);
    for (status, answer, ended) in [
        (404, "{}", "held candidate-gone"),
        (200, moved.as_str(), "held changed-meanwhile"),
        (503, "{}", "failed unavailable"),
    ] {
        let script = cold().json(200, candidate_page(IDA, CARD, &[])).json(status, answer);
        let stage = stage(&[("city", "Oslo")], script);
        let (report, is_kept) = keeps_the_city(&stage).await;
        assert_eq!((city(&report).as_str(), is_kept), (ended, false), "{status}");
        assert!(!report.is_complete());
        assert_eq!(stage.ledger.entry(9001.into()), None, "{status}: nothing is bound");
    }
}
