//! What `smartsync probe` has counted. Constants, so that nothing that a service sent can be among them.

// Contracts.

pub const DATA_FIELDS_OF_OWNER: &str = "data fields with a custom id in `_private_ownerside`";
pub const DATA_FIELDS_AT_TOP: &str = "data fields with a custom id of their own";
pub const DATA_FIELDS_IN_BOTH: &str = "data fields with a custom id in both places";
pub const PARTICIPANTS_WITHOUT_TIMES: &str = "participants without times";
pub const PARTICIPANTS_WITH_BOTH: &str = "participants with both members, and the time when they were added";
pub const PARTICIPANTS_OTHERWISE: &str = "participants, some of them with times";
pub const PARTIES_WITH_SIDE: &str = "parties with `my_party`";
pub const PARTIES_WITHOUT_SIDE: &str = "parties without `my_party`";
pub const EVENTS: &str = "events on the first page";
pub const EVENTS_REFUSED: &str = "refusals of the list of events";
pub const EVENTS_OF_PARTICIPANTS: &str = "events of participants";
pub const EVENTS_OF_OTHERS: &str = "events, none of a participant";
pub const LISTED_WITH_PARTIES: &str = "contracts that are listed with parties, without data fields";
pub const LISTED_BARE: &str = "contracts that are listed without parties and data fields";
pub const LISTED_WHOLE: &str = "contracts that are listed with parties and data fields";
pub const SAME_LISTS: &str = "answers, both the list";
pub const REDIRECTS_TO_OTHER: &str = "redirects to the other address";
pub const NOT_FOUND: &str = "addresses that are not found";
pub const REDIRECTS: &str = "redirects";
pub const FILES: &str = "answers with the file itself";
pub const OTHER_ANSWERS: &str = "other answers";
pub const TIMES_WITHOUT_COLON: &str = "times without a colon in the offset";
pub const TIMES_WITH_COLON: &str = "times with a colon in the offset";
pub const TIMES_OTHERWISE: &str = "times of another form";

// Lists.

pub const ARRAYS: &str = "arrays without `data` around them";
pub const PAGES: &str = "pages with `data`";
pub const WEBHOOKS_WITH_WEBHOOK_ID: &str = "webhooks with `webhook_id`";
pub const WEBHOOKS_WITH_ID: &str = "webhooks with `id`";
pub const WEBHOOKS_WITH_BOTH: &str = "webhooks with both";
pub const LAST_WITHOUT_NEXT: &str = "last pages without `next`";
pub const LAST_WITH_NULL: &str = "last pages whose `next` is null";
pub const LAST_WITH_NULL_ADDRESS: &str = "last pages whose `next` has a null address";
pub const FILTERED_WORKSPACES: &str = "workspaces that a filter for nothing lists";
pub const FILTER_REFUSED: &str = "refusals of the filter";
pub const INTEGRATION: &str = "`integration` with `id` and `key`";
pub const TOKEN_OTHERWISE: &str = "accounts that say something else of the token";
pub const PARAMETERS: &str = "parameters that are named as members";
pub const REFUSALS_OTHERWISE: &str = "refusals in another form";
pub const SPEAKING_OF_LIMIT: &str = "answers that speak of the limit";

// Candidates.

pub const LISTED_WITH_VALUES: &str = "candidates of a list with values";
pub const FAILED_WITH_VALUES: &str = "failures of a list with values";
pub const INCLUDE_REFUSED: &str = "refusals of the include";
pub const VALUES_WITH_DEFINITIONS: &str = "values with their definitions";
pub const VALUES_NAMING_FIELD: &str = "values that name their field only";
pub const VALUES_OTHERWISE: &str = "values, some with their definitions";
pub const FILTERED_CUSTOM_FIELDS: &str = "custom fields that a filter for nothing lists";
pub const FIELDS_WITHOUT_OWNER: &str = "fields that do not say whose they are";
pub const FIELDS_OF_JOBS: &str = "fields whose owner contains `job`";
pub const BY_NUMBER: &str = "lists by number";
pub const BY_CURSOR: &str = "lists by cursor";
pub const BY_CURSOR_AND_NUMBER: &str = "lists by cursor, beside some by number";
pub const WITHOUT_HEADERS: &str = "answers without such headers";
pub const SAME_REMAINDER: &str = "answers that say the same";
pub const OTHER_REMAINDERS: &str = "different numbers of requests that are left";
pub const DELETED_CANDIDATES: &str = "candidates that were deleted";
pub const DELETED_DRAFTS: &str = "drafts that were deleted";
pub const CREATE_AND_DELETE: &str = "a create and a delete";
pub const CAPITALS: &str = "addresses with capital letters";
pub const FOUND_BY_ADDRESS: &str = "candidates found by their address";
pub const FOUND_BY_PART: &str = "candidates found by a part of their address";
pub const TAKEN_ADDRESSES: &str = "refusals of an address that is another's";
pub const SECOND_VALUES: &str = "second values";
pub const CHANGED_VALUES: &str = "values that were changed";
pub const WRITTEN_VALUES: &str = "values that were written";
pub const CHECKBOXES: &str = "checkboxes";
pub const NUMBERS: &str = "numbers";
pub const DECIMALS: &str = "numbers with a decimal";
pub const DATES: &str = "dates";
pub const SELECTS: &str = "selects";
pub const MULTI_SELECTS: &str = "selects with several choices";
pub const BAD_ATTRIBUTES: &str = "updates with one bad attribute";
pub const WAYS_TO_CLEAR: &str = "ways to clear a text";
pub const NAMED_PARTICIPANTS: &str = "participants with a custom id";
pub const DRAFTS_WITH_VALUE: &str = "drafts with a value";
pub const FIELDS_OF_DRAFTS: &str = "data fields";
pub const EMPTY_FIELDS: &str = "data fields without a value";
pub const CHANGED_FIELDS: &str = "data fields that were changed";
pub const LISTED_DRAFTS: &str = "drafts in the list";
pub const UNLISTED_DRAFTS: &str = "drafts that the list does not have yet";
pub const DRAFTS_WITH_AMOUNT: &str = "drafts with an amount";
