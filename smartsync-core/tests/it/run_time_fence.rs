//! The fence that hosts put up: what is not listed does not leave, whoever asks for it.

use std::sync::Arc;

use oneflow_client::{OneflowClient, contracts::DeleteContract};
use serde_json::json;
use smartsync_core::{
    Mapping,
    permissions::{Fence, Permissions},
};
use smartsync_transport::{
    Body, CauseChain, Limiter, Method, Request, Response, RetryPolicy, ScriptedTransport, Transport,
    TransportError,
    http::{HeaderValue, header},
};
use teamtailor_client::{
    TeamtailorClient,
    candidates::{CandidatePatch, GetCandidate, UpdateCandidate},
    custom_field_values::{
        CreateCustomFieldValue, CustomFieldValuePatch, NewCustomFieldValue, UpdateCustomFieldValue,
    },
    custom_fields::ListCustomFields,
};

use crate::support::stage::{DEFINITIONS, candidate, run_time_fence};

const MAPPING: &str = r#"
sync  = { convention = false, link = ["ledger"], document = { attach = true } }
field = [
    { oneflow = "phone", teamtailor = "phone" },
    { oneflow = "city", teamtailor = "custom:34" },
    { oneflow = "kind", teamtailor = "custom:oneflow-kind", type = "choice", direction = "to_oneflow" },
    { oneflow = "notes", teamtailor = "pitch", direction = "to_teamtailor" },
]
"#;

const CARD: &str = "include=custom-field-values%2Ccustom-field-values.custom-field%2Cuploads";

fn mapping() -> Mapping {
    toml::from_str(MAPPING).unwrap()
}

fn permissions() -> Permissions {
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
    mapping().permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap())
}

