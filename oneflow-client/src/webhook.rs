//! Webhook notifications: verify them, then look at the contract they name.
//!
//! The signature is `sha1(callback_id + sign_key)`. It covers **neither the contract nor the events nor the time**: whoever
//! has seen one notification can send it again, with another contract in it. So a [`Verified`] notification means no more
//! than *go and look at this contract*. Read the contract, and act on what it says.
//!
//! ```
//! use oneflow_client::{ContractId, SecretString, webhook::{self, Verifier, WebhookError}};
//!
//! # fn main() -> Result<(), WebhookError> {
//! let key = SecretString::from("local-secret");
//! let verifier = Verifier::new([key.clone()])?; // several keys while one replaces the other
//!
//! let body = webhook::test_notification("callback-1", 9001, &["data_field:update"], &key);
//! let notification = verifier.verify(body.as_bytes())?;
//! assert_eq!(notification.contract(), ContractId::new(9001));
//!
//! assert!(matches!(verifier.verify(br#"{"hello": "world"}"#), Err(WebhookError::Format)));
//! # Ok(())
//! # }
//! ```
//!
//! A [`Verified`] comes out of a [`Verifier`] and from nowhere else:
//!
//! ```compile_fail
//! let forged = oneflow_client::webhook::Verified { callback_id: String::new(), contract: 9001.into(), events: vec![] };
//! ```

use serde_json::{json, value::RawValue};
use sha1::{Digest as _, Sha1};
use smartsync_transport::{
    ExposeSecret, SecretString, Timestamp, Unreadable, generated_support::read_text, sign_key,
};
use subtle::{Choice, ConstantTimeEq as _};

use crate::{
    events::EventType,
    ids::{ContractId, EventId},
};

/// The longest callback id, in bytes. Oneflow's have 40; a receiver keeps them.
const MAX_CALLBACK_ID: usize = 256;

/// Checks notifications against the sign keys of the webhook.
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Vec<SecretString>,
}

/// Why a notification is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// No sign key was given, so that nothing could be verified.
    #[error("no sign key is configured")]
    NoKeys,
    /// A sign key is empty: anyone could sign with it.
    #[error("a sign key is empty")]
    EmptyKey,
    /// The body is no JSON.
    #[error("the notification is not valid JSON")]
    Json,
    /// The body is JSON of another format than the current one: not from Oneflow, or from a webhook in the legacy format.
    #[error("the notification is not in Oneflow's current format; set the webhook's format to `Current`")]
    Format,
    /// The notification is not signed. The webhook has no sign key.
    #[error("the notification is not signed; set a sign key on the webhook")]
    Unsigned,
    /// The signature fits none of the sign keys.
    #[error("the signature does not match any of the sign keys")]
    Signature,
}

/// A notification with a valid signature. Its contents are hints: see the [module](self).
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    callback_id: String,
    contract: ContractId,
    events: Vec<Event>,
}

/// Something that happened to a contract, as the notification says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its id.
    pub id: Option<EventId>,
    /// What happened.
    pub kind: Option<EventType>,
    /// When it happened.
    pub created_time: Option<Timestamp>,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

smartsync_transport::read_object! {
    Event {
        optional id: "id",
        optional kind: "type",
        optional created_time: "created_time",
    }
}

struct Notification {
    callback_id: String,
    /// Not decoded before the signature fits, nor are the events: anybody can send them.
    contract: Box<RawValue>,
    /// Hints only: an unreadable one must not lose the notification.
    events: Option<Box<RawValue>>,
    signature: Option<String>,
    unreadable: Unreadable,
}

smartsync_transport::read_object! {
    Notification {
        required callback_id: "callback_id",
        required contract: "contract",
        optional events: "events",
        optional signature: "signature",
    }
}

struct ContractReference {
    id: ContractId,
    #[expect(dead_code, reason = "every object that is read has it")]
    unreadable: Unreadable,
}

smartsync_transport::read_object! {
    ContractReference {
        required id: "id",
    }
}

