#![doc = include_str!("../guide/overview.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(feature = "demo")]
pub mod drill;
pub mod engine;
mod files;
mod page;
pub mod server;
pub mod setup;
pub mod store;
#[doc(hidden)]
pub mod words;

// The programs of the README compile, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use oneflow_client::ContractId;

pub use self::{
    config::{Config, ConfigError, ConfigFile},
    engine::OpenError,
    server::{Backoff, ServeError, Server, router},
    setup::{CheckReport, Registration, check},
    store::{Inbox, SqliteLedger, Store, StoreError},
};
