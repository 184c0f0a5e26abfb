//! A place in a JSON document.

use serde_json::Value;

/// One step to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Item(usize),
}

/// The name of the member that the place is in.
pub(crate) fn last_key(place: &[Step]) -> &str {
    let name = |step: &'_ Step| matches!(step, Step::Key(_));
    match place.iter().rev().find(|step| name(step)) {
        Some(Step::Key(key)) => key,
        _ => "",
    }
}

/// The place as text, the numbers of items left out: `data[].id`.
pub(crate) fn shown(place: &[Step]) -> String {
    let mut text = String::new();
    for step in place {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Item(_) => text.push_str("[]"),
        }
    }
    text
}

/// What stands there.
pub(crate) fn at<'a>(whole: &'a Value, place: &[Step]) -> Option<&'a Value> {
    place.iter().try_fold(whole, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Item(item) => value.get(item),
    })
}

/// What stands there, to be changed.
pub(crate) fn at_mut<'a>(whole: &'a mut Value, place: &[Step]) -> Option<&'a mut Value> {
    place.iter().try_fold(whole, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Item(item) => value.get_mut(item),
    })
}

/// All places but the document itself.
pub(crate) fn all(whole: &Value) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    collect(whole, &mut Vec::new(), &mut found);
    found
}

fn collect(value: &Value, here: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let mut visit = |step: Step, child: &Value| {
        here.push(step);
        found.push(here.clone());
        collect(child, here, found);
        here.pop();
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, child)| visit(Step::Key(key.clone()), child));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(item, child)| visit(Step::Item(item), child));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every `id` in the document, in its order.
pub(crate) fn ids(whole: &Value) -> Vec<&Value> {
    let is_id = |place: &Vec<Step>| matches!(place.last(), Some(Step::Key(key)) if key == "id");
    all(whole).iter().filter(|place| is_id(place)).filter_map(|place| at(whole, place)).collect()
}
