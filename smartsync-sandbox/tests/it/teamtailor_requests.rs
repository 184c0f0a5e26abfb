//! Every request to Teamtailor is checked against the table.

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{CustomFieldKind, CustomFieldSeed, Origin, Sandbox};

use crate::support::{Got, read, request, sandbox, teamtailor};

fn with_headers(sandbox: &Sandbox, headers: &[(&str, &str)]) -> Got {
    let request = request(Origin::Teamtailor, Method::GET, "/v1/company", headers, None);
    read(sandbox.handle(Origin::Teamtailor, request))
}

#[test]
fn the_key_is_sent_as_token_token() {
    let sandbox = sandbox();
    let status = |authorization: &str| {
        with_headers(&sandbox, &[("authorization", authorization), ("x-api-version", "20240904")]).status
    };
    assert_eq!(status("Token token=sandbox-teamtailor-key"), 200);
    assert_eq!(status("Bearer sandbox-teamtailor-key"), 401);
    assert_eq!(status("Token token=another"), 401);
    assert_eq!(with_headers(&sandbox, &[("x-api-version", "20240904")]).status, 401);
}

#[test]
fn a_missing_or_wrong_version_is_406_with_an_integer_status() {
    let sandbox = sandbox();
    let key = ("authorization", "Token token=sandbox-teamtailor-key");
    for got in [with_headers(&sandbox, &[key]), with_headers(&sandbox, &[key, ("x-api-version", "20230101")])]
    {
        assert_eq!((got.status, &got.json["errors"][0]["status"]), (406, &json!(406)));
        assert_eq!(got.complaint(), "Invalid/Missing API Version");
    }
    let right = with_headers(&sandbox, &[key, ("x-api-version", "20210218")]);
    assert_eq!((right.status, right.header("x-api-version")), (200, "20210218"));
    let html = with_headers(&sandbox, &[key, ("x-api-version", "20240904"), ("accept", "text/html")]);
    assert_eq!(html.status, 406);
}

#[test]
fn a_key_without_scope_gets_403_and_an_empty_body() {
    let sandbox = sandbox();
    sandbox.take_away_key();
    let got = teamtailor(&sandbox, Method::GET, "/company", None);
    assert_eq!((got.status, got.json), (403, Value::Null));
    sandbox.give_back_key();
    assert_eq!(teamtailor(&sandbox, Method::GET, "/company", None).status, 200);
}

#[test]
fn answers_can_come_along_with_their_questions_and_no_further() {
    let sandbox = sandbox();
    let status = |include: &str| {
        teamtailor(&sandbox, Method::GET, &format!("/candidates?include={include}"), None).status
    };
    assert_eq!(status("answers.question,answers.picked-question,job-applications.reject-reason"), 200);
    assert_eq!(status("form-answers,onboardings,job-applications.job.division"), 200);
    assert_eq!(status("answers.picked-question.job"), 400);
}

