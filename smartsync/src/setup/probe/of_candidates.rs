//! What candidates, custom fields and the headers of Teamtailor show.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    answers::Answers,
    verdict::{Settled, Verdict, settled},
};
use crate::{config::FactService, words::commands::probe_seen as seen};

pub(super) fn verdicts(answers: &Answers) -> Vec<Verdict> {
    settled(
        FactService::Teamtailor,
        [
            ("lists-with-values", lists_with_values(answers)),
            ("nested-include", nested_include(answers)),
            ("custom-field-filter", custom_field_filter(answers)),
            ("owner-type", owner_type(answers)),
            ("paging-form", paging_form(answers)),
            ("rate-headers", rate_headers(answers)),
        ],
    )
}

fn lists_with_values(answers: &Answers) -> Settled {
    let list = answers.get("candidates-with-values")?;
    match (list.status, answers.items("candidates-with-values").len()) {
        (200, count @ 1..) => Some(("answered", count, seen::LISTED_WITH_VALUES)),
        // One that is sent at the same moment, without values, is answered: the service is there.
        (500, _) if answers.success("custom-fields").is_some() => {
            Some(("error", 1, seen::FAILED_WITH_VALUES))
        }
        _ => None,
    }
}

fn nested_include(answers: &Answers) -> Settled {
    let answer = answers.get("candidate")?;
    if answer.status == 400 {
        return Some(("refused", 1, seen::INCLUDE_REFUSED));
    }
    let included = answers.success("candidate")?["included"].as_array()?;
    let of_kind = |kind: &'static str| included.iter().filter(move |one| one["type"] == kind);
    let definitions: BTreeSet<&str> = of_kind("custom-fields")
        .chain(of_kind("custom-field-selects"))
        .filter_map(|one| one["id"].as_str())
        .collect();
    let values: Vec<Option<&str>> = of_kind("custom-field-values")
        .map(|one| one.pointer("/relationships/custom-field/data/id").and_then(Value::as_str))
        .collect();
    let named: Vec<&str> = values.iter().copied().flatten().collect();
    let with = named.iter().filter(|id| definitions.contains(*id)).count();
    match (values.len(), named.len(), with) {
        (0, ..) => None,
        // Whether one definition came along does not say what becomes of several.
        (1, 1, _) => None,
        (all, named, with) if named == all && with == all => {
            Some(("come-along", with, seen::VALUES_WITH_DEFINITIONS))
        }
        (all, named, 0) if named == all => Some(("linked-only", all, seen::VALUES_NAMING_FIELD)),
        (all, ..) => Some(("else", all, seen::VALUES_OTHERWISE)),
    }
}

/// Only where there is something that a filter could leave out.
fn custom_field_filter(answers: &Answers) -> Settled {
    let filtered = answers.get("custom-fields-filtered")?;
    match (filtered.status, answers.items("custom-fields-filtered").len()) {
        _ if answers.items("more-custom-fields").is_empty() => None,
        (200, 0) if filtered.body["data"].is_array() => Some(("works", 0, seen::FILTERED_CUSTOM_FIELDS)),
        (200, shown @ 1..) => Some(("ignored", shown, seen::FILTERED_CUSTOM_FIELDS)),
        (400 | 422, _) => Some(("refused", 1, seen::FILTER_REFUSED)),
        _ => None,
    }
}

/// An account without fields of jobs does not show how they are spelled.
fn owner_type(answers: &Answers) -> Settled {
    let fields = answers.items("more-custom-fields");
    let owners: Vec<Option<&str>> =
        fields.iter().map(|field| field["attributes"]["owner-type"].as_str()).collect();
    let of_jobs = owners.iter().flatten().filter(|owner| owner.to_lowercase().contains("job")).count();
    let without = owners.iter().filter(|owner| owner.is_none()).count();
    match (owners.len(), of_jobs, without) {
        (0, ..) => None,
        (all, _, without) if without == all => Some(("absent", all, seen::FIELDS_WITHOUT_OWNER)),
        (_, 1.., _) => Some(("contains-job", of_jobs, seen::FIELDS_OF_JOBS)),
        _ => None,
    }
}

