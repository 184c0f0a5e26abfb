//! Checks the entries against the pairs of the convention.

use oneflow_client::DataFieldSource;

use super::super::{FieldMapping, Mapping, entry::Entry, nearest::and_list, view::View};
use crate::{
    CandidateField, Diagnostic, DiagnosticCode, Place, Schemas,
    convention::{effective_fields, overlaps},
};

pub(super) fn check(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let pairs = convention_pairs(view);
    for entry in &view.entries {
        compare(view, entry, &pairs, found);
    }
    of_system(view, &pairs, found);
    if let Some(key) = view.sync.token_field()
        && let Some(pair) = pairs.iter().find(|pair| pair.oneflow == key && !is_replaced(view, pair))
    {
        found.push(Diagnostic::at_value(
            DiagnosticCode::LinkDataFieldMapped,
            Place::sync("link_data_field"),
            format!("the convention pairs the data field `{}` with `{}`", pair.oneflow, pair.teamtailor),
            "name a data field for the link that has no partner in Teamtailor",
        ));
    }
}

/// The pairs that the convention makes, as if there were no entries; none where it cannot be known.
pub(super) fn convention_pairs(view: &View<'_>) -> Vec<FieldMapping> {
    let (Some(true), Some(schemas)) = (view.sync.convention(), view.schemas) else {
        return Vec::new();
    };
    let keys = view.data_field_keys();
    // The default mapping has nothing but the convention.
    let pairs = effective_fields(&Mapping::default(), &schemas.teamtailor, &keys).into_iter();
    // A custom field whose data field no template type has is a pair in name only.
    pairs.filter(|pair| keys.contains(pair.oneflow.as_str())).collect()
}

/// Whether an entry takes the place of a pair. One whose sides could not be read may take any.
pub(super) fn is_replaced(view: &View<'_>, pair: &FieldMapping) -> bool {
    let takes = |entry: &Entry<'_>, schemas: &Schemas| {
        entry.sides().is_none_or(|sides| overlaps(sides, pair, &schemas.teamtailor))
    };
    view.lacks_entries
        || view.schemas.is_some_and(|schemas| view.entries.iter().any(|entry| takes(entry, schemas)))
}

fn of_system(view: &View<'_>, pairs: &[FieldMapping], found: &mut Vec<Diagnostic>) {
    let kept = pairs.iter().filter(|pair| !is_replaced(view, pair));
    let is_ignored = |pair: &&FieldMapping| {
        view.data_fields()
            .any(|field| field.key == pair.oneflow && field.source == Some(DataFieldSource::System))
    };
    let names: Vec<&str> = kept.filter(is_ignored).map(|pair| pair.oneflow.as_str()).collect();
    if !names.is_empty() {
        found.push(Diagnostic::at_key(
            DiagnosticCode::ConventionOfSystem,
            Place::sync("convention"),
            format!(
                "Oneflow would ignore what is written into {}, which the convention pairs",
                and_list(names)
            ),
            "nothing has to be done if these are only to be taken over; else make data fields of your own",
        ));
    }
}

fn compare(view: &View<'_>, entry: &Entry<'_>, pairs: &[FieldMapping], found: &mut Vec<Diagnostic>) {
    let (Some(schemas), Some((oneflow, ours))) = (view.schemas, entry.sides()) else {
        return;
    };
    let definitions = &schemas.teamtailor;
    let id = |field: &CandidateField| match field {
        CandidateField::Custom(name) => definitions.find(name).map(|definition| &definition.id),
        CandidateField::Default(_) => None,
    };
    let target = id(ours);
    let same_target =
        |pair: &FieldMapping| pair.teamtailor == *ours || target.is_some() && id(&pair.teamtailor) == target;
    let mut replaced = Vec::new();
    for pair in pairs.iter().filter(|pair| overlaps((oneflow, ours), pair, definitions)) {
        if same_target(pair) && pair.oneflow == oneflow {
            let as_pair =
                |field: &FieldMapping| FieldMapping { teamtailor: pair.teamtailor.clone(), ..field.clone() };
            if entry.whole().map(as_pair).as_ref() == Some(pair) {
                found.push(Diagnostic::at_key(
                    DiagnosticCode::ConventionRepeated,
                    entry.place(),
                    "the entry says what the convention says anyway",
                    "leave the entry out",
                ));
            }
        } else {
            replaced.push(format!("{} = {}", pair.oneflow, pair.teamtailor));
        }
    }
    if !replaced.is_empty() {
        found.push(Diagnostic::at_key(
            DiagnosticCode::ConventionReplaced,
            entry.place(),
            format!(
                "the entry takes the place of {} of the convention",
                and_list(replaced.iter().map(String::as_str))
            ),
            "nothing has to be done if this is meant",
        ));
    }
}
