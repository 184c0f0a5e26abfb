//! What other lists of Oneflow show, the account, and a refusal.

use serde_json::Value;

use super::{
    answers::Answers,
    verdict::{Settled, Verdict, settled},
};
use crate::{config::FactService, words::commands::probe_seen as seen};

pub(super) fn verdicts(answers: &Answers) -> Vec<Verdict> {
    settled(
        FactService::Oneflow,
        [
            ("webhook-list", webhook_list(answers)),
            ("webhook-id-place", webhook_id_place(answers)),
            ("page-ends", page_ends(answers)),
            ("workspace-filters", workspace_filters(answers)),
            ("token-info", token_info(answers)),
            ("problem-members", problem_members(answers)),
            ("rate-headers", rate_headers(answers)),
        ],
    )
}

fn webhook_list(answers: &Answers) -> Settled {
    let body = answers.success("webhooks")?;
    match (body.is_array(), body["data"].is_array()) {
        (true, _) => Some(("array", 1, seen::ARRAYS)),
        (_, true) => Some(("page", 1, seen::PAGES)),
        _ => None,
    }
}

fn webhook_id_place(answers: &Answers) -> Settled {
    let body = answers.success("webhooks")?;
    let all = body.as_array().or(body["data"].as_array())?;
    let have =
        |member: &str| all.iter().filter(|one| one.get(member).is_some_and(|id| !id.is_null())).count();
    let (every, named, bare) = (all.len(), have("webhook_id"), have("id"));
    match (named, bare) {
        (0, 0) => None,
        (_, 0) if named == every => Some(("webhook-id", named, seen::WEBHOOKS_WITH_WEBHOOK_ID)),
        (0, _) if bare == every => Some(("id", bare, seen::WEBHOOKS_WITH_ID)),
        _ if named == every && bare == every => Some(("both", every, seen::WEBHOOKS_WITH_BOTH)),
        _ => None,
    }
}

/// Only of a page that has all there is.
fn page_ends(answers: &Answers) -> Settled {
    let body = answers.success("workspaces")?;
    let shown = answers.items("workspaces").len();
    if shown == 0 || body["count"].as_u64() != u64::try_from(shown).ok() {
        return None;
    }
    match body["_links"].as_object()?.get("next") {
        None => Some(("absent", 1, seen::LAST_WITHOUT_NEXT)),
        Some(Value::Null) => Some(("null", 1, seen::LAST_WITH_NULL)),
        Some(next) if next.get("href").is_some_and(Value::is_null) => {
            Some(("null-address", 1, seen::LAST_WITH_NULL_ADDRESS))
        }
        Some(_) => None,
    }
}

/// Only where there is something that a filter could leave out.
fn workspace_filters(answers: &Answers) -> Settled {
    let all = answers.items("workspaces").len();
    let filtered = answers.get("workspaces-filtered")?;
    match (filtered.status, answers.items("workspaces-filtered").len()) {
        _ if all == 0 => None,
        (200, 0) if filtered.body["data"].is_array() => Some(("work", 0, seen::FILTERED_WORKSPACES)),
        (200, shown @ 1..) => Some(("ignored", shown, seen::FILTERED_WORKSPACES)),
        (400 | 422, _) => Some(("refused", 1, seen::FILTER_REFUSED)),
        _ => None,
    }
}

fn token_info(answers: &Answers) -> Settled {
    let info = answers.success("account")?.get("token_info");
    let integration = info.and_then(|info| info.get("integration")).and_then(Value::as_object);
    match integration {
        Some(members) if members.contains_key("id") && members.contains_key("key") => {
            Some(("integration", 1, seen::INTEGRATION))
        }
        _ => Some(("else", 1, seen::TOKEN_OTHERWISE)),
    }
}

fn problem_members(answers: &Answers) -> Settled {
    let refusal = answers.get("refusal").filter(|answer| answer.status == 400 || answer.status == 422)?;
    let members = refusal.body["parameter_problems"].as_object();
    let sent = |name: &String| name == "limit" || name == "offset";
    match members {
        Some(members) if !members.is_empty() && members.keys().all(sent) => {
            Some(("by-parameter", members.len(), seen::PARAMETERS))
        }
        _ => Some(("else", 1, seen::REFUSALS_OTHERWISE)),
    }
}

