//! What a notification tells.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;
use smartsync_transport::Unreadable;

use crate::{
    ids::{CandidateId, JobApplicationId, JobId},
    jsonapi::id::Id,
};

smartsync_transport::open_enum! {
    /// What happened.
    pub enum EventName {
        /// A candidate was added.
        CandidateCreate = "candidate.create",
        /// A candidate was changed: default fields, custom fields or locations.
        CandidateUpdate = "candidate.update",
        /// A candidate was removed.
        CandidateDestroy = "candidate.destroy",
        /// A job was created.
        JobCreate = "job.create",
        /// A job was changed.
        JobUpdate = "job.update",
        /// A job was removed.
        JobDestroy = "job.destroy",
        /// Somebody applied for a job.
        JobApplicationCreate = "job_application.create",
        /// A job application was moved, rejected or changed.
        JobApplicationUpdate = "job_application.update",
        /// A job application was removed.
        JobApplicationDestroy = "job_application.destroy",
    }
}

/// What a notification is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A candidate.
    Candidate(CandidateId),
    /// A job.
    Job(JobId),
    /// A job application.
    JobApplication(JobApplicationId),
    /// Something that this version of the crate does not know.
    Other,
}

/// What the signature of a notification covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signed {
    /// All that it tells, and the time (version 2).
    Payload,
    /// The id of the resource and nothing else (version 1).
    IdOnly,
}

/// A notification with a valid signature. `Debug` prints no attribute.
#[derive(Clone, PartialEq)]
pub struct Verified {
    pub(super) event: Payload,
    pub(super) signed: Signed,
}

#[derive(Clone, PartialEq)]
pub(super) struct Payload {
    pub(super) event_name: EventName,
    pub(super) data: Data,
    unreadable: Unreadable,
}

smartsync_transport::read_object! {
    Payload {
        required event_name: "event_name",
        required data: "data",
    }
}

#[derive(Clone, PartialEq)]
pub(super) struct Data {
    pub(super) id: Id,
    attributes: BTreeMap<String, Value>,
    unreadable: Unreadable,
}

smartsync_transport::read_object! {
    Data {
        required id: "id",
        or_default attributes: "attributes",
    }
}

impl Verified {
    /// What happened.
    #[must_use]
    pub fn name(&self) -> &EventName {
        &self.event.event_name
    }

    /// What it happened to. With a signature of version 1 the kind of it is a hint, as the name of the event is.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let id = self.id();
        match self.name().as_str().split_once('.') {
            Some(("candidate", _)) => Subject::Candidate(id.into()),
            Some(("job", _)) => Subject::Job(id.into()),
            Some(("job_application", _)) => Subject::JobApplication(id.into()),
            _ => Subject::Other,
        }
    }

    /// The id of what it happened to.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.event.data.id.0
    }

    /// One attribute as the notification has it. Teamtailor writes names with `-` in some events and with `_` in others;
    /// both find it.
    ///
    /// Which attributes there are, and how custom fields look, is hardly documented: to be sure, read the resource.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        let attributes = &self.event.data.attributes;
        let same = |key: &str| key.replace('_', "-") == name.replace('_', "-");
        attributes.iter().find(|(key, _)| same(key)).map(|(_, value)| value)
    }

    /// All attributes as the notification has them.
    #[must_use]
    pub fn attributes(&self) -> &BTreeMap<String, Value> {
        &self.event.data.attributes
    }

    /// Members of the notification's `data` that were there and could not be read: `attributes` as a whole.
    #[must_use]
    pub fn unreadable(&self) -> &Unreadable {
        &self.event.data.unreadable
    }

    /// What the signature covers.
    #[must_use]
    pub fn signed(&self) -> Signed {
        self.signed
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("name", self.name())
            .field("id", &self.id())
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}
