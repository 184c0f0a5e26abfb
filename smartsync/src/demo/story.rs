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
    /// What the request was for, in a few words: a table of requests fits into 80 columns.
    #[must_use]
    pub fn purpose(&self) -> &str {
        match self.operation.as_str() {
            "create_webhook" => "register the webhook",
            "list_webhooks" => "see that it is not there",
            "get_account" | "get_company" => "see whose account it is",
            "get_candidate" => "read the card",
            "list_custom_fields" => "learn the custom fields",
            "list_custom_field_options" => "learn a select's options",
            "get_template" => "check the template",
            "get_template_type" => "learn its data fields",
            "list_workspaces" => "check the workspace",
            "create_contract" => "make the contract",
            "publish_contract" => "send the contract",
            "get_contract" => "read the contract",
            "update_candidate" => "change default fields",
            "create_custom_field_value" => "fill in a custom field",
            "update_custom_field_value" => "change a custom field",
            "get_file" | "get_file_address" | "download_file" => "ask for the document",
            "create_upload" => "attach the document",
            other => other,
        }
    }
}
