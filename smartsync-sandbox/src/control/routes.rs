//! The control routes.

use serde_json::{Value, json};

use super::{Call, Failure, at_candidates, at_contracts, definitions, faults, making, surroundings};

/// A control route.
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// What it is for.
    what: &'static str,
    /// A body that it takes.
    pub(super) body: Option<&'static str>,
    pub(super) answer: fn(&Call<'_>) -> Result<Value, Failure>,
}

type Answer = fn(&Call<'_>) -> Result<Value, Failure>;

const fn get(path: &'static str, what: &'static str, answer: Answer) -> Route {
    Route { method: "GET", path, what, body: None, answer }
}

const fn post(path: &'static str, what: &'static str, body: &'static str, answer: Answer) -> Route {
    Route { method: "POST", path, what, body: Some(body), answer }
}

const fn delete(path: &'static str, what: &'static str, answer: Answer) -> Route {
    Route { method: "DELETE", path, what, body: None, answer }
}

pub(super) const ROUTES: &[Route] = &[
    get("/sandbox", "the control routes", |_| Ok(list())),
    post(
        "/sandbox/candidates",
        "a candidate is made; `fields` and `custom_fields` may be left out",
        r#"{"email": "eva@example.com", "fields": {"first-name": "Eva"}, "custom_fields": {"oneflow-salary": "42000"}}"#,
        making::candidate,
    ),
    post(
        "/sandbox/contracts",
        "a contract is made from a template (the sample one, unless it is given), and sent if `publish` says so; all but `name` may be left out",
        r#"{"template": 5001, "name": "Employment contract", "counterparties": [{"name": "Eva Sample", "email": "eva@example.com", "signatory": true}], "values": {"oneflow-salary": "42000"}, "publish": true}"#,
        making::contract,
    ),
    post(
        "/sandbox/job-applications",
        "a candidate applies for a new job with three stages",
        r#"{"candidate": "4711"}"#,
        making::job_application,
    ),
    get("/sandbox/candidates", "the cards of all candidates", at_candidates::list),
    get("/sandbox/candidates/{id}", "a candidate's card", at_candidates::card),
    get("/sandbox/contracts", "all contracts", at_contracts::list),
    get("/sandbox/contracts/{id}", "a contract", at_contracts::card),
    get("/sandbox/templates", "the templates, with their data fields", making::templates),
    get("/sandbox/custom-fields", "the custom fields of candidates", making::custom_fields),
    post(
        "/sandbox/data-field",
        "a participant fills in a field",
        r#"{"contract": 9001, "custom_id": "oneflow-notice", "value": "3 months"}"#,
        at_contracts::data_field,
    ),
    post("/sandbox/publish", "a draft is sent", r#"{"contract": 9001}"#, at_contracts::publish),
    post(
        "/sandbox/sign",
        "a participant signs; without `participant`, the next one who has to",
        r#"{"contract": 9001, "participant": 61002}"#,
        at_contracts::sign,
    ),
    post("/sandbox/sign-all", "everybody signs", r#"{"contract": 9001}"#, at_contracts::sign_all),
    post(
        "/sandbox/decline",
        "a participant declines; without `participant`, the next one who has to sign",
        r#"{"contract": 9001, "participant": 61002}"#,
        at_contracts::decline,
    ),
    post(
        "/sandbox/delegate",
        "a participant hands over to somebody else",
        r#"{"contract": 9001, "participant": 61002, "name": "Eve Other", "email": "eve@example.com"}"#,
        at_contracts::delegate,
    ),
    post(
        "/sandbox/own-details",
        "a participant changes its details; what is left out stays",
        r#"{"contract": 9001, "participant": 61002, "name": "Eve Other", "email": "eve@example.com", "phone_number": "+46701740606"}"#,
        at_contracts::own_details,
    ),
    post(
        "/sandbox/add-participant",
        "a participant brings in another; without `by`, the owner side does",
        r#"{"contract": 9001, "by": 61002, "name": "Eve Other", "email": "eve@example.com"}"#,
        at_contracts::add_participant,
    ),
    post("/sandbox/expire", "the signing period ends", r#"{"contract": 9001}"#, at_contracts::expire),
    post("/sandbox/delete", "the contract is deleted", r#"{"contract": 9001}"#, at_contracts::delete),
    post(
        "/sandbox/file-missing",
        "the contract's PDF is there, or not",
        r#"{"contract": 9001, "missing": true}"#,
        at_contracts::file_missing,
    ),
    post(
        "/sandbox/candidate-field",
        "a recruiter edits a default field; null clears it",
        r#"{"candidate": "4711", "field": "phone", "value": "+46701740606"}"#,
        at_candidates::field,
    ),
    post(
        "/sandbox/custom-field",
        "a recruiter edits a custom field, options by their labels; null clears it",
        r#"{"candidate": "4711", "api_name": "oneflow-contract-type", "value": "Hourly"}"#,
        at_candidates::custom_field,
    ),
    post(
        "/sandbox/delete-candidate",
        "a candidate is deleted, with values, files and applications",
        r#"{"candidate": "4711"}"#,
        at_candidates::delete,
    ),
    post(
        "/sandbox/merge-candidate",
        "a candidate is merged into another, who stays",
        r#"{"candidate": "4712", "into": "4711"}"#,
        at_candidates::merge,
    ),
    post(
        "/sandbox/custom-fields",
        "a custom field is added; `name` and `options` may be left out",
        r#"{"api_name": "oneflow-team", "type": "CustomField::Select", "name": "Team", "options": ["North", "South"]}"#,
        definitions::add_custom_field,
    ),
    post(
        "/sandbox/rename-custom-field",
        "a custom field gets another name; its api-name stays",
        r#"{"api_name": "oneflow-salary", "name": "Pay"}"#,
        definitions::rename_custom_field,
    ),
    post(
        "/sandbox/change-api-name",
        "a custom field gets another api-name",
        r#"{"api_name": "oneflow-salary", "new_api_name": "oneflow-pay"}"#,
        definitions::change_api_name,
    ),
    post(
        "/sandbox/change-custom-field-type",
        "a custom field holds something else from now on; values that suit it stay",
        r#"{"api_name": "oneflow-salary", "type": "CustomField::Text"}"#,
        definitions::change_custom_field_kind,
    ),
    post(
        "/sandbox/delete-custom-field",
        "a custom field is deleted, with its options and values",
        r#"{"api_name": "oneflow-salary"}"#,
        definitions::delete_custom_field,
    ),
    post(
        "/sandbox/add-option",
        "a select gets one more option",
        r#"{"api_name": "oneflow-contract-type", "option": "Seasonal"}"#,
        definitions::add_option,
    ),
    post(
        "/sandbox/rename-option",
        "an option gets another text",
        r#"{"api_name": "oneflow-contract-type", "option": "Hourly", "new_option": "By the hour"}"#,
        definitions::rename_option,
    ),
    post(
        "/sandbox/delete-option",
        "an option is deleted, and nobody has it chosen any more",
        r#"{"api_name": "oneflow-contract-type", "option": "Hourly"}"#,
        definitions::delete_option,
    ),
    post(
        "/sandbox/add-data-field",
        "a template type gets one more data field; `name` and `value` may be left out",
        r#"{"template_type": 4001, "custom_id": "oneflow-team", "name": "Team", "value": "North"}"#,
        definitions::add_data_field,
    ),
    post(
        "/sandbox/rename-data-field",
        "a data field of a template type gets another name; its `custom_id` stays",
        r#"{"template_type": 4001, "custom_id": "oneflow-salary", "name": "Pay"}"#,
        definitions::rename_data_field,
    ),
    post(
        "/sandbox/change-custom-id",
        "a data field of a template type gets another `custom_id`",
        r#"{"template_type": 4001, "custom_id": "oneflow-salary", "new_custom_id": "oneflow-pay"}"#,
        definitions::change_custom_id,
    ),
    post(
        "/sandbox/remove-data-field",
        "a data field is taken out of a template type and its templates; contracts that there are keep it",
        r#"{"template_type": 4001, "custom_id": "oneflow-salary"}"#,
        definitions::remove_data_field,
    ),
    post(
        "/sandbox/put-file",
        "a file is put onto a card",
        r#"{"candidate": "4711", "name": "Contract.pdf", "internal": false, "text": "not a contract"}"#,
        at_candidates::put_file,
    ),
    post(
        "/sandbox/teamtailor-key",
        "the Teamtailor key has the scope, or not",
        r#"{"usable": false}"#,
        surroundings::teamtailor_key,
    ),
    post(
        "/sandbox/refuse-uploads",
        "the next uploads, this many, are refused",
        r#"{"number": 2}"#,
        surroundings::refuse_uploads,
    ),
    get("/sandbox/time", "the sandbox's time", |call| Ok(call.done([]))),
    post("/sandbox/time", "time passes", r#"{"advance_seconds": 60}"#, surroundings::advance),
    post(
        "/sandbox/faults",
        "something goes wrong from now on: `fault` is status, limit, latency_ms, lost_request or lost_answer; all but `fault` may be left out",
        r#"{"service": "oneflow", "operation": "get_contract", "skip": 0, "times": 2, "fault": {"status": {"code": 503, "body": "down"}}}"#,
        faults::add,
    ),
    get("/sandbox/faults", "the faults, and how often each was met", faults::list),
    delete("/sandbox/faults", "all faults are cleared", faults::clear),
    delete("/sandbox/faults/{id}", "a fault is cleared", faults::clear_one),
    get("/sandbox/operations", "the names of all operations, by service", faults::operations),
    get(
        "/sandbox/requests",
        "the newest requests, without headers, queries and bodies, and how many older ones were dropped",
        surroundings::requests,
    ),
    delete("/sandbox/requests", "the requests so far are forgotten", surroundings::forget_requests),
    get(
        "/sandbox/deliveries",
        "notifications: pending ones, how many were delivered and given up",
        surroundings::deliveries,
    ),
];

fn list() -> Value {
    let shown = ROUTES.iter().map(|Route { method, path, what, body, .. }| {
        let mut shown = json!({ "route": format!("{method} {path}"), "what": what });
        if let Some(body) = body {
            shown["body"] = serde_json::from_str(body).unwrap_or_default();
        }
        shown
    });
    shown.collect()
}
