//! What the members of a JSON body may be. Both services' tables are written with it.

use serde_json::Value;

/// What a value may be.
pub(crate) enum Shape {
    /// Any JSON; the operation looks at it itself.
    Anything,
    Boolean,
    Integer,
    /// Text with a number of characters in this range.
    Text {
        min: usize,
        max: usize,
    },
    OneOf(&'static [&'static str]),
    Nullable(&'static Shape),
    List {
        of: &'static Shape,
        min: usize,
        max: usize,
    },
    Object(&'static [Member]),
}

/// Text of any length.
pub(crate) const TEXT: Shape = Shape::Text { min: 0, max: usize::MAX };

/// A member of an object.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

pub(crate) const fn required(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true }
}

pub(crate) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: false }
}

/// What is wrong with a value. It never quotes the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unknown,
    Missing,
    WrongType(&'static str),
    Length { min: usize, max: usize },
    NotAllowed,
}

impl Fault {
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::Unknown => "is not a known member".to_owned(),
            Self::Missing => "is required".to_owned(),
            Self::WrongType(expected) => format!("must be {expected}"),
            Self::Length { min, max } if max == usize::MAX => {
                format!("must have {min} or more entries or characters")
            }
            Self::Length { min, max } => format!("must have {min} to {max} entries or characters"),
            Self::NotAllowed => "is not one of the allowed values".to_owned(),
        }
    }
}

/// A fault and its place: `parties/0/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) place: String,
    pub(crate) fault: Fault,
}

impl Shape {
    /// Everything that is wrong with `value`, which is at `place`.
    pub(crate) fn check(&self, value: &Value, place: &str, found: &mut Vec<Found>) {
        let mut fault = |fault| found.push(Found { place: place.to_owned(), fault });
        match (self, value) {
            (Self::Anything, _) | (Self::Nullable(_), Value::Null) | (Self::Boolean, Value::Bool(_)) => {}
            (Self::Nullable(shape), value) => shape.check(value, place, found),
            (Self::Integer, Value::Number(number)) if number.is_i64() => {}
            (Self::Text { min, max }, Value::String(text)) => {
                if !(*min..=*max).contains(&text.chars().count()) {
                    fault(Fault::Length { min: *min, max: *max });
                }
            }
            (Self::OneOf(allowed), Value::String(text)) => {
                if !allowed.contains(&text.as_str()) {
                    fault(Fault::NotAllowed);
                }
            }
            (Self::List { of, min, max }, Value::Array(items)) => {
                if !(*min..=*max).contains(&items.len()) {
                    fault(Fault::Length { min: *min, max: *max });
                }
                for (position, item) in items.iter().enumerate() {
                    of.check(item, &below(place, &position.to_string()), found);
                }
            }
            (Self::Object(members), Value::Object(given)) => {
                for (name, value) in given {
                    match members.iter().find(|member| member.name == name) {
                        Some(member) => member.shape.check(value, &below(place, name), found),
                        None => found.push(Found { place: below(place, name), fault: Fault::Unknown }),
                    }
                }
                for member in members.iter().filter(|member| member.required) {
                    if !given.contains_key(member.name) {
                        found.push(Found { place: below(place, member.name), fault: Fault::Missing });
                    }
                }
            }
            (shape, _) => fault(Fault::WrongType(shape.name())),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Anything => "any value",
            Self::Boolean => "true or false",
            Self::Integer => "an integer",
            Self::Text { .. } | Self::OneOf(_) => "text",
            Self::Nullable(shape) => shape.name(),
            Self::List { .. } => "a list",
            Self::Object(_) => "an object",
        }
    }
}

fn below(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}/{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Fault, Found, Shape, TEXT, optional, required};

    const BODY: Shape = Shape::Object(&[
        required("name", Shape::Text { min: 1, max: 3 }),
        optional("tags", Shape::List { of: &TEXT, min: 0, max: 2 }),
        optional("note", Shape::Nullable(&TEXT)),
        optional("kind", Shape::OneOf(&["a", "b"])),
    ]);

    fn faults(value: &Value) -> Vec<(String, Fault)> {
        let mut found = Vec::new();
        BODY.check(value, "", &mut found);
        found.into_iter().map(|Found { place, fault }| (place, fault)).collect()
    }

    #[test]
    fn every_fault_is_found_with_its_place() {
        assert_eq!(faults(&json!({"name": "abc", "tags": ["x"], "note": null, "kind": "b"})), []);
        assert_eq!(faults(&json!([])), [(String::new(), Fault::WrongType("an object"))]);
        assert_eq!(
            faults(&json!({"name": "abcd", "tags": [1], "kind": "c", "other": 1})),
            [
                ("kind".to_owned(), Fault::NotAllowed),
                ("name".to_owned(), Fault::Length { min: 1, max: 3 }),
                ("other".to_owned(), Fault::Unknown),
                ("tags/0".to_owned(), Fault::WrongType("text")),
            ]
        );
        assert_eq!(faults(&json!({})), [("name".to_owned(), Fault::Missing)]);
    }
}