/// Whether only a refusal for the limit says more cannot be seen without using it up.
fn rate_headers(answers: &Answers) -> Settled {
    let names = ["contracts", "account", "webhooks", "workspaces"];
    let all = answers.of(&names).count();
    let with = answers.of(&names).filter(|answer| answer.has_rate_headers).count();
    (all >= 3 && with == all).then_some(("every", with, seen::SPEAKING_OF_LIMIT))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::setup::probe::verdict::answer_to;

    #[test]
    fn each_answer_is_told_from_what_is_there_and_from_nothing_less() {
        for (fact, name, status, body, expected) in [
            ("webhook-list", "webhooks", 200, json!([]), Some("array")),
            ("webhook-list", "webhooks", 200, json!({ "data": [] }), Some("page")),
            ("webhook-list", "webhooks", 403, json!({ "data": [] }), None),
            ("webhook-list", "webhooks", 200, json!({}), None),
            ("webhook-id-place", "webhooks", 200, json!([{ "id": 1 }]), Some("id")),
            (
                "webhook-id-place",
                "webhooks",
                200,
                json!({ "data": [{ "webhook_id": 1 }] }),
                Some("webhook-id"),
            ),
            ("webhook-id-place", "webhooks", 200, json!([{ "id": 1, "webhook_id": 1 }]), Some("both")),
            ("webhook-id-place", "webhooks", 200, json!([{ "id": 1 }, { "webhook_id": 1 }]), None),
            ("webhook-id-place", "webhooks", 200, json!([]), None),
            (
                "page-ends",
                "workspaces",
                200,
                json!({ "count": 1, "data": [1], "_links": {} }),
                Some("absent"),
            ),
            (
                "page-ends",
                "workspaces",
                200,
                json!({ "count": 1, "data": [1], "_links": { "next": null } }),
                Some("null"),
            ),
            (
                "page-ends",
                "workspaces",
                200,
                json!({ "count": 1, "data": [1], "_links": { "next": { "href": null } } }),
                Some("null-address"),
            ),
            ("page-ends", "workspaces", 200, json!({ "count": 2, "data": [1], "_links": {} }), None),
            (
                "token-info",
                "account",
                200,
                json!({ "token_info": { "integration": { "id": null, "key": "" } } }),
                Some("integration"),
            ),
            (
                "token-info",
                "account",
                200,
                json!({ "token_info": { "integration": { "id": 1 } } }),
                Some("else"),
            ),
            ("token-info", "account", 200, json!({}), Some("else")),
            ("token-info", "account", 403, json!({}), None),
            (
                "problem-members",
                "refusal",
                400,
                json!({ "parameter_problems": { "limit": [] } }),
                Some("by-parameter"),
            ),
            (
                "problem-members",
                "refusal",
                400,
                json!({ "parameter_problems": { "page": [] } }),
                Some("else"),
            ),
            ("problem-members", "refusal", 400, json!({ "parameter_problems": [] }), Some("else")),
            ("problem-members", "refusal", 200, json!({ "parameter_problems": { "limit": [] } }), None),
        ] {
            let verdicts = verdicts(&Answers::default().with(name, status, body.clone()));
            assert_eq!(answer_to(&verdicts, fact), expected, "{fact} {status} {body}");
        }
    }

    #[test]
    fn a_filter_is_judged_only_where_it_could_leave_something_out() {
        for (all, status, filtered, expected) in [
            (json!([1, 2]), 200, json!([]), Some("work")),
            (json!([1, 2]), 200, json!([1, 2]), Some("ignored")),
            (json!([1, 2]), 400, json!([]), Some("refused")),
            (json!([1, 2]), 500, json!([]), None),
            (json!([]), 200, json!([]), None),
        ] {
            let answers = Answers::default().with("workspaces", 200, json!({ "data": all })).with(
                "workspaces-filtered",
                status,
                json!({ "data": filtered }),
            );
            assert_eq!(answer_to(&verdicts(&answers), "workspace-filters"), expected, "{all} {status}");
        }
    }
}
