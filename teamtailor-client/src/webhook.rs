//! Company webhooks: verify a notification, then read what it is about.
//!
//! A company admin sets them up under *Settings, Integrations, Webhooks*, with a signature key and a signature version.
//! **Version 2** signs a time and the payload; version 1 is deprecated, signs the id of the resource and nothing else, and
//! has a method of its own. Teamtailor does not send a notification twice if your server is down, so look for changes
//! from time to time as well (`ListCandidates::new().updated_at_from(..)`). What you write over the API very probably comes
//! back as a notification.
//!
//! ```
//! use std::time::SystemTime;
//! use teamtailor_client::{SecretString, webhook::{self, EventName, Subject, Verifier}};
//!
//! # fn main() -> Result<(), webhook::WebhookError> {
//! let key = SecretString::from("local-secret");
//! let verifier = Verifier::new([key.clone()])?; // several keys while one replaces the other
//!
//! // What Teamtailor sends: the header `TT-Signature` and the body, byte for byte.
//! let now = SystemTime::now();
//! let request = webhook::test_request("candidate.update", "4711", &[("first-name", "Ada".into())], &key, now);
//!
//! let event = verifier.verify(&request.signature, request.body.as_bytes(), now)?;
//! assert_eq!(event.name(), &EventName::CandidateUpdate);
//! assert!(matches!(event.subject(), Subject::Candidate(id) if id.as_str() == "4711"));
//! assert_eq!(event.attribute("first_name").and_then(|name| name.as_str()), Some("Ada"));
//! # Ok(())
//! # }
//! ```
//!
//! A [`Verified`] comes out of a [`Verifier`] and from nowhere else:
//!
//! ```compile_fail
//! let forged = teamtailor_client::webhook::Verified { event: todo!(), signed: todo!() };
//! ```

mod body;
mod event;
mod test_request;

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use smartsync_transport::SecretString;

pub use self::{
    event::{EventName, Signed, Subject, Verified},
    test_request::{SignedRequest, test_request, test_request_v1},
};
pub use crate::webhook_error::WebhookError;
use crate::{
    signing::{self, Signatures},
    webhook::{body::Body, event::Payload},
};

/// Name of the header with the signature of a company webhook.
pub const SIGNATURE_HEADER: &str = "TT-Signature";

/// Checks notifications against the signature keys of the webhook.
#[derive(Clone, Debug)]
pub struct Verifier(Signatures);

impl Verifier {
    /// A verifier that accepts any of `keys`: the one in use, and those that it replaces or that replace it.
    ///
    /// # Errors
    ///
    /// [`WebhookError::NoKeys`] and [`WebhookError::EmptyKey`].
    pub fn new<K: Into<SecretString>>(keys: impl IntoIterator<Item = K>) -> Result<Self, WebhookError> {
        Signatures::new(keys).map(Self)
    }

    /// Accepts signatures that were made up to `window` ago. Default is five minutes.
    #[must_use]
    pub fn window(self, window: Duration) -> Self {
        Self(self.0.window(window))
    }

    /// Verifies a notification with a signature of version 2: the header [`SIGNATURE_HEADER`], the body byte for byte
    /// as it came, and the time now.
    ///
    /// What exactly is signed is told in three ways, and all are accepted, over the bytes as they came:
    ///
    /// * the **body**, and others check nothing else (documented; source: Teamtailor's documentation since November 2025);
    /// * the body **without its member `signature`**, since nothing can hold a signature of itself. It is cut out of the
    ///   bytes, with one comma;
    /// * the member **`payload`**: the documentation's examples signed it until October 2025.
    ///
    /// A body without a `payload` is taken for the event itself, if the signature covers the whole body
    /// (unconfirmed; source: one receiver). A member that decides and stands there twice is refused.
    ///
    /// # Errors
    ///
    /// [`WebhookError::Signature`] and [`WebhookError::Time`] for what Teamtailor did not sign with one of the keys just now,
    /// the others for what has another form.
    pub fn verify(&self, signature: &str, body: &[u8], now: SystemTime) -> Result<Verified, WebhookError> {
        let header = decoded(signature)?;
        if header.len() == 64 && signing::parse(&header).is_ok() {
            return Err(WebhookError::Version1);
        }
        let (time, given) = signing::time_and_signature(&header, "v2")?;
        self.0.check_time(time, now)?;
        let members = Body::read(body)?;
        // What is told comes from `event`, which each of these texts covers as a whole. One that passes for another tells the
        // same, byte for byte.
        let mut texts = vec![signed(time, &[body])];
        let event = match members.payload() {
            Some(payload) => {
                texts.push(signed(time, &[payload]));
                texts.extend(members.without_signature().map(|parts| signed(time, &parts)));
                payload
            }
            None => body,
        };
        let texts: Vec<&[&[u8]]> = texts.iter().map(Vec::as_slice).collect();
        self.0.check(&given, &texts)?;
        Ok(Verified { event: read(event)?, signed: Signed::Payload })
    }

    /// Verifies a notification with a signature of version 1, which covers the **id of the resource and nothing else**: no
    /// event, no attribute, no time. Whoever has seen one can send it again with another content, so read the resource and act
    /// on what it says.
    ///
    /// # Errors
    ///
    /// [`WebhookError::Signature`] for an id that Teamtailor did not sign with one of the keys, the others for what has another
    /// form.
    pub fn verify_v1(&self, signature: &str, body: &[u8]) -> Result<Verified, WebhookError> {
        let given = signing::parse(&decoded(signature)?)?;
        let event: Payload = read(Body::read(body)?.payload().ok_or(WebhookError::Format)?)?;
        self.0.check(&given, &[&[event.data.id.0.as_bytes()]])?;
        Ok(Verified { event, signed: Signed::IdOnly })
    }
}

/// What a signature of version 2 is made over: the time, a full stop, and a text in parts.
fn signed<'a>(time: &'a str, parts: &[&'a [u8]]) -> Vec<&'a [u8]> {
    [&[time.as_bytes(), b"."], parts].concat()
}

/// The text behind the base64 of the header.
fn decoded(signature: &str) -> Result<String, WebhookError> {
    let bytes = STANDARD.decode(signature.trim()).map_err(|_| WebhookError::Header)?;
    String::from_utf8(bytes).map_err(|_| WebhookError::Header)
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, WebhookError> {
    let read = serde_json::from_slice(body)
        .map_err(|error| if error.is_data() { WebhookError::Format } else { WebhookError::Json })?;
    // serde reads a list as well, by position.
    if body.trim_ascii_start().first() == Some(&b'{') { Ok(read) } else { Err(WebhookError::Format) }
}
