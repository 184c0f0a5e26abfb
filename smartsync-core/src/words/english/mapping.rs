//! What is wrong with a mapping at a place of it, and what to write there instead. What a code means in general is beside this.

use std::fmt::Display;

/// What to write.
pub(crate) fn write(what: &str) -> String {
    format!("write {what}")
}

pub(crate) const REMOVE_IT: &str = "remove it";

// The form of the file.

pub(crate) const THE_FILE: &str = "the file";
pub(crate) const THE_MAPPING: &str = "the mapping";
pub(crate) const AN_ENTRY: &str = "an entry";

pub(crate) const NULL: &str = "null";
pub(crate) const A_BOOLEAN: &str = "a boolean";
pub(crate) const A_NUMBER: &str = "a number";
pub(crate) const A_STRING: &str = "a string";
pub(crate) const A_LIST: &str = "a list";
pub(crate) const A_TIME: &str = "a date or a time";
pub(crate) const A_TABLE: &str = "a table";

pub(crate) const WRITE_BOOLEAN: &str = "`true` or `false`, without quotes";
pub(crate) const WRITE_NUMBER: &str = "a number, without quotes";
pub(crate) const WRITE_STRING: &str = "a string, in quotes";
pub(crate) const WRITE_LIST: &str = "a list, in square brackets";
pub(crate) const WRITE_TABLE: &str = "a table of keys and values";
pub(crate) const WRITE_ENTRIES: &str = "`[[field]]`, in double square brackets, above each entry";

/// `is`: one of the kinds above.
pub(crate) fn wrong_type(key: &str, is: &str) -> String {
    format!("`{key}` is {is}")
}

pub(crate) fn wrong_type_of_item(key: &str, is: &str) -> String {
    format!("an item of `{key}` is {is}")
}

/// `table`: its name.
pub(crate) fn unknown_key(key: &str, table: &str) -> String {
    format!("unknown key `{key}` in {table}")
}

pub(crate) fn known_keys(keys: &str) -> String {
    format!("remove it; the known keys are {keys}")
}

pub(crate) fn missing_key(key: &str) -> String {
    format!("the entry is missing `{key}`")
}

pub(crate) const MISSING_ONEFLOW: &str = "write `oneflow = \"...\"` with the custom_id of a data field";
pub(crate) const MISSING_TEAMTAILOR: &str = "write `teamtailor = \"custom:...\"` with the api-name of a custom field, or a default field such as \"phone\"";

pub(crate) fn unknown_word(word: &str, key: &str) -> String {
    format!("`{word}` is not a valid value for `{key}`")
}

pub(crate) const INVALID_ID: &str = "this number is not a valid id";
pub(crate) const INVALID_ID_HELP: &str = "write the id that Oneflow shows: a whole number above 0";

pub(crate) const FILE_NAME_WITHOUT_ID: &str =
    "the file name does not contain `({contract_id})`, which identifies the document on the card";
pub(crate) const FILE_NAME_WITHOUT_ID_HELP: &str = "add `({contract_id})`, including the parentheses";
pub(crate) const UNKNOWN_PLACEHOLDER: &str = "the file name has an unknown placeholder";
pub(crate) const UNKNOWN_PLACEHOLDER_HELP: &str =
    "use `{contract_name}` and `{contract_id}` only, and no other braces";
pub(crate) const FILE_NAME_TOO_LONG: &str = "the file name is longer than file systems allow";
pub(crate) const FILE_NAME_TOO_LONG_HELP: &str =
    "shorten it to at most 255 bytes, not counting the contract's name";

pub(crate) fn unknown_country(code: &str) -> String {
    format!("`{code}` is not a known country code")
}

pub(crate) const UNKNOWN_COUNTRY_HELP: &str = "write the two-letter country code in capitals, such as \"SE\"";

pub(crate) fn unknown_currency(code: &str) -> String {
    format!("`{code}` is not a known currency code")
}

