#![doc = include_str!("../README.md")]

mod client;
mod contract;
mod data_field;
mod file_address;
#[rustfmt::skip]
mod generated;
mod page;
mod problem;
pub mod webhook;
mod webhook_id;

pub use smartsync_transport as transport;
pub use smartsync_transport::{
    ApiClient, ConfigError, DecodeError, Endpoint, Error, ExposeSecret, Items, Lenient, PageError, Paged,
    Pages, Patch, Problem, RetryPolicy, SecretString, Sleep, Timestamp, Transport, TransportError, Url,
};

pub use self::{
    client::{Oneflow, OneflowClient, OneflowClientBuilder},
    data_field::DataFieldKey,
    file_address::FileAddress,
    generated::*,
    page::{Page, PageLink, PageLinks},
};
