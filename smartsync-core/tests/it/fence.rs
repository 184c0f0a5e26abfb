//! The fence of the tests notices a request, or a field, that has no row.

use serde_json::Value;
use smartsync_core::Mapping;
use smartsync_transport::{Body, Request};

use crate::support::{
    fence::{permissions, written},
    stage::{DEFINITIONS, candidate},
};

const MAPPING: &str = r#"
sync  = { convention = false, document = { attach = false } }
field = [
    { oneflow = "phone", teamtailor = "phone" },
    { oneflow = "city", teamtailor = "custom:34" },
    { oneflow = "kind", teamtailor = "custom:oneflow-kind", type = "choice", direction = "to_oneflow" },
    { oneflow = "notes", teamtailor = "pitch", direction = "to_teamtailor" },
]
"#;

/// The fields that a request writes, or what is said of one that has no row.
type Found = Result<&'static [&'static str], &'static str>;

const REQUESTS: &[(&str, &str, Found)] = &[
    ("GET teamtailor /candidates/4711", "", Ok(&[])),
    ("GET teamtailor /job-applications", "", Err("GET /v1/job-applications")),
    ("DELETE teamtailor /candidates/4711", "", Err("DELETE /v1/candidates/4711")),
    (
        "PATCH teamtailor /candidates/4711",
        r#"{ "data": { "attributes": { "phone": "1", "pitch": "x" } } }"#,
        Ok(&["phone", "pitch"]),
    ),
    (
        "PATCH teamtailor /candidates/4711",
        r#"{ "data": { "attributes": { "phone": "1", "linkedin-url": "x" } } }"#,
        Err("PATCH /v1/candidates/4711 of linkedin_url"),
    ),
    (
        "PATCH teamtailor /candidates/4711",
        r#"{ "data": { "attributes": { "phone": "1" }, "relationships": {} } }"#,
        Err("PATCH /v1/candidates/4711 of relationships"),
    ),
    ("PATCH teamtailor /candidates/4711", "", Err("PATCH /v1/candidates/4711 of nothing that is known")),
    (
        "PATCH oneflow /candidates/4711",
        r#"{ "data": { "attributes": { "phone": "1" } } }"#,
        Err("PATCH /v1/candidates/4711"),
    ),
    (
        "POST teamtailor /custom-field-values",
        r#"{ "data": { "relationships": { "custom-field": { "data": { "id": "34" } } } } }"#,
        Ok(&["custom:34", "custom:oneflow-city"]),
    ),
    (
        "POST teamtailor /custom-field-values",
        r#"{ "data": { "relationships": { "custom-field": { "data": { "id": "35" } } } } }"#,
        Err("POST /v1/custom-field-values of custom:oneflow-kind, custom:35"),
    ),
    ("PATCH teamtailor /custom-field-values/903", "", Ok(&["custom:34", "custom:oneflow-city"])),
    (
        "PATCH teamtailor /custom-field-values/905",
        "",
        Err("PATCH /v1/custom-field-values/905 of custom:oneflow-kind, custom:35"),
    ),
    (
        "PATCH teamtailor /custom-field-values/999",
        "",
        Err("PATCH /v1/custom-field-values/999 of a value of an unknown field"),
    ),
    ("POST teamtailor /uploads", "{}", Err("POST /v1/uploads")),
    (
        "POST oneflow /contracts/create",
        r#"{ "name": "x", "data_fields": [ { "custom_id": "kind" } ] }"#,
        Ok(&["data_field:kind", "name"]),
    ),
    (
        "POST oneflow /contracts/create",
        r#"{ "data_fields": [ { "custom_id": "kind" }, { "custom_id": "notes" } ] }"#,
        Err("POST /v1/contracts/create of data_field:notes"),
    ),
    (
        "POST oneflow /contracts/create",
        r#"{ "parties": [ { "type": "individual", "participant": { "email": "x", "signatory": true, "_private_ownerside": { "custom_id": "x" } } } ] }"#,
        Ok(&["participant:custom_id", "participant:email"]),
    ),
    (
        "POST oneflow /contracts/create",
        r#"{ "parties": [ { "participant": { "email": "x", "title": "x" } } ] }"#,
        Err("POST /v1/contracts/create of participant:title"),
    ),
    (
        "POST oneflow /contracts/create",
        r#"{ "parties": [ { "country_code": "SE", "participant": { "email": "x" } } ] }"#,
        Err("POST /v1/contracts/create of party:country_code"),
    ),
    ("POST oneflow /contracts/9001/publish", "{}", Ok(&["message"])),
    ("PUT oneflow /contracts/9001/data_fields/1", "{}", Err("PUT /v1/contracts/9001/data_fields/1")),
];

#[test]
fn a_request_or_a_field_without_a_row_is_outside_of_the_fence() {
    let mapping: Mapping = toml::from_str(MAPPING).unwrap();
    let request = |line: &str, body: &str| {
        let parts: Vec<&str> = line.split(' ').collect();
        let mut request = Request::new(Body::from(body.to_owned()));
        *request.method_mut() = parts[0].parse().unwrap();
        *request.uri_mut() = format!("https://api.{}.com/v1{}", parts[1], parts[2]).parse().unwrap();
        request
    };
    let card = candidate("{}", &[("903", "34", "\"Oslo\""), ("905", "35", "\"Permanent\"")], &[]);
    let read = [
        (request("GET teamtailor /custom-fields", ""), serde_json::from_str(DEFINITIONS).unwrap()),
        (request("GET teamtailor /candidates/4711", ""), serde_json::from_str(&card).unwrap()),
    ];
    for (line, body, expected) in REQUESTS {
        let log = [&read[..], &[(request(line, body), Value::Null)]].concat();
        let expected = expected.map(|fields| fields.iter().map(ToString::to_string).collect());
        let found = written(&permissions(&mapping, &log).unwrap(), &log);
        assert_eq!(found, expected.map_err(str::to_owned), "{line} {body}");
    }
}
