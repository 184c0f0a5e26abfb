//! The cases that a caller branches on.

use smartsync_transport::ScriptedTransport;
use teamtailor_client::{Error, TeamtailorError as _, companies::GetCompany};

use crate::support::fixtures::client;

fn error(status: u16, body: &str) -> Error {
    let mut response = smartsync_transport::Response::new(smartsync_transport::Body::from(body.to_owned()));
    *response.status_mut() = status.try_into().unwrap();
    client(ScriptedTransport::new()).finish(&GetCompany::new(), response).unwrap_err()
}

#[test]
fn a_taken_address_is_told_from_other_refusals() {
    let taken = [
        r#"{"errors":[{"title":"has already been taken","detail":"email - has already been taken","code":"100","source":{"pointer":"/data/attributes/email"},"status":"422"}]}"#,
        r#"{"errors":[{"title":"has already been taken","detail":"email - has already been taken"}]}"#,
        r#"{"errors":{"detail":"email - Has already been taken"}}"#,
    ];
    for body in taken {
        assert!(error(422, body).is_email_taken(), "{body}");
        assert!(!error(400, body).is_email_taken(), "{body}");
    }
    let other = [
        r#"{"errors":[{"title":"can't be blank","detail":"email - can't be blank","source":{"pointer":"/data/attributes/email"}}]}"#,
        r#"{"errors":[{"title":"has already been taken","detail":"external-id - has already been taken","source":{"pointer":"/data/attributes/external-id"}}]}"#,
        // One attribute is invalid, and another one taken.
        r#"{"errors":[{"title":"is invalid","detail":"email - is invalid"},{"title":"has already been taken","detail":"external-id - has already been taken"}]}"#,
        "",
    ];
    for body in other {
        assert!(!error(422, body).is_email_taken(), "{body}");
    }
    assert!(error(422, other[0]).refuses("email"));
    assert!(!error(422, other[1]).refuses("email"));
    assert!(error(422, r#"{"errors":[{"detail":"resume - is invalid"}]}"#).refuses("resume"));
}

#[test]
fn a_wrong_version_is_told_from_a_wrong_content_type() {
    let version = r#"{"errors":[{"status":406,"title":"Invalid/Missing API Version","detail":"Current version is: 20161108"}]}"#;
    assert!(error(406, version).is_wrong_api_version());
    assert!(error(406, "").is_wrong_api_version());
    assert!(!error(406, r#"{"errors":[{"title":"Not acceptable"}]}"#).is_wrong_api_version());
    assert!(!error(400, version).is_wrong_api_version());
}

#[test]
fn a_wrong_key_is_told_from_one_that_does_not_suffice() {
    assert!(error(401, "").is_wrong_key() && !error(401, "").is_scope_missing());
    assert!(error(403, "").is_scope_missing() && !error(403, "").is_wrong_key());
}
