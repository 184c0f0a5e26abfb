//! What the sandbox's README does by hand, with the program that it is for.

use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use smartsync_transport::{Body, Method, Request, ReqwestTransport, Transport as _};

use crate::support::Home;

/// Asks a control route as `curl` does.
async fn control(services: &HttpSandbox, method: Method, path: &str, body: Option<Value>) -> Value {
    let url = format!("{}{path}", services.control_url());
    let mut request = Request::new(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
    *request.method_mut() = method;
    *request.uri_mut() = url.parse().unwrap();
    let transport = ReqwestTransport::for_base_url(services.control_url()).unwrap();
    let answer = transport.execute(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    serde_json::from_slice(answer.body().as_bytes()).unwrap()
}

#[tokio::test]
async fn what_is_filled_in_right_after_the_contract_was_sent_is_taken_over() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let post = async |path: &str, body: Value| control(&services, Method::POST, path, Some(body)).await;
    let candidate = json!({ "email": "eva@example.com", "custom_fields": { "oneflow-salary": "42000" } });
    let candidate = post("/candidates", candidate).await["candidate"].as_str().unwrap().to_owned();
    let contract = json!({ "name": "Employment contract", "counterparties": [{ "name": "Eva Sample", "email": "eva@example.com" }] });
    let contract = post("/contracts", contract).await["contract"].as_i64().unwrap();
    post("/publish", json!({ "contract": contract })).await;
    post("/data-field", json!({ "contract": contract, "custom_id": "oneflow-salary", "value": "45500" }))
        .await;
    post("/sign", json!({ "contract": contract })).await;

    let ended = home.run(&["sync", &contract.to_string()]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let card = control(&services, Method::GET, &format!("/candidates/{candidate}"), None).await;
    assert_eq!(card["custom_fields"]["oneflow-salary"], "45500", "{}", ended.out);
    assert_eq!(card["uploads"].as_array().unwrap().len(), 1, "the signed document: {}", ended.out);
}
