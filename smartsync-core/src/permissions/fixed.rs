//! What a program asks for beside an engine: its own small lists, which no mapping changes.

use std::sync::Arc;

use oneflow_client::Url;

use super::{Permissions, Rows, Source};
use crate::words::permissions as words;

impl Permissions {
    /// For a check of the credentials and of what there is: reads only.
    #[must_use]
    pub fn to_read(oneflow: &Url, teamtailor: &Url) -> Self {
        let mut rows = Rows::default();
        rows.read(oneflow, "/ping", words::TOKEN, words::TO_CHECK_CREDENTIALS);
        rows.read(oneflow, "/accounts/me", words::ACCOUNT, words::TO_SEE_ACCOUNT);
        rows.read(oneflow, "/webhooks", words::WEBHOOKS, words::TO_FIND_WEBHOOKS);
        rows.read(oneflow, "/contracts", words::SENT_CONTRACTS, words::TO_SYNC_ALL);
        rows.read(oneflow, "/template_types", words::TEMPLATE_TYPES, words::TO_CHECK);
        rows.read(oneflow, "/template_types/{id}", words::DATA_FIELDS, words::TO_CHECK);
        rows.read(oneflow, "/workspaces", words::WORKSPACES, words::TO_CHECK);
        rows.read(teamtailor, "/company", words::COMPANY, words::TO_CHECK_CREDENTIALS);
        rows.read(teamtailor, "/candidates", words::ONE_CANDIDATE, words::TO_CHECK_CREDENTIALS);
        rows.read(teamtailor, "/custom-fields", words::CUSTOM_FIELDS, words::TO_CHECK);
        rows.read(teamtailor, "/custom-field-options", words::OPTIONS, words::TO_CHECK);
        Self::fixed(rows)
    }

    /// To list, register and remove the webhooks of the Oneflow account.
    #[must_use]
    pub fn of_webhooks(oneflow: &Url) -> Self {
        let mut rows = Rows::default();
        rows.read(oneflow, "/webhooks", words::WEBHOOKS, words::TO_LIST_WEBHOOKS);
        rows.write(oneflow, ("POST", "/webhooks"), "webhook", words::TO_REGISTER);
        rows.write(oneflow, ("DELETE", "/webhooks/{id}"), "webhook", words::TO_REMOVE);
        Self::fixed(rows)
    }

    fn fixed(rows: Rows) -> Self {
        let rows = rows.sorted();
        Self { source: Arc::new(Source::Fixed(rows.clone())), rows, has_document_host: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::{Access, Permission};

    fn hash(rows: &[Permission]) -> String {
        Permissions::fixed(Rows(rows.to_vec())).hash()
    }

    #[test]
    fn the_hash_is_the_same_in_every_language() {
        let oneflow = "https://api.oneflow.com/v1".parse().unwrap();
        let rows = Permissions::of_webhooks(&oneflow).rows;
        let mut in_another = rows.clone();
        for row in &mut in_another {
            "dazu".clone_into(&mut row.why);
            if row.access == Access::Read {
                "die Webhooks".clone_into(&mut row.what);
            }
        }
        assert_eq!(hash(&in_another), hash(&rows));
        let mut of_another_field = rows.clone();
        let write = of_another_field.iter_mut().find(|row| row.access == Access::Write).unwrap();
        "another".clone_into(&mut write.what);
        assert_ne!(hash(&of_another_field), hash(&rows));
    }
}
