//! What is checked: the sound part of a mapping, and what is known of both services.

use std::collections::BTreeSet;

use oneflow_client::{TemplateTypeId, WorkspaceId};
use teamtailor_client::CustomFieldId;

use super::{
    Mapping, entry::Entry, inventory::DataFields, inventory::Inventory, schemas::Schemas, settings::Settings,
    unread::Unread,
};
use crate::{
    candidate::{CandidateField, Definition},
    diagnostic::Diagnostic,
    value::{FieldType, Locale},
};

/// The sound part of a mapping, and what is known of both services.
pub(super) struct View<'a> {
    pub(super) sync: Settings<'a>,
    pub(super) entries: Vec<Entry<'a>>,
    /// Whether the list of entries could not be read.
    pub(super) lacks_entries: bool,
    /// What both services have, if that is known and of a version that this one reads.
    pub(super) inventory: Option<Inventory<'a>>,
    /// The version of schemas that this one does not read.
    pub(super) unsupported: Option<u32>,
    /// The template types and workspaces that `[sync]` names.
    pub(super) template_types: BTreeSet<TemplateTypeId>,
    pub(super) workspaces: BTreeSet<WorkspaceId>,
}

/// What two entries have to share to be about the same field of the candidate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TargetKey<'a> {
    Known(&'a CustomFieldId),
    Named(&'a CandidateField),
}

impl<'a> View<'a> {
    /// A mapping that could be read as a whole.
    pub(super) fn of(mapping: &'a Mapping, schemas: Option<&'a Schemas>) -> Self {
        let entries = mapping.fields.iter().enumerate();
        let entries = entries.map(|(position, field)| Entry::new(position, field, Unread::NONE)).collect();
        Self::new(Settings::new(&mapping.sync, Unread::NONE), entries, schemas)
    }

    pub(super) fn new(sync: Settings<'a>, entries: Vec<Entry<'a>>, schemas: Option<&'a Schemas>) -> Self {
        let is_supported = |schemas: &&Schemas| schemas.version == Schemas::VERSION;
        Self {
            inventory: schemas.filter(is_supported).map(|schemas| Inventory::new(schemas, &sync)),
            unsupported: schemas.filter(|schemas| !is_supported(schemas)).map(|schemas| schemas.version),
            template_types: sync.template_types().unwrap_or_default().iter().copied().collect(),
            workspaces: sync.workspaces().unwrap_or_default().iter().copied().collect(),
            sync,
            entries,
            lacks_entries: false,
        }
    }

    /// What both services have, if that is known.
    pub(super) fn schemas(&self) -> Option<&'a Schemas> {
        self.inventory.as_ref().map(|inventory| inventory.schemas)
    }

    /// The definition of an entry's custom field, if there is exactly one.
    pub(super) fn definition(&self, entry: &Entry<'a>) -> Option<&'a Definition> {
        let CandidateField::Custom(name) = entry.teamtailor()? else {
            return None;
        };
        let definitions = &self.schemas()?.teamtailor;
        definitions.find(name).filter(|_| definitions.ids_named(name).len() < 2)
    }

    /// The type of the values of the candidate's field.
    fn stored_kind(&self, entry: &Entry<'a>) -> Option<FieldType> {
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
        let held = self.stored_kind(entry);
        let kind = entry.kind().or(held)?;
        let fits = |held: FieldType| match target {
            CandidateField::Default(_) => held == kind,
            CandidateField::Custom(_) => held.can_hold(kind),
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

    /// Whether it could be read which template types an entry is for; without an entry, which are kept in step at all.
    pub(super) fn reads_template_types(&self, entry: Option<&Entry<'_>>) -> bool {
        self.sync.reads("template_types") && entry.is_none_or(|entry| entry.reads("template_types"))
    }

    /// The data fields of the contracts that an entry is for; without an entry, of those that are kept in step at all. A scope
    /// that could not be read leaves out none. `None` where the scope names no template type that exists, which is a fault of
    /// its own.
    pub(super) fn data_fields(&self, entry: Option<&Entry<'_>>) -> Option<Vec<&DataFields<'a>>> {
        self.inventory.as_ref()?.data_fields(entry.and_then(Entry::template_types).unwrap_or_default())
    }

    /// The data fields of all template types whose contracts are kept in step; `None` if it could not be read which.
    pub(super) fn kept_data_fields(&self) -> Option<&DataFields<'a>> {
        let fields = self.data_fields(None).filter(|_| self.reads_template_types(None))?;
        fields.first().copied()
    }

    /// The keys of these data fields.
    pub(super) fn data_field_keys(&self) -> BTreeSet<&'a str> {
        self.kept_data_fields().into_iter().flat_map(DataFields::keys).collect()
    }
}

/// Sorts what was found by place.
pub(super) fn sorted(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (&a.path, a.code, &a.message).cmp(&(&b.path, b.code, &b.message)));
    found
}
