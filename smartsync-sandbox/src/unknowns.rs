//! What no page of the two services confirms, as one of the answers that are possible: each makes another world.
//!
//! The facts are those of `facts.toml` of both clients, under the same names.

mod oneflow_contract_files;
mod oneflow_contract_lists;
mod oneflow_contract_members;
mod oneflow_creating;
mod oneflow_lists;
mod oneflow_notifications;
mod oneflow_unknowns;
mod teamtailor_cards;
mod teamtailor_definitions;
mod teamtailor_paging_and_limits;
mod teamtailor_unknowns;
mod teamtailor_uploads;
mod teamtailor_value_forms;
mod teamtailor_writes;

use serde::{Deserialize, Serialize};

pub use self::{
    oneflow_contract_files::{FileAddress, TrailingSlash},
    oneflow_contract_lists::{
        ContractEvents, ContractListLag, ContractListOrder, ContractListParties, LimitAll, ParticipantEvents,
    },
    oneflow_contract_members::{
        ChangesMoveUpdatedTime, CustomIdPlace, DataFieldTimes, DeletedContract, MyParty, ParticipantCustomId,
        ParticipantTimes, TimesForm, ValueWhenEmpty,
    },
    oneflow_creating::{
        CreateAnswerValues, IntegrationFieldWrites, NewContractValue, PublishAnswer, SuccessStatuses,
    },
    oneflow_lists::{
        OneflowRateHeaders, PageEnds, ProblemMembers, TokenInfo, WebhookIdPlace, WebhookList,
        WorkspaceFilters,
    },
    oneflow_notifications::{WebhookSignKey, WebhookSignatureForm, WebhookUnsigned},
    oneflow_unknowns::OneflowUnknowns,
    teamtailor_cards::{
        DeletedCandidate, EmailFilter, IncludedCap, ListsWithValues, NestedInclude, PrivateFields,
    },
    teamtailor_definitions::{ApiVersion, CustomFieldFilter, OptionList, OwnerType},
    teamtailor_paging_and_limits::{PagingForm, RetryAfter, TeamtailorRateHeaders},
    teamtailor_unknowns::TeamtailorUnknowns,
    teamtailor_uploads::{UploadFetch, UploadInternal, UploadName},
    teamtailor_value_forms::{
        CheckboxReadForm, DateReadForm, EmailReadForm, MultiSelectReadForm, NumberReadForm, SelectReadForm,
    },
    teamtailor_writes::{
        NumberWrittenForm, OneBadAttribute, SelectOwnerKind, SelectWriteForm, TakenWords, ValuePostedTwice,
        ValuesMoveUpdatedAt, WriteAnswer,
    },
};

/// Which answer is true of each fact. By default the sandbox reads the documentation as its README says.
///
/// It has a form in JSON, in which facts and answers have the names of `facts.toml`; a fact that is left out is as by default.
///
/// ```
/// use smartsync_sandbox::{Sandbox, SandboxSettings, unknowns::{Unknowns, WebhookList}};
///
/// let mut unknowns = Unknowns::read(r#"{ "oneflow": { "times-form": "with-colon" } }"#)?;
/// unknowns.oneflow.webhook_list = WebhookList::Array;
/// let sandbox = Sandbox::new(SandboxSettings::new().unknowns(unknowns));
/// # let _ = sandbox;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Unknowns {
    /// Those of Oneflow.
    pub oneflow: OneflowUnknowns,
    /// Those of Teamtailor.
    pub teamtailor: TeamtailorUnknowns,
}

impl Unknowns {
    /// Reads the form in JSON.
    ///
    /// # Errors
    ///
    /// When it is something else, or names a fact or an answer that there is not.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
