//! What may be read, and what for. What is written has the name of its field, which is the same in every language.

// What is read.

pub(crate) const SIGNED_DOCUMENT: &str = "the signed document";
pub(crate) const CONTRACT: &str = "the contract";
pub(crate) const HISTORY: &str = "the history of the contract";
pub(crate) const NEWEST_CONTRACTS: &str = "up to 1,000 contracts";
pub(crate) const SENT_CONTRACTS: &str = "the contracts that were sent";
pub(crate) const TEMPLATE: &str = "the template";
pub(crate) const TEMPLATE_TYPES: &str = "the template types";
pub(crate) const DATA_FIELDS: &str = "the data fields";
pub(crate) const ACCOUNT: &str = "the account";
pub(crate) const WORKSPACES: &str = "the workspaces";
pub(crate) const WEBHOOKS: &str = "the webhooks";
pub(crate) const TOKEN: &str = "whether the token is accepted";
pub(crate) const CANDIDATE: &str = "the candidate, with values and file names";
pub(crate) const CANDIDATES: &str = "the candidates of an e-mail address, with values and file names";
pub(crate) const ONE_CANDIDATE: &str = "one candidate";
pub(crate) const COMPANY: &str = "the company";
pub(crate) const CUSTOM_FIELDS: &str = "the custom fields";
pub(crate) const OPTIONS: &str = "the options of selects";

// What it is read for.

pub(crate) const TO_SYNC: &str = "to sync a contract";
pub(crate) const TO_SYNC_ALL: &str = "to sync all of them";
pub(crate) const TO_CONFIRM_ADDRESS: &str = "to confirm a link by a participant's address";
pub(crate) const TO_FIND_CREATED: &str = "to find one that an earlier attempt created";
pub(crate) const TO_CREATE: &str = "to create a contract";
pub(crate) const TO_CHECK: &str = "to check the mapping";
pub(crate) const TO_CHECK_AND_CREATE: &str = "to check the mapping and to create a contract";
pub(crate) const TO_COMPARE_ACCOUNTS: &str = "to make sure that the credentials belong to the right account";
pub(crate) const TO_SEE_ACCOUNT: &str = "to see which account the credentials belong to";
pub(crate) const TO_CHECK_CREDENTIALS: &str = "to check the credentials";
pub(crate) const TO_ATTACH: &str = "to attach it";
pub(crate) const TO_PASS_ON: &str = "to pass it to the document host; without credentials";
pub(crate) const TO_READ_CARD: &str = "to read the card";
pub(crate) const TO_FIND_CANDIDATE: &str = "to find a contract's candidate";
pub(crate) const TO_KNOW_TYPES: &str = "to know their types";
pub(crate) const TO_MATCH_OPTIONS: &str = "to match them by name";
pub(crate) const TO_FIND_WEBHOOKS: &str = "to find other webhooks";
pub(crate) const TO_LIST_WEBHOOKS: &str = "to list them, and to avoid registering one twice";

// What is written, or what for.

pub(crate) const CONTRACT_NAME: &str = "the contract's name, if one is given";
pub(crate) const CANDIDATE_SIGNS: &str = "the candidate signs";
pub(crate) const CANDIDATE_IS_INVITED: &str = "the candidate is invited";
pub(crate) const LINK: &str = "the signed link to the candidate";
pub(crate) const INVITATION: &str = "the invitation, if one is given";
pub(crate) const DOCUMENT_BY_ADDRESS: &str = "the signed document, by its address";
pub(crate) const TO_REGISTER: &str = "to register one";
pub(crate) const TO_REMOVE: &str = "to remove one";
pub(crate) const BY_CONVENTION_FROM_DATA_FIELD: &str =
    "by the convention, from a data field with this name, with or without `oneflow-`";
pub(crate) const BY_CONVENTION_FROM_CUSTOM_FIELD: &str =
    "by the convention, from a custom field with this name and the prefix `oneflow-`";

pub(crate) fn by_convention_from(field: &str) -> String {
    format!("by the convention, from `{field}`")
}

/// `fields`: the names of all that it comes from.
pub(crate) fn mapped_from(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    format!("mapped from {}", fields.join(", "))
}
