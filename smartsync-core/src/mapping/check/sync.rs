//! Checks `[sync]`.

use std::collections::BTreeMap;

use super::{super::entry::Source, super::settings::Settings, super::view::View};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    mapping::{sync_settings::DocumentSettings, sync_settings::LinkMethod},
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
            "the file name has no effect because no document is attached",
            "remove it, or set `attach = true`",
        ));
    }
    let has_entries = view.lacks_entries || !view.entries.is_empty();
    if sync.convention() == Some(false) && unattached.is_some() && !has_entries {
        found.push(Diagnostic::at_key(
            DiagnosticCode::NothingMapped,
            KeyPath::sync("convention"),
            "nothing is synced: there are no entries, and the convention and documents are turned off",
            "add a `[[field]]` entry, or set `convention = true`",
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
            "`link` is empty, so no candidate would ever be found",
            "remove it, or write `[\"ledger\", \"participant_custom_id\"]`",
        ));
    }
    let method = link.iter().position(|method| *method == LinkMethod::DataField);
    match (method, sync.link_data_field()) {
        (Some(position), None) if sync.reads("link_data_field") => found.push(Diagnostic::at_value(
            DiagnosticCode::NoLinkDataField,
            KeyPath::sync("link").index(position),
            "`data_field` needs a data field, but `link_data_field` is not set",
            "set `link_data_field = \"...\"` to the custom_id of a data field, or remove `data_field`",
        )),
        (None, Some(_)) => found.push(Diagnostic::at_key(
            DiagnosticCode::LinkDataFieldUnused,
            KeyPath::sync("link_data_field"),
            "`link_data_field` has no effect because `link` does not contain `data_field`",
            "add `\"data_field\"` to `link`, or remove `link_data_field`",
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
                "`by_email` applies to contracts linked by `email`, which is not in `link`",
                "add `\"email\"` to `link`, or remove `by_email`",
            )
        }));
        return;
    };
    if document.is_some_and(|document| !document.attach) {
        found.push(Diagnostic::at_key(
            DiagnosticCode::ByEmailUnused,
            KeyPath::sync("document").key("by_email"),
            "`by_email` has no effect because no document is attached",
            "remove it, or set `attach = true`",
        ));
    }
    let is_for_all =
        sync.template_types().is_some_and(<[_]>::is_empty) && sync.workspaces().is_some_and(<[_]>::is_empty);
    if is_for_all {
        found.push(Diagnostic::at_value(
            DiagnosticCode::EmailWithoutScope,
            KeyPath::sync("link").index(position),
            "`email` would link any contract in the account, including those that have nothing to do with a candidate",
            "set `template_types = [...]` or `workspaces = [...]` in `[sync]` to the ids used for candidates' \
             contracts, or remove `email`",
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
                format!(
                    "the data field `{key}` holds the link to the candidate, so it can hold nothing else"
                ),
                "map another data field, or set another one in `link_data_field`",
            );
            found.push(diagnostic.related(path.clone(), "named for the link here"));
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
                "this item is already in the list",
                "remove one of them",
            );
            found.push(diagnostic.related(path.index(first), "first listed here"));
        }
    }
}
