//! Definitions of custom fields and their options.

use http::StatusCode;

use super::{check::Checked, page, refusal::Refusal, relationships::Kind};
use crate::{
    incoming::Incoming,
    unknowns::{CustomFieldFilter, OptionList},
    world::World,
};

/// Select fields and all others in one list.
pub(super) fn list(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    version: &str,
) -> Result<Vec<u8>, Refusal> {
    let works = world.teamtailor_unknowns().custom_field_filter == CustomFieldFilter::Works;
    let api_name = incoming.query("filter[api-name]").filter(|_| works);
    let fields = world.teamtailor.custom_fields.iter();
    let found = fields.filter(|(_, field)| api_name.is_none_or(|api_name| field.api_name == api_name));
    let keys = found.map(|(id, _)| (Kind::CustomField, id.clone())).collect();
    page::by_version(world, incoming, checked, keys, version)
}

pub(super) fn list_options(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
) -> Result<Vec<u8>, Refusal> {
    let works = match world.teamtailor_unknowns().option_list {
        OptionList::Filtered => true,
        OptionList::All => false,
        OptionList::Missing => return Err(Refusal::bare(StatusCode::NOT_FOUND)),
    };
    // One field, or several with commas between them.
    let fields = incoming.query("filter[custom-field]").filter(|_| works);
    let options = world.teamtailor.options.iter();
    let options = options.filter(|(_, option)| {
        fields.is_none_or(|fields| fields.split(',').any(|field| option.field == field))
    });
    let keys = options.map(|(id, _)| (Kind::CustomFieldOption, id.clone())).collect();
    page::in_every_version(world, incoming, checked, keys)
}