/// `PATCH https://api.teamtailor.com/v1/candidates/4711`, with a body if it is not empty.
fn request(line: &str, body: &str) -> Request {
    let (method, address) = line.split_once(' ').unwrap();
    let mut request = Request::new(Body::from(body.to_owned()));
    *request.method_mut() = method.parse().unwrap();
    *request.uri_mut() = address.parse().unwrap();
    if !body.is_empty() {
        let json = HeaderValue::from_static("application/vnd.api+json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    request
}

/// Has the fence see the custom fields, and a card with values of two of them.
async fn taught(fence: &Fence) {
    let card = candidate("{}", &[("903", "34", "\"Oslo\""), ("905", "35", "\"Permanent\"")], &[]);
    let script = Arc::new(ScriptedTransport::new().json(200, DEFINITIONS).json(200, card));
    let inside = fence.around(Arc::clone(&script));
    let fields = request("GET https://api.teamtailor.com/v1/custom-fields?page%5Bsize%5D=30", "");
    inside.execute(fields).await.unwrap();
    let address = format!("GET https://api.teamtailor.com/v1/candidates/4711?{CARD}");
    inside.execute(request(&address, "")).await.unwrap();
}

/// Whether it is let through; if it is not, nothing left.
async fn passes(fence: &Fence, request: Request) -> Result<(), TransportError> {
    let script = Arc::new(ScriptedTransport::new().json(200, "{}"));
    let answer = fence.around(Arc::clone(&script)).execute(request).await;
    assert_eq!(script.requests().len(), usize::from(answer.is_ok()), "it leaves if it is let through");
    answer.map(drop)
}

const PATCH: &str = "PATCH https://api.teamtailor.com/v1/candidates/4711";
const PHONE: &str = r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1"}}}"#;
const POST_VALUE: &str = "POST https://api.teamtailor.com/v1/custom-field-values";
const VALUE: &str = r#"{"data":{"type":"custom-field-values","attributes":{"value":"Lund"},"relationships":{"custom-field":{"data":{"type":"custom-fields","id":"34"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#;
const PATCH_VALUE: &str = "PATCH https://api.teamtailor.com/v1/custom-field-values/903";
const VALUE_903: &str = r#"{"data":{"id":"903","type":"custom-field-values","attributes":{"value":null}}}"#;
const UPLOAD: &str = r#"{"data":{"type":"uploads","attributes":{"url":"https://storage.example/f","file-name":"f.pdf"},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}}}}}"#;
const CREATE: &str = "POST https://api.oneflow.com/v1/contracts/create";
const CONTRACT: &str = r#"{"workspace_id":1,"template_id":2,"data_fields":[{"custom_id":"kind","value":"x"}],"parties":[{"type":"individual","participant":{"name":"x","email":"x","delivery_channel":"email","signatory":true,"_permissions":{"contract:update":true},"_private_ownerside":{"custom_id":"x"}}}]}"#;

#[tokio::test]
async fn what_the_mapping_needs_passes() {
    let fence = Fence::new(permissions());
    taught(&fence).await;
    for (line, body) in [
        ("GET https://api.oneflow.com/v1/contracts/9001", ""),
        (
            "GET https://api.oneflow.com/v1/contracts?limit=100&offset=0&filter%5Bdata_field_match%5D=a%3Ab",
            "",
        ),
        ("GET https://api.oneflow.com/v1/contracts/9001/files/contract?download=true", ""),
        ("GET https://api.teamtailor.com/v1/custom-fields?page%5Bnumber%5D=2&page%5Bsize%5D=30", ""),
        (PATCH, PHONE),
        (POST_VALUE, VALUE),
        (PATCH_VALUE, VALUE_903),
        ("POST https://api.teamtailor.com/v1/uploads", UPLOAD),
        (CREATE, CONTRACT),
        ("POST https://api.oneflow.com/v1/contracts/9001/publish", r#"{"subject":"x","message":"x"}"#),
    ] {
        passes(&fence, request(line, body)).await.unwrap_or_else(|error| panic!("{line}: {error:?}"));
    }
}

/// What is altered in a request that passes, and what then stands for it.
const ALTERED: &[(&str, &str, &str, &str)] = &[
    ("another method", PATCH, PHONE, "PUT https://api.teamtailor.com/v1/candidates/4711"),
    ("another method", PATCH, PHONE, "DELETE https://api.teamtailor.com/v1/candidates/4711"),
    ("another method", PATCH, PHONE, "patch https://api.teamtailor.com/v1/candidates/4711"),
    ("another host", PATCH, PHONE, "PATCH https://api.na.teamtailor.com/v1/candidates/4711"),
    ("another host", PATCH, PHONE, "PATCH https://api.oneflow.com/v1/candidates/4711"),
    ("another port", PATCH, PHONE, "PATCH https://api.teamtailor.com:8443/v1/candidates/4711"),
    ("another scheme", PATCH, PHONE, "PATCH http://api.teamtailor.com/v1/candidates/4711"),
    ("a user", PATCH, PHONE, "PATCH https://user@api.teamtailor.com/v1/candidates/4711"),
    ("another path", PATCH, PHONE, "PATCH https://api.teamtailor.com/candidates/4711"),
    ("another path", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1/candidates/4711/notes"),
    ("another path", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1/job-applications/4711"),
    ("another path", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1/candidates/4711%2Fnotes"),
    ("another path", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1/candidates/../candidates/4711"),
    ("another path", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1//candidates/4711"),
    ("a query", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1/candidates/4711?merge=true"),
    ("another candidate", PATCH, PHONE, "PATCH https://api.teamtailor.com/v1/candidates/4712"),
    ("no body", PATCH, "", PATCH),
    ("no JSON", PATCH, "phone=1", PATCH),
    ("no object", PATCH, "[1]", PATCH),
    ("no field", PATCH, r#"{"data":{"id":"4711","type":"candidates"}}"#, PATCH),
    (
        "another field",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"email":"x"}}}"#,
        PATCH,
    ),
    (
        "one field more",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1","email":"x"}}}"#,
        PATCH,
    ),
    (
        "an unknown field",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1","merge":true}}}"#,
        PATCH,
    ),
    (
        "an object for a text",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":{"a":1}}}}"#,
        PATCH,
    ),
    (
        "a list for a text",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":["1"]}}}"#,
        PATCH,
    ),
    (
        "an empty list",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1","tags":[]}}}"#,
        PATCH,
    ),
    (
        "a relationship",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1"},"relationships":{"department":{"data":null}}}}"#,
        PATCH,
    ),
    ("another type", PATCH, r#"{"data":{"id":"4711","type":"users","attributes":{"phone":"1"}}}"#, PATCH),
    (
        "a member twice",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1"},"attributes":{"phone":"1"}}}"#,
        PATCH,
    ),
    ("a name like a path", PATCH, r#"{"data.attributes.phone":"1"}"#, PATCH),
    (
        "something behind",
        PATCH,
        r#"{"data":{"id":"4711","type":"candidates","attributes":{"phone":"1"}}} {}"#,
        PATCH,
    ),
    (
        "another custom field",
        POST_VALUE,
        r#"{"data":{"type":"custom-field-values","attributes":{"value":"x"},"relationships":{"custom-field":{"data":{"type":"custom-fields","id":"35"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#,
        POST_VALUE,
    ),
    (
        "a field of another owner",
        POST_VALUE,
        r#"{"data":{"type":"custom-field-values","attributes":{"value":"x"},"relationships":{"custom-field":{"data":{"type":"custom-fields","id":"34"}},"owner":{"data":{"type":"jobs","id":"4711"}}}}}"#,
        POST_VALUE,
    ),
    (
        "no custom field",
        POST_VALUE,
        r#"{"data":{"type":"custom-field-values","attributes":{"value":"x"}}}"#,
        POST_VALUE,
    ),
    (
        "a value of another field",
        PATCH_VALUE,
        r#"{"data":{"id":"905","type":"custom-field-values","attributes":{"value":"x"}}}"#,
        "PATCH https://api.teamtailor.com/v1/custom-field-values/905",
    ),
    (
        "a value nobody has seen",
        PATCH_VALUE,
        r#"{"data":{"id":"999","type":"custom-field-values","attributes":{"value":"x"}}}"#,
        "PATCH https://api.teamtailor.com/v1/custom-field-values/999",
    ),
    (
        "an extra member",
        "",
        r#"{"data":{"type":"uploads","attributes":{"url":"x","file-name":"x","internal":true},"relationships":{"candidate":{"data":{"type":"candidates","id":"4711"}}}}}"#,
        "POST https://api.teamtailor.com/v1/uploads",
    ),
    (
        "an upload to a job",
        "",
        r#"{"data":{"type":"uploads","attributes":{"url":"x","file-name":"x"},"relationships":{"job":{"data":{"type":"jobs","id":"1"}}}}}"#,
        "POST https://api.teamtailor.com/v1/uploads",
    ),
    (
        "another data field",
        "",
        r#"{"workspace_id":1,"template_id":2,"data_fields":[{"custom_id":"notes","value":"x"}]}"#,
        CREATE,
    ),
    ("a data field by id", "", r#"{"name":"x","data_fields":[{"id":1,"value":"x"}]}"#, CREATE),
    ("a value without a key", "", r#"{"name":"x","data_fields":[{"value":"x"}]}"#, CREATE),
    (
        "another participant's title",
        "",
        r#"{"name":"x","parties":[{"type":"individual","participant":{"title":"x"}}]}"#,
        CREATE,
    ),
    ("a company", "", r#"{"name":"x","parties":[{"type":"company","participant":{"name":"x"}}]}"#, CREATE),
    (
        "another channel",
        "",
        r#"{"name":"x","parties":[{"type":"individual","participant":{"name":"x","delivery_channel":"sms"}}]}"#,
        CREATE,
    ),
    ("what the reads are not for", "", "", "GET https://api.teamtailor.com/v1/job-applications"),
    (
        "a search without the means",
        "",
        "",
        "GET https://api.teamtailor.com/v1/candidates?filter%5Bemail%5D=x",
    ),
    ("more of a card", "", "", "GET https://api.teamtailor.com/v1/candidates/4711?include=job-applications"),
    ("a parameter twice", "", "", "GET https://api.oneflow.com/v1/contracts?limit=1&limit=2"),
    ("an unknown parameter", "", "", "GET https://api.oneflow.com/v1/contracts/9001?expand=all"),
    ("a read with a body", "", "{}", "GET https://api.oneflow.com/v1/contracts/9001"),
    ("a webhook", "", r#"{"callback_url":"https://x.example"}"#, "POST https://api.oneflow.com/v1/webhooks"),
    ("the address of a file without a host", "", "", "GET https://storage.example/f"),
];

#[tokio::test]
async fn what_is_altered_does_not_leave() {
    let fence = Fence::new(permissions());
    taught(&fence).await;
    for (what, _, body, line) in ALTERED {
        let error = passes(&fence, request(line, body)).await.expect_err(what);
        assert!(error.is_refused() && error.was_never_sent(), "{what}: {line}");
        let text = CauseChain(&error).to_string();
        assert!(text.contains("smartsync permissions"), "{what}: {text}");
        assert!(!text.contains("Lund") && !text.contains("4711"), "{what}: {text}");
    }
}

#[tokio::test]
async fn a_form_is_not_understood_and_does_not_leave() {
    let fence = Fence::new(permissions());
    for content_type in
        [None, Some("multipart/form-data; boundary=x"), Some("application/x-www-form-urlencoded")]
    {
        let mut request = request(PATCH, PHONE);
        request.headers_mut().remove(header::CONTENT_TYPE);
        if let Some(content_type) = content_type {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        passes(&fence, request).await.unwrap_err();
    }
}

/// Which custom field an id is, the fence takes from Teamtailor and from nobody else; and it keeps up.
#[tokio::test]
async fn a_custom_field_is_known_by_the_name_that_teamtailor_gives_it() {
    let mapping: Mapping = toml::from_str("").unwrap();
    let fence = run_time_fence(&mapping);
    passes(&fence, request(POST_VALUE, VALUE)).await.expect_err("nobody has said what 34 is");
    taught(&fence).await;
    passes(&fence, request(POST_VALUE, VALUE)).await.expect("34 is oneflow-city");
    let fields =
        json!({ "data": [{ "id": "34", "type": "custom-fields", "attributes": { "api-name": "salary" } }] });
    let script = ScriptedTransport::new().json(200, fields.to_string());
    let renamed = request("GET https://api.teamtailor.com/v1/custom-fields", "");
    fence.around(script).execute(renamed).await.unwrap();
    passes(&fence, request(POST_VALUE, VALUE)).await.expect_err("34 is another field by now");
}

/// A program that writes elsewhere, by a defect or on purpose, gets an error of its operation.
#[tokio::test]
async fn an_operation_outside_is_an_error_that_says_so() {
    let fence = Fence::new(permissions());
    taught(&fence).await;
    let script = Arc::new(ScriptedTransport::new());
    let teamtailor = TeamtailorClient::builder()
        .api_key("teamtailor-key")
        .transport(fence.around(Arc::clone(&script)))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let oneflow = OneflowClient::builder()
        .api_token("oneflow-token")
        .transport(fence.around(Arc::clone(&script)))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let patch = CandidatePatch::new().phone("0701740605").first_name("Kanarienvogel");
    let value = NewCustomFieldValue::new(json!("Kanarienvogel"), "35", "4711");
    let changed = UpdateCustomFieldValue::new("905", CustomFieldValuePatch::new(json!("Kanarienvogel")));
    let errors = [
        teamtailor.send(&UpdateCandidate::new("4711", patch)).await.map(drop).unwrap_err(),
        teamtailor.send(&CreateCustomFieldValue::new(value)).await.map(drop).unwrap_err(),
        teamtailor.send(&changed).await.map(drop).unwrap_err(),
        teamtailor.send(&GetCandidate::new("4711")).await.map(drop).err().unwrap_or_else(|| panic!("more")),
        oneflow.send(&DeleteContract::new(9001)).await.map(drop).unwrap_err(),
    ];
    assert!(script.requests().len() <= 1, "{:?}", script.requests().len());
    for (position, error) in errors.iter().enumerate() {
        let text = format!("{error:?} {}", CauseChain(error));
        assert!(!text.contains("Kanarienvogel") && !text.contains("0701740605"), "{text}");
        if position != 3 {
            assert!(error.was_never_sent() && error.is_terminal() && !error.is_common(), "{text}");
            assert!(text.contains("the request was blocked before it was sent"), "{text}");
        }
    }
    let first = CauseChain(&errors[0]).to_string();
    assert_eq!(
        first,
        "teamtailor.update_candidate: the request was blocked before it was sent: the permissions do not allow PATCH \
         of /v1/candidates/{id} for first_name; they are derived from the mapping alone (`smartsync permissions` shows them), \
         so either the mapping is missing an entry or the program made a request that it must not make"
    );
    assert!(teamtailor.send(&ListCustomFields::new().page_size(30)).await.is_err(), "the script is empty");
    assert_eq!(script.requests().last().map(|request| request.method().clone()), Some(Method::GET));
}

#[tokio::test]
async fn a_file_is_fetched_for_a_document_host_only_and_without_credentials() {
    let fence = Fence::new(permissions().with_document_host());
    passes(&fence, request("GET https://storage.example/f?signature=1", "")).await.unwrap();
    let mut with_token = request("GET https://storage.example/f?signature=1", "");
    with_token.headers_mut().insert("x-oneflow-api-token", HeaderValue::from_static("t"));
    passes(&fence, with_token).await.unwrap_err();
    passes(&fence, request("POST https://storage.example/f", "{}")).await.unwrap_err();
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_teaches_nothing() {
    for answer in ["", "[]", "null", "{\"data\":7}", r#"{"data":[{"id":"34","attributes":{"api-name":7}}]}"#]
    {
        let fence = run_time_fence(&Mapping::default());
        let script = ScriptedTransport::new().answer(Ok(Response::new(Body::from(answer))));
        let fields = request("GET https://api.teamtailor.com/v1/custom-fields", "");
        fence.around(script).execute(fields).await.unwrap();
        passes(&fence, request(POST_VALUE, VALUE)).await.unwrap_err();
    }
}

#[test]
fn the_hash_is_that_of_the_mapping_and_the_addresses() {
    let hash = permissions().hash();
    assert_eq!(hash.len(), 64);
    assert_eq!(permissions().hash(), hash);
    assert_ne!(permissions().with_document_host().hash(), hash);
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "http://127.0.0.1:9002/v1");
    let elsewhere = mapping().permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap());
    assert_ne!(elsewhere.hash(), hash);
    let other: Mapping = toml::from_str(&MAPPING.replace("\"phone\" }", "\"pitch\" }")).unwrap();
    let teamtailor = "https://api.teamtailor.com/v1";
    assert_ne!(other.permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap()).hash(), hash);
    let plain = Permissions::of_webhooks(&oneflow.parse().unwrap());
    assert_eq!(plain.rows().len(), 3);
    assert_ne!(plain.hash(), hash);
}
