#![doc = include_str!("../guide/overview.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod contract;
mod data_field;
mod data_field_key;
mod download;
mod file_address;
mod file_part;
mod generated;
pub mod guide;
pub mod page;
mod participant;
mod problem;
mod time_range;
pub mod webhook;
mod webhook_id;
mod webhook_rule;

pub use smartsync_transport as transport;
#[cfg(feature = "test-util")]
pub use smartsync_transport::test_util;
pub use smartsync_transport::{
    ByteSink, ConfigError, Error, PageError, Patch, RetryPolicy, SecretString, Sleep, Timestamp, Transport,
    Url, async_trait, http, jiff,
};

#[doc(no_inline)]
pub use self::ids::*;
pub use self::{
    client::{Oneflow, OneflowClient, OneflowClientBuilder},
    data_field_key::DataFieldKey,
    file_address::FileAddress,
    file_part::FilePart,
    generated::*,
    page::Page,
    time_range::TimeRange,
};

/// What no page of Oneflow confirms and SmartSync leans on, in TOML: the file `facts.toml`, whose head explains its keys. `smartsync_core::facts` reads it.
pub const FACTS: &str = include_str!("../facts.toml");

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
