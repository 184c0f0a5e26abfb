//! What is not known of Oneflow: a member for each fact of its `facts.toml`, by the name of the fact.

use serde::{Deserialize, Serialize};

use super::{
    oneflow_contract_files::{FileAddress, TrailingSlash},
    oneflow_contract_lists::{ContractEvents, ContractListParties, ParticipantEvents},
    oneflow_contract_members::{CustomIdPlace, MyParty, ParticipantTimes, TimesForm},
    oneflow_lists::{
        OneflowRateHeaders, PageEnds, ProblemMembers, TokenInfo, WebhookIdPlace, WebhookList,
        WorkspaceFilters,
    },
};

/// What is not known of Oneflow, each as one of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OneflowUnknowns {
    /// Where the custom id of a data field stands in a contract.
    pub custom_id_place: CustomIdPlace,
    /// Whether participants say when they were added and when they were changed last.
    pub participant_times: ParticipantTimes,
    /// Whether each party says if it is the caller's own (`my_party`).
    pub my_party: MyParty,
    /// How times are written.
    pub times_form: TimesForm,
    /// What the contracts of a list have of what `GET /contracts/{id}` shows.
    pub contract_list_parties: ContractListParties,
    /// Whether the events of a contract can be listed at `/contracts/{id}/events`.
    pub contract_events: ContractEvents,
    /// Whether a contract's events include those of its participants.
    pub participant_events: ParticipantEvents,
    /// How a page says that there is none behind it.
    pub page_ends: PageEnds,
    /// Whether workspaces can be asked for by name or id.
    pub workspace_filters: WorkspaceFilters,
    /// Whether `GET /webhooks` answers a page or a bare array.
    pub webhook_list: WebhookList,
    /// In which member a webhook has its id.
    pub webhook_id_place: WebhookIdPlace,
    /// What an account says of the token of the request.
    pub token_info: TokenInfo,
    /// What stands in `parameter_problems` of a refusal.
    pub problem_members: ProblemMembers,
    /// Whether answers say how much of the rate limit is left, or how long to wait.
    pub rate_headers: OneflowRateHeaders,
    /// What a request for the file of a contract answers.
    pub file_address: FileAddress,
    /// Whether an address without a slash at its end is as good as one with it.
    pub trailing_slash: TrailingSlash,
}
