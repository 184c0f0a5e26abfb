//! Notifications: which are trusted, and how far.

use oneflow_client::{
    ContractId, SecretString,
    events::EventType,
    webhook::{self, Verifier, WebhookError, sign},
};
use serde_json::{Value, json};

const CALLBACK: &str = "3f0c5b1e9a7d24680bdf13579ace02468bdf1357";
/// `printf '%s' "${CALLBACK}local-secret" | sha1sum`
const SIGNATURE: &str = "c2124422dde65bfc76ff7868d8a72ebf17dfb38f";

fn key(text: &str) -> SecretString {
    SecretString::from(text)
}

fn notification(signature: &str) -> Value {
    json!({
        "callback_id": CALLBACK,
        "contract": { "id": 9001 },
        "events": [{ "created_time": "2031-02-03T04:05:06+0000", "id": 55012, "type": "data_field:update" }],
        "signature": signature
    })
}

fn verify(keys: &[&str], body: &Value) -> Result<ContractId, WebhookError> {
    let verifier = Verifier::new(keys.iter().map(|text| key(text))).unwrap();
    verifier.verify(body.to_string().as_bytes()).map(|notification| notification.contract())
}

#[test]
fn the_signature_is_that_of_sha1sum() {
    assert_eq!(sign(CALLBACK, &key("local-secret")), SIGNATURE);
}

/// Name, keys, signature, verdict.
type Row<'a> = (&'a str, &'a [&'a str], &'a str, Result<ContractId, WebhookError>);

#[test]
fn signatures_are_judged() {
    let (upper, short) = (SIGNATURE.to_uppercase(), &SIGNATURE[..39]);
    let long = format!("{SIGNATURE}0");
    let mut wrong = SIGNATURE.to_owned();
    wrong.replace_range(39.., if SIGNATURE.ends_with('0') { "1" } else { "0" });
    let trusted = Ok(ContractId::new(9001));
    let refused = Err(WebhookError::Signature);
    let table: [Row<'_>; 11] = [
        ("right", &["local-secret"], SIGNATURE, trusted),
        ("second key", &["new-secret", "local-secret"], SIGNATURE, trusted),
        ("first key", &["local-secret", "old-secret"], SIGNATURE, trusted),
        ("other key", &["other-secret"], SIGNATURE, refused),
        ("key with a blank", &["local-secret "], SIGNATURE, refused),
        ("last digit wrong", &["local-secret"], &wrong, refused),
        ("cut off", &["local-secret"], short, refused),
        ("too long", &["local-secret"], &long, refused),
        ("upper-case hexadecimal", &["local-secret"], &upper, trusted),
        ("empty", &["local-secret"], "", refused),
        ("no hexadecimal", &["local-secret"], "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", refused),
    ];
    for (name, keys, signature, expected) in table {
        assert_eq!(verify(keys, &notification(signature)), expected, "{name}");
    }
}

#[test]
fn the_signature_does_not_cover_the_contract_or_the_events() {
    // This is a weakness of Oneflow's, not ours: whoever has seen one notification can name another contract.
    let mut forged = notification(SIGNATURE);
    forged["contract"]["id"] = json!(666);
    forged["events"] = json!([]);
    assert_eq!(verify(&["local-secret"], &forged), Ok(ContractId::new(666)));
    forged["callback_id"] = json!("another");
    assert_eq!(verify(&["local-secret"], &forged), Err(WebhookError::Signature));
}

#[test]
fn keys_that_prove_nothing_are_refused() {
    assert_eq!(Verifier::new([] as [SecretString; 0]).unwrap_err(), WebhookError::NoKeys);
    assert_eq!(Verifier::new([key("")]).unwrap_err(), WebhookError::EmptyKey);
    assert_eq!(Verifier::new([key("local-secret"), key(" \n")]).unwrap_err(), WebhookError::EmptyKey);
}

