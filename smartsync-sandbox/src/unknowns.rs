//! What no page of the two services confirms, as one of the answers that are possible: each makes another world.
//!
//! The facts are those of `facts.toml` of both clients, under the same names.

mod oneflow_contract_files;
mod oneflow_contract_lists;
mod oneflow_contract_members;
mod oneflow_lists;
mod oneflow_unknowns;
mod teamtailor_cards;
mod teamtailor_definitions;
mod teamtailor_paging_and_limits;
mod teamtailor_unknowns;

use serde::{Deserialize, Serialize};

pub use self::{
    oneflow_contract_files::{FileAddress, TrailingSlash},
    oneflow_contract_lists::{ContractEvents, ContractListParties, ParticipantEvents},
    oneflow_contract_members::{CustomIdPlace, MyParty, ParticipantTimes, TimesForm},
    oneflow_lists::{
        OneflowRateHeaders, PageEnds, ProblemMembers, TokenInfo, WebhookIdPlace, WebhookList,
        WorkspaceFilters,
    },
    oneflow_unknowns::OneflowUnknowns,
    teamtailor_cards::{ListsWithValues, NestedInclude},
    teamtailor_definitions::{CustomFieldFilter, OwnerType},
    teamtailor_paging_and_limits::{PagingForm, TeamtailorRateHeaders},
    teamtailor_unknowns::TeamtailorUnknowns,
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
