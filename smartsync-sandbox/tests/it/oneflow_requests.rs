//! Every request to Oneflow is checked against the table.

use http::Method;
use serde_json::json;
use smartsync_sandbox::{Origin, Sandbox, SandboxSettings};
use smartsync_transport::Body;

use crate::support::{oneflow, read, request, sandbox, teamtailor};

#[test]
fn the_token_must_be_forty_characters_and_the_right_one() {
    let sandbox = sandbox();
    let status = |token: &str| {
        let request =
            request(Origin::Oneflow, Method::GET, "/v1/ping", &[("x-oneflow-api-token", token)], None);
        read(sandbox.handle(Origin::Oneflow, request)).status
    };
    assert_eq!(status(&sandbox.oneflow_token()), 200);
    assert_eq!(status("short"), 401);
    assert_eq!(status("another-oneflow-token-000000000000000002"), 401);
}

#[test]
fn the_credentials_can_be_set() {
    let token = "another-oneflow-token-000000000000000002";
    let settings =
        SandboxSettings::new().oneflow_token(token).user_email("olle@example.com").teamtailor_key("other");
    let changed = Sandbox::new(settings);
    assert_eq!(oneflow(&changed, Method::GET, "/ping", None).status, 200);
    assert_eq!(teamtailor(&changed, Method::GET, "/company", None).status, 200);
    let send = |sandbox: &Sandbox, email: &str| {
        let headers = [("x-oneflow-api-token", token), ("x-oneflow-user-email", email)];
        let request = request(Origin::Oneflow, Method::GET, "/v1/ping", &headers, None);
        read(sandbox.handle(Origin::Oneflow, request)).status
    };
    assert_eq!((send(&changed, "olle@example.com"), send(&changed, "recruiter@example.com")), (200, 401));
    assert_eq!(send(&sandbox(), "recruiter@example.com"), 401);
}

#[test]
fn an_error_has_the_documented_members() {
    let got = oneflow(&sandbox(), Method::GET, "/contracts/1", None);
    assert_eq!(got.status, 404);
    assert_eq!(got.json["error_code"], 4_040_000);
    assert_eq!(got.json["status"], 404);
    assert_eq!(got.json["title"], "Not Found");
    assert_eq!(got.json["parameter_problems"], json!({}));
    assert_eq!(got.json["type"], "https://api.oneflow.com/v1/error_codes/4040000");
    assert!(got.json["request_id"].is_string());
}

#[test]
fn an_unknown_route_is_not_found_and_a_trailing_slash_is_no_other_route() {
    let sandbox = sandbox();
    assert_eq!(oneflow(&sandbox, Method::GET, "/nothing", None).status, 404);
    assert_eq!(oneflow(&sandbox, Method::DELETE, "/ping", None).status, 404);
    assert_eq!(oneflow(&sandbox, Method::GET, "/webhooks/", None).status, 200);
}

#[test]
fn a_write_names_a_registered_user() {
    let sandbox = sandbox();
    let token = sandbox.oneflow_token();
    let status = |email: Option<&str>| {
        let mut headers = vec![("x-oneflow-api-token", token.as_str()), ("content-type", "application/json")];
        headers.extend(email.map(|email| ("x-oneflow-user-email", email)));
        let body = json!({ "subject": "s", "message": "m" });
        let request = request(Origin::Oneflow, Method::POST, "/v1/contracts/1/publish", &headers, Some(body));
        read(sandbox.handle(Origin::Oneflow, request)).status
    };
    assert_eq!(status(None), 400);
    assert_eq!(status(Some("nobody@example.com")), 401);
    assert_eq!(status(Some("recruiter@example.com")), 404);
}

#[test]
fn a_body_must_be_json_and_declared_as_such() {
    let sandbox = sandbox();
    let token = sandbox.oneflow_token();
    let headers = [("x-oneflow-api-token", token.as_str()), ("content-type", "text/plain")];
    let body = json!({ "callback_url": "https://hooks.example.test" });
    let request = request(Origin::Oneflow, Method::POST, "/v1/webhooks", &headers, Some(body));
    let got = read(sandbox.handle(Origin::Oneflow, request));
    assert_eq!((got.status, got.complaint().as_str()), (400, "content-type"));
}

