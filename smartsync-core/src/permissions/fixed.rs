//! What a program asks for beside an engine: its own small lists, which no mapping changes.

use std::sync::Arc;

use oneflow_client::Url;

use super::{Permissions, Rows, Source};

impl Permissions {
    /// For a check of the credentials and of what there is: reads only.
    #[must_use]
    pub fn to_read(oneflow: &Url, teamtailor: &Url) -> Self {
        let mut rows = Rows::default();
        rows.read(oneflow, "/ping", "whether the token is accepted", "to check the credentials");
        rows.read(oneflow, "/accounts/me", "the account", "to see which account the credentials belong to");
        rows.read(oneflow, "/webhooks", "the webhooks", "to find other webhooks");
        rows.read(oneflow, "/contracts", "the contracts that were sent", "to sync all of them");
        rows.read(oneflow, "/template_types", "the template types", "to check the mapping");
        rows.read(oneflow, "/template_types/{id}", "the data fields", "to check the mapping");
        rows.read(oneflow, "/workspaces", "the workspaces", "to check the mapping");
        rows.read(teamtailor, "/company", "the company", "to check the credentials");
        rows.read(teamtailor, "/candidates", "one candidate", "to check the credentials");
        rows.read(teamtailor, "/custom-fields", "the custom fields", "to check the mapping");
        rows.read(teamtailor, "/custom-field-options", "the options of selects", "to check the mapping");
        Self::fixed(rows)
    }

    /// To list, register and remove the webhooks of the Oneflow account.
    #[must_use]
    pub fn of_webhooks(oneflow: &Url) -> Self {
        let mut rows = Rows::default();
        rows.read(oneflow, "/webhooks", "the webhooks", "to list them, and to avoid registering one twice");
        rows.write(oneflow, ("POST", "/webhooks"), "webhook", "to register one");
        rows.write(oneflow, ("DELETE", "/webhooks/{id}"), "webhook", "to remove one");
        Self::fixed(rows)
    }

    fn fixed(rows: Rows) -> Self {
        let rows = rows.sorted();
        Self { source: Arc::new(Source::Fixed(rows.clone())), rows, has_document_host: false }
    }
}
