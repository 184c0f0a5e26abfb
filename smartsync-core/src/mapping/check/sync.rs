//! Checks `[sync]`.

use std::collections::BTreeMap;

use super::{super::entry::Source, super::settings::Settings, super::view::View};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    mapping::{sync_settings::DocumentSettings, sync_settings::LinkMethod},
    words::mapping as words,
};

pub(super) fn check(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let sync = &view.sync;
    link(sync, found);
    link_by_email(sync, found);
    link_data_field(view, found);
    repeated(sync.link(), &KeyPath::sync("link"), found);
    repeated(sync.template_types(), &KeyPath::sync("template_types"), found);
    repeated(sync.workspaces(), &KeyPath::sync("workspaces"), found);
    let unattached = sync.document().filter(|document| !document.attach);
    if unattached.is_some_and(|document| document.file_name != DocumentSettings::default().file_name) {
        found.push(Diagnostic::at_key(
            DiagnosticCode::UnusedFileName,
            KeyPath::sync("document").key("file_name"),
            words::UNUSED_FILE_NAME,
            words::REMOVE_OR_ATTACH,
        ));
    }
    let has_entries = view.lacks_entries || !view.entries.is_empty();
    if sync.convention() == Some(false) && unattached.is_some() && !has_entries {
        found.push(Diagnostic::at_key(
            DiagnosticCode::NothingMapped,
            KeyPath::sync("convention"),
            words::NOTHING_MAPPED,
            words::NOTHING_MAPPED_HELP,
        ));
    }
}

fn link(sync: &Settings<'_>, found: &mut Vec<Diagnostic>) {
    let Some(link) = sync.link() else {
        return;
    };
    if link.is_empty() {
        found.push(Diagnostic::at_value(
            DiagnosticCode::NoLink,
            KeyPath::sync("link"),
            words::NO_LINK,
            words::NO_LINK_HELP,
        ));
    }
    let method = link.iter().position(|method| *method == LinkMethod::DataField);
    match (method, sync.link_data_field()) {
        (Some(position), None) if sync.reads("link_data_field") => found.push(Diagnostic::at_value(
            DiagnosticCode::NoLinkDataField,
            KeyPath::sync("link").index(position),
            words::NO_LINK_DATA_FIELD,
            words::NO_LINK_DATA_FIELD_HELP,
        )),
        (None, Some(_)) => found.push(Diagnostic::at_key(
            DiagnosticCode::LinkDataFieldUnused,
            KeyPath::sync("link_data_field"),
            words::LINK_DATA_FIELD_UNUSED,
            words::LINK_DATA_FIELD_UNUSED_HELP,
        )),
        (Some(_), _) | (None, None) => {}
    }
}

/// An address says nothing of what a contract is: only for contracts of candidates may it lead to one.
fn link_by_email(sync: &Settings<'_>, found: &mut Vec<Diagnostic>) {
    let Some(link) = sync.link() else {
        return;
    };
    let document = sync.document().filter(|document| document.by_email);
    let Some(position) = link.iter().position(|method| *method == LinkMethod::Email) else {
        found.extend(document.map(|_| {
            Diagnostic::at_key(
                DiagnosticCode::ByEmailUnused,
                KeyPath::sync("document").key("by_email"),
                words::BY_EMAIL_WITHOUT_LINK,
                words::BY_EMAIL_WITHOUT_LINK_HELP,
            )
        }));
        return;
    };
    if document.is_some_and(|document| !document.attach) {
        found.push(Diagnostic::at_key(
            DiagnosticCode::ByEmailUnused,
            KeyPath::sync("document").key("by_email"),
            words::BY_EMAIL_UNUSED,
            words::REMOVE_OR_ATTACH,
        ));
    }
    let is_for_all =
        sync.template_types().is_some_and(<[_]>::is_empty) && sync.workspaces().is_some_and(<[_]>::is_empty);
    if is_for_all {
        found.push(Diagnostic::at_value(
            DiagnosticCode::EmailWithoutScope,
            KeyPath::sync("link").index(position),
            words::EMAIL_WITHOUT_SCOPE,
            words::EMAIL_WITHOUT_SCOPE_HELP,
        ));
    }
}

fn link_data_field(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let path = KeyPath::sync("link_data_field");
    if view.sync.link_data_field().is_some_and(|key| key.trim().is_empty()) {
        found.push(super::entry::empty_key(path.clone()));
    }
    let Some(key) = view.sync.token_field() else {
        return;
    };
    for entry in &view.entries {
        if matches!(entry.source(), Some(Source::DataField(mapped)) if mapped == key) {
            let diagnostic = Diagnostic::at_value(
                DiagnosticCode::LinkDataFieldMapped,
                entry.at("oneflow"),
                words::link_data_field_mapped(key),
                words::LINK_DATA_FIELD_MAPPED_HELP,
            );
            found.push(diagnostic.related(path.clone(), words::NAMED_FOR_LINK));
        }
    }
}

/// Notes the items of a list that stand in it before.
pub(super) fn repeated<T: Ord>(items: Option<&[T]>, path: &KeyPath, found: &mut Vec<Diagnostic>) {
    let mut first_at = BTreeMap::new();
    for (position, item) in items.unwrap_or_default().iter().enumerate() {
        let first = *first_at.entry(item).or_insert(position);
        if first < position {
            let diagnostic = Diagnostic::at_value(
                DiagnosticCode::RepeatedItem,
                path.index(position),
                words::REPEATED_ITEM,
                words::REPEATED_ITEM_HELP,
            );
            found.push(diagnostic.related(path.index(first), words::FIRST_LISTED));
        }
    }
}
