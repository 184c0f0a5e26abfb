//! Recent contracts that nothing links to a candidate, and what to write where they are candidates' all the same.

use std::collections::BTreeSet;

use oneflow_client::{
    OneflowClient, TemplateTypeId, WorkspaceId,
    contracts::{Contract, ContractSort, ContractState, ListContracts},
};
use smartsync_core::{
    Mapping,
    link::LinkToken,
    mapping::{DocumentSettings, LinkMethod},
};

use crate::{
    config::StoreUrl,
    setup::finding::{Finding, Subject},
    store::{Tenant, database_file},
    words::commands::unlinked as words,
};

/// So many contracts are looked at: one page, those that were sent last.
const MAX_CONTRACTS: u32 = 100;

/// What is to be known of contracts that were sent lately and that neither carry a link nor are bound in the database.
/// `None` where there are none, where the mapping
/// looks for another link than a list shows, and where the list cannot be had: who may not read it, is told so elsewhere.
pub(crate) async fn unlinked(
    mapping: &Mapping,
    client: &OneflowClient,
    store: &StoreUrl,
    tenant: &Tenant,
) -> Option<Finding> {
    let link = &mapping.sync.link;
    // An address links what it links, and a list has no data fields.
    if link.iter().any(|method| matches!(method, LinkMethod::Email | LinkMethod::DataField)) {
        return None;
    }
    let list = ListContracts::new().limit(MAX_CONTRACTS).sort([ContractSort::PublishedTimeDescending]);
    let page = client.send(&list).await.ok()?;
    let mut sent = 0;
    let mut lacking = Vec::new();
    for contract in page.into_items().filter_map(Result::ok) {
        // Without a template type it has no data fields, so there is nothing to sync.
        if let Some(template_type) = template_type(&contract)
            && is_kept_in_step(&contract, template_type, mapping)
        {
            sent += 1;
            if !carries_link(&contract) {
                lacking.push((contract.id, template_type));
            }
        }
    }
    // A database that cannot be read is told elsewhere.
    let ids = lacking.iter().map(|(contract, _)| *contract);
    let is_means = link.contains(&LinkMethod::Ledger);
    let bound = store.path().and_then(|database| database_file::bound(database, tenant, ids, is_means).ok());
    let bound = bound.unwrap_or_default();
    lacking.retain(|(contract, _)| !bound.contains(contract));
    let count = lacking.len();
    let kinds: BTreeSet<i64> = lacking.into_iter().map(|(_, kind)| kind.get()).collect();
    (count > 0).then(|| {
        Finding::warning(Subject::Configuration, words::unlinked(count, sent), advice(mapping, &kinds))
    })
}

fn advice(mapping: &Mapping, kinds: &BTreeSet<i64>) -> String {
    let methods: Vec<String> = mapping
        .sync
        .link
        .iter()
        .chain([&LinkMethod::Email])
        .map(|method| serde_json::to_string(method).unwrap_or_default())
        .collect();
    let link = format!("`link = [{}]`", methods.join(", "));
    let has_scope = !(mapping.sync.template_types.is_empty() && mapping.sync.workspaces.is_empty());
    let ids: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    let scope = format!("`template_types = [{}]`", ids.join(", "));
    let lines: &[&str] = if has_scope { &[&link] } else { &[&link, &scope] };

    words::next(lines, &advice_on_documents(&mapping.sync.document))
}

/// What to write for the signed documents of these contracts as well; nothing where they are not wanted, or are had already.
fn advice_on_documents(document: &DocumentSettings) -> String {
    if !document.attach || document.by_email {
        return String::new();
    }
    let is_default = *document == DocumentSettings::default();
    words::documents(if is_default { words::DOCUMENT_LINE } else { words::LINE_IN_DOCUMENT })
}

fn template_type(contract: &Contract) -> Option<TemplateTypeId> {
    contract.private_ownerside.as_ref()?.template_type_id
}

/// Whether the contract is one that the sync is for: out for signature or signed, and within the scope.
fn is_kept_in_step(contract: &Contract, template_type: TemplateTypeId, mapping: &Mapping) -> bool {
    let workspace: Option<WorkspaceId> = contract.private.as_ref().and_then(|private| private.workspace_id);
    let (template_types, workspaces) = (&mapping.sync.template_types, &mapping.sync.workspaces);
    matches!(contract.state, Some(ContractState::Pending | ContractState::Signed))
        && (template_types.is_empty() || template_types.contains(&template_type))
        && (workspaces.is_empty() || workspace.is_some_and(|workspace| workspaces.contains(&workspace)))
}

/// Whether a participant carries what looks like a token; whose it is, a look at the contract finds out.
fn carries_link(contract: &Contract) -> bool {
    let mut texts = contract
        .counterparty_participants()
        .filter_map(|(_, participant)| participant.private_ownerside.as_ref()?.custom_id.as_deref());
    texts.any(LinkToken::is_form_of)
}
