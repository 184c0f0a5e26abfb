//! The candidate: the fields of its card, their definitions, and what the card held when it was read.

mod candidate_field;
mod definitions;
mod snapshot;
mod target;

pub use self::{
    candidate_field::{CandidateField, DefaultField, UnknownCandidateField},
    definitions::{Definition, Definitions},
    snapshot::{CandidateSnapshot, CardFile, CustomValue},
};
pub(crate) use self::{
    snapshot::{CardValueError, custom_value, default_value},
    target::Target,
};
