//! What both services have, read once and saved.

use oneflow_client::OneflowClient;
use serde_json::{Value, json};
use smartsync_core::{Schemas, TemplateTypeId};
use smartsync_sandbox::{
    CandidateSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, Sandbox, SandboxSettings,
    TemplateTypeSeed,
};
use smartsync_transport::{Limiter, PageError, RetryPolicy, ScriptedTransport, Transport};
use teamtailor_client::TeamtailorClient;

use crate::support::stage::{DEFINITIONS, cold};

pub(crate) fn oneflow(token: &str, transport: impl Transport + 'static) -> OneflowClient {
    OneflowClient::builder()
        .api_token(token)
        .user_email("integration@example.com")
        .transport(transport)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap()
}

pub(crate) fn teamtailor(key: &str, transport: impl Transport + 'static) -> TeamtailorClient {
    TeamtailorClient::builder()
        .api_key(key)
        .transport(transport)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap()
}

#[tokio::test]
async fn what_is_read_is_saved_and_read_back() {
    let sandbox = Sandbox::new(SandboxSettings::new().unseeded().user_email("integration@example.com"));
    let kind = TemplateTypeSeed::new("Employment")
        .field(DataFieldSeed::new("start-date").name("First day").value("a default"))
        .field(DataFieldSeed::new("retired").inactive())
        .field(DataFieldSeed::new("employee-number").system());
    let kind = sandbox.add_template_type(kind);
    let empty = sandbox.add_template_type(TemplateTypeSeed::new("Empty"));
    let select = CustomFieldSeed::new("contract-kind", CustomFieldKind::Select).options(["Permanent"]);
    let select = sandbox.add_custom_field(select.name("Kind of contract"));
    sandbox.add_candidate(CandidateSeed::new("ida@example.com").name("Ida", "Example")).unwrap();

    let oneflow = oneflow(&sandbox.oneflow_token(), sandbox.oneflow_transport());
    let teamtailor = teamtailor(&sandbox.teamtailor_key(), sandbox.teamtailor_transport());
    let schemas = Schemas::read(&oneflow, &teamtailor).await.unwrap();
    let saved = serde_json::to_value(&schemas).unwrap();
    let option = saved["teamtailor"][0]["options"][0]["id"].as_str().unwrap();
    assert_eq!(
        saved,
        json!({
            "version": 1,
            "oneflow": {
                "template_types": [
                    { "id": kind, "name": "Employment", "data_fields": [
                        { "key": "start-date", "name": "First day", "active": true, "source": "user" },
                        { "key": "retired", "name": "retired", "active": false, "source": "user" },
                        { "key": "employee-number", "name": "employee number", "active": true, "source": "system" },
                    ] },
                    { "id": empty, "name": "Empty", "data_fields": [] },
                ],
                "workspaces": [{ "id": sandbox.seeded().workspace, "name": "Recruiting" }],
            },
            "teamtailor": [{
                "id": select, "api_name": "contract-kind", "name": "Kind of contract", "type": "choice",
                "is_candidates": true, "options": [{ "id": option, "label": "Permanent" }],
            }],
        })
    );
    assert_eq!(serde_json::from_value::<Schemas>(saved).unwrap(), schemas);
    assert!(!format!("{schemas:?}").contains("Employment"), "names are the company's own texts");
}

