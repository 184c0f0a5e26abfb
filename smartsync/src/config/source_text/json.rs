//! Parses JSON, strictly: no comments, no commas at the end, no key twice.

use std::{collections::BTreeMap, ops::Range};

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{self, ObjectPropName},
    common::Ranged as _,
    parse_to_ast,
};
use serde_json::{Map, Number, Value};

use super::{
    span::{Children, Node},
    syntax_error::{SyntaxError, line_of},
};

/// The parser can do more than JSON.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &str) -> Result<(Value, Node), SyntaxError> {
    let error =
        |message: String, byte| SyntaxError { message, line: Some(line_of(text, byte)), key: String::new() };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT)
        .map_err(|found| error(found.kind().to_string(), found.range().start))?;
    match parsed.value {
        Some(ast::Value::Object(object)) => {
            let (value, children) = table(text, &object)?;
            Ok((value, Node { key: None, value: 0..0, children }))
        }
        Some(_) => {
            Err(error("the file must be an object with the sections of a configuration".to_owned(), 0))
        }
        None => Err(error("the file is empty".to_owned(), 0)),
    }
}

fn node(text: &str, key: Option<Range<usize>>, value: &ast::Value<'_>) -> Result<(Value, Node), SyntaxError> {
    let span = value.range();
    let (json, children) = match value {
        ast::Value::StringLit(string) => leaf(string.value.as_ref()),
        ast::Value::NumberLit(number) => leaf(number.value.parse::<Number>().ok()),
        ast::Value::BooleanLit(flag) => leaf(flag.value),
        ast::Value::NullKeyword(_) => leaf(Value::Null),
        ast::Value::Array(array) => {
            let items = array.elements.iter().map(|item| node(text, None, item));
            let (values, nodes) = items.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
            (Value::Array(values), Children::List(nodes))
        }
        ast::Value::Object(object) => table(text, object)?,
    };
    Ok((json, Node { key, value: span.start..span.end, children }))
}

fn leaf(value: impl Into<Value>) -> (Value, Children) {
    (value.into(), Children::None)
}

fn table(text: &str, object: &ast::Object<'_>) -> Result<(Value, Children), SyntaxError> {
    let (mut values, mut nodes) = (Map::new(), BTreeMap::new());
    for property in &object.properties {
        let name = match &property.name {
            ObjectPropName::String(name) => name.value.to_string(),
            ObjectPropName::Word(name) => name.value.to_owned(),
        };
        let range = property.name.range();
        let (value, node) = node(text, Some(range.start..range.end), &property.value)?;
        values.insert(name.clone(), value);
        if nodes.insert(name.clone(), node).is_some() {
            let (message, line) =
                ("the key appears twice in its table".to_owned(), line_of(text, range.start));
            return Err(SyntaxError { message, line: Some(line), key: name });
        }
    }
    Ok((Value::Object(values), Children::Table(nodes)))
}
