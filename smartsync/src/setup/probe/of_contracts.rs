//! What contracts, their events and their files show.

use serde_json::Value;

use super::{
    answers::Answers,
    verdict::{Settled, Verdict, settled},
};
use crate::{config::FactService, words::commands::probe_seen as seen};

const CONTRACTS: [&str; 3] = ["sent", "signed", "draft"];

pub(super) fn verdicts(answers: &Answers) -> Vec<Verdict> {
    settled(
        FactService::Oneflow,
        [
            ("custom-id-place", custom_id_place(answers)),
            ("participant-times", participant_times(answers)),
            ("my-party", my_party(answers)),
            ("contract-events", contract_events(answers)),
            ("participant-events", participant_events(answers)),
            ("contract-list-parties", contract_list_parties(answers)),
            ("trailing-slash", trailing_slash(answers)),
            ("file-address", file_address(answers)),
            ("times-form", times_form(answers)),
        ],
    )
}

fn contracts<'a>(answers: &'a Answers, names: &'a [&str]) -> impl Iterator<Item = &'a Value> {
    names.iter().filter_map(|name| answers.success(name))
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn custom_id_place(answers: &Answers) -> Settled {
    let (mut own, mut top, mut both) = (0, 0, 0);
    for field in contracts(answers, &CONTRACTS).flat_map(|contract| elements(&contract["data_fields"])) {
        match (field["_private_ownerside"]["custom_id"].is_string(), field["custom_id"].is_string()) {
            (true, true) => both += 1,
            (true, false) => own += 1,
            (false, true) => top += 1,
            (false, false) => {}
        }
    }
    match (own, top, both) {
        (1.., 0, 0) => Some(("owner-side", own, seen::DATA_FIELDS_OF_OWNER)),
        (0, 1.., 0) => Some(("top", top, seen::DATA_FIELDS_AT_TOP)),
        (0, 0, 1..) => Some(("both", both, seen::DATA_FIELDS_IN_BOTH)),
        _ => None,
    }
}

/// Only of contracts that were sent: nobody was added to a draft yet.
fn participant_times(answers: &Answers) -> Settled {
    let parties = contracts(answers, &["sent", "signed"]).flat_map(|contract| elements(&contract["parties"]));
    let all: Vec<&Value> = parties.flat_map(|party| elements(&party["participants"])).collect();
    let has = |one: &&&Value, member: &str| {
        one[member].is_string() || one["_private_ownerside"][member].is_string()
    };
    let is_there = |one: &&&Value, member: &str| {
        one.get(member).is_some() || one["_private_ownerside"].get(member).is_some()
    };
    let made = all.iter().filter(|one| has(one, "created_time")).count();
    let changed = all.iter().filter(|one| has(one, "updated_time")).count();
    let named = all.iter().filter(|one| is_there(one, "updated_time")).count();
    match (all.len(), made, changed) {
        (0, ..) => None,
        (every, 0, 0) => Some(("none", every, seen::PARTICIPANTS_WITHOUT_TIMES)),
        (every, made, _) if made == every && named == every => {
            Some(("both", every, seen::PARTICIPANTS_WITH_BOTH))
        }
        (every, ..) => Some(("else", every, seen::PARTICIPANTS_OTHERWISE)),
    }
}

fn my_party(answers: &Answers) -> Settled {
    let parties = contracts(answers, &CONTRACTS).flat_map(|contract| elements(&contract["parties"]));
    let (with, without): (Vec<&Value>, Vec<&Value>) =
        parties.partition(|party| party["my_party"].is_boolean());
    match (with.len(), without.len()) {
        (0, 0) => None,
        (with, 0) => Some(("always", with, seen::PARTIES_WITH_SIDE)),
        (_, without) => Some(("sometimes", without, seen::PARTIES_WITHOUT_SIDE)),
    }
}

fn contract_events(answers: &Answers) -> Settled {
    // That the contract itself can be read is known by its files or by the list.
    let events = answers.get("events")?;
    match events.status {
        200 => Some(("listed", answers.items("events").len(), seen::EVENTS)),
        403 | 404 => Some(("missing", 1, seen::EVENTS_REFUSED)),
        _ => None,
    }
}

fn participant_events(answers: &Answers) -> Settled {
    let events = answers.items("signed-events");
    let is_of_participant =
        |event: &&Value| event["type"].as_str().is_some_and(|kind| kind.starts_with("participant:"));
    let count = events.iter().filter(is_of_participant).count();
    // There may be more on the next page.
    let is_whole = answers.success("signed-events")?["count"].as_u64() == u64::try_from(events.len()).ok();
    match (events.len(), count) {
        (0, _) => None,
        (_, 1..) => Some(("included", count, seen::EVENTS_OF_PARTICIPANTS)),
        (all, 0) if is_whole => Some(("left-out", all, seen::EVENTS_OF_OTHERS)),
        _ => None,
    }
}

fn contract_list_parties(answers: &Answers) -> Settled {
    let whole = contracts(answers, &CONTRACTS)
        .find(|contract| contract["data_fields"].get(0).is_some() && contract["parties"].get(0).is_some())?;
    let listed = answers.items("contracts").iter().find(|listed| listed["id"] == whole["id"])?;
    let has_parties = listed["parties"].pointer("/0/participants").is_some();
    match (has_parties, listed["data_fields"].get(0).is_some()) {
        (true, false) => Some(("parties", 1, seen::LISTED_WITH_PARTIES)),
        (false, false) => Some(("bare", 1, seen::LISTED_BARE)),
        (true, true) => Some(("whole", 1, seen::LISTED_WHOLE)),
        (false, true) => None,
    }
}

fn trailing_slash(answers: &Answers) -> Settled {
    let (without, with) = (answers.get("files")?, answers.get("files-slash")?);
    let all = [without, with];
    if all.iter().all(|answer| answer.is_success()) {
        return Some(("same", 2, seen::SAME_LISTS));
    }
    if !all.iter().any(|answer| answer.is_success()) {
        return None;
    }
    if all.iter().any(|answer| answer.is_redirect()) {
        return Some(("redirect", 1, seen::REDIRECTS_TO_OTHER));
    }
    all.iter().any(|answer| answer.status == 404).then_some(("refused", 1, seen::NOT_FOUND))
}

fn file_address(answers: &Answers) -> Settled {
    let file = answers.get("file")?;
    match file.status {
        // It may come later.
        404 | 429 | 500.. => None,
        302 if file.has_location => Some(("redirect", 1, seen::REDIRECTS)),
        200 if !file.is_json => Some(("bytes", 1, seen::FILES)),
        _ => Some(("else", 1, seen::OTHER_ANSWERS)),
    }
}

/// `2031-02-03T04:05:06+0000`, or with a colon in the offset.
fn times_form(answers: &Answers) -> Settled {
    let times = answers.items("contracts").iter().filter_map(|contract| {
        let own = contract["_private_ownerside"]["created_time"].as_str();
        own.or_else(|| contract["created_time"].as_str())
    });
    let (mut without, mut with, mut other) = (0, 0, 0);
    for time in times {
        let digits: String =
            time.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
        match digits.as_str() {
            "0000-00-00T00:00:00+0000" => without += 1,
            "0000-00-00T00:00:00+00:00" => with += 1,
            _ => other += 1,
        }
    }
    match (without, with, other) {
        (0, 0, 0) => None,
        (without, 0, 0) => Some(("without-colon", without, seen::TIMES_WITHOUT_COLON)),
        (0, with, 0) => Some(("with-colon", with, seen::TIMES_WITH_COLON)),
        (_, _, other) => Some(("else", other, seen::TIMES_OTHERWISE)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::setup::probe::verdict::answer_to;

    #[test]
    fn each_answer_is_told_from_what_is_there_and_from_nothing_less() {
        let own = json!({ "_private_ownerside": { "custom_id": "a" } });
        let top = json!({ "custom_id": "a" });
        let both = json!({ "custom_id": "a", "_private_ownerside": { "custom_id": "a" } });
        let fields = |fields: &[&Value]| json!({ "data_fields": fields });
        let parties = |participants: Value| json!({ "parties": [{ "participants": participants }] });
        let timed = json!({ "_private_ownerside": { "created_time": "a", "updated_time": null } });
        let listed = |times: &[&str]| {
            let contracts = times.iter().map(|time| json!({ "created_time": time }));
            json!({ "data": contracts.collect::<Vec<_>>() })
        };
        for (fact, name, status, body, expected) in [
            ("custom-id-place", "draft", 200, fields(&[&own, &own]), Some("owner-side")),
            ("custom-id-place", "draft", 200, fields(&[&top]), Some("top")),
            ("custom-id-place", "draft", 200, fields(&[&both]), Some("both")),
            ("custom-id-place", "draft", 200, fields(&[&own, &top]), None),
            ("custom-id-place", "draft", 200, fields(&[&json!({ "custom_id": null })]), None),
            ("participant-times", "sent", 200, parties(json!([timed])), Some("both")),
            ("participant-times", "sent", 200, parties(json!([{}])), Some("none")),
            ("participant-times", "sent", 200, parties(json!([timed, {}])), Some("else")),
            ("participant-times", "sent", 200, parties(json!([{ "created_time": "a" }])), Some("else")),
            ("participant-times", "draft", 200, parties(json!([timed])), None),
            ("participant-times", "sent", 200, parties(json!([])), None),
            ("my-party", "sent", 200, json!({ "parties": [{ "my_party": false }] }), Some("always")),
            ("my-party", "sent", 200, json!({ "parties": [{ "my_party": true }, {}] }), Some("sometimes")),
            ("contract-events", "events", 404, json!({}), Some("missing")),
            ("contract-events", "events", 429, json!({}), None),
            (
                "participant-events",
                "signed-events",
                200,
                json!({ "count": 1, "data": [{ "type": "contract:sign" }] }),
                Some("left-out"),
            ),
            // The rest is on another page.
            (
                "participant-events",
                "signed-events",
                200,
                json!({ "count": 2, "data": [{ "type": "contract:sign" }] }),
                None,
            ),
            ("times-form", "contracts", 200, listed(&["2031-02-03T04:05:06+0000"]), Some("without-colon")),
            ("times-form", "contracts", 200, listed(&["2031-02-03T04:05:06+00:00"]), Some("with-colon")),
            ("times-form", "contracts", 200, listed(&["2031-02-03T04:05:06Z"]), Some("else")),
            (
                "times-form",
                "contracts",
                200,
                listed(&["2031-02-03T04:05:06+0000", "2031-02-03T04:05:06+00:00"]),
                Some("else"),
            ),
            ("times-form", "contracts", 200, json!({ "data": [{}] }), None),
            ("file-address", "file", 404, json!({}), None),
            ("file-address", "file", 200, json!({ "id": 1 }), Some("else")),
        ] {
            let verdicts = verdicts(&Answers::default().with(name, status, body.clone()));
            assert_eq!(answer_to(&verdicts, fact), expected, "{fact} {status} {body}");
        }
    }

    #[test]
    fn a_slash_is_judged_only_beside_an_address_that_works() {
        for (without, with, expected) in
            [(200, 200, Some("same")), (200, 404, Some("refused")), (404, 404, None), (500, 200, None)]
        {
            let answers =
                Answers::default().with("files", without, json!({})).with("files-slash", with, json!({}));
            assert_eq!(answer_to(&verdicts(&answers), "trailing-slash"), expected, "{without} {with}");
        }
    }
}
