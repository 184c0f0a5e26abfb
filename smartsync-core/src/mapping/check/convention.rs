//! Checks the entries against the pairs of the convention.

use std::collections::{BTreeMap, BTreeSet};

use smartsync_transport::short_name;

use super::{
    super::Mapping, super::entry::Entry, super::nearest::and_some, super::nearest::quoted, super::view::View,
};
use crate::{
    candidate::{CandidateField, Definitions},
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    mapping::{
        convention::CardField, convention::Sides, convention::bare, convention::effective_fields,
        field::FieldMapping, schemas::Schemas,
    },
    words::{lists, mapping as words},
};

pub(super) fn check(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let pairs = convention_pairs(view);
    if let Some(schemas) = view.schemas() {
        let sides = PairsBySide::new(&pairs, &schemas.teamtailor);
        for entry in &view.entries {
            compare(entry, &sides, &schemas.teamtailor, found);
        }
    }
    let replaced = Replaced::by(view);
    of_system(view, &pairs, &replaced, found);
    if let Some(key) = view.sync.token_field()
        && let Some(pair) = pairs.iter().find(|pair| pair.oneflow == key && !replaced.has(pair))
    {
        found.push(Diagnostic::at_value(
            DiagnosticCode::LinkDataFieldMapped,
            KeyPath::sync("link_data_field"),
            words::link_data_field_paired(&quoted(&pair.oneflow), &quoted(&pair.teamtailor.to_string())),
            words::LINK_DATA_FIELD_PAIRED_HELP,
        ));
    }
}

/// The pairs that the convention makes, as if there were no entries; none where it cannot be known.
pub(super) fn convention_pairs(view: &View<'_>) -> Vec<FieldMapping> {
    let (Some(true), Some(schemas)) = (view.sync.convention(), view.schemas()) else {
        return Vec::new();
    };
    let keys = view.data_field_keys();
    // The default mapping has nothing but the convention.
    let pairs = effective_fields(&Mapping::default(), &schemas.teamtailor, &keys).into_iter();
    // A custom field whose data field no template type has is a pair in name only.
    pairs.filter(|pair| keys.contains(pair.oneflow.as_str())).collect()
}

/// The pairs whose place an entry takes. An entry whose sides could not be read may take that of any.
pub(super) struct Replaced<'a> {
    /// Nothing is replaced where nothing is known.
    known: Option<(&'a Definitions, Sides<'a>)>,
    may_be_any: bool,
}

impl<'a> Replaced<'a> {
    pub(super) fn by(view: &View<'a>) -> Self {
        let mut may_be_any = view.lacks_entries;
        let known = view.schemas().map(|Schemas { teamtailor, .. }| {
            let mut sides = Sides::default();
            for entry in &view.entries {
                match entry.sides() {
                    Some((oneflow, ours)) => sides.insert(oneflow, CardField::new(ours, teamtailor)),
                    None => may_be_any = true,
                }
            }
            (teamtailor, sides)
        });
        Self { known, may_be_any }
    }

    pub(super) fn has(&self, pair: &FieldMapping) -> bool {
        let overlaps = |(definitions, sides): &(&Definitions, Sides<'_>)| {
            sides.overlap(&pair.oneflow, &CardField::new(&pair.teamtailor, definitions))
        };
        self.may_be_any || self.known.as_ref().is_some_and(overlaps)
    }
}

/// The pairs of the convention by either side, of which no two pairs have one in common.
struct PairsBySide<'a> {
    pairs: &'a [FieldMapping],
    by_bare_key: BTreeMap<&'a str, usize>,
    by_card_field: BTreeMap<CardField<'a>, usize>,
}

impl<'a> PairsBySide<'a> {
    fn new(pairs: &'a [FieldMapping], definitions: &'a Definitions) -> Self {
        let all = || pairs.iter().enumerate();
        Self {
            by_bare_key: all().map(|(position, pair)| (bare(&pair.oneflow), position)).collect(),
            by_card_field: all()
                .map(|(position, pair)| (CardField::new(&pair.teamtailor, definitions), position))
                .collect(),
            pairs,
        }
    }

    /// Those that have a side in common with an entry, in their order.
    fn overlapping(
        &self,
        oneflow: &str,
        card_field: &CardField<'_>,
    ) -> impl Iterator<Item = &'a FieldMapping> {
        let positions = [self.by_bare_key.get(bare(oneflow)), self.by_card_field.get(card_field)];
        let positions: BTreeSet<usize> = positions.into_iter().flatten().copied().collect();
        positions.into_iter().filter_map(|position| self.pairs.get(position))
    }
}

fn of_system(view: &View<'_>, pairs: &[FieldMapping], replaced: &Replaced<'_>, found: &mut Vec<Diagnostic>) {
    let Some(fields) = view.kept_data_fields() else {
        return;
    };
    let kept = pairs.iter().filter(|pair| !replaced.has(pair));
    let is_ignored = |pair: &&FieldMapping| fields.get(&pair.oneflow).is_some_and(|facts| facts.is_of_system);
    let names: Vec<&str> = kept.filter(is_ignored).map(|pair| pair.oneflow.as_str()).collect();
    if !names.is_empty() {
        found.push(Diagnostic::at_key(
            DiagnosticCode::ConventionOfSystem,
            KeyPath::sync("convention"),
            words::convention_of_system(&and_some(names.into_iter())),
            words::CONVENTION_OF_SYSTEM_HELP,
        ));
    }
}

fn compare(
    entry: &Entry<'_>,
    pairs: &PairsBySide<'_>,
    definitions: &Definitions,
    found: &mut Vec<Diagnostic>,
) {
    let Some((oneflow, ours)) = entry.sides() else {
        return;
    };
    let id = |field: &CandidateField| match field {
        CandidateField::Custom(name) => definitions.find(name).map(|definition| &definition.id),
        CandidateField::Default(_) => None,
    };
    let target = id(ours);
    let same_target =
        |pair: &FieldMapping| pair.teamtailor == *ours || target.is_some() && id(&pair.teamtailor) == target;
    let mut replaced = Vec::new();
    for pair in pairs.overlapping(oneflow, &CardField::new(ours, definitions)) {
        if same_target(pair) && pair.oneflow == oneflow {
            // By the same name, and with what counts where nothing is written.
            let spelled_out = |field: &FieldMapping| FieldMapping {
                teamtailor: pair.teamtailor.clone(),
                when: Some(field.moment()),
                on_conflict: Some(field.rules().on_conflict),
                ..field.clone()
            };
            if entry.whole().map(spelled_out) == Some(spelled_out(pair)) {
                found.push(Diagnostic::at_key(
                    DiagnosticCode::ConventionRepeated,
                    entry.path(),
                    words::CONVENTION_REPEATED,
                    words::CONVENTION_REPEATED_HELP,
                ));
            }
        } else {
            let teamtailor = pair.teamtailor.to_string();
            replaced.push(format!("`{} = {}`", short_name(&pair.oneflow), short_name(&teamtailor)));
        }
    }
    if !replaced.is_empty() {
        found.push(Diagnostic::at_key(
            DiagnosticCode::ConventionReplaced,
            entry.path(),
            words::convention_replaced(&lists::and(&replaced)),
            words::CONVENTION_REPLACED_HELP,
        ));
    }
}