#[test]
fn a_body_that_is_no_json_or_not_wanted_is_refused() {
    let sandbox = sandbox();
    let token = sandbox.oneflow_token();
    let send = |method: Method, body: &'static str| {
        let request = http::Request::builder()
            .method(method)
            .uri("https://api.oneflow.com/v1/webhooks")
            .header("x-oneflow-api-token", &token)
            .header("content-type", "application/json; charset=utf-8")
            .body(Body::from(body))
            .unwrap();
        read(sandbox.handle(Origin::Oneflow, request)).status
    };
    assert_eq!(send(Method::POST, r#"{"callback_url": "https://hooks.example.test"}"#), 200);
    assert_eq!(send(Method::POST, "{"), 400);
    assert_eq!(send(Method::POST, ""), 400);
    assert_eq!(send(Method::GET, "{}"), 400);
}

#[test]
fn unknown_missing_and_wrongly_typed_members_are_refused_by_name() {
    let sandbox = sandbox();
    let complaint = |body| {
        let got = oneflow(&sandbox, Method::POST, "/contracts/create", Some(body));
        assert_eq!(got.status, 400, "{}", got.json);
        got.complaint()
    };
    assert_eq!(complaint(json!({ "template_id": 5001 })), "workspace_id");
    assert_eq!(complaint(json!({ "template_id": "5001", "workspace_id": 301 })), "template_id");
    assert_eq!(complaint(json!({ "template_id": 5001, "workspace_id": 301, "colour": "red" })), "colour");
    let parties = json!([{ "type": "individual", "participant": { "name": "A" } }]);
    let body = json!({ "template_id": 5001, "workspace_id": 301, "parties": parties });
    assert_eq!(complaint(body), "parties.0.participant.delivery_channel");
}

#[test]
fn the_owners_own_people_need_no_delivery_channel() {
    let sandbox = sandbox();
    let users = oneflow(&sandbox, Method::GET, "/users", None).json;
    let email = users["data"][0]["email"].as_str().unwrap();
    let owner = json!({ "participants": [{ "name": "Olle Owner", "email": email, "organizer": true }] });
    let body = json!({ "template_id": 5001, "workspace_id": 301, "my_party": owner });
    let made = oneflow(&sandbox, Method::POST, "/contracts/create", Some(body));
    assert_eq!(made.status, 200, "{}", made.json);
    let account = oneflow(&sandbox, Method::GET, "/accounts/me", None).json;
    assert_eq!(account["token_info"]["integration"]["id"], json!(null));
}

#[test]
fn unknown_parameters_are_refused() {
    let sandbox = sandbox();
    assert_eq!(oneflow(&sandbox, Method::GET, "/contracts?filter%5Bcolour%5D=red", None).status, 400);
    assert_eq!(oneflow(&sandbox, Method::GET, "/contracts?sort=updated_time", None).status, 400);
    assert_eq!(oneflow(&sandbox, Method::GET, "/contracts?sort=-state,name", None).status, 200);
    assert_eq!(oneflow(&sandbox, Method::GET, "/users?sort=name", None).status, 400);
}

#[test]
fn limit_and_offset_keep_to_the_documented_ranges() {
    let sandbox = sandbox();
    for (query, status) in [
        ("limit=100", 200),
        ("limit=101", 400),
        ("limit=0", 400),
        ("limit=all", 400),
        ("offset=19900", 200),
        ("offset=19901", 400),
    ] {
        assert_eq!(
            oneflow(&sandbox, Method::GET, &format!("/contracts?{query}"), None).status,
            status,
            "{query}"
        );
    }
}

#[test]
fn a_list_is_walked_by_offset() {
    let sandbox = sandbox();
    for _ in 0..3 {
        crate::support::pending_contract(&sandbox);
    }
    let first = oneflow(&sandbox, Method::GET, "/contracts?limit=2", None).json;
    assert_eq!((first["count"].as_i64(), first["data"].as_array().unwrap().len()), (Some(3), 2));
    assert_eq!(first["_links"]["next"]["href"], "https://api.oneflow.com/v1/contracts?limit=2&offset=2");
    let last = oneflow(&sandbox, Method::GET, "/contracts?limit=2&offset=2", None).json;
    assert_eq!((last["data"].as_array().unwrap().len(), last["_links"]["next"].is_null()), (1, true));
}
