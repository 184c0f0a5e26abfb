//! Checks an entry against Teamtailor's custom fields.

use super::{
    super::entry::Entry, super::inventory::Inventory, super::nearest::MOST_NAMES, super::nearest::and_list,
    super::nearest::quoted, super::view::View, known::make_or_write,
};
use crate::{
    candidate::{CandidateField, DefaultField, Definition},
    contract::STATE_WORDS,
    diagnostic::{Diagnostic, DiagnosticCode},
    mapping::rules::Direction,
    value::{FieldFormat, FieldType, ValueError},
    words::{lists, mapping as words},
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
        let written: Vec<String> = written.iter().map(|id| quoted(id)).collect();
        let written = match written.get(..MOST_NAMES) {
            Some(first) if ids.len() > MOST_NAMES => lists::and_others(first),
            _ => lists::or(&written),
        };
        return Diagnostic::at_value(
            DiagnosticCode::AmbiguousCustomField,
            path,
            words::ambiguous_custom_field(name, ids.len()),
            words::write_id(&written),
        );
    }
    if inventory.custom_fields.is_of_jobs(name) {
        return Diagnostic::at_value(
            DiagnosticCode::CustomFieldOfJobs,
            path,
            words::custom_field_of_jobs(name),
            words::CUSTOM_FIELD_OF_JOBS_HELP,
        );
    }
    Diagnostic::at_value(
        DiagnosticCode::UnknownCustomField,
        path,
        words::unknown_custom_field(name),
        meant(name, inventory),
    )
}

/// What to write instead of a custom field that there is not.
fn meant(name: &str, inventory: &Inventory<'_>) -> String {
    let default = name.replace('-', "_");
    if DefaultField::ALL.iter().any(|field| field.as_str() == default) {
        return words::without_custom(&default);
    }
    let fields = &inventory.custom_fields;
    if let Some(api_name) = fields.of_seen_name(name) {
        return words::its_api_name(&quoted(&format!("custom:{api_name}")));
    }
    if let Some((_, meant)) = fields.names.nearest(name, &inventory.work) {
        return words::write(&quoted(&format!("custom:{meant}")));
    }
    let known = fields.names.by_nearness(name, MOST_NAMES, &inventory.work).into_iter();
    let known: Vec<String> = known.map(|(_, name)| CandidateField::custom(name).to_string()).collect();
    make_or_write(words::CREATE_CUSTOM_FIELD, known.iter().map(String::as_str))
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
            words::unknown_field_type(name),
            words::UNKNOWN_FIELD_TYPE_HELP,
        )),
        (Some(kind), Some(held)) if !held.can_hold(kind) => found.push(Diagnostic::at_value(
            DiagnosticCode::TypeMismatch,
            entry.at("type"),
            words::type_mismatch(name, held, kind),
            words::TYPE_MISMATCH_HELP,
        )),
        (Some(kind), Some(held)) if entry.direction() == Some(Direction::Both) && is_lossy(kind, held) => {
            found.push(Diagnostic::at_value(
                DiagnosticCode::LossyBoth,
                entry.at("type"),
                words::lossy_both(name, kind),
                words::lossy_both_help(kind),
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
            words::select_without_options(name),
            words::SELECT_WITHOUT_OPTIONS_HELP,
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
            words::state_without_option(name, &and_list(missing.iter().copied())),
            words::STATE_WITHOUT_OPTION_HELP,
        ));
    }
}
