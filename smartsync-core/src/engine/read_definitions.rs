//! Reads Teamtailor's custom fields and the options of selects.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use teamtailor_client::{
    CustomFieldId, Error, PageError, TeamtailorClient,
    custom_field_options::ListCustomFieldOptions,
    custom_fields::{CustomField, CustomFieldType, ListCustomFields},
};

use super::{readable_items::readable_items, refusal::is_of_this_request};
use crate::{
    candidate::{Definition, Definitions},
    mapping::Mapping,
    value::{ChoiceOption, ChoiceOptions, FieldType},
};

/// The most items that Teamtailor puts on a page.
const PAGE_SIZE: u32 = 30;

impl Definitions {
    /// Reads Teamtailor's custom fields, and the options of those selects that the mapping may use: what
    /// [`plan`](fn@crate::plan::plan) needs. The engine does so by itself; this is for who reads both services alone.
    ///
    /// What cannot be decoded is left out: fields that need it are held, with the reason why.
    ///
    /// # Errors
    ///
    /// [`Error`] where the service gave no answer to go by.
    pub async fn read(teamtailor: &TeamtailorClient, mapping: &Mapping) -> Result<Self, Error> {
        let (definitions, _) = Self::read_where(teamtailor, |field| mapping.may_use(field), None).await?;
        Ok(definitions)
    }

    /// Reads all definitions, and the options of those selects that `is_wanted`. What cannot be decoded is left out, be it an
    /// item or a whole list; of the lists, the last one's error comes along.
    ///
    /// # Errors
    ///
    /// [`Error`] where the service gave no answer to go by: without credentials, or a service, no list can be read.
    pub(crate) async fn read_where(
        teamtailor: &TeamtailorClient,
        is_wanted: impl Fn(&Definition) -> bool,
        read_at: Option<Timestamp>,
    ) -> Result<(Self, Option<PageError>), Error> {
        let mut unread_list = None;
        let list = teamtailor.pages(ListCustomFields::new().page_size(PAGE_SIZE));
        let (listed, mut lacks_names) = match readable_items(list.items()).await {
            Ok(read) => read,
            // A key that may read no custom field is a fault of the key, which a person has to see.
            Err(PageError::Request(error)) if !error.is_decode() => return Err(error),
            Err(error) => {
                unread_list = Some(error);
                (Vec::new(), true)
            }
        };
        let (mut fields, mut twice, mut has_unreadable) = (BTreeMap::new(), BTreeSet::new(), false);
        for field in &listed {
            let is_lost = |member: &&str| field.attributes.unreadable.contains(member);
            lacks_names |= is_lost(&"api-name") || field.unreadable.contains("attributes");
            has_unreadable |= ["field-type", "owner-type"].iter().any(is_lost);
            let definition = definition(field);
            // Of two fields of one id that differ, neither is the right one.
            if *fields.entry(definition.id.clone()).or_insert_with(|| definition.clone()) != definition {
                twice.insert(definition.id);
            }
        }
        lacks_names |= !twice.is_empty();
        has_unreadable |= lacks_names;
        let mut fields: Vec<Definition> =
            fields.into_values().filter(|field| !twice.contains(&field.id)).collect();
        for field in &mut fields {
            if field.is_candidates && field.is_select() && is_wanted(field) {
                match read_options(teamtailor, field.id.clone()).await {
                    Ok((options, has_unread_option)) => {
                        field.options = options;
                        has_unreadable |= has_unread_option;
                    }
                    Err(PageError::Request(error)) if !is_of_this_request(&error) => return Err(error),
                    Err(error) => {
                        unread_list = Some(error);
                        has_unreadable = true;
                    }
                }
            }
        }
        Ok((Self::new(fields).with_reading(read_at, has_unreadable, lacks_names), unread_list))
    }
}

/// The definition in an answer.
fn definition(field: &CustomField) -> Definition {
    let attributes = &field.attributes;
    // The spelling of the owner type is not documented.
    let is_jobs = attributes.owner_type.as_deref().is_some_and(|owner| owner.to_lowercase().contains("job"));
    Definition {
        id: field.id.clone(),
        api_name: attributes.api_name.clone(),
        name: attributes.name.clone(),
        kind: attributes.field_type.as_ref().and_then(field_type),
        is_candidates: !is_jobs,
        options: ChoiceOptions::default(),
    }
}

fn field_type(kind: &CustomFieldType) -> Option<FieldType> {
    Some(match kind {
        CustomFieldType::Text => FieldType::Text,
        CustomFieldType::Email => FieldType::Email,
        CustomFieldType::Url => FieldType::Url,
        CustomFieldType::Phone => FieldType::Phone,
        CustomFieldType::Date => FieldType::Date,
        CustomFieldType::Checkbox => FieldType::Checkbox,
        CustomFieldType::Number => FieldType::Number,
        CustomFieldType::Select => FieldType::Choice,
        CustomFieldType::MultiSelect => FieldType::Choices,
        CustomFieldType::Unknown(_) | _ => return None,
    })
}

/// Reads the options of a select, and whether there are any that could not be read.
pub(crate) async fn read_options(
    teamtailor: &TeamtailorClient,
    field: CustomFieldId,
) -> Result<(ChoiceOptions, bool), PageError> {
    let list = ListCustomFieldOptions::new().custom_field([field]).page_size(PAGE_SIZE);
    let (options, mut has_unreadable) = readable_items(teamtailor.pages(list).items()).await?;
    let mut labels = BTreeMap::new();
    let options = options.into_iter().filter_map(|option| {
        let label = option.attributes.value;
        // Of two options of one id that differ, neither is the right one, and a third may have lost its id to them.
        has_unreadable |= *labels.entry(option.id.clone()).or_insert_with(|| label.clone()) != label;
        has_unreadable |= label.is_none();
        Some(ChoiceOption::new(option.id.as_str(), label?))
    });
    let options = options.collect();
    Ok((options, has_unreadable))
}
