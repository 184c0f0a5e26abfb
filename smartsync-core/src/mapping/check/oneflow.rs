//! Checks an entry against Oneflow's template types and workspaces.

use std::collections::BTreeSet;

use oneflow_client::{TemplateTypeId, WorkspaceId};

use super::{
    super::entry::Entry, super::entry::Source, super::inventory::DataFields, super::inventory::Facts,
    super::inventory::Inventory, super::inventory::TemplateTypeOf, super::nearest::MOST_NAMES,
    super::nearest::SearchBudget, super::nearest::and_some, super::nearest::quoted, super::view::View,
    known::make_or_write, known::one_of, known::some_of,
};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    words::mapping as words,
};

pub(super) fn check(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let Some(inventory) = &view.inventory else {
        return;
    };
    scope(inventory, &entry.path(), entry.template_types(), entry.workspaces(), found);
    if let Some(Source::DataField(key)) = entry.source() {
        found.extend(data_field(view, Some(entry), key, &entry.at("oneflow"), entry.fills_contracts()));
    }
}

/// Checks what `[sync]` names.
pub(super) fn check_sync(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let Some(inventory) = &view.inventory else {
        return;
    };
    let sync = &view.sync;
    scope(inventory, &KeyPath::default().key("sync"), sync.template_types(), sync.workspaces(), found);
    if let Some(key) = sync.token_field() {
        let path = KeyPath::sync("link_data_field");
        let wrong = data_field(view, None, key, &path, true);
        found.extend(wrong.or_else(|| link_not_on_all(view, key, &path)));
    }
}

/// Checks the ids of a scope.
fn scope(
    inventory: &Inventory<'_>,
    table: &KeyPath,
    template_types: Option<&[TemplateTypeId]>,
    workspaces: Option<&[WorkspaceId]>,
    found: &mut Vec<Diagnostic>,
) {
    let known = &inventory.schemas.oneflow;
    for (position, id) in template_types.unwrap_or_default().iter().enumerate() {
        if !inventory.has_template_type(*id) {
            let ids = known.template_types.iter().map(|kind| (kind.id.to_string(), kind.name.as_str()));
            found.push(Diagnostic::at_value(
                DiagnosticCode::UnknownTemplateType,
                table.key("template_types").index(position),
                words::unknown_template_type(id),
                one_of(ids, words::NO_TEMPLATE_TYPE, words::use_template_type),
            ));
        }
    }
    for (position, id) in workspaces.unwrap_or_default().iter().enumerate() {
        if !inventory.has_workspace(*id) {
            let ids =
                known.workspaces.iter().map(|workspace| (workspace.id.to_string(), workspace.name.as_str()));
            found.push(Diagnostic::at_value(
                DiagnosticCode::UnknownWorkspace,
                table.key("workspaces").index(position),
                words::unknown_workspace(id),
                one_of(ids, words::NO_WORKSPACE, words::use_workspace),
            ));
        }
    }
}

/// What is wrong with a data field: that it is not there, cannot be used, or cannot be written although it `is_written`.
fn data_field(
    view: &View<'_>,
    entry: Option<&Entry<'_>>,
    key: &str,
    path: &KeyPath,
    is_written: bool,
) -> Option<Diagnostic> {
    let inventory = view.inventory.as_ref()?;
    let fields = view.data_fields(entry)?;
    let having = inventory.having(key);
    let facts: Vec<Facts> = fields.iter().filter_map(|fields| fields.get(key)).collect();
    let report =
        |code, message: String, help: String| Some(Diagnostic::at_value(code, path.clone(), message, help));
    if having.len() == 0 {
        let help = meant(key, &fields, &inventory.work);
        let message = words::unknown_data_field(key);
        report(DiagnosticCode::UnknownDataField, message, help)
    } else if facts.is_empty() {
        let ids: Vec<String> =
            inventory.having(key).take(MOST_NAMES).map(|kind| kind.id.to_string()).collect();
        let has_more = having.len() > MOST_NAMES;
        let names = and_some(having.map(|kind| kind.name.as_str()));
        report(
            DiagnosticCode::DataFieldElsewhere,
            words::data_field_elsewhere(key, &names),
            words::data_field_elsewhere_help(&ids, has_more),
        )
    } else if !facts.iter().any(|facts| facts.is_active) {
        report(
            DiagnosticCode::DataFieldInactive,
            words::data_field_inactive(key),
            words::DATA_FIELD_INACTIVE_HELP.to_owned(),
        )
    } else if is_written
        && view.reads_template_types(entry)
        && facts.iter().any(|facts| facts.is_active_of_system)
    {
        let help = match entry {
            Some(_) => words::DATA_FIELD_OF_SYSTEM_HELP,
            None => words::LINK_DATA_FIELD_OF_SYSTEM_HELP,
        };
        report(DiagnosticCode::DataFieldOfSystem, words::data_field_of_system(key), help.to_owned())
    } else {
        None
    }
}

/// Names the template types, among those that are kept in step, that lack the data field for the link.
fn link_not_on_all(view: &View<'_>, key: &str, path: &KeyPath) -> Option<Diagnostic> {
    let kept = view.inventory.as_ref()?.kept().filter(|_| view.reads_template_types(None))?;
    let is_linked =
        |kind: &TemplateTypeOf<'_>| kind.data_fields.get(key).is_some_and(|facts| facts.is_active);
    let others: Vec<_> = kept.filter(|kind| !is_linked(kind)).map(|kind| kind.schema).collect();
    (!others.is_empty()).then(|| {
        let message = words::link_not_on_all(
            key,
            &some_of(others.iter().map(|kind| (kind.id.to_string(), kind.name.as_str()))),
        );
        let help = words::LINK_NOT_ON_ALL_HELP;
        Diagnostic::at_value(DiagnosticCode::LinkDataFieldNotOnAll, path.clone(), message, help)
    })
}

/// What to write instead of a key that there is not.
fn meant(key: &str, fields: &[&DataFields<'_>], work: &SearchBudget) -> String {
    let by_prefix = || fields.iter().find_map(|fields| fields.of_bare_key(key));
    let by_name = || fields.iter().find_map(|fields| fields.of_name(key));
    let nearest = || fields.iter().filter_map(|fields| fields.names.nearest(key, work)).min();
    if let Some(meant) = by_prefix().or_else(by_name).or_else(|| nearest().map(|(_, meant)| meant)) {
        return words::write(&quoted(meant));
    }
    let known = fields.iter().flat_map(|fields| fields.names.by_nearness(key, MOST_NAMES, work));
    let known: BTreeSet<_> = known.collect();
    make_or_write(words::CREATE_DATA_FIELD, known.into_iter().take(MOST_NAMES).map(|(_, known)| known))
}