pub(crate) const UNKNOWN_CURRENCY_HELP: &str =
    "write the three-letter currency code in capitals, such as \"SEK\"";

pub(crate) const CUSTOM_WITHOUT_NAME: &str = "`custom:` is not followed by a name";
pub(crate) const CUSTOM_WITHOUT_NAME_HELP: &str =
    "write the api-name of a custom field after it, as in `custom:start-date`";

pub(crate) fn unknown_candidate_field(field: &str) -> String {
    format!("`{field}` is not a candidate field")
}

pub(crate) fn candidate_fields(defaults: &str) -> String {
    format!("write `custom:<api-name>` for a custom field, or one of {defaults}")
}

pub(crate) fn unsupported_schemas(theirs: impl Display, ours: impl Display) -> String {
    format!(
        "the saved schemas have format version {theirs}, but this version of SmartSync reads version {ours}"
    )
}

pub(crate) const UNSUPPORTED_SCHEMAS_HELP: &str =
    "save them again with the version of SmartSync that will read them";

// `[sync]`.

pub(crate) const UNUSED_FILE_NAME: &str = "the file name has no effect because no document is attached";
pub(crate) const REMOVE_OR_ATTACH: &str = "remove it, or set `attach = true`";
pub(crate) const NOTHING_MAPPED: &str =
    "nothing is synced: there are no entries, and the convention and documents are turned off";
pub(crate) const NOTHING_MAPPED_HELP: &str = "add a `[[field]]` entry, or set `convention = true`";
pub(crate) const NO_LINK: &str = "`link` is empty, so no candidate would ever be found";
pub(crate) const NO_LINK_HELP: &str = "remove it, or write `[\"ledger\", \"participant_custom_id\"]`";
pub(crate) const NO_LINK_DATA_FIELD: &str =
    "`data_field` needs a data field, but `link_data_field` is not set";
pub(crate) const NO_LINK_DATA_FIELD_HELP: &str =
    "set `link_data_field = \"...\"` to the custom_id of a data field, or remove `data_field`";
pub(crate) const LINK_DATA_FIELD_UNUSED: &str =
    "`link_data_field` has no effect because `link` does not contain `data_field`";
pub(crate) const LINK_DATA_FIELD_UNUSED_HELP: &str =
    "add `\"data_field\"` to `link`, or remove `link_data_field`";
pub(crate) const BY_EMAIL_WITHOUT_LINK: &str =
    "`by_email` applies to contracts linked by `email`, which is not in `link`";
pub(crate) const BY_EMAIL_WITHOUT_LINK_HELP: &str = "add `\"email\"` to `link`, or remove `by_email`";
pub(crate) const BY_EMAIL_UNUSED: &str = "`by_email` has no effect because no document is attached";
pub(crate) const EMAIL_WITHOUT_SCOPE: &str = "`email` would link any contract in the account, including those that have nothing to do with a candidate";
pub(crate) const EMAIL_WITHOUT_SCOPE_HELP: &str = "set `template_types = [...]` or `workspaces = [...]` in `[sync]` to the ids used for candidates' \
                                                   contracts, or remove `email`";

pub(crate) fn link_data_field_mapped(key: &str) -> String {
    format!("the data field `{key}` holds the link to the candidate, so it can hold nothing else")
}

pub(crate) const LINK_DATA_FIELD_MAPPED_HELP: &str =
    "map another data field, or set another one in `link_data_field`";
pub(crate) const NAMED_FOR_LINK: &str = "named for the link here";

/// Both in backticks.
pub(crate) fn link_data_field_paired(oneflow: &str, teamtailor: &str) -> String {
    format!("the convention pairs the data field {oneflow} with {teamtailor}")
}

pub(crate) const LINK_DATA_FIELD_PAIRED_HELP: &str =
    "choose a data field for the link that has no counterpart in Teamtailor";
