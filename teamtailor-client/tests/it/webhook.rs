//! Notifications of Teamtailor: whom to believe, and what they tell.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use teamtailor_client::{
    CandidateId, JobApplicationId, JobId, SecretString,
    webhook::{self, EventName, Signed, Subject, Verifier, WebhookError, test_request, test_request_v1},
};

/// Made with `openssl dgst -sha256 -hmac local-secret` over `1900000000.` and [`PAYLOAD`], then base64.
const SIGNED_PAYLOAD: &str = "dD0xOTAwMDAwMDAwLHYyPWQxYmU1Y2Q2MTdiYTYwMzRkZWJkZmVhNzdmNjUxOWJjOGJkZWI4MWVmZmYyMTQ5NDk2MGJmMWJiMDMxMTNlYjI=";
/// The same over `1900000000.` and [`BODY`].
const SIGNED_BODY: &str = "dD0xOTAwMDAwMDAwLHYyPWQ4ZTM2NGZjNGE2NThiZTQ2M2I5NjdhYTY0Yzg0OGY5MzVlY2JjNGJlZjVmOTViMTFjNzNlNDU1ZmVhNGU0ZmE=";
/// The same over `4711` alone, without a time.
const SIGNED_ID: &str =
    "NGFiODk0NTdhNzc0ODEyY2U4ODA5NDBlOGVhNjJkZDg2ZGVjNGEzYjMxMDhmYmJkMjc4NjY1ZWRiYjQ5NDU0NQ==";
const PAYLOAD: &str = r#"{"event_name":"candidate.update","data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ida","custom_fields":{"a": [1]}}}}"#;
const BODY: &str = r#"{ "payload": {"event_name":"candidate.update","data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ida","custom_fields":{"a": [1]}}}}, "signature": "x" }"#;

fn key() -> SecretString {
    SecretString::from("local-secret")
}

fn verifier() -> Verifier {
    Verifier::new([key()]).unwrap()
}

fn signed_at() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_900_000_000)
}

#[test]
fn a_signature_of_the_payload_and_one_of_the_whole_body_are_accepted() {
    assert!(BODY.contains(PAYLOAD));
    for signature in [SIGNED_PAYLOAD, SIGNED_BODY] {
        let event = verifier().verify(signature, BODY.as_bytes(), signed_at()).unwrap();
        assert_eq!(event.name(), &EventName::CandidateUpdate);
        assert_eq!(event.subject(), Subject::Candidate(CandidateId::from("4711")));
        assert_eq!(event.attribute("first_name"), Some(&json!("Ida")));
        assert_eq!(event.attribute("custom-fields"), Some(&json!({ "a": [1] })));
        assert_eq!(event.signed(), Signed::Payload);
    }
}

#[test]
fn a_changed_body_is_refused() {
    for changed in [BODY.replace("4711", "4712"), BODY.replace("Ida", "Eve"), BODY.replace("[1]", "[2]")] {
        for signature in [SIGNED_PAYLOAD, SIGNED_BODY] {
            let error = verifier().verify(signature, changed.as_bytes(), signed_at()).unwrap_err();
            assert_eq!(error, WebhookError::Signature);
        }
    }
    // White space around the payload is signed by the one and not by the other.
    let spaced = BODY.replace("{ \"payload\"", "{\"payload\"");
    assert!(verifier().verify(SIGNED_PAYLOAD, spaced.as_bytes(), signed_at()).is_ok());
    assert_eq!(verifier().verify(SIGNED_BODY, spaced.as_bytes(), signed_at()), Err(WebhookError::Signature));
}

#[test]
fn a_second_payload_cannot_be_smuggled_in() {
    let smuggled = BODY.replace("\"signature\"", "\"payload\": {}, \"signature\"");
    assert_eq!(
        verifier().verify(SIGNED_PAYLOAD, smuggled.as_bytes(), signed_at()),
        Err(WebhookError::Format)
    );
}

