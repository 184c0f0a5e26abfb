//! Candidates and what hangs on them.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{ActionError, CandidateSeed, Sandbox, SandboxSettings, control};

use crate::support::{Got, sandbox, teamtailor};

fn patch(sandbox: &Sandbox, attributes: Value) -> Got {
    let body = json!({ "data": { "id": "4711", "type": "candidates", "attributes": attributes } });
    teamtailor(sandbox, Method::PATCH, "/candidates/4711", Some(body))
}

#[test]
fn a_patch_changes_what_is_sent_and_null_empties() {
    let sandbox = sandbox();
    sandbox.advance(Duration::from_millis(1_500));
    let got = patch(&sandbox, json!({ "first-name": "Anna", "phone": null }));
    let attributes = &got.json["data"]["attributes"];
    assert_eq!((got.status, attributes["first-name"].as_str()), (200, Some("Anna")));
    assert_eq!((attributes["last-name"].as_str(), &attributes["phone"]), (Some("Sample"), &Value::Null));
    assert_eq!(attributes["updated-at"], "2031-03-03T10:00:01.500+01:00");
    assert_eq!(attributes["created-at"], "2031-03-03T10:00:00.000+01:00");
}

#[test]
fn one_bad_attribute_refuses_the_whole_patch() {
    let sandbox = sandbox();
    let got = patch(&sandbox, json!({ "first-name": "Anna", "pitch": "x".repeat(141) }));
    assert_eq!((got.status, &got.json["errors"][0]["status"]), (422, &json!("422")));
    assert_eq!(sandbox.candidate_card("4711").unwrap().get("first-name"), Some("Ann"));
}

#[test]
fn an_email_is_unique_mandatory_and_kept_in_lower_case() {
    let sandbox = sandbox();
    sandbox.add_candidate(CandidateSeed::new("Bo@Example.com")).unwrap();
    let taken = patch(&sandbox, json!({ "email": "BO@example.com" }));
    assert_eq!((taken.status, taken.complaint().as_str()), (422, "has already been taken"));
    assert_eq!(taken.json["errors"][0]["detail"], "email - has already been taken");
    assert_eq!(taken.json["errors"][0]["source"]["pointer"], "/data/attributes/email");
    assert_eq!(patch(&sandbox, json!({ "email": null })).complaint(), "can't be blank");
    assert_eq!(patch(&sandbox, json!({ "email": "nowhere" })).complaint(), "is invalid");
    let changed = patch(&sandbox, json!({ "email": "Ann.New@Example.com" }));
    assert_eq!(changed.json["data"]["attributes"]["email"], "ann.new@example.com");
}

#[test]
fn a_candidate_is_found_by_the_exact_email() {
    let sandbox = sandbox();
    let found = |email: &str| {
        let target = format!("/candidates?filter%5Bemail%5D={email}");
        teamtailor(&sandbox, Method::GET, &target, None).json["data"].as_array().unwrap().len()
    };
    assert_eq!(
        (found("ann%40example.com"), found("Ann%40example.com"), found("bo%40example.com")),
        (1, 0, 0)
    );
}

#[test]
fn relationships_have_data_only_when_included() {
    let sandbox = sandbox();
    let plain = teamtailor(&sandbox, Method::GET, "/candidates/4711", None).json;
    let relationship = &plain["data"]["relationships"]["custom-field-values"];
    assert_eq!(relationship.get("data"), None);
    let related = "https://api.teamtailor.com/v1/candidates/4711/custom-field-values";
    assert_eq!(relationship["links"]["related"], related);
    assert_eq!(plain.get("included"), None);
    let included =
        teamtailor(&sandbox, Method::GET, "/candidates/4711?include=uploads,department", None).json;
    assert_eq!(included["data"]["relationships"]["uploads"]["data"], json!([]));
    assert_eq!(included["data"]["relationships"]["department"]["data"], Value::Null);
    assert_eq!(included["data"]["relationships"]["custom-field-values"].get("data"), None);
}

#[test]
fn nested_includes_bring_values_and_their_definitions() {
    let sandbox = sandbox();
    let target = "/candidates/4711?include=custom-field-values.custom-field";
    let document = teamtailor(&sandbox, Method::GET, target, None).json;
    let included = document["included"].as_array().unwrap();
    let of = |kind: &str| included.iter().filter(|one| one["type"] == kind).collect::<Vec<_>>();
    let links = document["data"]["relationships"]["custom-field-values"]["data"].as_array().unwrap();
    assert_eq!((links.len(), of("custom-field-values").len()), (4, 4));
    assert_eq!((of("custom-fields").len(), of("custom-field-selects").len()), (3, 1));
    let select = of("custom-field-selects")[0];
    assert_eq!(select["attributes"]["api-name"], "oneflow-contract-type");
    let value = of("custom-field-values")
        .into_iter()
        .find(|value| value["relationships"]["custom-field"]["data"]["id"] == select["id"])
        .unwrap();
    assert_eq!(value["attributes"], json!({ "field-type": "CustomField::Select", "value": "Permanent" }));
    assert_eq!(value["relationships"]["owner"].get("data"), None);
}

