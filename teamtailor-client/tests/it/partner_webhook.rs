//! Events for partners: only their id and the time are signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use teamtailor_client::{
    SecretString,
    partner_webhook::{Verifier, test_request},
    webhook::WebhookError,
};

/// Made with `openssl dgst -sha256 -hmac local-secret` over `1900000000.8f2c`.
const SIGNATURE: &str =
    "t=1900000000,\n  v1=6b8514cfd8aa52f88e87364e4f4b8bb31942700ee3c9bbfbdb5ac9cde380a230,\n  v0=00";
const BODY: &str = r#"{
  "partner-event": {
    "id": "8f2c", "webhook-data": {},
    "partner-result": { "id": "85ab953c-0000-0000-0000-000000000001", "status": "sending" },
    "candidate": { "id": 4711, "first-name": "Ida", "job": { "id": 60, "stage-id": 5150 }, "custom-fields": [{ "a": 1 }] }
  },
  "company": { "uuid": "u" }
}"#;

fn verifier() -> Verifier {
    Verifier::new([SecretString::from("local-secret")]).unwrap()
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_900_000_000)
}

#[test]
fn a_signed_event_names_what_it_is_about() {
    let event = verifier().verify(SIGNATURE, BODY.as_bytes(), now()).unwrap();
    assert_eq!(event.id(), "8f2c");
    assert_eq!(event.candidate().unwrap().as_str(), "4711");
    assert_eq!(event.job().unwrap().as_str(), "60");
    assert_eq!(event.stage().unwrap().as_str(), "5150");
    assert_eq!(event.partner_result().unwrap().as_str(), "85ab953c-0000-0000-0000-000000000001");
    assert!(!format!("{event:?}").contains("Ida"));
}

#[test]
fn a_part_of_another_shape_costs_that_part_only() {
    let body = r#"{"partner-event":{"id":"8f2c","candidate":"Ida","partner-result":[]}}"#;
    let event = verifier().verify(SIGNATURE, body.as_bytes(), now()).unwrap();
    assert_eq!(
        (event.id(), event.candidate(), event.job(), event.partner_result()),
        ("8f2c", None, None, None)
    );
}

#[test]
fn another_event_another_key_and_another_scheme_are_refused() {
    let other = BODY.replace("8f2c", "8f2d");
    assert_eq!(verifier().verify(SIGNATURE, other.as_bytes(), now()), Err(WebhookError::Signature));
    let stranger = Verifier::new([SecretString::from("other")]).unwrap();
    assert_eq!(stranger.verify(SIGNATURE, BODY.as_bytes(), now()), Err(WebhookError::Signature));
    let downgraded = SIGNATURE.replace("v1=", "v0=");
    assert_eq!(verifier().verify(&downgraded, BODY.as_bytes(), now()), Err(WebhookError::Header));
    assert_eq!(verifier().verify(SIGNATURE, b"{}", now()), Err(WebhookError::Format));
    assert_eq!(verifier().verify(SIGNATURE, b"", now()), Err(WebhookError::Json));
}

#[test]
fn an_old_signature_is_refused() {
    let later = now() + Duration::from_secs(301);
    assert_eq!(verifier().verify(SIGNATURE, BODY.as_bytes(), later), Err(WebhookError::Time));
    assert!(verifier().window(Duration::from_secs(600)).verify(SIGNATURE, BODY.as_bytes(), later).is_ok());
}

#[test]
fn a_test_request_is_accepted() {
    let request = test_request("8f2c", "4711", &SecretString::from("local-secret"), now());
    let event = verifier().verify(&request.signature, request.body.as_bytes(), now()).unwrap();
    assert_eq!(event.candidate().unwrap().as_str(), "4711");
}
