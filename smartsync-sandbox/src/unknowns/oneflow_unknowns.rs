//! What is not known of Oneflow: a member for each fact of its `facts.toml`, by the name of the fact.

use serde::{Deserialize, Serialize};

use super::{
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
};

/// What is not known of Oneflow, each as one of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OneflowUnknowns {
    /// Where the custom id of a data field stands in a contract.
    pub custom_id_place: CustomIdPlace,
    /// Whether the data fields of a contract say when they were made and when they were changed last.
    pub data_field_times: DataFieldTimes,
    /// Whether participants say when they were added and when they were changed last.
    pub participant_times: ParticipantTimes,
    /// Whether each party says if it is the caller's own (`my_party`).
    pub my_party: MyParty,
    /// Whether a custom id that a participant is given with a new contract is kept, and shown to the owner side.
    pub participant_custom_id: ParticipantCustomId,
    /// What a data field without a value holds.
    pub value_when_empty: ValueWhenEmpty,
    /// How times are written.
    pub times_form: TimesForm,
    /// Whether a data field that changes moves `updated_time` of its contract.
    pub changes_move_updated_time: ChangesMoveUpdatedTime,
    /// What `GET /contracts/{id}` answers for a contract that was deleted.
    pub deleted_contract: DeletedContract,
    /// What the contracts of a list have of what `GET /contracts/{id}` shows.
    pub contract_list_parties: ContractListParties,
    /// In which order contracts are listed where none is asked for.
    pub contract_list_order: ContractListOrder,
    /// Whether a contract is in the list as soon as it was made.
    pub contract_list_lag: ContractListLag,
    /// Whether the events of a contract can be listed at `/contracts/{id}/events`.
    pub contract_events: ContractEvents,
    /// Whether a contract's events include those of its participants.
    pub participant_events: ParticipantEvents,
    /// Which lists below a contract take `limit=all`.
    pub limit_all: LimitAll,
    /// Whether the answer to a create shows the data fields with the values that were sent.
    pub create_answer_values: CreateAnswerValues,
    /// Whether the answer to a publish shows the contract as sent.
    pub publish_answer: PublishAnswer,
    /// Whether a new contract takes its value (`value`).
    pub new_contract_value: NewContractValue,
    /// What becomes of a value for a data field with `source = system` in a new contract.
    pub integration_field_writes: IntegrationFieldWrites,
    /// With which status creates and deletes succeed.
    pub success_statuses: SuccessStatuses,
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
    /// Whether a new webhook takes its sign key in `sign_key`.
    pub webhook_sign_key: WebhookSignKey,
    /// How the signature of a notification is written.
    pub webhook_signature_form: WebhookSignatureForm,
    /// Whether a notification of a webhook without a sign key has a signature.
    pub webhook_unsigned: WebhookUnsigned,
}
