//! What is checked: the sound part of a mapping, and what is known of both services.

use std::collections::BTreeSet;

use teamtailor_client::CustomFieldId;

use super::{Mapping, entry::Entry, settings::Settings, unread::Unread};
use crate::{
    CandidateField, DataFieldSchema, Definition, Diagnostic, FieldType, Locale, Schemas, TemplateTypeSchema,
    field_pair::can_hold,
};

/// The sound part of a mapping, and what is known of both services.
pub(super) struct View<'a> {
    pub(super) sync: Settings<'a>,
    pub(super) entries: Vec<Entry<'a>>,
    /// Whether the list of entries could not be read.
    pub(super) lacks_entries: bool,
    pub(super) schemas: Option<&'a Schemas>,
}

/// What two entries have to share to be about the same field of the candidate.
#[derive(PartialEq, Eq)]
pub(super) enum TargetKey<'a> {
    Known(&'a CustomFieldId),
    Named(&'a CandidateField),
}

impl<'a> View<'a> {
    pub(super) fn new(mapping: &'a Mapping, schemas: Option<&'a Schemas>) -> Self {
        let entries = mapping.fields.iter().enumerate();
        let entries = entries.map(|(position, field)| Entry::new(position, field, Unread::NONE)).collect();
        Self { sync: Settings::new(&mapping.sync, Unread::NONE), entries, lacks_entries: false, schemas }
    }

    /// The definition of an entry's custom field, if there is exactly one.
    pub(super) fn definition(&self, entry: &Entry<'a>) -> Option<&'a Definition> {
        let CandidateField::Custom(name) = entry.teamtailor()? else {
            return None;
        };
        let definitions = &self.schemas?.teamtailor;
        definitions.find(name).filter(|_| definitions.named(name).count() < 2)
    }

    /// The type of the values of the candidate's field.
    fn held_kind(&self, entry: &Entry<'a>) -> Option<FieldType> {
        match entry.teamtailor()? {
            CandidateField::Default(field) => Some(field.kind()),
            CandidateField::Custom(_) => self.definition(entry)?.kind,
        }
    }

    /// The type of an entry's values; `None` if it cannot be known, or the candidate's field cannot hold it.
    pub(super) fn kind(&self, entry: &Entry<'a>) -> Option<FieldType> {
        if !entry.reads("type") {
            return None;
        }
        let target = entry.teamtailor()?;
        let held = self.held_kind(entry);
        let kind = entry.kind().or(held)?;
        let fits = |held| match target {
            CandidateField::Default(_) => held == kind,
            CandidateField::Custom(_) => can_hold(held, kind),
        };
        held.is_none_or(fits).then_some(kind)
    }

    /// How numbers and dates are written in an entry's values.
    pub(super) fn locale(&self, entry: &Entry<'a>) -> Option<Locale> {
        if !entry.reads("locale") {
            return None;
        }
        entry.locale().or_else(|| self.sync.locale())
    }

    pub(super) fn target(&self, entry: &Entry<'a>) -> Option<TargetKey<'a>> {
        Some(match self.definition(entry) {
            Some(definition) => TargetKey::Known(&definition.id),
            None => TargetKey::Named(entry.teamtailor()?),
        })
    }

    /// Whether there is sure to be a contract for which both entries are.
    pub(super) fn meet(&self, a: &Entry<'_>, b: &Entry<'_>) -> bool {
        have_common([self.sync.template_types(), a.template_types(), b.template_types()])
            && have_common([self.sync.workspaces(), a.workspaces(), b.workspaces()])
    }

    /// Whether it could be read which template types an entry is for; without an entry, which are kept in step at all.
    pub(super) fn reads_template_types(&self, entry: Option<&Entry<'_>>) -> bool {
        self.sync.reads("template_types") && entry.is_none_or(|entry| entry.reads("template_types"))
    }

    /// The template types whose contracts an entry is for; without an entry, those that are kept in step at all. A scope
    /// that could not be read leaves out none. `None` where the scope names none that exists, which is a fault of its own.
    pub(super) fn template_types(&self, entry: Option<&Entry<'_>>) -> Option<Vec<&'a TemplateTypeSchema>> {
        let of_sync = self.sync.template_types().unwrap_or_default();
        let of_entry = entry.and_then(Entry::template_types).unwrap_or_default();
        let all = &self.schemas?.oneflow.template_types;
        let is_in = |scope: &[_], kind: &TemplateTypeSchema| scope.is_empty() || scope.contains(&kind.id);
        let found: Vec<_> = all.iter().filter(|kind| is_in(of_sync, kind) && is_in(of_entry, kind)).collect();
        let is_narrowed = !of_sync.is_empty() || !of_entry.is_empty();
        if found.is_empty() && is_narrowed { None } else { Some(found) }
    }

    /// The data fields of all template types whose contracts are kept in step; none if it could not be read which.
    pub(super) fn data_fields(&self) -> impl Iterator<Item = &'a DataFieldSchema> {
        let template_types = self.template_types(None).filter(|_| self.reads_template_types(None));
        template_types.unwrap_or_default().into_iter().flat_map(|kind| &kind.data_fields)
    }

    /// The keys of these data fields.
    pub(super) fn data_field_keys(&self) -> BTreeSet<&'a str> {
        self.data_fields().map(|field| field.key.as_str()).collect()
    }
}

/// Whether these scopes, of which an empty one is for all, leave nothing.
pub(super) fn is_nowhere<T: PartialEq>(scopes: &[&[T]]) -> bool {
    let mut narrowed = scopes.iter().filter(|scope| !scope.is_empty());
    let Some(first) = narrowed.next() else {
        return false;
    };
    let others: Vec<_> = narrowed.collect();
    !first.iter().any(|id| others.iter().all(|scope| scope.contains(id)))
}

/// Whether these scopes are sure to leave something. One that could not be read leaves something of all, and of less
/// perhaps nothing.
fn have_common<T: PartialEq>(scopes: [Option<&[T]>; 3]) -> bool {
    let read: Vec<&[T]> = scopes.iter().copied().flatten().collect();
    match scopes.len() - read.len() {
        0 => !is_nowhere(&read),
        1 => read.iter().all(|scope| scope.is_empty()),
        _ => false,
    }
}

/// Sorts what was found by place.
pub(super) fn sorted(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    found
}