#[tokio::test]
async fn what_cannot_be_decoded_is_left_out_and_fields_of_jobs_are_kept() {
    let oneflow = oneflow(
        "token",
        ScriptedTransport::new()
            .json(200, r#"{ "data": [{ "id": 7, "name": "Listed", "data_fields": [] }, { "id": "x" }, { "id": 8 }], "count": 3 }"#)
            .json(404, "{}")
            .json(200, r#"{ "id": 8, "name": "Whole", "data_fields": [{ "id": 1, "custom_id": "notes" }] }"#)
            .json(200, r#"{ "data": [{ "id": 12 }], "count": 1 }"#),
    );
    let teamtailor = teamtailor("key", cold());
    let schemas = Schemas::read(&oneflow, &teamtailor).await.unwrap();
    let [listed, whole] = &schemas.oneflow.template_types[..] else { panic!("two template types") };
    assert_eq!((listed.id, listed.name.as_str()), (TemplateTypeId::new(7), "Listed"));
    assert_eq!((whole.name.as_str(), whole.data_fields[0].key.as_str()), ("Whole", "notes"));
    assert_eq!(schemas.oneflow.workspaces[0].name, "");
    let saved = serde_json::to_value(&schemas.teamtailor).unwrap();
    let budget =
        saved.as_array().unwrap().iter().find(|field| field["api_name"] == "oneflow-budget").unwrap();
    assert_eq!(budget["is_candidates"], false);
    assert!(schemas.teamtailor.find("oneflow-budget").is_none());
}

#[test]
fn a_key_that_is_not_known_is_refused_wherever_it_stands() {
    let saved: Value = serde_json::from_str(include_str!("mapping_schemas.json")).unwrap();
    for table in [
        "",
        "/oneflow",
        "/oneflow/template_types/1",
        "/oneflow/template_types/0/data_fields/2",
        "/oneflow/workspaces/0",
        "/teamtailor/0",
        "/teamtailor/4/options/1",
    ] {
        let mut edited = saved.clone();
        edited.pointer_mut(table).unwrap()["actve"] = json!(true);
        let error = serde_json::from_value::<Schemas>(edited).unwrap_err().to_string();
        assert!(error.starts_with("unknown field `actve`, expected "), "{table}: {error}");
    }
}

/// The request that failed, if it was one.
fn operation(error: &PageError) -> Option<&'static str> {
    if let PageError::Request(error) = error { Some(error.operation()) } else { None }
}

/// The first page of a list of Teamtailor with these items, and the second, whose link leads back to it.
fn endless(teamtailor: ScriptedTransport, list: &str, items: &str) -> ScriptedTransport {
    let next = format!("https://api.teamtailor.com/v1/{list}?page%5Bnumber%5D=2");
    let page = format!(r#"{{ "data": [{items}], "links": {{ "next": "{next}" }} }}"#);
    teamtailor.json(200, page.clone()).json(200, page)
}

#[tokio::test]
async fn a_list_that_does_not_end_is_an_error_and_not_the_whole_list() {
    let nothing = || {
        let empty = r#"{ "data": [], "count": 0 }"#;
        oneflow("token", ScriptedTransport::new().json(200, empty).json(200, empty))
    };
    let field = r#"{ "id": "31", "type": "custom-fields", "attributes": { "api-name": "start-date" } }"#;
    let fields = endless(ScriptedTransport::new(), "custom-fields", field);
    let error = Schemas::read(&nothing(), &teamtailor("key", fields)).await.unwrap_err();
    assert!(matches!(error, PageError::Endless), "{error}");

    let option =
        r#"{ "id": "7001", "type": "custom-field-options", "attributes": { "value": "Permanent" } }"#;
    let options = endless(ScriptedTransport::new().json(200, DEFINITIONS), "custom-field-options", option);
    let error = Schemas::read(&nothing(), &teamtailor("key", options)).await.unwrap_err();
    assert!(matches!(error, PageError::Endless), "{error}");
}

#[tokio::test]
async fn a_list_that_goes_on_out_of_reach_is_an_error_and_not_the_whole_list() {
    // Oneflow lets one page up to the offset 19,900.
    let workspaces = [r#"{ "id": 12 }"#; 19_901].join(",");
    let workspaces = format!(r#"{{ "data": [{workspaces}], "count": 30000 }}"#);
    let script = ScriptedTransport::new().json(200, r#"{ "data": [], "count": 0 }"#).json(200, workspaces);
    let error = Schemas::read(&oneflow("token", script), &teamtailor("key", ScriptedTransport::new()))
        .await
        .unwrap_err();
    assert!(matches!(error, PageError::OutOfReach), "{error}");
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_an_error() {
    let down = || ScriptedTransport::new().json(403, "{}");
    let fine = ScriptedTransport::new().json(200, r#"{ "data": [] }"#).json(200, r#"{ "data": [] }"#);
    let error = Schemas::read(&oneflow("token", down()), &teamtailor("key", ScriptedTransport::new()))
        .await
        .unwrap_err();
    assert_eq!(operation(&error), Some("list_template_types"));
    let error = Schemas::read(&oneflow("token", fine), &teamtailor("key", down())).await.unwrap_err();
    assert_eq!(operation(&error), Some("list_custom_fields"));
}