#[test]
fn what_is_no_notification_says_so() {
    let verifier = Verifier::new([key("local-secret")]).unwrap();
    let verify = |body: &str| verifier.verify(body.as_bytes()).unwrap_err();
    assert_eq!(verify(""), WebhookError::Json);
    assert_eq!(verify("<html>"), WebhookError::Json);
    assert_eq!(verify(r#"{"callback_id": "#), WebhookError::Json);
    assert_eq!(verify("[]"), WebhookError::Format);
    assert_eq!(verify(r#"{"agreement_id": 9001, "event": "signed"}"#), WebhookError::Format);
    let mut unsigned = notification(SIGNATURE);
    unsigned.as_object_mut().unwrap().remove("signature");
    assert_eq!(verify(&unsigned.to_string()), WebhookError::Unsigned);
    assert!(WebhookError::Format.to_string().contains("format"));
}

#[test]
fn a_callback_id_that_nobody_would_want_to_keep_is_no_callback_id() {
    let signed = |length| webhook::test_notification(&"x".repeat(length), 9001, &[], &key("k"));
    let verifier = Verifier::new([key("k")]).unwrap();
    assert!(verifier.verify(signed(256).as_bytes()).is_ok());
    assert_eq!(verifier.verify(signed(257).as_bytes()), Err(WebhookError::Format));
}

#[test]
fn members_and_event_types_of_tomorrow_are_accepted() {
    let mut body = notification(SIGNATURE);
    body["account"] = json!({ "id": 3 });
    body["events"] = json!([{ "id": 1, "type": "contract:teleport" }, { "type": "contract:sign" }]);
    let verifier = Verifier::new([key("local-secret")]).unwrap();
    let verified = verifier.verify(body.to_string().as_bytes()).unwrap();
    assert_eq!(verified.callback_id(), CALLBACK);
    assert_eq!(verified.events()[0].kind.as_ref().unwrap().as_str(), "contract:teleport");
    assert_eq!(verified.events()[1].kind, Some(EventType::ContractSign));
}

#[test]
fn a_contract_may_be_named_by_a_text() {
    let mut body = notification(SIGNATURE);
    body["contract"]["id"] = json!("9001");
    assert_eq!(verify(&["local-secret"], &body), Ok(ContractId::new(9001)));
    body["contract"]["id"] = json!("nine");
    assert_eq!(verify(&["local-secret"], &body), Err(WebhookError::Format));
}

/// Whatever else is in the body, and however wrong, is looked at only when the signature fits.
#[test]
fn only_the_callback_id_and_the_signature_are_read_before_it_holds() {
    for member in ["contract", "events", "account"] {
        for hostile in [json!(null), json!("x"), json!([[[[]]]]), json!({ "id": { "id": [] } }), json!(1e300)]
        {
            let mut body = notification(&SIGNATURE.replace('c', "d"));
            body[member] = hostile.clone();
            let found = verify(&["local-secret"], &body);
            assert_eq!(found, Err(WebhookError::Signature), "{member}: {hostile}");
        }
    }
}

#[test]
fn an_unreadable_event_does_not_lose_the_notification() {
    let mut body = notification(SIGNATURE);
    let verifier = Verifier::new([key("local-secret")]).unwrap();
    for (events, readable) in [
        (json!([{ "id": "not a number" }, 7, { "type": "contract:sign" }]), 2),
        (json!("unexpected"), 0),
        (json!(null), 0),
    ] {
        body["events"] = events;
        let verified = verifier.verify(body.to_string().as_bytes()).unwrap();
        assert_eq!((verified.contract(), verified.events().len()), (ContractId::new(9001), readable));
    }
}

#[test]
fn a_test_notification_is_one_that_verifies() {
    let body = webhook::test_notification("callback-1", 42, &["contract:sign", "party:delete"], &key("k"));
    let verified = Verifier::new([key("k")]).unwrap().verify(body.as_bytes()).unwrap();
    assert_eq!(verified.contract(), ContractId::new(42));
    let kinds: Vec<&str> =
        verified.events().iter().filter_map(|event| event.kind.as_ref()).map(EventType::as_str).collect();
    assert_eq!(kinds, ["contract:sign", "party:delete"]);
    assert!(verified.events().iter().all(|event| event.created_time.as_ref().unwrap().instant().is_some()));
}

#[test]
fn no_key_is_printed() {
    let verifier = Verifier::new([key("local-secret")]).unwrap();
    assert!(!format!("{verifier:?}").contains("local-secret"));
}
