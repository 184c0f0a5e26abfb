//! What may stand in place of a value.

use serde_json::{Map, Value, json};

use super::place::{self, at};

/// Values of every other JSON type, and empty and wrapped ones.
pub(super) fn other_types(old: &Value) -> Vec<Value> {
    let mut wrapped = Map::new();
    wrapped.insert("value".to_owned(), old.clone());
    let all = [
        json!("x"),
        json!(""),
        json!(7),
        json!(-1.5),
        json!(true),
        json!(false),
        json!([]),
        json!([old]),
        json!({}),
        Value::Object(wrapped),
        json!(old.to_string()),
    ];
    all.into_iter().filter(|other| other != old).collect()
}

/// An id of the same JSON type: that of something else in the answer, one of nothing, or an empty one.
pub(super) fn other_id(id: &Value, ids: &[Value], rng: &mut fastrand::Rng) -> Value {
    let others: Vec<&Value> =
        ids.iter().filter(|other| *other != id && other.is_string() == id.is_string()).collect();
    match rng.u8(..3) {
        0 if !others.is_empty() => others[rng.usize(..others.len())].clone(),
        1 if id.is_string() => json!(""),
        _ if id.is_string() => json!("999999"),
        _ => json!(999_999),
    }
}

/// All texts in the document.
pub(super) fn texts(whole: &Value) -> Vec<String> {
    let places = place::all(whole);
    let texts = places.iter().filter_map(|place| at(whole, place)?.as_str());
    let mut texts: Vec<String> = texts.filter(|text| text.len() < 80).map(str::to_owned).collect();
    texts.push("Something else".to_owned());
    texts
}

/// The JSON, cut where it is long.
pub(super) fn short(value: &Value) -> String {
    let text = value.to_string();
    let end = text.char_indices().nth(100).map_or(text.len(), |(position, _)| position);
    text[..end].to_owned()
}