pub(crate) const REPEATED_ITEM: &str = "this item is already in the list";
pub(crate) const REPEATED_ITEM_HELP: &str = "remove one of them";
pub(crate) const FIRST_LISTED: &str = "first listed here";

/// `fields`: their names.
pub(crate) fn numbers_with_two_readings(fields: &str) -> String {
    format!("a number such as 1.234 in {fields} may be ambiguous, and is then not written back")
}

pub(crate) const DECIMAL_HELP: &str =
    "set `locale = { decimal = \"comma\" }` or `\"point\"`, whichever the contracts use";

pub(crate) fn dates_with_two_readings(fields: &str) -> String {
    format!("a date such as 03/04/2031 in {fields} may be ambiguous, and is then not written back")
}

pub(crate) const DATE_ORDER_HELP: &str =
    "set `locale = { date_order = \"dmy\" }` or `\"mdy\"`, whichever the contracts use";

// An entry by itself.

pub(crate) const EMPTY_KEY: &str = "the name of the data field is empty";
pub(crate) const EMPTY_KEY_HELP: &str =
    "write the custom_id of a data field, which Oneflow shows as \"external key\"";

pub(crate) fn unknown_property(property: &str) -> String {
    format!("a contract has no property `{property}`")
}

pub(crate) const WRITE_STATE: &str = "write `contract:state`";
pub(crate) const ONLY_STATE: &str =
    "write `contract:state`, the only property, or the custom_id of a data field without `contract:`";
pub(crate) const STATE_DIRECTION: &str =
    "the contract's state can be copied to the card, but never written to the contract";
pub(crate) const STATE_DIRECTION_HELP: &str = "write `direction = \"to_teamtailor\"`";

pub(crate) fn state_type(kind: impl Display) -> String {
    format!("a field of type {kind} cannot hold the contract's state")
}

pub(crate) const STATE_TYPE_HELP: &str = "use a field of type text or choice";

pub(crate) fn wrong_default_type(field: &str, kind: impl Display) -> String {
    format!("`{field}` holds values of type {kind}")
}

pub(crate) const WRONG_DEFAULT_TYPE_HELP: &str = "remove `type`";

/// `why`: one of those below.
pub(crate) fn without_effect(key: &str, why: &str) -> String {
    format!("`{key}` has no effect: {why}")
}

pub(crate) const NOT_WRITTEN_BACK: &str = "nothing is written back from contracts";
pub(crate) const ALWAYS_A_STATE: &str = "a contract always has a state";
pub(crate) const ONLY_EMAIL_NEEDS_IT: &str = "only writing back `email` needs it";
pub(crate) const IDENTITY_NOT_ALLOWED: &str =
    "anyone who has the contract's link could change the candidate's e-mail address";
pub(crate) const IDENTITY_NOT_ALLOWED_HELP: &str =
    "set `direction = \"to_oneflow\"` to only prefill it, or `allow_identity = true` to write it back anyway";
pub(crate) const CLEARED_UNSIGNED: &str =
    "anyone who has the contract's link could clear the candidate's value before everyone has signed";
pub(crate) const CLEARED_UNSIGNED_HELP: &str =
    "also set `when = \"all_signed\"`, or set `on_empty = \"keep\"`";
pub(crate) const EMAIL_NOT_CLEARED: &str =
    "Teamtailor requires an e-mail address for every candidate who was not sourced";
pub(crate) const EMAIL_NOT_CLEARED_HELP: &str = "write `on_empty = \"keep\"`";

pub(crate) fn unused_locale(key: &str, kind: impl Display) -> String {
    format!("`{key}` has no effect on values of type {kind}")
}

pub(crate) fn unused_locale_help(kind: impl Display) -> String {
    format!("remove it; it only applies to values of type {kind}")
}

pub(crate) fn outside_sync(key: &str) -> String {
    format!("none of these is listed in `{key}` of `sync`, so the entry applies to no contract")
}

pub(crate) fn outside_sync_help(key: &str) -> String {
    format!("add one of them to `{key}` of `sync`, or remove the entry")
}