#[test]
fn a_signature_of_one_kind_that_passes_for_the_other_tells_the_same() {
    let wrapped = format!(r#"{{"payload":{BODY}}}"#);
    let error = verifier().verify(SIGNED_BODY, wrapped.as_bytes(), signed_at()).unwrap_err();
    assert_eq!(error, WebhookError::Format, "a body is no event");
    let told = |body: &str| verifier().verify(SIGNED_PAYLOAD, body.as_bytes(), signed_at()).unwrap();
    assert_eq!(told(PAYLOAD), told(BODY));
}

/// What Teamtailor may have signed before it added the signature: [`BODY`] without that member.
const UNSIGNED: &str = r#"{ "payload": {"event_name":"candidate.update","data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ida","custom_fields":{"a": [1]}}}} }"#;
/// Made with `openssl` over `1900000000.` and [`UNSIGNED`], like the others.
const SIGNED_UNSIGNED: &str = "dD0xOTAwMDAwMDAwLHYyPTRiYWVhMjc5OWYwNmYwN2Y3N2I1ZmFkODE0OWFhMWExYTA2Nzk4Yjg0NjAwMmE3MjU1NmI5NWU4NzQ0NDk5YTU=";

#[test]
fn a_signature_of_the_body_without_its_signature_is_accepted_wherever_that_stands() {
    let event = verifier().verify(SIGNED_PAYLOAD, BODY.as_bytes(), signed_at()).unwrap();
    let first = UNSIGNED.replacen("{ ", r#"{ "signature": "x", "#, 1);
    let last = UNSIGNED.replace("}}}} }", r#"}}}}, "signature": "x" }"#);
    let escaped = UNSIGNED.replace("}}}} }", r#"}}}}, "sign\u0061ture" : { "v2": ["x"] } }"#);
    assert_eq!(last, BODY);
    for body in [UNSIGNED, &first, &last, &escaped] {
        assert_eq!(
            verifier().verify(SIGNED_UNSIGNED, body.as_bytes(), signed_at()).as_ref(),
            Ok(&event),
            "{body}"
        );
        let changed = body.replace("Ida", "Eve");
        assert_eq!(
            verifier().verify(SIGNED_UNSIGNED, changed.as_bytes(), signed_at()),
            Err(WebhookError::Signature)
        );
    }
}

#[test]
fn a_signature_between_two_members_is_cut_with_one_comma() {
    let text = |signature: &str| format!(r#"{{"payload":{PAYLOAD}{signature},"sent":"today"}}"#);
    let signature = signed(&text(""));
    let body = text(r#","signature":"x""#);
    assert!(verifier().verify(&signature, body.as_bytes(), signed_at()).is_ok());
    // Never written anew: white space that a serialiser would leave out counts.
    let spaced = text(r#", "signature":"x" "#);
    assert_eq!(verifier().verify(&signature, spaced.as_bytes(), signed_at()), Err(WebhookError::Signature));
}

#[test]
fn a_body_with_two_signatures_is_refused_whatever_is_signed() {
    let twice = [
        BODY.replacen("{ ", r#"{ "signature": "y", "#, 1),
        BODY.replacen("{ ", r#"{ "sign\u0061ture": "y", "#, 1),
    ];
    for body in twice {
        for signature in [SIGNED_PAYLOAD, SIGNED_UNSIGNED, &signed(&body)] {
            let refused = verifier().verify(signature, body.as_bytes(), signed_at());
            assert_eq!(refused, Err(WebhookError::Format), "{body}");
        }
    }
}

#[test]
fn an_event_without_its_envelope_needs_a_signature_of_the_whole_body() {
    let enveloped = verifier().verify(SIGNED_PAYLOAD, BODY.as_bytes(), signed_at()).unwrap();
    let event = PAYLOAD.replacen('{', r#"{"signature":"x","#, 1);
    assert_eq!(verifier().verify(&signed(&event), event.as_bytes(), signed_at()), Ok(enveloped));
    // That of the event without the signature, which is that of a payload, does not do.
    assert_eq!(
        verifier().verify(SIGNED_PAYLOAD, event.as_bytes(), signed_at()),
        Err(WebhookError::Signature)
    );
    // Which of the two is meant?
    let both = BODY.replacen("{ ", r#"{ "event_name": "candidate.destroy", "data": {"id": "1"}, "#, 1);
    for signature in [SIGNED_PAYLOAD, &signed(&both)] {
        assert_eq!(verifier().verify(signature, both.as_bytes(), signed_at()), Err(WebhookError::Format));
    }
    assert_eq!(verifier().verify_v1(SIGNED_ID, event.as_bytes()), Err(WebhookError::Format));
    // Nor is one read with two signatures, or changed.
    let twice = event.replacen('{', r#"{"signature":"y","#, 1);
    assert_eq!(verifier().verify(&signed(&twice), twice.as_bytes(), signed_at()), Err(WebhookError::Format));
    let changed = event.replace("Ida", "Eve");
    assert_eq!(
        verifier().verify(&signed(&event), changed.as_bytes(), signed_at()),
        Err(WebhookError::Signature)
    );
}

/// A header for `text` at [`signed_at`]. It checks nothing of how a signature is made: the literals do.
fn signed(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"local-secret").unwrap();
    mac.update(b"1900000000.");
    mac.update(text.as_bytes());
    STANDARD.encode(format!("t=1900000000,v2={}", hex::encode(mac.finalize().into_bytes())))
}

#[test]
fn a_second_id_cannot_be_smuggled_into_version_1() {
    let smuggled = BODY.replace(r#""id":"4711""#, r#""id":"4711","id":"4712""#);
    assert_eq!(verifier().verify_v1(SIGNED_ID, smuggled.as_bytes()), Err(WebhookError::Format));
}

#[test]
fn a_signature_is_good_for_a_while_only() {
    let at = |now| verifier().verify(SIGNED_PAYLOAD, BODY.as_bytes(), now).map(drop);
    let minute = Duration::from_secs(60);
    assert_eq!(at(signed_at() + 5 * minute), Ok(()));
    assert_eq!(at(signed_at() - 5 * minute), Ok(()));
    assert_eq!(at(signed_at() + 5 * minute + Duration::from_secs(1)), Err(WebhookError::Time));
    assert_eq!(at(signed_at() - 6 * minute), Err(WebhookError::Time));
    let patient = verifier().window(10 * minute);
    assert!(patient.verify(SIGNED_PAYLOAD, BODY.as_bytes(), signed_at() + 9 * minute).is_ok());
    // The time is signed: a later one cannot be put into the header.
    let request =
        test_request("candidate.update", "1", &[], &SecretString::from("other"), signed_at() + 9 * minute);
    assert_eq!(
        verifier().verify(&request.signature, request.body.as_bytes(), signed_at() + 9 * minute),
        Err(WebhookError::Signature)
    );
}

#[test]
fn version_1_covers_the_id_only_and_has_a_method_of_its_own() {
    let event = verifier().verify_v1(SIGNED_ID, BODY.as_bytes()).unwrap();
    assert_eq!((event.id(), event.signed()), ("4711", Signed::IdOnly));
    assert_eq!(verifier().verify(SIGNED_ID, BODY.as_bytes(), signed_at()), Err(WebhookError::Version1));
    assert_eq!(verifier().verify_v1(SIGNED_PAYLOAD, BODY.as_bytes()), Err(WebhookError::Header));
    let other = BODY.replace("4711", "4712");
    assert_eq!(verifier().verify_v1(SIGNED_ID, other.as_bytes()), Err(WebhookError::Signature));
    // The weakness: everything but the id can be changed.
    assert!(verifier().verify_v1(SIGNED_ID, BODY.replace("Ida", "Eve").as_bytes()).is_ok());
}

#[test]
fn both_of_two_keys_are_accepted_while_one_replaces_the_other() {
    let verifier = Verifier::new([SecretString::from("new"), key()]).unwrap();
    for key in [SecretString::from("new"), key()] {
        let request = test_request("job.create", "60", &[], &key, signed_at());
        assert!(verifier.verify(&request.signature, request.body.as_bytes(), signed_at()).is_ok());
    }
}

#[test]
fn a_verifier_needs_a_key() {
    assert_eq!(Verifier::new([] as [SecretString; 0]).unwrap_err(), WebhookError::NoKeys);
    assert_eq!(Verifier::new([key(), SecretString::from(" ")]).unwrap_err(), WebhookError::EmptyKey);
}

#[test]
fn a_header_of_another_form_is_refused() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encoded = |text: &str| STANDARD.encode(text);
    let zeros = "0".repeat(64);
    for header in [
        String::new(),
        "no base64".to_owned(),
        encoded(""),
        encoded("t=1900000000"),
        encoded("v2=00"),
        encoded("t=1900000000,v2=00"),
        encoded(&format!("t=soon,v2={zeros}")),
        encoded(&format!("t=1900000000,v1={zeros}")),
        encoded(&format!("t=1900000000,v2={zeros}00")),
        STANDARD.encode([0xff, 0xfe]),
    ] {
        let error = verifier().verify(&header, BODY.as_bytes(), signed_at()).unwrap_err();
        assert_eq!(error, WebhookError::Header, "{header}");
    }
}

#[test]
fn a_body_of_another_form_is_refused() {
    let rows = [
        ("", WebhookError::Json),
        ("<html>", WebhookError::Json),
        ("{}", WebhookError::Format),
        ("[]", WebhookError::Format),
        (r#"{"data":{}}"#, WebhookError::Format),
        (r#"{"event_name":"candidate.update"}"#, WebhookError::Signature),
        (r#"{"payload":{}}"#, WebhookError::Signature),
    ];
    for (body, expected) in rows {
        assert_eq!(verifier().verify(SIGNED_PAYLOAD, body.as_bytes(), signed_at()), Err(expected), "{body}");
    }
}

#[test]
fn every_event_names_its_subject() {
    let rows = [
        ("candidate.create", EventName::CandidateCreate, Subject::Candidate(CandidateId::from("1"))),
        ("candidate.update", EventName::CandidateUpdate, Subject::Candidate(CandidateId::from("1"))),
        ("candidate.destroy", EventName::CandidateDestroy, Subject::Candidate(CandidateId::from("1"))),
        ("job.create", EventName::JobCreate, Subject::Job(JobId::from("1"))),
        ("job.update", EventName::JobUpdate, Subject::Job(JobId::from("1"))),
        ("job.destroy", EventName::JobDestroy, Subject::Job(JobId::from("1"))),
        (
            "job_application.create",
            EventName::JobApplicationCreate,
            Subject::JobApplication(JobApplicationId::from("1")),
        ),
        (
            "job_application.update",
            EventName::JobApplicationUpdate,
            Subject::JobApplication(JobApplicationId::from("1")),
        ),
        (
            "job_application.destroy",
            EventName::JobApplicationDestroy,
            Subject::JobApplication(JobApplicationId::from("1")),
        ),
        ("turtle.update", EventName::from("turtle.update"), Subject::Other),
    ];
    for (name, expected, subject) in rows {
        for request in
            [test_request(name, "1", &[], &key(), signed_at()), test_request_v1(name, "1", &[], &key())]
        {
            let verified = verifier()
                .verify(&request.signature, request.body.as_bytes(), signed_at())
                .or_else(|_| verifier().verify_v1(&request.signature, request.body.as_bytes()))
                .unwrap();
            assert_eq!((verified.name(), verified.subject()), (&expected, subject.clone()), "{name}");
        }
    }
}

#[test]
fn nothing_prints_an_attribute_or_a_key() {
    let event = verifier().verify(SIGNED_PAYLOAD, BODY.as_bytes(), signed_at()).unwrap();
    let printed = format!("{event:?} {:?}", verifier());
    assert!(!printed.contains("Ida") && !printed.contains("local-secret"), "{printed}");
    assert!(printed.contains("4711"));
    assert_eq!(webhook::SIGNATURE_HEADER, "TT-Signature");
}
