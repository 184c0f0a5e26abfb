//! The members at the top of a notification, as they stand in its bytes.

use std::{fmt, ops::Range};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::webhook_error::WebhookError;

/// A notification, of which nothing is read yet but what stands where. Never written anew: another text would have another
/// signature.
pub(super) struct Body<'a> {
    bytes: &'a [u8],
    payload: Option<&'a [u8]>,
    /// The member `signature`, with one comma.
    signature: Option<Range<usize>>,
}

/// Each member with its value, in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Body<'a> {
    /// Refuses a body in which it cannot be told which member is meant: one that stands there twice, and an event beside a
    /// payload.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WebhookError> {
        let Members(members) = serde_json::from_slice(bytes)
            .map_err(|error| if error.is_data() { WebhookError::Format } else { WebhookError::Json })?;
        let place = |name: &str| {
            let mut places = (0..members.len()).filter(|place| members[*place].0 == name);
            match (places.next(), places.next()) {
                (place, None) => Ok(place),
                _ => Err(WebhookError::Format),
            }
        };
        let (payload, event, signature) = (place("payload")?, place("event_name")?, place("signature")?);
        if payload.is_some() == event.is_some() {
            return Err(WebhookError::Format);
        }
        let values: Vec<Range<usize>> = members.iter().map(|(_, value)| range(bytes, value)).collect();
        Ok(Self {
            bytes,
            payload: payload.map(|place| &bytes[values[place].clone()]),
            signature: signature.map(|place| member(bytes, &values, place)),
        })
    }

    /// What the event stands in, if not in the body itself.
    pub(super) fn payload(&self) -> Option<&'a [u8]> {
        self.payload
    }

    /// What stands before and after the member `signature`, without one of the commas beside it.
    pub(super) fn without_signature(&self) -> Option<[&'a [u8]; 2]> {
        let signature = self.signature.clone()?;
        Some([&self.bytes[..signature.start], &self.bytes[signature.end..]])
    }
}

/// Where a value stands that was read from `bytes`.
fn range(bytes: &[u8], value: &RawValue) -> Range<usize> {
    let start = value.get().as_ptr().addr() - bytes.as_ptr().addr();
    start..start + value.get().len()
}

/// Where a member stands, with the comma before it, or with the one after it if it is the first.
fn member(bytes: &[u8], values: &[Range<usize>], place: usize) -> Range<usize> {
    let value = &values[place];
    if let Some(before) = place.checked_sub(1) {
        return values[before].end..value.end;
    }
    let next_quote = |from: usize| bytes[from..].iter().position(|byte| *byte == b'"').map(|at| from + at);
    let start = next_quote(0).unwrap_or(value.start);
    let end = next_quote(value.end).unwrap_or(value.end);
    start..end
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(All)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
