//! An entry as far as it could be read.

use oneflow_client::{TemplateTypeId, WorkspaceId};

use super::{
    field::FieldMapping, rules::Direction, rules::Moment, rules::OnConflict, rules::OnEmpty,
    rules::OnFirstSight, unread::Unread,
};
use crate::{
    candidate::CandidateField,
    contract::{CONTRACT_STATE, OF_CONTRACT},
    diagnostic::KeyPath,
    value::{FieldType, Locale},
};

/// An entry as far as it could be read. What is said of it follows from keys that were read: each is `None` otherwise.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    position: usize,
    field: &'a FieldMapping,
    unread: &'a Unread,
}

/// Where the values of an entry come from.
pub(super) enum Source<'a> {
    DataField(&'a str),
    /// A property of the contract itself, by its name.
    Contract(&'a str),
    Empty,
}

impl<'a> Entry<'a> {
    pub(super) fn new(position: usize, field: &'a FieldMapping, unread: &'a Unread) -> Self {
        Self { position, field, unread }
    }

    pub(super) fn path(&self) -> KeyPath {
        KeyPath::entry(self.position)
    }

    /// The place of one of its keys.
    pub(super) fn at(&self, key: &str) -> KeyPath {
        self.path().key(key)
    }

    /// The entry, if all of it could be read.
    pub(super) fn whole(&self) -> Option<&'a FieldMapping> {
        self.unread.is_empty().then_some(self.field)
    }

    /// Whether a key could be read: it is written and in order, or left out.
    pub(super) fn reads(&self, key: &str) -> bool {
        !self.unread.has(key)
    }

    fn read<T>(&self, key: &str, value: T) -> Option<T> {
        self.reads(key).then_some(value)
    }

    pub(super) fn oneflow(&self) -> Option<&'a str> {
        self.read("oneflow", &self.field.oneflow)
    }

    pub(super) fn teamtailor(&self) -> Option<&'a CandidateField> {
        self.read("teamtailor", &self.field.teamtailor)
    }

    /// Both sides, if both could be read.
    pub(super) fn sides(&self) -> Option<(&'a str, &'a CandidateField)> {
        self.oneflow().zip(self.teamtailor())
    }

    /// The type that is written.
    pub(super) fn kind(&self) -> Option<FieldType> {
        self.read("type", self.field.kind)?
    }

    pub(super) fn direction(&self) -> Option<Direction> {
        self.read("direction", self.field.direction)
    }

    /// Whether values are sure to be written back from contracts.
    pub(super) fn writes_back(&self) -> bool {
        self.direction().is_some_and(|direction| direction != Direction::ToOneflow)
    }

    /// Whether values are sure to be written into new contracts.
    pub(super) fn fills_contracts(&self) -> bool {
        self.direction().is_some_and(|direction| direction != Direction::ToTeamtailor)
    }

    /// The moment that is written.
    pub(super) fn when(&self) -> Option<Moment> {
        self.read("when", self.field.when)?
    }

    /// The moment that counts, which without a written one depends on the candidate's field.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.teamtailor()?;
        self.read("when", self.field.moment())
    }

    /// The rule that is written.
    pub(super) fn on_conflict(&self) -> Option<OnConflict> {
        self.read("on_conflict", self.field.on_conflict)?
    }

    pub(super) fn on_first_sight(&self) -> Option<OnFirstSight> {
        self.read("on_first_sight", self.field.on_first_sight)
    }

    pub(super) fn allow_identity(&self) -> Option<bool> {
        self.read("allow_identity", self.field.allow_identity)
    }

    /// Whether taking values over needs `allow_identity`.
    pub(super) fn needs_allow_identity(&self) -> Option<bool> {
        self.teamtailor()?;
        Some(self.field.needs_allow_identity())
    }

    pub(super) fn on_empty(&self) -> Option<OnEmpty> {
        self.read("on_empty", self.field.on_empty)
    }

    /// The locale that is written.
    pub(super) fn locale(&self) -> Option<Locale> {
        self.read("locale", self.field.locale)?
    }

    pub(super) fn template_types(&self) -> Option<&'a [TemplateTypeId]> {
        self.read("template_types", &self.field.template_types)
    }

    pub(super) fn workspaces(&self) -> Option<&'a [WorkspaceId]> {
        self.read("workspaces", &self.field.workspaces)
    }

    pub(super) fn source(&self) -> Option<Source<'a>> {
        let oneflow = self.oneflow()?;
        Some(match oneflow.strip_prefix(OF_CONTRACT) {
            Some(property) => Source::Contract(property),
            None if oneflow.trim().is_empty() => Source::Empty,
            None => Source::DataField(oneflow),
        })
    }

    /// Whether its values come from the contract's state.
    pub(super) fn is_state(&self) -> bool {
        self.oneflow() == Some(CONTRACT_STATE)
    }
}
