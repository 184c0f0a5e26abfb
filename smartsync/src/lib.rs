#![doc = include_str!("../README.md")]

mod config;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(feature = "demo")]
pub mod drill;
mod engine;
mod files;
mod server;
mod setup;
mod store;

// The front page of the project compiles, too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod front_page {}

pub use oneflow_client::ContractId;

pub use self::{
    config::{
        CONFIG_SCHEMA, Config, ConfigError, ConfigFile, DEFAULT_FILE, Diagnostics, Fault, LimitsSection,
        OneflowSection, SCHEMA_FILE, SchemaFileError, SecretError, SecretSource, SecretSources,
        ServerSection, StoreSection, StoreUrl, TeamtailorSection, WebhookPath, read_schemas, save_schemas,
        schema_file_of,
    },
    engine::{LimitWait, LimitWaits, OpenError, SchemasError, SentContracts, sent_contracts},
    files::{new_key, write_new_key},
    server::{Backoff, ServeError, Server, lifecycle as serve, router},
    setup::{
        Adoption, CheckReport, Finding, RegisterError, Registered, Registration, Subject, Verdict, check,
        check_offline, webhooks,
    },
    store::{
        Accepted, Claim, Dropped, Due, Erased, Inbox, KeepBases, OTHER_ACCOUNT, Parked, ServerLock, Setback,
        SqliteLedger, Store, StoreError, StoreKeyError,
    },
};
