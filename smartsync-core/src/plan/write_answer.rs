//! What the answer to a write says of the card.

use serde_json::Value;
use teamtailor_client::{candidates::Candidate, custom_field_values::CustomFieldValue, jsonapi::Document};

use super::update::FieldUpdate;
use crate::{
    candidate::{DefaultField, custom_value, default_value},
    value::FieldValue,
};

/// The answer to a request that wrote fields; `None` where it was without a body.
pub(crate) enum WriteAnswer {
    Candidate(Option<Box<Document<Candidate>>>),
    Value(Option<Box<Document<CustomFieldValue>>>),
}

/// What the answer says of one field that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// It holds the value now, in whatever spelling.
    AsWritten,
    /// It holds another value now.
    Another(Option<FieldValue>),
    /// Nothing that could be read.
    Nothing,
}

impl WriteAnswer {
    /// What the answer says of the update.
    pub(crate) fn of(&self, update: &FieldUpdate) -> Answered {
        let Some(json) = self.value(update.default_field()) else {
            return Answered::Nothing;
        };
        match update.format.read_teamtailor(&json) {
            Ok(value) if value == update.wanted => Answered::AsWritten,
            Ok(value) => Answered::Another(value),
            Err(_) => Answered::Nothing,
        }
    }

    /// The value in the answer; `None` where it does not say.
    fn value(&self, field: Option<DefaultField>) -> Option<Value> {
        match (self, field) {
            (Self::Candidate(answer), Some(field)) => default_value(&answer.as_ref()?.data, field),
            (Self::Value(answer), None) => custom_value(&answer.as_ref()?.data),
            (Self::Candidate(_), None) | (Self::Value(_), Some(_)) => None,
        }
    }
}
