//! What is not known of Teamtailor: a member for each fact of its `facts.toml`, by the name of the fact.

use serde::{Deserialize, Serialize};

use super::{
    teamtailor_cards::{
        DeletedCandidate, EmailFilter, IncludedCap, ListsWithValues, NestedInclude, PrivateFields,
    },
    teamtailor_definitions::{ApiVersion, CustomFieldFilter, OptionList, OwnerType},
    teamtailor_paging_and_limits::{PagingForm, RetryAfter, TeamtailorRateHeaders},
    teamtailor_uploads::{UploadFetch, UploadInternal, UploadName},
    teamtailor_value_forms::{
        CheckboxReadForm, DateReadForm, EmailReadForm, MultiSelectReadForm, NumberReadForm, SelectReadForm,
    },
    teamtailor_writes::{
        NumberWrittenForm, OneBadAttribute, SelectOwnerKind, SelectWriteForm, TakenWords, ValuePostedTwice,
        ValuesMoveUpdatedAt, WriteAnswer,
    },
};

/// What is not known of Teamtailor, each as one of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TeamtailorUnknowns {
    /// As what a checkbox is read back.
    pub checkbox_read_form: CheckboxReadForm,
    /// As what a number is read back.
    pub number_read_form: NumberReadForm,
    /// As what a select with one choice is read back.
    pub select_read_form: SelectReadForm,
    /// As what a select with several choices is read back.
    pub multi_select_read_form: MultiSelectReadForm,
    /// As what a date is read back.
    pub date_read_form: DateReadForm,
    /// Whether an e-mail address is kept as it was written.
    pub email_read_form: EmailReadForm,
    /// Whether the definitions of custom fields come along with the values (`custom-field-values.custom-field`).
    pub nested_include: NestedInclude,
    /// Whether everything that a candidate has comes along, however much it is.
    pub included_cap: IncludedCap,
    /// Whether a key sees private and hidden fields.
    pub private_fields: PrivateFields,
    /// Whether a list of candidates can include their custom field values.
    pub lists_with_values: ListsWithValues,
    /// What `filter[email]` finds.
    pub email_filter: EmailFilter,
    /// What a request for a candidate who was deleted is answered.
    pub deleted_candidate: DeletedCandidate,
    /// How a custom field says that it belongs to jobs, and whether a job may have a value.
    pub owner_type: OwnerType,
    /// Whether the options of one select can be listed (`GET /custom-field-options`, `filter[custom-field]`).
    pub option_list: OptionList,
    /// Whether custom fields can be asked for by their api-name.
    pub custom_field_filter: CustomFieldFilter,
    /// Whether the version of the API that the client asks for is the newest, and what differs from the documentation of 2021.
    pub api_version: ApiVersion,
    /// What a `POST` of a value does where the field has one.
    pub value_posted_twice: ValuePostedTwice,
    /// As what the choice of a select is written.
    pub select_write_form: SelectWriteForm,
    /// As which type a select is named by a value that is written (`custom-fields` or `custom-field-selects`).
    pub select_owner_kind: SelectOwnerKind,
    /// Whether a number with decimals, written as a number, is kept as it is.
    pub number_written_form: NumberWrittenForm,
    /// Whether one attribute that is refused refuses the whole update of a candidate.
    pub one_bad_attribute: OneBadAttribute,
    /// How a refusal says that a value is there, or an address is another candidate's.
    pub taken_words: TakenWords,
    /// Whether the answer to a write shows what was written.
    pub write_answer: WriteAnswer,
    /// Whether a custom field value that changes moves `updated-at` of its candidate, and whether a write over the API is notified.
    pub values_move_updated_at: ValuesMoveUpdatedAt,
    /// When Teamtailor fetches the file whose address it is given, and with which limits.
    pub upload_fetch: UploadFetch,
    /// Whether a file keeps the name that it was uploaded with, and shows it at once.
    pub upload_name: UploadName,
    /// What `internal` says of a file that was uploaded over the API.
    pub upload_internal: UploadInternal,
    /// Which paging the lists have that are used here: by number or by cursor.
    pub paging_form: PagingForm,
    /// Whether the rate limit in the headers is that of the moment.
    pub rate_headers: TeamtailorRateHeaders,
    /// Whether a 429 says how long to wait (`Retry-After`).
    pub retry_after: RetryAfter,
}
