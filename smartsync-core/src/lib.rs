#![doc = include_str!("../guide/overview.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod candidate;
pub mod contract;
pub mod creation;
pub mod diagnostic;
pub mod engine;
pub mod facts;
pub mod guide;
pub mod keys;
pub mod ledger;
pub mod link;
pub mod mapping;
pub mod outcome;
pub mod permissions;
pub mod plan;
pub mod value;
mod words;

#[doc(no_inline)]
pub use oneflow_client::{
    self,
    transport::{Transport, async_trait, jiff},
};
#[doc(no_inline)]
pub use teamtailor_client;

pub use oneflow_client::{ContractId, TemplateId, TemplateTypeId, WorkspaceId, contracts::PublishMessage};
pub use secrecy::SecretString;
pub use teamtailor_client::CandidateId;

pub use self::{
    creation::{ContractRequest, CreationPlan},
    diagnostic::Diagnostic,
    engine::{ChangeLimit, Clock, CreatedContract, Engine, EngineBuilder, EngineError, Next, Report, Retry},
    keys::{Accounts, KeyError, SyncKeys},
    ledger::{Ledger, LedgerEntry, LedgerError, MemoryLedger, RequestId},
    mapping::{FieldMapping, Mapping, Schemas},
    outcome::{DocumentOutcome, FieldOutcome, Outcome, Reason},
    plan::{FieldUpdate, Plan, Step},
};

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
