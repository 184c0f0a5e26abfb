//! What a person decides on a field that was held: an input of the plan, like the two sides.

use std::fmt;

use crate::{
    candidate::CandidateField,
    outcome::{FieldOutcome, Outcome, Reason},
    words::decisions as words,
};

/// What a person has decided on one field: which side is right.
///
/// A decision settles what the rules left to a person: a conflict, a first sight, a write that was cut off, and what the limit of
/// changes held back ([`Reason::may_be_decided`]). What may do harm, could not be read, or belongs to nobody stays held, whatever is
/// decided.
///
/// ```
/// use smartsync_core::plan::{Resolution, Take};
///
/// let resolution = Resolution::new("custom:start-date", Take::Card);
/// assert_eq!(resolution.take.as_str(), "card");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resolution {
    /// The field, by its name on the card (`custom:start-date`) or, if that is no field of the contract's mapping, by the `custom_id`
    /// of its data field.
    pub field: String,
    /// Which side is right.
    pub take: Take,
}

impl Resolution {
    /// This side of this field.
    #[must_use]
    pub fn new(field: impl Into<String>, take: Take) -> Self {
        Self { field: field.into(), take }
    }
}

/// The side that a person takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are two sides")]
pub enum Take {
    /// The contract's value is written to the card, past the limit of changes: a person has looked at it.
    Contract,
    /// The card stays as it is, and the contract's value counts as agreed on: it does not come back until one of the sides changes.
    Card,
}

impl Take {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Contract, Self::Card];

    /// The name: `contract`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Card => "card",
        }
    }
}

/// A decision that a plan follows, with the pair of fields that it is about: a name alone may be that of several.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecidedField {
    /// `custom_id` of the data field, or `contract:state`.
    pub data_field: String,
    /// The field of the card.
    pub candidate_field: CandidateField,
    /// Which side is right.
    pub take: Take,
}

impl DecidedField {
    pub(crate) fn new(field: &FieldOutcome, take: Take) -> Self {
        let FieldOutcome { data_field, candidate_field, .. } = field;
        Self { data_field: data_field.clone(), candidate_field: candidate_field.clone(), take }
    }

    /// How the field ended, among the outcomes of a plan or a report.
    #[must_use]
    pub fn end_in<'a>(&self, outcomes: &'a [FieldOutcome]) -> Option<&'a FieldOutcome> {
        outcomes.iter().find(|field| {
            field.data_field == self.data_field && field.candidate_field == self.candidate_field
        })
    }

    /// Whether the field ended as it was decided: the contract's value is on the card, or the ledger knows that the card's is kept.
    #[must_use]
    pub fn is_followed_in(&self, outcomes: &[FieldOutcome]) -> bool {
        self.end_in(outcomes).is_some_and(|field| is_as_decided(field, self.take))
    }
}

/// A decision that a plan could not follow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unresolved {
    /// The decision.
    pub resolution: Resolution,
    /// Why.
    pub why: WhyUnresolved,
}

/// Why a decision could not be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyUnresolved {
    /// The contract has no mapped field of this name.
    UnknownField,
    /// The name is that of several fields, or the field was decided twice.
    SeveralFields,
    /// There is nothing to decide: both sides hold the same, or the card is empty and is filled in anyway.
    NothingToDecide,
    /// The field ended for a reason on which nobody can decide.
    Undecidable(Reason),
}

impl WhyUnresolved {
    /// The stable code: `unknown-field`, `several-fields`, `nothing-to-decide`, or that of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown-field",
            Self::SeveralFields => "several-fields",
            Self::NothingToDecide => "nothing-to-decide",
            Self::Undecidable(reason) => reason.code(),
        }
    }
}

/// A sentence for the person who decided.
impl fmt::Display for WhyUnresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownField => words::UNKNOWN_FIELD,
            Self::SeveralFields => words::SEVERAL_FIELDS,
            Self::NothingToDecide => words::NOTHING_TO_DECIDE,
            Self::Undecidable(reason) => reason.sentence(),
        })
    }
}

/// Which field of a plan each decision is about, by its place among the outcomes; and the decisions that are about none. `may_overwrite`
/// says of a place whether the plan overwrites or clears a value there, so that the limit of changes may hold it back.
pub(crate) fn assign(
    outcomes: &[FieldOutcome],
    may_overwrite: impl Fn(&FieldOutcome) -> bool,
    resolutions: &[Resolution],
) -> (Vec<(usize, Resolution)>, Vec<Unresolved>) {
    let (mut assigned, mut unresolved) = (Vec::<(usize, Resolution)>::new(), Vec::new());
    for resolution in resolutions {
        let place = place(outcomes, &may_overwrite, &resolution.field);
        let is_taken = |place: &usize| assigned.iter().any(|(taken, _)| taken == place);
        match place {
            Ok(place) if is_taken(&place) => unresolved
                .push(Unresolved { resolution: resolution.clone(), why: WhyUnresolved::SeveralFields }),
            Ok(place) => assigned.push((place, resolution.clone())),
            Err(why) => unresolved.push(Unresolved { resolution: resolution.clone(), why }),
        }
    }
    (assigned, unresolved)
}

fn place(
    outcomes: &[FieldOutcome],
    may_overwrite: impl Fn(&FieldOutcome) -> bool,
    name: &str,
) -> Result<usize, WhyUnresolved> {
    let is_on_card = |field: &CandidateField| field.to_string() == name;
    let named = |is_named: &dyn Fn(&FieldOutcome) -> bool| -> Vec<usize> {
        (0..).zip(outcomes).filter(|(_, field)| is_named(field)).map(|(place, _)| place).collect()
    };
    let mut places = named(&|field| is_on_card(&field.candidate_field));
    if places.is_empty() {
        places = named(&|field| field.data_field == name);
    }
    let may_be_decided = |place: &usize| {
        outcomes.get(*place).is_some_and(|field| may_overwrite(field) || field.may_be_decided())
    };
    let decidable: Vec<usize> = places.iter().copied().filter(may_be_decided).collect();
    match (decidable.as_slice(), places.as_slice()) {
        ([place], _) => Ok(*place),
        ([], []) => Err(WhyUnresolved::UnknownField),
        ([], [place]) => Err(outcomes.get(*place).map_or(WhyUnresolved::UnknownField, why_not)),
        _ => Err(WhyUnresolved::SeveralFields),
    }
}

/// Why nobody can decide on a field that ended so.
pub(crate) fn why_not(field: &FieldOutcome) -> WhyUnresolved {
    match field.outcome {
        Outcome::Written | Outcome::Unchanged => WhyUnresolved::NothingToDecide,
        Outcome::Held(reason) | Outcome::Skipped(reason) | Outcome::Failed(reason) => {
            WhyUnresolved::Undecidable(reason)
        }
    }
}

/// Whether a field ended as it was decided.
pub(crate) fn is_as_decided(field: &FieldOutcome, take: Take) -> bool {
    match take {
        Take::Contract => field.note == Some(Reason::DecidedContract),
        Take::Card => field.outcome == Outcome::Skipped(Reason::DecidedCard),
    }
}
