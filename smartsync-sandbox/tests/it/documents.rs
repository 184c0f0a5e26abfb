//! The PDF on its way to the candidate's card.

use std::{collections::BTreeSet, time::Duration};

use http::Method;
use serde_json::json;
use smartsync_sandbox::{Origin, Sandbox, SandboxSettings};

use crate::support::{Got, oneflow, pending_contract, request, sandbox, teamtailor};

fn address(sandbox: &Sandbox, contract: i64) -> Got {
    oneflow(sandbox, Method::GET, &format!("/contracts/{contract}/files/1?download=true"), None)
}

fn upload(sandbox: &Sandbox, url: &str) -> Got {
    let body = json!({ "data": {
        "type": "uploads",
        "attributes": { "url": url, "file-name": "Contract (9001).pdf" },
        "relationships": { "candidate": { "data": { "type": "candidates", "id": sandbox.seeded().candidate } } },
    } });
    teamtailor(sandbox, Method::POST, "/uploads", Some(body))
}

fn storage(sandbox: &Sandbox, url: &str) -> (u16, Vec<u8>) {
    let target = url.strip_prefix("https://storage.sandbox.example").unwrap();
    let response = sandbox.handle(Origin::Storage, request(Origin::Storage, Method::GET, target, &[], None));
    (response.status().as_u16(), response.body().as_bytes().to_vec())
}

#[test]
fn a_download_redirects_to_an_address_that_ends_soon() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let got = address(&sandbox, contract);
    assert_eq!(got.status, 302);
    let url = got.header("location");
    let (status, bytes) = storage(&sandbox, url);
    assert_eq!((status, bytes.starts_with(b"%PDF-1.4"), bytes.ends_with(b"%%EOF\n")), (200, true, true));
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(storage(&sandbox, url).0, 403);
}

#[test]
fn a_document_is_stored_once_for_each_state_of_its_contract() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let stored = || {
        let locations = (0..100).map(|_| address(&sandbox, contract).header("location").to_owned());
        locations.map(|url| url.split('?').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let pending = stored();
    sandbox.sign_all(contract).unwrap();
    let signed = stored();
    assert_eq!((pending.len(), signed.len(), pending.is_disjoint(&signed)), (1, 1, true));
}

#[test]
fn how_long_an_address_works_can_be_set() {
    let sandbox = Sandbox::new(SandboxSettings::new().link_lifetime(Duration::from_secs(10)));
    let contract = pending_contract(&sandbox);
    let got = address(&sandbox, contract);
    sandbox.advance(Duration::from_secs(9));
    assert_eq!(storage(&sandbox, got.header("location")).0, 200);
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(storage(&sandbox, got.header("location")).0, 403);
}

#[test]
fn an_address_with_another_signature_is_refused() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let got = address(&sandbox, contract);
    let url = got.header("location").replace("ends=1", "ends=9");
    assert_eq!(storage(&sandbox, &url).0, 403);
}

#[test]
fn a_file_that_is_missing_is_not_found_until_it_is_there() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    sandbox.set_file_missing(contract, true).unwrap();
    assert_eq!(address(&sandbox, contract).status, 404);
    sandbox.set_file_missing(contract, false).unwrap();
    assert_eq!(address(&sandbox, contract).status, 302);
    assert_eq!(oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/files/7"), None).status, 404);
}

#[test]
fn without_download_one_gets_the_description() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let got = oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/files/1"), None).json;
    assert_eq!((got["type"].as_str(), got["extension"].as_str()), (Some("contract"), Some("pdf")));
    assert_eq!(
        oneflow(&sandbox, Method::GET, &format!("/contracts/{contract}/files/"), None).json["count"],
        1
    );
}

#[test]
fn an_upload_fetches_the_address_and_two_make_two_files() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let got = address(&sandbox, contract);
    let first = upload(&sandbox, got.header("location"));
    assert_eq!((first.status, &first.json["data"]["attributes"]["internal"]), (201, &json!(false)));
    let stored = first.json["data"]["attributes"]["url"].as_str().unwrap();
    assert_eq!(storage(&sandbox, stored).0, 200);
    assert_eq!(upload(&sandbox, got.header("location")).status, 201);
    let candidate = sandbox.seeded().candidate;
    let list = teamtailor(&sandbox, Method::GET, &format!("/candidates/{candidate}/uploads"), None).json;
    assert_eq!(list["meta"]["record-count"], 2);
    assert_eq!(
        sandbox.candidate_card(&candidate).unwrap().uploads,
        ["Contract (9001).pdf", "Contract (9001).pdf"]
    );
}

#[test]
fn an_upload_of_what_cannot_be_fetched_is_refused() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let url = address(&sandbox, contract).header("location").to_owned();
    sandbox.advance(Duration::from_secs(61));
    let late = upload(&sandbox, &url);
    assert_eq!(
        (late.status, &late.json["errors"][0]["source"]["pointer"]),
        (422, &json!("/data/attributes/url"))
    );
    let elsewhere = "https://files.example.net/contract.pdf";
    assert_eq!(upload(&sandbox, elsewhere).status, 422);
    sandbox.serve_elsewhere(elsewhere, &b"%PDF"[..]);
    assert_eq!(upload(&sandbox, elsewhere).status, 201);
}

#[test]
fn a_file_that_somebody_else_puts_there_is_told_from_one_over_the_api() {
    let sandbox = Sandbox::new(SandboxSettings::new().api_uploads_internal(true));
    let candidate = sandbox.seeded().candidate;
    let planted = sandbox.put_file(&candidate, "Contract (9001).pdf", false, &b"forged"[..]).unwrap();
    let contract = pending_contract(&sandbox);
    let ours = upload(&sandbox, address(&sandbox, contract).header("location"));
    assert_eq!(ours.json["data"]["attributes"]["internal"], true);
    let files = sandbox.candidate_files(&candidate);
    assert_eq!((&files[0].id, files[0].internal, files[0].by_api), (&planted, false, false));
    assert_eq!((&files[0].contents[..], files[1].by_api), (&b"forged"[..], true));
    assert!(files[1].contents.starts_with(b"%PDF"));
    let list = teamtailor(&sandbox, Method::GET, &format!("/candidates/{candidate}/uploads"), None).json;
    assert_eq!(list["data"][0]["attributes"]["internal"], false);
}
