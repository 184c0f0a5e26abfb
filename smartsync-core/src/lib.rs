#![doc = include_str!("../README.md")]

mod candidate;
mod contract;
mod creation;
mod diagnostic;
mod engine;
mod keys;
mod ledger;
mod link;
mod mapping;
mod outcome;
mod permissions;
mod plan;
mod value;

pub use oneflow_client::{ContractId, PublishMessage, TemplateId, TemplateTypeId, WorkspaceId};
pub use secrecy::SecretString;
pub use teamtailor_client::CandidateId;

#[cfg(feature = "test-util")]
pub use self::ledger::{LedgerFault, LedgerRule, ledger_conformance};
pub use self::{
    candidate::{
        CandidateField, CandidateSnapshot, CardFile, DefaultField, Definition, Definitions, HeldValue,
        UnknownCandidateField,
    },
    contract::{CONTRACT_STATE, ContractSnapshot, DataFieldSnapshot, Signer},
    creation::{ContractRequest, CreationPlan, PreflightProblem},
    diagnostic::{Diagnostic, DiagnosticCode, Place, PlacePart, Related, Severity, Spot},
    engine::{
        ChangeLimit, Clock, ContractReads, CreatedContract, DocumentHost, DocumentHostError, Engine,
        EngineBuilder, EngineError, LinkError, LinkedByHand, Next, Report, Retry, SignedDocument,
    },
    keys::{Accounts, DocumentMark, KeyError, SyncKeys},
    ledger::{
        CardEntry, CardField, Creation, Digest, DocumentRecord, InvalidRequestId, Ledger, LedgerChange,
        LedgerEntry, LedgerError, MemoryLedger, Overwrites, RequestId, Updated, WriteAttempt,
    },
    link::{ForgedToken, LinkToken},
    mapping::convention,
    mapping::{
        CheckedField, CheckedMapping, DataFieldSchema, Direction, DocumentSettings, FieldMapping,
        FileNameError, FileNameTemplate, InvalidMapping, LinkMeans, Mapping, MappingFile, Moment, OnConflict,
        OnEmpty, OnFirstSight, OneflowSchema, Rules, Schemas, SyncSettings, TemplateTypeSchema,
        WorkspaceSchema, nearest,
    },
    outcome::{DocumentOutcome, FieldOutcome, Outcome, Reason},
    permissions::{Access, Fence, Fenced, OutsidePermissions, Permission, Permissions},
    plan::{
        Base, Decision, FieldTimes, FieldUpdate, FieldWrite, Plan, PlanInput, Sides, State, Step, Touched,
        plan, three_way, touched,
    },
    value::{
        ChoiceOption, ChoiceOptions, Country, Currency, DateOrder, Decimal, DecimalMark, FieldFormat,
        FieldType, FieldValue, Locale, ONEFLOW_MAX_CHARACTERS, PhoneNumber, UnknownCountry, UnknownCurrency,
        ValueError,
    },
};
