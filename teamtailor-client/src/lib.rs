#![doc = include_str!("../guide/overview.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod candidate_document;
mod candidate_pages;
mod choices;
mod client;
mod file_part;
mod generated;
pub mod guide;
pub mod jsonapi;
pub mod partner_webhook;
mod problem;
mod requisition;
mod signing;
mod team_or_job;
mod teamtailor_error;
pub mod webhook;
mod webhook_error;

pub use smartsync_transport as transport;
#[cfg(feature = "test-util")]
pub use smartsync_transport::test_util;
pub use smartsync_transport::{
    ConfigError, Error, PageError, Patch, RetryPolicy, SecretString, Sleep, Timestamp, Transport, Url,
    async_trait, http, jiff,
};

#[doc(no_inline)]
pub use self::ids::*;
pub use self::{
    candidate_document::FilledCustomField,
    candidate_pages::CandidatePages,
    choices::{ChoiceError, Choices},
    client::{
        AP_BASE_URL, DEFAULT_API_VERSION, EU_BASE_URL, NA_BASE_URL, Teamtailor, TeamtailorClient,
        TeamtailorClientBuilder,
    },
    file_part::FilePart,
    generated::*,
    team_or_job::TeamOrJob,
    teamtailor_error::TeamtailorError,
};

/// What no page of Teamtailor confirms and SmartSync leans on, in TOML: the file `facts.toml`, whose head explains its keys. `smartsync_core::facts` reads it.
pub const FACTS: &str = include_str!("../facts.toml");

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
