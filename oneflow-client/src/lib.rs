#![doc = include_str!("../README.md")]

mod client;
mod contract;
mod data_field_key;
mod download;
mod file_address;
mod file_part;
#[rustfmt::skip]
mod generated;
pub mod guide;
mod page;
mod problem;
mod time_range;
pub mod webhook;
mod webhook_id;
mod webhook_rule;

pub use smartsync_transport as transport;
pub use smartsync_transport::{
    ApiClient, ConfigError, DecodeError, Endpoint, Error, ExposeSecret, Items, Lenient, PageError, Paged,
    Pages, Patch, Problem, RetryPolicy, SecretString, Sleep, Timestamp, Transport, TransportError, Url,
};

pub use self::{
    client::{Oneflow, OneflowClient, OneflowClientBuilder},
    data_field_key::DataFieldKey,
    download::DownloadError,
    file_address::FileAddress,
    file_part::FilePart,
    generated::*,
    page::{Page, PageLink, PageLinks},
    time_range::TimeRange,
};
