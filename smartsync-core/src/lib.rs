#![doc = include_str!("../README.md")]

mod accounting;
mod accounts;
mod apply;
mod candidate_by_address;
mod candidate_field;
mod card_entry;
mod card_origin;
mod change_limit;
mod checked_mapping;
mod clock;
mod contract_reads;
mod contract_state;
pub mod convention;
mod create;
mod definitions;
mod definitions_cache;
mod diagnostic;
mod digest;
mod document;
mod document_host;
mod document_mark;
mod document_on_card;
mod engine;
mod engine_error;
mod fence;
mod field_look;
mod field_pair;
mod field_sides;
mod field_value;
mod file_name;
mod key_purpose;
mod key_text;
mod ledger;
mod ledger_change;
#[cfg(feature = "test-util")]
mod ledger_conformance;
mod link;
mod link_by_hand;
mod link_token;
mod made_here;
mod made_with;
mod mapping;
mod memory_ledger;
mod notification;
mod other_contracts;
mod outcome;
mod overwrites;
mod permissions;
mod plan;
mod prefill;
mod preflight;
mod public_address;
mod rank;
mod readable_items;
mod reason;
mod refusal;
mod report;
mod request_id;
mod schemas;
mod scope;
mod snapshot;
mod step;
mod sync_keys;
mod three_way;
mod touched;
mod unread_pairs;
mod work;
mod write_answer;
mod write_fields;

pub use oneflow_client::{
    ContractId, TemplateId, TemplateTypeId, WorkspaceId,
    contracts::PublishMessage,
    webhook::{Verifier, WebhookError},
};
pub use secrecy::SecretString;
pub use teamtailor_client::CandidateId;

#[cfg(feature = "test-util")]
pub use self::ledger_conformance::{LedgerFault, LedgerRule, ledger_conformance};
pub use self::{
    accounts::Accounts,
    candidate_field::{CandidateField, DefaultField, UnknownCandidateField},
    card_entry::{CardEntry, CardField, WriteAttempt},
    change_limit::ChangeLimit,
    checked_mapping::{CheckedField, CheckedMapping},
    clock::Clock,
    contract_reads::ContractReads,
    contract_state::CONTRACT_STATE,
    create::CreatedContract,
    definitions::{Definition, Definitions},
    diagnostic::{Diagnostic, DiagnosticCode, Place, PlacePart, Related, Severity, Spot},
    digest::Digest,
    document_host::{DocumentHost, DocumentHostError, SignedDocument},
    document_mark::DocumentMark,
    engine::{Engine, EngineBuilder},
    engine_error::{EngineError, InvalidMapping},
    fence::{Fence, Fenced, OutsidePermissions},
    field_value::{
        ChoiceOption, ChoiceOptions, Country, Currency, DateOrder, Decimal, DecimalMark, FieldFormat,
        FieldType, FieldValue, Locale, ONEFLOW_MAX_CHARACTERS, PhoneNumber, UnknownCountry, UnknownCurrency,
        ValueError,
    },
    file_name::{FileNameError, FileNameTemplate},
    ledger::{Creation, DocumentRecord, Ledger, LedgerEntry, LedgerError},
    ledger_change::LedgerChange,
    link_by_hand::{LinkError, LinkedByHand},
    link_token::{ForgedToken, LinkToken},
    mapping::{
        Direction, DocumentSettings, FieldMapping, LinkMeans, Mapping, Moment, OnConflict, OnEmpty,
        OnFirstSight, SyncSettings, compile, nearest,
    },
    memory_ledger::MemoryLedger,
    notification::verify,
    outcome::{DocumentOutcome, FieldOutcome, Outcome},
    overwrites::{Overwrites, Updated},
    permissions::{Access, Permission, Permissions},
    plan::{FieldUpdate, Plan, PlanInput, plan},
    prefill::{ContractRequest, CreationPlan},
    preflight::PreflightProblem,
    reason::Reason,
    report::{Next, Report, Retry},
    request_id::{InvalidRequestId, RequestId},
    schemas::{DataFieldSchema, OneflowSchema, Schemas, TemplateTypeSchema, WorkspaceSchema},
    snapshot::{CandidateSnapshot, CardFile, ContractSnapshot, DataFieldSnapshot, HeldValue, Signer},
    step::Step,
    sync_keys::{KeyError, SyncKeys},
    three_way::{Base, Decision, Rules, Sides, State, three_way},
    touched::{FieldTimes, Touched, touched},
};
