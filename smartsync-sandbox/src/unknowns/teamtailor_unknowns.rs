//! What is not known of Teamtailor: a member for each fact of its `facts.toml`, by the name of the fact.

use serde::{Deserialize, Serialize};

use super::{
    teamtailor_cards::{ListsWithValues, NestedInclude},
    teamtailor_definitions::{CustomFieldFilter, OwnerType},
    teamtailor_paging_and_limits::{PagingForm, TeamtailorRateHeaders},
};

/// What is not known of Teamtailor, each as one of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TeamtailorUnknowns {
    /// Whether the definitions of custom fields come along with the values (`custom-field-values.custom-field`).
    pub nested_include: NestedInclude,
    /// Whether a list of candidates can include their custom field values.
    pub lists_with_values: ListsWithValues,
    /// How a custom field says that it belongs to jobs, and whether a job may have a value.
    pub owner_type: OwnerType,
    /// Whether custom fields can be asked for by their api-name.
    pub custom_field_filter: CustomFieldFilter,
    /// Which paging the lists have that are used here: by number or by cursor.
    pub paging_form: PagingForm,
    /// Whether the rate limit in the headers is that of the moment.
    pub rate_headers: TeamtailorRateHeaders,
}
