#![doc = include_str!("../README.md")]

mod candidate_document;
mod client;
#[rustfmt::skip]
mod generated;
pub mod jsonapi;
mod problem;

pub use smartsync_transport as transport;
pub use smartsync_transport::{
    ApiClient, ConfigError, DecodeError, Endpoint, Error, ExposeSecret, Items, Lenient, PageError, Paged,
    Pages, Patch, Problem, RetryPolicy, SecretString, Sleep, Timestamp, Transport, TransportError, Url,
};

pub use self::{
    client::{
        AP_BASE_URL, DEFAULT_API_VERSION, EU_BASE_URL, NA_BASE_URL, Teamtailor, TeamtailorClient,
        TeamtailorClientBuilder,
    },
    generated::*,
};
