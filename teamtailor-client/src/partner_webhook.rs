//! Partner webhooks: what Teamtailor sends to a service of its marketplace when a candidate reaches a stage.
//!
//! The header `Teamtailor-Signature: t=..,v1=..,v0=..` signs a time and the **id of the event, and nothing else**. So a [`Verified`]
//! event means no more than *there is an event of this id*: take what the body tells as a hint, and read the candidate.
//!
//! ```
//! use std::time::SystemTime;
//! use teamtailor_client::{SecretString, partner_webhook::{self, Verifier}};
//!
//! # fn main() -> Result<(), teamtailor_client::webhook::WebhookError> {
//! let key = SecretString::from("local-secret");
//! let now = SystemTime::now();
//! let request = partner_webhook::test_request("8f2c", "4711", &key, now);
//!
//! let event = Verifier::new([key])?.verify(&request.signature, request.body.as_bytes(), now)?;
//! assert_eq!(event.id(), "8f2c");
//! assert_eq!(event.candidate().map(|id| id.as_str()), Some("4711"));
//! # Ok(())
//! # }
//! ```

use std::time::{Duration, SystemTime};

use serde_json::json;
use smartsync_transport::{SecretString, Unreadable};

use crate::{
    ids::{CandidateId, JobId, PartnerResultId, StageId},
    jsonapi::id::Id,
    signing::{self, Signatures},
    webhook::{SignedRequest, WebhookError},
};

/// Name of the header with the signature of a partner webhook.
pub const SIGNATURE_HEADER: &str = "Teamtailor-Signature";

/// Checks events against the secret keys of the partner.
#[derive(Clone, Debug)]
pub struct Verifier(Signatures);

/// An event with a valid signature. All but its id is a hint: see the [module](self).
#[derive(Clone, Debug, PartialEq)]
pub struct Verified(Event);

struct Body {
    event: Event,
    #[expect(dead_code, reason = "every object that is read has it")]
    unreadable: Unreadable,
}

#[derive(Clone, Debug, PartialEq)]
struct Event {
    id: Id,
    candidate: Option<Candidate>,
    result: Option<PartnerResult>,
    unreadable: Unreadable,
}

#[derive(Clone, Debug, PartialEq)]
struct Candidate {
    id: CandidateId,
    job: Option<Job>,
    unreadable: Unreadable,
}

#[derive(Clone, Debug, PartialEq)]
struct Job {
    id: JobId,
    stage: Option<StageId>,
    unreadable: Unreadable,
}

#[derive(Clone, Debug, PartialEq)]
struct PartnerResult {
    id: PartnerResultId,
    unreadable: Unreadable,
}

smartsync_transport::read_object! {
    Body {
        required event: "partner-event",
    }
}

smartsync_transport::read_object! {
    Event {
        required id: "id",
        optional candidate: "candidate",
        optional result: "partner-result",
    }
}

smartsync_transport::read_object! {
    Candidate {
        required id: "id",
        optional job: "job",
    }
}

smartsync_transport::read_object! {
    Job {
        required id: "id",
        optional stage: "stage-id",
    }
}

smartsync_transport::read_object! {
    PartnerResult {
        required id: "id",
    }
}

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

    /// Verifies an event: the header [`SIGNATURE_HEADER`], the body, and the time now. Only the scheme `v1` counts.
    ///
    /// # Errors
    ///
    /// [`WebhookError::Signature`] and [`WebhookError::Time`] for what Teamtailor did not sign with one of the keys just now,
    /// the others for what has another form.
    pub fn verify(&self, signature: &str, body: &[u8], now: SystemTime) -> Result<Verified, WebhookError> {
        let (time, given) = signing::time_and_signature(signature, "v1")?;
        let body: Body = serde_json::from_slice(body)
            .map_err(|error| if error.is_data() { WebhookError::Format } else { WebhookError::Json })?;
        self.0.check(&given, &[&[time.as_bytes(), b".", body.event.id.0.as_bytes()]])?;
        self.0.check_time(time, now)?;
        Ok(Verified(body.event))
    }
}

impl Verified {
    /// The id of the event. It alone is signed.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id.0
    }

    /// The candidate, as the body says.
    #[must_use]
    pub fn candidate(&self) -> Option<&CandidateId> {
        self.0.candidate.as_ref().map(|candidate| &candidate.id)
    }

    /// The job, as the body says.
    #[must_use]
    pub fn job(&self) -> Option<&JobId> {
        self.0.candidate.as_ref()?.job.as_ref().map(|job| &job.id)
    }

    /// The stage that the candidate reached, as the body says.
    #[must_use]
    pub fn stage(&self) -> Option<&StageId> {
        self.0.candidate.as_ref()?.job.as_ref()?.stage.as_ref()
    }

    /// The partner result to answer with, as the body says.
    #[must_use]
    pub fn partner_result(&self) -> Option<&PartnerResultId> {
        self.0.result.as_ref().map(|result| &result.id)
    }
}

/// A partner webhook as Teamtailor sends it, signed at `now`, for tests of a receiver.
#[must_use]
pub fn test_request(event: &str, candidate: &str, key: &SecretString, now: SystemTime) -> SignedRequest {
    let time = signing::unix_seconds(now).to_string();
    let digest = signing::digest(key, &[time.as_bytes(), b".", event.as_bytes()]);
    let body = json!({ "partner-event": { "id": event, "candidate": { "id": candidate } } }).to_string();
    SignedRequest::new(format!("t={time},v1={}", hex::encode(digest)), body)
}
