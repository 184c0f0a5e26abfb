#![doc = include_str!("../README.md")]

mod backoff;
mod check;
mod clients;
mod config;
#[cfg(feature = "demo")]
pub mod demo;
mod http_server;
mod inbox;
mod receiver;
mod secret_source;
mod sent_contracts;
pub mod serve;
mod sqlite_ledger;
mod store;
mod store_key;
pub mod webhooks;
mod worker;

// The front page of the project compiles, too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod front_page {}

pub use oneflow_client::ContractId;

pub use self::{
    backoff::Backoff,
    check::{Finding, Subject, Verdict, check},
    config::{
        Config, ConfigError, DEFAULT_FILE, Fault, OneflowSection, ServerSection, StoreSection, StoreUrl,
        TeamtailorSection, WebhookPath,
    },
    inbox::{Accepted, Claim, Due, Inbox, Parked},
    receiver::router,
    secret_source::{SecretError, SecretSource, SecretSources},
    sent_contracts::{SentContracts, sent_contracts},
    serve::{ServeError, Server},
    sqlite_ledger::{Erased, SqliteLedger},
    store::{ServerLock, Store, StoreError},
    store_key::StoreKeyError,
    webhooks::{RegisterError, Registration},
};
