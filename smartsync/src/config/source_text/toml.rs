//! Parses TOML.

use std::ops::Range;

use serde_json::{Number, Value};
use toml::{
    Spanned,
    de::{DeInteger, DeTable, DeValue},
};

use super::{
    span::{Children, Node},
    syntax_error::{SyntaxError, line_of},
};

pub(super) fn parse(text: &str) -> Result<(Value, Node), SyntaxError> {
    let parsed = DeTable::parse(text).map_err(|error| SyntaxError {
        message: error.message().to_owned(),
        line: error.span().map(|span| line_of(text, span.start)),
        key: String::new(),
    })?;
    let (value, children) = table(parsed.get_ref());
    Ok((value, Node { key: None, value: 0..0, children }))
}

fn node(key: Option<Range<usize>>, item: &Spanned<DeValue<'_>>) -> (Value, Node) {
    let (value, children) = match item.get_ref() {
        DeValue::String(text) => leaf(text.as_ref()),
        // JSON has no dates: this is how serde hands them over, so that a mapping can say what they are.
        DeValue::Datetime(date) => leaf(serde_json::to_value(date).unwrap_or_default()),
        DeValue::Integer(number) => leaf(integer(number)),
        DeValue::Float(number) => leaf(number.as_str().parse().ok().and_then(Number::from_f64)),
        DeValue::Boolean(flag) => leaf(*flag),
        DeValue::Array(items) => {
            let (values, nodes) = items.iter().map(|item| node(None, item)).unzip();
            (Value::Array(values), Children::List(nodes))
        }
        DeValue::Table(members) => table(members),
    };
    (value, Node { key, value: item.span(), children })
}

fn leaf(value: impl Into<Value>) -> (Value, Children) {
    (value.into(), Children::None)
}

fn table(members: &DeTable<'_>) -> (Value, Children) {
    let members = members.iter().map(|(key, item)| {
        let (value, node) = node(Some(key.span()), item);
        ((key.get_ref().to_string(), value), (key.get_ref().to_string(), node))
    });
    let (values, nodes): (Vec<_>, Vec<_>) = members.unzip();
    (Value::Object(values.into_iter().collect()), Children::Table(nodes.into_iter().collect()))
}

/// One that is too large for an id or a port is refused for its size, so the nearest number will do.
fn integer(number: &DeInteger<'_>) -> Option<Number> {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) => Some(number.into()),
        Err(_) => number.as_str().parse().ok().and_then(Number::from_f64),
    }
}