#[test]
fn options_of_several_fields_come_in_one_list() {
    let sandbox = sandbox();
    let all = |query: &str| {
        let got =
            teamtailor(&sandbox, Method::GET, &format!("/custom-field-options?page[size]=30{query}"), None);
        got.json["data"].as_array().unwrap().len()
    };
    let fields = teamtailor(&sandbox, Method::GET, "/custom-fields?page[size]=30", None).json;
    let selects: Vec<&str> = fields["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| field["type"] == "custom-field-selects")
        .map(|field| field["id"].as_str().unwrap())
        .collect();
    assert!(!selects.is_empty());
    let each: usize = selects.iter().map(|id| all(&format!("&filter[custom-field]={id}"))).sum();
    assert_eq!(
        (all(&format!("&filter[custom-field]={}", selects.join(","))), all("&filter[custom-field]=0")),
        (each, 0)
    );
}

#[test]
fn the_applications_of_a_stage_and_what_they_lead_to_are_routes() {
    let sandbox = sandbox();
    for path in ["/stages/0/job-applications", "/job-applications/0/stage", "/job-applications/0/job"] {
        assert_eq!(teamtailor(&sandbox, Method::GET, path, None).status, 404, "{path}");
    }
    let candidates =
        teamtailor(&sandbox, Method::GET, "/candidates?include=job-applications.stage", None).json;
    let included = candidates["included"].as_array().cloned().unwrap_or_default();
    let applications: Vec<&Value> =
        included.iter().filter(|resource| resource["type"] == "job-applications").collect();
    assert!(!applications.is_empty());
    for application in applications {
        let id = application["id"].as_str().unwrap();
        let stage = teamtailor(&sandbox, Method::GET, &format!("/job-applications/{id}/stage"), None).json;
        assert_eq!(stage["data"]["id"], application["relationships"]["stage"]["data"]["id"]);
        let job = teamtailor(&sandbox, Method::GET, &format!("/job-applications/{id}/job"), None).json;
        assert_eq!(job["data"]["attributes"]["employment-type"], "none");
        let stage = stage["data"]["id"].as_str().unwrap();
        let list = |from: &str| {
            let path =
                format!("/stages/{stage}/job-applications?include=candidate&filter[created-at][from]={from}");
            teamtailor(&sandbox, Method::GET, &path, None)
        };
        let ids: Vec<Value> =
            list("2000-01-01").json["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert!(ids.contains(&json!(id)));
        assert_eq!(list("2999-01-01").json["data"], json!([]));
        assert_eq!(list("soon").status, 400);
    }
}

#[test]
fn an_unknown_route_is_not_found() {
    let sandbox = sandbox();
    for path in ["/nothing", "/v1/company", "/candidates/1", "/company/"] {
        assert_eq!(teamtailor(&sandbox, Method::GET, path, None).status, 404, "{path}");
    }
}

#[test]
fn unknown_filters_includes_sorts_and_parameters_are_refused_with_their_codes() {
    let sandbox = sandbox();
    for (query, code) in [
        ("filter%5Bcolour%5D=red", "102"),
        ("include=colour", "112"),
        ("include=custom-field-values.colour", "112"),
        ("sort=colour", "114"),
        ("page%5Bsize%5D=31", "118"),
        ("page%5Bsize%5D=0", "118"),
        ("page%5Bnumber%5D=1", "118"),
        ("colour=red", "105"),
    ] {
        let got = teamtailor(&sandbox, Method::GET, &format!("/candidates?{query}"), None);
        assert_eq!((got.status, got.json["errors"][0]["code"].as_str()), (400, Some(code)), "{query}");
    }
}

#[test]
fn a_write_declares_json_api() {
    let sandbox = sandbox();
    let headers = [
        ("authorization", "Token token=sandbox-teamtailor-key"),
        ("x-api-version", "20240904"),
        ("content-type", "application/json"),
    ];
    let body = json!({ "data": { "id": "4711", "type": "candidates", "attributes": {} } });
    let request = request(Origin::Teamtailor, Method::PATCH, "/v1/candidates/4711", &headers, Some(body));
    assert_eq!(read(sandbox.handle(Origin::Teamtailor, request)).status, 415);
}

#[test]
fn a_body_that_is_no_json_api_document_is_refused() {
    let sandbox = sandbox();
    let attributes = json!({ "first-name": "Ann" });
    for (body, code) in [
        (json!({}), "106"),
        (json!({ "data": [] }), "122"),
        (json!({ "data": { "type": "candidates", "attributes": attributes } }), "106"),
        (json!({ "data": { "id": "1", "type": "candidates", "attributes": attributes } }), "110"),
        (json!({ "data": { "id": "4711", "type": "users", "attributes": attributes } }), "103"),
        (json!({ "data": { "id": "4711", "type": "candidates", "attributes": { "first-name": 1 } } }), "103"),
        (json!({ "data": { "id": "4711", "type": "candidates", "attributes": { "colour": "red" } } }), "105"),
        (
            json!({ "data": { "id": "4711", "type": "candidates", "attributes": { "updated-at": "now" } } }),
            "105",
        ),
        (json!({ "data": { "id": "4711", "type": "candidates" }, "meta": {} }), "105"),
    ] {
        let got = teamtailor(&sandbox, Method::PATCH, "/candidates/4711", Some(body));
        assert_eq!((got.status, got.json["errors"][0]["code"].as_str()), (400, Some(code)), "{}", got.json);
    }
}

#[test]
fn a_list_is_walked_by_its_next_links_and_brackets_are_escaped() {
    let sandbox = sandbox();
    for number in 0..30 {
        sandbox.add_custom_field(CustomFieldSeed::new(format!("more-{number}"), CustomFieldKind::Text));
    }
    let (mut target, mut pages, mut fields) = ("/custom-fields?page%5Bsize%5D=30".to_owned(), 0, 0);
    loop {
        let page = teamtailor(&sandbox, Method::GET, &target, None).json;
        assert_eq!(page["meta"], json!({ "record-count": 36 }));
        (pages, fields) = (pages + 1, fields + page["data"].as_array().unwrap().len());
        let Some(next) = page["links"]["next"].as_str() else { break };
        assert!(next.contains("page%5Bafter%5D="), "{next}");
        target = next.strip_prefix("https://api.teamtailor.com/v1").unwrap().to_owned();
    }
    assert_eq!((pages, fields), (2, 36));
}

#[test]
fn options_are_paged_by_number_and_found_by_their_field() {
    let sandbox = sandbox();
    let field = crate::support::custom_field(&sandbox, "oneflow-contract-type");
    assert_eq!(field["type"], "custom-field-selects");
    let id = field["id"].as_str().unwrap();
    let target = format!("/custom-field-options?filter%5Bcustom-field%5D={id}&page%5Bsize%5D=2");
    let page = teamtailor(&sandbox, Method::GET, &target, None).json;
    assert_eq!(page["meta"], json!({ "record-count": 3, "page-count": 2 }));
    assert_eq!(page["data"][0]["attributes"], json!({ "value": "Permanent" }));
    let next = page["links"]["next"].as_str().unwrap();
    assert!(next.contains("filter%5Bcustom-field%5D=") && next.contains("page%5Bnumber%5D=2"), "{next}");
}