/// Of three lists that have a next page each; two that differ are enough.
fn paging_form(answers: &Answers) -> Settled {
    let (mut by_number, mut by_cursor) = (0, 0);
    for list in ["candidates", "custom-fields", "options"] {
        let next = answers.success(list).and_then(|body| body["links"]["next"].as_str());
        let has = |plain: &str, escaped: &str| {
            next.is_some_and(|next| next.contains(plain) || next.contains(escaped))
        };
        match (has("page[number]", "page%5Bnumber%5D"), has("page[after]", "page%5Bafter%5D")) {
            (true, false) => by_number += 1,
            (false, true) => by_cursor += 1,
            _ => {}
        }
    }
    match (by_number, by_cursor) {
        (3, 0) => Some(("number", 3, seen::BY_NUMBER)),
        (0, 3) => Some(("cursor", 3, seen::BY_CURSOR)),
        (1.., 1..) => Some(("by-list", by_cursor, seen::BY_CURSOR_AND_NUMBER)),
        _ => None,
    }
}

/// The requests that follow each other at once.
fn rate_headers(answers: &Answers) -> Settled {
    let names = ["custom-fields", "more-custom-fields", "candidates-with-values", "candidate"];
    let all: Vec<Option<u64>> = answers.of(&names).map(|answer| answer.remaining).collect();
    let has_any = answers.of(&names).any(|answer| answer.has_rate_headers);
    let left: BTreeSet<u64> = all.iter().copied().flatten().collect();
    match (all.len(), left.len()) {
        (0..3, _) => None,
        (all, 0) if !has_any => Some(("absent", all, seen::WITHOUT_HEADERS)),
        (all, 1) => Some(("fixed", all, seen::SAME_REMAINDER)),
        (_, different @ 2..) => Some(("live", different, seen::OTHER_REMAINDERS)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::setup::probe::verdict::answer_to;

    #[test]
    fn each_answer_is_told_from_what_is_there_and_from_nothing_less() {
        let value = |field: Value| json!({ "type": "custom-field-values", "relationships": { "custom-field": field } });
        let named = value(json!({ "data": { "id": "7" } }));
        let definition = json!({ "type": "custom-fields", "id": "7" });
        let owner = |owner: &str| json!({ "attributes": { "owner-type": owner } });
        for (fact, name, status, body, expected) in [
            (
                "nested-include",
                "candidate",
                200,
                json!({ "included": [named, named, definition] }),
                Some("come-along"),
            ),
            ("nested-include", "candidate", 200, json!({ "included": [named, definition] }), None),
            ("nested-include", "candidate", 200, json!({ "included": [named, named] }), Some("linked-only")),
            ("nested-include", "candidate", 200, json!({ "included": [named] }), None),
            ("nested-include", "candidate", 200, json!({ "included": [value(json!({}))] }), Some("else")),
            ("nested-include", "candidate", 200, json!({ "included": [definition] }), None),
            ("nested-include", "candidate", 400, json!({}), Some("refused")),
            ("nested-include", "candidate", 404, json!({}), None),
            (
                "owner-type",
                "more-custom-fields",
                200,
                json!({ "data": [owner("Candidate"), owner("Job")] }),
                Some("contains-job"),
            ),
            ("owner-type", "more-custom-fields", 200, json!({ "data": [owner("Candidate")] }), None),
            (
                "owner-type",
                "more-custom-fields",
                200,
                json!({ "data": [{ "attributes": {} }] }),
                Some("absent"),
            ),
            ("lists-with-values", "candidates-with-values", 200, json!({ "data": [{}] }), Some("answered")),
            ("lists-with-values", "candidates-with-values", 200, json!({ "data": [] }), None),
            // Perhaps everything fails.
            ("lists-with-values", "candidates-with-values", 500, json!({}), None),
        ] {
            let verdicts = verdicts(&Answers::default().with(name, status, body.clone()));
            assert_eq!(answer_to(&verdicts, fact), expected, "{fact} {status} {body}");
        }
    }

    #[test]
    fn lists_that_agree_say_nothing_of_a_third() {
        let (number, cursor) = ("https://a.example?page%5Bnumber%5D=2", "https://a.example?page[after]=2");
        for (next, expected) in [
            ([Some(number), Some(number), Some(number)], Some("number")),
            ([Some(cursor), Some(cursor), Some(cursor)], Some("cursor")),
            ([Some(cursor), Some(number), None], Some("by-list")),
            ([Some(cursor), Some(cursor), None], None),
            ([None, None, None], None),
        ] {
            let mut answers = Answers::default();
            for (name, next) in ["candidates", "custom-fields", "options"].into_iter().zip(next) {
                answers = answers.with(name, 200, json!({ "data": [], "links": { "next": next } }));
            }
            assert_eq!(answer_to(&verdicts(&answers), "paging-form"), expected, "{next:?}");
        }
    }
}
