#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod action_error;
mod answer;
mod candidate_card;
mod candidate_files;
mod candidates_leave;
mod contract_card;
mod control;
mod counters;
mod custom_field_definitions;
mod editing;
mod fault;
mod faults;
mod hosts;
#[cfg(feature = "http")]
mod http_sandbox;
mod incoming;
mod json_text;
mod notifications;
mod oneflow;
mod origins;
mod participants;
mod pdf;
mod rate_limit;
mod request_log;
mod route;
mod sandbox;
pub mod schedule;
mod seed;
mod seeding;
mod settings;
mod shape;
mod signing;
mod state;
mod storage;
mod teamtailor;
mod template_type_fields;
mod transport;
pub mod unknowns;
mod wire;
mod wire_fault;
mod wire_faults;
mod world;
mod written_time;

#[cfg(feature = "http")]
pub use self::http_sandbox::{HttpSandbox, HttpSettings};
pub use self::{
    action_error::ActionError,
    candidate_card::CandidateCard,
    candidate_files::CandidateFile,
    contract_card::{ContractCard, ParticipantCard},
    control::{ControlAnswer, control},
    fault::{Fault, FaultError, PlannedFault},
    notifications::Acknowledged,
    origins::Origin,
    participants::OwnDetails,
    request_log::LoggedRequest,
    sandbox::Sandbox,
    seed::{
        CandidateSeed, ContractSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, SeededIds,
        TemplateSeed, TemplateTypeSeed,
    },
    settings::{Delegation, Merged, ReadBack, SandboxSettings},
    state::outbox::Notification,
    transport::{SandboxSleep, SandboxTransport},
    wire_fault::WireFault,
    wire_faults::{FaultyTransport, WireFaults},
};
