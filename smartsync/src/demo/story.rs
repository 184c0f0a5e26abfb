//! What happened.

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync_core::{FieldOutcome, Report};

use crate::demo::{CandidateCard, MadeRequest};

/// What happened in the demo, for printing.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Story {
    /// The contract that was made.
    pub contract: ContractId,
    /// The candidate's card at the beginning.
    pub before: CandidateCard,
    /// The candidate's card at the end.
    pub after: CandidateCard,
    /// What became of each field when the contract was made.
    pub filled_in: Vec<FieldOutcome>,
    /// What each look of the server did, in order.
    pub reports: Vec<Report>,
    /// Every request that the services got, in order.
    pub requests: Vec<MadeRequest>,
}

impl MadeRequest {
    /// What the request was for, in words.
    #[must_use]
    pub fn purpose(&self) -> &str {
        match self.operation.as_str() {
            "create_webhook" => "have notifications sent here",
            "list_webhooks" => "see that no webhook is registered twice",
            "get_candidate" => "read the candidate's card",
            "list_custom_fields" => "learn the types of the custom fields",
            "list_custom_field_options" => "learn the options of a select",
            "get_template" => "see that the template can be used",
            "get_template_type" => "see which data fields the template has",
            "create_contract" => "make the contract, filled in",
            "publish_contract" => "send the contract",
            "get_contract" => "see how the contract stands now",
            "update_candidate" => "write the changed default fields",
            "create_custom_field_value" => "write a custom field that was empty",
            "update_custom_field_value" => "write a custom field that was changed",
            "get_file" | "get_file_address" | "download_file" => "ask where the signed document is",
            "create_upload" => "have the signed document put on the card",
            other => other,
        }
    }
}
