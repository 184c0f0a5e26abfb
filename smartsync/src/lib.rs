#![doc = include_str!("../README.md")]

mod accounts;
mod adoption;
mod backoff;
mod blame;
mod check;
mod clients;
mod config;
mod connections;
mod database;
mod database_file;
#[cfg(feature = "demo")]
pub mod demo;
mod diagnostics;
#[cfg(feature = "demo")]
pub mod drill;
mod engine_source;
mod http_server;
mod inbox;
mod intake;
mod key_file;
mod key_names;
mod limit_wait;
mod look;
mod machine;
mod misfits;
mod outages;
mod readiness;
mod receiver;
mod refusals;
mod retention;
mod schema_file;
mod secret_source;
mod sent_contracts;
pub mod serve;
mod setback;
mod sign_key;
mod source_text;
mod sqlite_ledger;

mod store_key;
mod text_file;
mod things_to_do;
mod unlinked;
pub mod webhooks;
mod without_candidate;
mod without_values;
mod worker;

// The front page of the project compiles, too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod front_page {}

pub use oneflow_client::ContractId;

pub use self::{
    accounts::{Dropped, OTHER_ACCOUNT},
    adoption::Adoption,
    backoff::Backoff,
    check::{CheckReport, Finding, Subject, Verdict, check, check_offline},
    clients::{OpenError, SchemasError},
    config::{
        CONFIG_SCHEMA, Config, ConfigError, ConfigFile, DEFAULT_FILE, Fault, LimitsSection, OneflowSection,
        ServerSection, StoreSection, StoreUrl, TeamtailorSection, WebhookPath,
    },
    database::{ServerLock, Store, StoreError},
    diagnostics::Diagnostics,
    inbox::{Claim, Due, Inbox, Parked},
    intake::Accepted,
    key_file::{new_key, write_new_key},
    limit_wait::{LimitWait, LimitWaits},
    receiver::router,
    retention::KeepBases,
    schema_file::{SCHEMA_FILE, SchemaFileError, read_schemas, save_schemas, schema_file_of},
    secret_source::{SecretError, SecretSource, SecretSources},
    sent_contracts::{SentContracts, sent_contracts},
    serve::{ServeError, Server},
    setback::Setback,
    sqlite_ledger::{Erased, SqliteLedger},
    store_key::StoreKeyError,
    webhooks::{RegisterError, Registered, Registration},
};