pub(crate) const ONLY_THESE: &str = "only these contracts are synced";

// Entries against each other, and against the convention.

pub(crate) fn duplicate_entry(oneflow: &str, teamtailor: impl Display) -> String {
    format!("`{oneflow}` and `{teamtailor}` are also paired in another entry")
}

pub(crate) const DUPLICATE_ENTRY_HELP: &str =
    "keep one of the entries; `direction = \"both\"` covers both directions";

pub(crate) fn data_field_twice(oneflow: &str) -> String {
    format!("`{oneflow}` is also paired with another candidate field")
}

pub(crate) const DATA_FIELD_TWICE_HELP: &str =
    "keep one of the entries, or give them `template_types` or `workspaces` that do not overlap";

pub(crate) fn two_sources(teamtailor: impl Display) -> String {
    format!("`{teamtailor}` would also be written from another data field")
}

pub(crate) const TWO_SOURCES_HELP: &str = "set `direction = \"to_oneflow\"` in all but one of the entries, or give them `template_types` or `workspaces` that do not overlap";

pub(crate) fn types_differ(teamtailor: impl Display) -> String {
    format!("`{teamtailor}` is written with a different `type` in another entry")
}

pub(crate) const TYPES_DIFFER_HELP: &str = "set the same `type` in all of them: otherwise one entry would take what another has written for a person's edit";
pub(crate) const ALSO_HERE: &str = "also here";

/// `fields`: their names.
pub(crate) fn convention_of_system(fields: &str) -> String {
    format!("the convention pairs {fields}, but Oneflow would ignore values written there")
}

pub(crate) const CONVENTION_OF_SYSTEM_HELP: &str = "if these fields only need to be written back, nothing needs to be done (a default field needs an entry of its own); otherwise create data fields of your own";
pub(crate) const CONVENTION_REPEATED: &str = "the entry repeats what the convention already does";
pub(crate) const CONVENTION_REPEATED_HELP: &str = "remove the entry";

/// `pairs`: each as `data-field = candidate-field`.
pub(crate) fn convention_replaced(pairs: &str) -> String {
    format!("the entry replaces {pairs} of the convention")
}

pub(crate) const CONVENTION_REPLACED_HELP: &str = "if this is intended, nothing needs to be done";

// What Oneflow has.

pub(crate) fn unknown_template_type(id: impl Display) -> String {
    format!("Oneflow has no template type {id}, or the Oneflow user has no access to it")
}

pub(crate) const NO_TEMPLATE_TYPE: &str = "give the Oneflow user access to a template type";

/// `known`: ids with names.
pub(crate) fn use_template_type(known: &str) -> String {
    format!("use the id of a template type that exists: {known}")
}

pub(crate) fn unknown_workspace(id: impl Display) -> String {
    format!("Oneflow has no workspace {id}, or the Oneflow user has no access to it")
}

pub(crate) const NO_WORKSPACE: &str = "give the Oneflow user access to a workspace";

/// `known`: ids with names.
pub(crate) fn use_workspace(known: &str) -> String {
    format!("use the id of a workspace that exists: {known}")
}

pub(crate) fn unknown_data_field(key: &str) -> String {
    format!("Oneflow has no data field `{key}`")
}

pub(crate) const CREATE_DATA_FIELD: &str = "create a data field with this custom_id in Oneflow";

/// `make`: one of the texts that say what to create; `names`: those that there are.
pub(crate) fn make_or_use(make: &str, names: &str) -> String {
    format!("{make}, or use an existing one, such as {names}")
}

/// `types`: the names of template types.
pub(crate) fn data_field_elsewhere(key: &str, types: &str) -> String {
    format!("the data field `{key}` exists only on other template types: {types}")
}

