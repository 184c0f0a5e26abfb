//! What was read can be written, and read again. The clients' tests have this file as well.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Holds `T` to being the same after it was written and read, whatever stood in any place of `answer`. Returns how many of these answers
/// could be read at all.
pub(crate) fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(answer: &str) -> usize {
    let whole: Value = serde_json::from_str(answer).unwrap();
    assert!(is_read_and_back::<T>(&whole), "{answer}");
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    let shapes = [
        json!(null),
        json!(true),
        json!(1.5),
        json!("x"),
        json!([]),
        json!([null, 1]),
        json!({ "x": [1] }),
        json!({ "data": [1] }),
    ];
    let altered = found.iter().flat_map(|place| shapes.iter().map(move |shape| (place, shape)));
    let is_back = altered.map(|(place, shape)| {
        let mut altered = whole.clone();
        *altered.pointer_mut(place).unwrap() = shape.clone();
        is_read_and_back::<T>(&altered)
    });
    is_back.filter(|is_back| *is_back).count()
}

/// Whether `answer` can be read. If it can, it comes back.
fn is_read_and_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(answer: &Value) -> bool {
    let Ok(model) = serde_json::from_str::<T>(&answer.to_string()) else { return false };
    let written = serde_json::to_string(&model).unwrap();
    let again = serde_json::from_str::<T>(&written);
    assert_eq!(again.unwrap_or_else(|error| panic!("{error}: {written}")), model, "{answer}");
    true
}

/// The places of all members and items, at every depth.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, value) in below {
        let place = format!("{at}/{name}");
        places(value, &place, found);
        found.push(place);
    }
}