#[test]
fn a_job_application_moves_to_a_stage_of_its_own_job() {
    let sandbox = sandbox();
    let seeded = sandbox.seeded();
    let other = sandbox.add_job_application(&seeded.candidate).unwrap().1;
    let target = format!("/job-applications/{}?include=stage", seeded.job_application);
    let to = |stage: &str| {
        let body = json!({ "data": {
            "id": seeded.job_application,
            "type": "job-applications",
            "relationships": { "stage": { "data": { "type": "stages", "id": stage } } },
        } });
        teamtailor(&sandbox, Method::PATCH, &target, Some(body))
    };
    let moved = to(&seeded.stages[2]);
    assert_eq!(
        (moved.status, moved.json["included"][0]["attributes"]["name"].as_str()),
        (200, Some("Hired"))
    );
    assert_eq!(to(&other[0]).status, 422);
    let listed = format!("/candidates/{}/job-applications", seeded.candidate);
    assert_eq!(teamtailor(&sandbox, Method::GET, &listed, None).json["meta"]["record-count"], 2);
}

#[test]
fn a_job_application_is_rejected_at_a_time_and_keeps_what_is_written() {
    let sandbox = sandbox();
    let id = sandbox.seeded().job_application;
    let patch = |attributes: Value| {
        let body = json!({ "data": { "id": id, "type": "job-applications", "attributes": attributes } });
        teamtailor(&sandbox, Method::PATCH, &format!("/job-applications/{id}"), Some(body))
    };
    assert_eq!(patch(json!({ "rejected-at": "today" })).complaint(), "is invalid");
    let time = "2031-03-03T10:00:00.000+01:00";
    assert_eq!(patch(json!({ "rejected-at": time, "cover-letter": "Hello" })).status, 200);
    let got = patch(json!({ "sourced": true }));
    let attributes = &got.json["data"]["attributes"];
    assert_eq!(
        (&attributes["rejected-at"], &attributes["cover-letter"], &attributes["sourced"]),
        (&json!(time), &json!("Hello"), &json!(true))
    );
}

#[test]
fn candidates_are_sorted_by_one_column_after_another() {
    let sandbox = sandbox();
    for (email, last) in [("bo@example.com", "Sample"), ("cy@example.com", "Other")] {
        sandbox.add_candidate(CandidateSeed::new(email).name("A", last)).unwrap();
    }
    let sorted = |sort: &str| {
        let list = teamtailor(&sandbox, Method::GET, &format!("/candidates?sort={sort}"), None).json;
        let list = list["data"].as_array().unwrap().iter();
        list.map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sorted("last-name,email"), ["4713", "4711", "4712"]);
    assert_eq!(sorted("-last-name,email"), ["4711", "4712", "4713"]);
    assert_eq!(sorted("-last-name,-email"), ["4712", "4711", "4713"]);
}

#[test]
fn candidates_are_found_by_when_they_were_changed() {
    let sandbox = sandbox();
    sandbox.advance(Duration::from_secs(86_400));
    sandbox.add_candidate(CandidateSeed::new("bo@example.com")).unwrap();
    let got = |filter: &str, value: &str| {
        let target = format!("/candidates?filter%5Bupdated-at%5D%5B{filter}%5D={value}");
        teamtailor(&sandbox, Method::GET, &target, None)
    };
    let count = |filter: &str, value: &str| got(filter, value).json["meta"]["record-count"].clone();
    assert_eq!((count("from", "2031-03-04"), count("to", "2031-03-04")), (json!(1), json!(1)));
    assert_eq!(count("from", "2031-03-03T09:00:00Z"), 2);
    let none = Sandbox::new(SandboxSettings::new().unseeded());
    for sandbox in [&sandbox, &none] {
        let bad = teamtailor(sandbox, Method::GET, "/candidates?filter%5Bcreated-at%5D%5Bto%5D=now", None);
        assert_eq!((bad.status, bad.json["errors"][0]["code"].as_str()), (400, Some("103")));
    }
}