/// `has_more`: whether more template types have it than the ids that are named.
pub(crate) fn data_field_elsewhere_help(ids: &[String], has_more: bool) -> String {
    let others = if has_more { " or another of them" } else { "" };
    format!("add {}{others} to `template_types`, or use another data field", ids.join(" or "))
}

pub(crate) fn data_field_inactive(key: &str) -> String {
    format!("the data field `{key}` is inactive in Oneflow")
}

pub(crate) const DATA_FIELD_INACTIVE_HELP: &str = "activate it in Oneflow, or use another data field";

pub(crate) fn data_field_of_system(key: &str) -> String {
    format!(
        "the data field `{key}` belongs to a Oneflow integration, and Oneflow ignores values that others write to it"
    )
}

pub(crate) const DATA_FIELD_OF_SYSTEM_HELP: &str =
    "set `direction = \"to_teamtailor\"`, or use a data field that a user has created";
pub(crate) const LINK_DATA_FIELD_OF_SYSTEM_HELP: &str = "use a data field that a user has created";

/// `types`: template types, as ids with names.
pub(crate) fn link_not_on_all(key: &str, types: &str) -> String {
    format!(
        "the data field `{key}` does not exist on {types}, so the candidates of those contracts cannot be found through it"
    )
}

pub(crate) const LINK_NOT_ON_ALL_HELP: &str =
    "create it there in Oneflow, or limit `template_types` of `sync` to those that have it";

// What Teamtailor has.

pub(crate) fn ambiguous_custom_field(name: &str, count: usize) -> String {
    format!("Teamtailor has {count} custom fields with the api-name `{name}`")
}

/// `ids`: as a mapping has them.
pub(crate) fn write_id(ids: &str) -> String {
    format!("write the id of the one you mean: {ids}")
}

pub(crate) fn custom_field_of_jobs(name: &str) -> String {
    format!("the custom field `{name}` belongs to jobs, not to candidates")
}

pub(crate) const CUSTOM_FIELD_OF_JOBS_HELP: &str =
    "create a custom field for candidates in Teamtailor, and use its api-name";

pub(crate) fn unknown_custom_field(name: &str) -> String {
    format!("Teamtailor has no candidate custom field `{name}`")
}

pub(crate) const CREATE_CUSTOM_FIELD: &str = "create a custom field with this api-name in Teamtailor";

pub(crate) fn without_custom(field: &str) -> String {
    format!("write `{field}` without `custom:`: every candidate has this field")
}

/// `field`: as a mapping has it.
pub(crate) fn its_api_name(field: &str) -> String {
    format!("write {field}: that is its api-name")
}

pub(crate) fn unknown_field_type(name: &str) -> String {
    format!("the custom field `{name}` has a type that this version does not know")
}

pub(crate) const UNKNOWN_FIELD_TYPE_HELP: &str = "set the type of its values, as in `type = \"text\"`";

pub(crate) fn type_mismatch(name: &str, held: impl Display, kind: impl Display) -> String {
    format!("the custom field `{name}` is of type {held} and cannot hold values of type {kind}")
}

pub(crate) const TYPE_MISMATCH_HELP: &str = "remove `type`, or use another custom field";

pub(crate) fn lossy_both(name: &str, kind: impl Display) -> String {
    format!("values of type {kind} in the text field `{name}` do not come back as they were entered")
}

pub(crate) fn lossy_both_help(kind: impl Display) -> String {
    format!("set `direction = \"to_teamtailor\"`, or use a custom field of type {kind}")
}

pub(crate) fn select_without_options(name: &str) -> String {
    format!("the select `{name}` has no options, so no value can be written to it")
}

pub(crate) const SELECT_WITHOUT_OPTIONS_HELP: &str = "add options to it in Teamtailor";

/// `states`: those that lack one.
pub(crate) fn state_without_option(name: &str, states: &str) -> String {
    format!("the select `{name}` has no option for the states {states}")
}

pub(crate) const STATE_WITHOUT_OPTION_HELP: &str =
    "add an option with each of these names in Teamtailor, or use a text field";