impl Verifier {
    /// A verifier that accepts any of `keys`: the one in use, and those that it replaces or that replace it. The line end that a file
    /// leaves behind a key is taken off.
    ///
    /// # Errors
    ///
    /// [`WebhookError::NoKeys`] and [`WebhookError::EmptyKey`].
    pub fn new<K: Into<SecretString>>(keys: impl IntoIterator<Item = K>) -> Result<Self, WebhookError> {
        let keys: Option<Vec<SecretString>> = keys.into_iter().map(|key| sign_key(key.into())).collect();
        let keys = keys.ok_or(WebhookError::EmptyKey)?;
        if keys.is_empty() { Err(WebhookError::NoKeys) } else { Ok(Self { keys }) }
    }

    /// Verifies the body of a notification, byte for byte as it came.
    ///
    /// # Errors
    ///
    /// [`WebhookError::Signature`] and [`WebhookError::Unsigned`] for a body that Oneflow did not sign with one of the keys,
    /// [`WebhookError::Json`] and [`WebhookError::Format`] for one that is no notification.
    pub fn verify(&self, body: &[u8]) -> Result<Verified, WebhookError> {
        let notification: Notification = serde_json::from_slice(body)
            .map_err(|error| if error.is_data() { WebhookError::Format } else { WebhookError::Json })?;
        if notification.unreadable.contains("signature") || notification.callback_id.len() > MAX_CALLBACK_ID {
            return Err(WebhookError::Format);
        }
        let signature = notification.signature.ok_or(WebhookError::Unsigned)?;
        if !self.has_signed(&notification.callback_id, &signature) {
            return Err(WebhookError::Signature);
        }
        let contract: ContractReference =
            read_text(notification.contract.get()).ok_or(WebhookError::Format)?;
        let events = notification.events.and_then(|events| read_text(events.get())).unwrap_or_default();
        Ok(Verified { callback_id: notification.callback_id, contract: contract.id, events })
    }

    /// Whether one of the keys makes this signature of this callback id, as [`sign`] does: for what is signed without being a notification.
    #[must_use]
    pub fn has_signed(&self, callback_id: &str, signature: &str) -> bool {
        // That the digits are in lower case is not documented, so both are read.
        let mut given = Signature::default();
        if hex::decode_to_slice(signature, &mut given).is_err() {
            return false;
        }
        // Every key is compared, and every byte of it, so that the time tells nothing about either.
        let fits =
            self.keys.iter().fold(Choice::from(0), |fits, key| fits | digest(callback_id, key).ct_eq(&given));
        bool::from(fits)
    }
}

/// The bytes of a SHA-1 digest.
type Signature = [u8; 20];

impl Verified {
    /// The contract to look at.
    #[must_use]
    pub fn contract(&self) -> ContractId {
        self.contract
    }

    /// The id of the notification, the same for every time Oneflow tries to deliver it.
    #[must_use]
    pub fn callback_id(&self) -> &str {
        &self.callback_id
    }

    /// What happened, as the notification says. Unsigned: do not act on it without a look at the contract.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }
}

/// The signature of a notification: `sha1(callback_id + sign_key)` in lower-case hexadecimal.
#[must_use]
pub fn sign(callback_id: &str, key: &SecretString) -> String {
    hex::encode(digest(callback_id, key))
}

fn digest(callback_id: &str, key: &SecretString) -> Signature {
    Sha1::new().chain_update(callback_id).chain_update(key.expose_secret()).finalize().into()
}

/// The signed body of a notification, for tests of a receiver.
#[must_use]
pub fn test_notification(
    callback_id: &str,
    contract: impl Into<ContractId>,
    events: &[&str],
    key: &SecretString,
) -> String {
    let event = |(position, kind): (usize, &&str)| json!({ "created_time": "2031-02-03T04:05:06+0000", "id": position + 1, "type": kind });
    let events: Vec<serde_json::Value> = events.iter().enumerate().map(event).collect();
    json!({
        "callback_id": callback_id,
        "contract": { "id": contract.into() },
        "events": events,
        "signature": sign(callback_id, key),
    })
    .to_string()
}
