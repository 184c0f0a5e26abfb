//! Checks an entry against Teamtailor's custom fields.

use super::{
    super::entry::Entry, super::inventory::Inventory, super::nearest::MOST_NAMES, super::nearest::and_list,
    super::nearest::comma_list, super::nearest::or_list, super::nearest::quoted, super::view::View,
    known::make_or_write,
};
use crate::{
    candidate::{CandidateField, DefaultField, Definition},
    contract::STATE_WORDS,
    diagnostic::{Diagnostic, DiagnosticCode},
    mapping::rules::Direction,
    value::{FieldFormat, FieldType, ValueError},
};

pub(super) fn check(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(inventory), Some(CandidateField::Custom(name))) = (&view.inventory, entry.teamtailor()) else {
        return;
    };
    match view.definition(entry) {
        Some(definition) => known(inventory, entry, name, definition, found),
        None => found.push(unknown(entry, name, inventory)),
    }
}

fn unknown(entry: &Entry<'_>, name: &str, inventory: &Inventory<'_>) -> Diagnostic {
    let path = entry.at("teamtailor");
    let ids = inventory.schemas.teamtailor.ids_named(name);
    if !ids.is_empty() {
        let written: Vec<String> = ids.iter().take(MOST_NAMES + 1).map(|id| format!("custom:{id}")).collect();
        let written = written.iter().map(String::as_str);
        let written = if ids.len() > MOST_NAMES {
            format!("{}, ...", comma_list(written.take(MOST_NAMES)))
        } else {
            or_list(written)
        };
        return Diagnostic::at_value(
            DiagnosticCode::AmbiguousCustomField,
            path,
            format!("Teamtailor has {} custom fields with the api-name `{name}`", ids.len()),
            format!("write the id of the one you mean: {written}"),
        );
    }
    if inventory.custom_fields.is_of_jobs(name) {
        return Diagnostic::at_value(
            DiagnosticCode::CustomFieldOfJobs,
            path,
            format!("the custom field `{name}` belongs to jobs, not to candidates"),
            "create a custom field for candidates in Teamtailor, and use its api-name",
        );
    }
    Diagnostic::at_value(
        DiagnosticCode::UnknownCustomField,
        path,
        format!("Teamtailor has no candidate custom field `{name}`"),
        meant(name, inventory),
    )
}

/// What to write instead of a custom field that there is not.
fn meant(name: &str, inventory: &Inventory<'_>) -> String {
    let default = name.replace('-', "_");
    if DefaultField::ALL.iter().any(|field| field.as_str() == default) {
        return format!("write `{default}` without `custom:`: every candidate has this field");
    }
    let fields = &inventory.custom_fields;
    if let Some(api_name) = fields.of_seen_name(name) {
        return format!("write {}: that is its api-name", quoted(&format!("custom:{api_name}")));
    }
    if let Some((_, meant)) = fields.names.nearest(name, &inventory.work) {
        return format!("write {}", quoted(&format!("custom:{meant}")));
    }
    let known = fields.names.by_nearness(name, MOST_NAMES, &inventory.work).into_iter();
    let known: Vec<String> = known.map(|(_, name)| CandidateField::custom(name).to_string()).collect();
    make_or_write("create a custom field with this api-name in Teamtailor", known.iter().map(String::as_str))
}

fn known(
    inventory: &Inventory<'_>,
    entry: &Entry<'_>,
    name: &str,
    definition: &Definition,
    found: &mut Vec<Diagnostic>,
) {
    match (entry.kind(), definition.kind) {
        (None, None) if entry.reads("type") => found.push(Diagnostic::at_value(
            DiagnosticCode::UnknownFieldType,
            entry.at("teamtailor"),
            format!("the custom field `{name}` has a type that this version does not know"),
            "set the type of its values, as in `type = \"text\"`",
        )),
        (Some(kind), Some(held)) if !held.can_hold(kind) => found.push(Diagnostic::at_value(
            DiagnosticCode::TypeMismatch,
            entry.at("type"),
            format!("the custom field `{name}` is of type {held} and cannot hold values of type {kind}"),
            "remove `type`, or use another custom field",
        )),
        (Some(kind), Some(held)) if entry.direction() == Some(Direction::Both) && is_lossy(kind, held) => {
            found.push(Diagnostic::at_value(
                DiagnosticCode::LossyBoth,
                entry.at("type"),
                format!(
                    "values of type {kind} in the text field `{name}` do not come back as they were entered"
                ),
                format!("set `direction = \"to_teamtailor\"`, or use a custom field of type {kind}"),
            ));
        }
        _ => {}
    }
    if let Some(kind @ (FieldType::Choice | FieldType::Choices)) = definition.kind {
        options(inventory, entry, name, (kind, definition), found);
    }
}

/// Whether a value that goes from a card's field of type `held` through values of type `kind` and back is another text.
/// A person types anything into a text field: `31/12/2031` comes back as `2031-12-31`, and `soon` not at all.
fn is_lossy(kind: FieldType, held: FieldType) -> bool {
    held == FieldType::Text && matches!(kind, FieldType::Number | FieldType::Date | FieldType::Checkbox)
}

fn options(
    inventory: &Inventory<'_>,
    entry: &Entry<'_>,
    name: &str,
    (kind, Definition { id, options, .. }): (FieldType, &Definition),
    found: &mut Vec<Diagnostic>,
) {
    if options.is_empty() {
        return found.push(Diagnostic::at_value(
            DiagnosticCode::SelectWithoutOptions,
            entry.at("teamtailor"),
            format!("the select `{name}` has no options, so no value can be written to it"),
            "add options to it in Teamtailor",
        ));
    }
    if !entry.is_state() {
        return;
    }
    let mut lacking = inventory.lacking_states.borrow_mut();
    let missing = lacking.entry(id.clone()).or_insert_with(|| {
        // As a sync reads the word, so that an option which it would find is not missed here.
        let format = FieldFormat::new(kind).options(options.clone());
        let lacks = |word: &&str| format.read_oneflow(word) == Err(ValueError::UnknownOption);
        STATE_WORDS.into_iter().filter(lacks).collect()
    });
    if !missing.is_empty() {
        found.push(Diagnostic::at_value(
            DiagnosticCode::StateWithoutOption,
            entry.at("teamtailor"),
            format!("the select `{name}` has no option for the states {}", and_list(missing.iter().copied())),
            "add an option with each of these names in Teamtailor, or use a text field",
        ));
    }
}