#[test]
fn connected_candidates_are_found() {
    let sandbox = sandbox();
    let count = |connected: bool| {
        let target = format!("/candidates?filter%5Bconnected%5D={connected}");
        teamtailor(&sandbox, Method::GET, &target, None).json["meta"]["record-count"].clone()
    };
    assert_eq!((count(true), count(false)), (json!(0), json!(1)));
    patch(&sandbox, json!({ "connected": true }));
    assert_eq!((count(true), count(false)), (json!(1), json!(0)));
}

#[test]
fn a_recruiter_edits_what_stands_on_the_card() {
    let sandbox = sandbox();
    sandbox.edit_candidate("4711", "phone", None).unwrap();
    sandbox.edit_custom_field("4711", "oneflow-contract-type", Some("Hourly")).unwrap();
    sandbox.edit_custom_field("4711", "oneflow-has-car", Some("true")).unwrap();
    sandbox.edit_custom_field("4711", "shirt-size", None).unwrap();
    let card = sandbox.candidate_card("4711").unwrap();
    let shown: Vec<_> =
        ["phone", "oneflow-contract-type", "oneflow-has-car", "shirt-size"].map(|name| card.get(name)).into();
    assert_eq!(shown, [None, Some("Hourly"), Some("true"), None]);
    assert_eq!(sandbox.edit_candidate("1", "phone", None), Err(ActionError::Candidate));
    assert_eq!(sandbox.edit_candidate("4711", "colour", None), Err(ActionError::Field));
    assert_eq!(
        sandbox.edit_custom_field("4711", "oneflow-contract-type", Some("x")),
        Err(ActionError::Value)
    );
}

#[test]
fn a_candidate_that_cannot_be_added_leaves_nothing_behind() {
    let sandbox = sandbox();
    let seed = CandidateSeed::new("bo@example.com").custom_field("oneflow-salary", "much");
    assert_eq!(sandbox.add_candidate(seed).unwrap_err(), ActionError::Value);
    assert_eq!(teamtailor(&sandbox, Method::GET, "/candidates", None).json["meta"]["record-count"], 1);
}

#[test]
fn debug_shows_nothing_that_a_person_typed() {
    let sandbox = sandbox();
    let contract = crate::support::pending_contract(&sandbox);
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.serve_elsewhere("https://files.example.net/Ann.pdf", &b"Contract of Ann"[..]);
    let answer = control(&sandbox, "GET", "/sandbox/candidates/4711", b"");
    let card = (sandbox.candidate_card("4711"), sandbox.contract_card(contract), answer);
    let seed = CandidateSeed::new("ann@example.com").name("Ann", "Sample");
    let printed = format!("{sandbox:?} {card:?} {seed:?} {:?}", sandbox.request_log());
    for typed in
        ["Ann", "Sample", "ann@example.com", "3 months", "42000", "sandbox-teamtailor-key", "token-0"]
    {
        assert!(!printed.contains(typed), "{typed}: {printed}");
    }
}

fn new_candidate(attributes: &Value) -> Option<Value> {
    Some(json!({ "data": { "type": "candidates", "attributes": attributes } }))
}

#[test]
fn a_candidate_is_created_and_deleted_over_the_api() {
    let sandbox = sandbox();
    let body = new_candidate(&json!({ "first-name": "Eva", "email": "Eva@Example.com" }));
    let made = teamtailor(&sandbox, Method::POST, "/candidates", body.clone());
    assert_eq!((made.status, &made.json["data"]["attributes"]["email"]), (201, &json!("eva@example.com")));
    let target = format!("/candidates/{}", made.json["data"]["id"].as_str().unwrap());
    assert_eq!(teamtailor(&sandbox, Method::GET, &target, None).status, 200);
    let again = teamtailor(&sandbox, Method::POST, "/candidates", body);
    assert_eq!((again.status, again.complaint().as_str()), (422, "has already been taken"));
    for attributes in [json!({ "first-name": "Eva" }), json!({ "email": "nowhere" })] {
        assert_eq!(teamtailor(&sandbox, Method::POST, "/candidates", new_candidate(&attributes)).status, 422);
    }
    let sourced = new_candidate(&json!({ "first-name": "Eva", "sourced": true }));
    assert_eq!(teamtailor(&sandbox, Method::POST, "/candidates", sourced).status, 201);
    let gone = teamtailor(&sandbox, Method::DELETE, &target, None);
    assert_eq!((gone.status, gone.json), (204, Value::Null));
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(teamtailor(&sandbox, method, &target, None).status, 404);
    }
}
