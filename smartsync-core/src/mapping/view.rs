//! What is checked: the sound part of a mapping, and what is known of both services.

use std::collections::BTreeSet;

use teamtailor_client::CustomFieldId;

use super::{FieldMapping, Mapping, SyncSettings};
use crate::{
    CandidateField, DataFieldSchema, Definition, Diagnostic, FieldType, Place, Schemas, TemplateTypeSchema,
    field_pair::can_hold,
};

/// What `oneflow` begins with when it names something of the contract itself.
const OF_CONTRACT: &str = "contract:";

/// The sound part of a mapping, and what is known of both services.
pub(super) struct View<'a> {
    /// `[sync]`; `None` if it could not be read.
    pub(super) sync: Option<&'a SyncSettings>,
    /// The entries that could be read.
    pub(super) entries: Vec<Entry<'a>>,
    /// Whether there is an entry that could not be read.
    pub(super) lacks_entries: bool,
    pub(super) schemas: Option<&'a Schemas>,
}

/// An entry and its position in the file.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) position: usize,
    pub(super) field: &'a FieldMapping,
}

/// Where the values of an entry come from.
pub(super) enum Source<'a> {
    DataField(&'a str),
    /// A property of the contract itself, by its name.
    Contract(&'a str),
    Empty,
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
        let entries = entries.map(|(position, field)| Entry { position, field }).collect();
        Self { sync: Some(&mapping.sync), entries, lacks_entries: false, schemas }
    }

    /// The definition of an entry's custom field, if there is exactly one.
    pub(super) fn definition(&self, entry: &Entry<'a>) -> Option<&'a Definition> {
        let CandidateField::Custom(name) = &entry.field.teamtailor else {
            return None;
        };
        let definitions = &self.schemas?.teamtailor;
        definitions.find(name).filter(|_| definitions.named(name).count() < 2)
    }

    /// The type of the values of the candidate's field.
    fn held_kind(&self, entry: &Entry<'a>) -> Option<FieldType> {
        match &entry.field.teamtailor {
            CandidateField::Default(field) => Some(field.kind()),
            CandidateField::Custom(_) => self.definition(entry)?.kind,
        }
    }

    /// The type of an entry's values; `None` if it cannot be known, or the candidate's field cannot hold it.
    pub(super) fn kind(&self, entry: &Entry<'a>) -> Option<FieldType> {
        let held = self.held_kind(entry);
        let kind = entry.field.kind.or(held)?;
        let fits = |held| match entry.field.teamtailor {
            CandidateField::Default(_) => held == kind,
            CandidateField::Custom(_) => can_hold(held, kind),
        };
        held.is_none_or(fits).then_some(kind)
    }

    pub(super) fn target(&self, entry: &Entry<'a>) -> TargetKey<'a> {
        match self.definition(entry) {
            Some(definition) => TargetKey::Known(&definition.id),
            None => TargetKey::Named(&entry.field.teamtailor),
        }
    }

    /// Whether there can be a contract for which both entries are.
    pub(super) fn meet(&self, a: &Entry<'_>, b: &Entry<'_>) -> bool {
        let sync = self.sync;
        let template_types = sync.map(|sync| sync.template_types.as_slice()).unwrap_or_default();
        let workspaces = sync.map(|sync| sync.workspaces.as_slice()).unwrap_or_default();
        !is_nowhere(&[template_types, &a.field.template_types, &b.field.template_types])
            && !is_nowhere(&[workspaces, &a.field.workspaces, &b.field.workspaces])
    }

    /// The template types whose contracts an entry is for; without an entry, those that are kept in step at all. `None`
    /// where the scope names none that exists, which is a fault of its own.
    pub(super) fn template_types(&self, entry: Option<&Entry<'_>>) -> Option<Vec<&'a TemplateTypeSchema>> {
        let of_sync = self.sync.map(|sync| sync.template_types.as_slice()).unwrap_or_default();
        let of_entry = entry.map(|entry| entry.field.template_types.as_slice()).unwrap_or_default();
        let all = &self.schemas?.oneflow.template_types;
        let is_in = |scope: &[_], kind: &TemplateTypeSchema| scope.is_empty() || scope.contains(&kind.id);
        let found: Vec<_> = all.iter().filter(|kind| is_in(of_sync, kind) && is_in(of_entry, kind)).collect();
        let is_narrowed = !of_sync.is_empty() || !of_entry.is_empty();
        if found.is_empty() && is_narrowed { None } else { Some(found) }
    }

    /// The data fields of all template types whose contracts are kept in step.
    pub(super) fn data_fields(&self) -> impl Iterator<Item = &'a DataFieldSchema> {
        self.template_types(None).unwrap_or_default().into_iter().flat_map(|kind| &kind.data_fields)
    }

    /// The keys of these data fields.
    pub(super) fn data_field_keys(&self) -> BTreeSet<&'a str> {
        self.data_fields().map(|field| field.key.as_str()).collect()
    }
}

impl<'a> Entry<'a> {
    pub(super) fn place(&self) -> Place {
        Place::entry(self.position)
    }

    /// The place of one of its keys.
    pub(super) fn at(&self, key: &str) -> Place {
        self.place().key(key)
    }

    pub(super) fn source(&self) -> Source<'a> {
        let oneflow = self.field.oneflow.as_str();
        match oneflow.strip_prefix(OF_CONTRACT) {
            Some(property) => Source::Contract(property),
            None if oneflow.trim().is_empty() => Source::Empty,
            None => Source::DataField(oneflow),
        }
    }

    /// Whether its values come from the contract's state.
    pub(super) fn is_state(&self) -> bool {
        matches!(self.source(), Source::Contract("state"))
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

/// Sorts what was found by place.
pub(super) fn sorted(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    found
}
