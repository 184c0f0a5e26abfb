//! Changes one place in a JSON document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    alter_list::alter_list,
    alteration::{Alteration, Kind},
    likeness,
    other_value::{other_id, other_types, short, texts},
    place::{self, Step, at, at_mut, last_key},
    wire::Exchange,
};

/// Members that the engine goes by. Half of the changes are made there.
const DECISIVE: &[&str] = &[
    "_private_ownerside",
    "api-name",
    "attributes",
    "custom-field",
    "custom-field-values",
    "custom_id",
    "data",
    "data_fields",
    "field-type",
    "id",
    "included",
    "parties",
    "participant",
    "phone",
    "state",
    "uploads",
    "value",
];

/// Those and other members that mean something to it.
const TELLING: &[&str] = &[
    "_private",
    "_private_ownerside",
    "active",
    "api-name",
    "attributes",
    "created_time",
    "custom-field",
    "custom-field-values",
    "custom_id",
    "data",
    "data_fields",
    "email",
    "field-type",
    "file-name",
    "first-name",
    "id",
    "included",
    "last-name",
    "my_party",
    "name",
    "owner-type",
    "participant",
    "participants",
    "parties",
    "phone",
    "published_time",
    "relationships",
    "sign_state",
    "state",
    "state_updated_time",
    "template_id",
    "template_type_id",
    "type",
    "updated_time",
    "uploads",
    "value",
    "workspace_id",
];

/// Stands for the second member of a name until the document is text.
const SECOND: &str = "\u{1}second";

/// The document with one change as text, and what it is.
pub(crate) fn alter_json(
    exchange: &Exchange,
    mut whole: Value,
    rng: &mut fastrand::Rng,
) -> (String, Alteration) {
    let place = draw(&whole, rng);
    let before = whole.clone();
    let old = at(&before, &place).cloned().unwrap_or_default();
    let kinds = kinds(&place, &old);
    let kind = kinds[rng.usize(..kinds.len())];
    let change = apply(&mut whole, &place, kind, rng);
    let likeness = likeness::of_place(
        exchange,
        kind,
        &place,
        (&old, at(&whole, &place).filter(|_| kind != Kind::Drop)),
        &before,
    );
    let mut text = whole.to_string();
    if kind == Kind::RepeatKey {
        text = text.replacen(&json!(SECOND).to_string(), &json!(last_key(&place)).to_string(), 1);
    }
    let alteration = Alteration::new(exchange, kind, place::shown(&place), change).of_likeness(likeness);
    (text, alteration)
}

/// A place: every member that there is has the same chance, however many items of a list have it, and those that decide
/// something have a better one.
fn draw(whole: &Value, rng: &mut fastrand::Rng) -> Vec<Step> {
    let mut members: BTreeMap<String, Vec<Vec<Step>>> = BTreeMap::new();
    for place in place::all(whole) {
        members.entry(place::shown(&place)).or_default().push(place);
    }
    let all: Vec<&Vec<Vec<Step>>> = members.values().collect();
    let with = |is_wanted: &dyn Fn(&Vec<Step>) -> bool| {
        all.iter().copied().filter(|places| places.iter().any(is_wanted)).collect::<Vec<_>>()
    };
    let is_list = |place: &Vec<Step>| {
        let items = at(whole, place).and_then(Value::as_array);
        TELLING.contains(&last_key(place)) && items.is_some_and(|items| items.len() > 1)
    };
    let wanted = match rng.u8(..10) {
        0 => Vec::new(),
        1..3 => with(&is_list),
        3..5 => with(&|place| TELLING.contains(&last_key(place))),
        _ => with(&|place| DECISIVE.contains(&last_key(place))),
    };
    let among = if wanted.is_empty() { all } else { wanted };
    if among.is_empty() {
        return Vec::new();
    }
    let places = among[rng.usize(..among.len())];
    places[rng.usize(..places.len())].clone()
}

/// What can be done to a value at this place.
fn kinds(place: &[Step], old: &Value) -> Vec<Kind> {
    let mut kinds = vec![Kind::Retype, Kind::Retype, Kind::Null];
    match place.last() {
        Some(Step::Key(key)) => {
            kinds.extend([Kind::Drop, Kind::RepeatKey]);
            match key.as_str() {
                "type" if old.is_string() => kinds.extend([Kind::Type, Kind::Type]),
                "id" => kinds.extend([Kind::OtherId, Kind::OtherId]),
                _ => {}
            }
        }
        Some(Step::Item(_)) | None => {}
    }
    match old {
        Value::String(_) => kinds.extend([Kind::Text, Kind::Text]),
        Value::Number(_) => kinds.push(Kind::Number),
        Value::Bool(_) => kinds.push(Kind::Flag),
        Value::Array(items) => {
            if !items.is_empty() {
                kinds.extend([Kind::DropItem, Kind::RepeatItem, Kind::RepeatChanged]);
            }
            if items.len() > 1 {
                kinds.push(Kind::Reorder);
            }
            let with_id = items.iter().filter(|item| item.get("id").is_some()).count();
            if with_id > 0 {
                kinds.push(Kind::CopyUnderOtherId);
            }
            if with_id > 1 {
                kinds.extend([Kind::SharedId, Kind::SharedId, Kind::SwapIds]);
            }
        }
        Value::Object(members) if !members.is_empty() => kinds.push(Kind::ByPosition),
        Value::Object(_) | Value::Null => {}
    }
    kinds
}

/// Makes the change, and says what it is.
fn apply(whole: &mut Value, place: &[Step], kind: Kind, rng: &mut fastrand::Rng) -> String {
    let texts = texts(whole);
    let ids: Vec<Value> = place::ids(whole).into_iter().cloned().collect();
    if matches!(kind, Kind::Drop | Kind::RepeatKey) {
        return apply_to_member(whole, place, kind, &texts, rng);
    }
    let Some(value) = at_mut(whole, place) else { return "nothing".to_owned() };
    match (kind, &mut *value) {
        (Kind::Retype, old) => {
            let others = other_types(old);
            *value = others[rng.usize(..others.len())].clone();
        }
        (Kind::Text, Value::String(text)) => {
            let pool = ["", " ", "other", "Something else", "2031-02-03", "42"];
            let known = ["draft", "pending", "signed", "declined", "overdue"];
            *text = match rng.u8(..10) {
                0..3 => pool[rng.usize(..pool.len())].to_owned(),
                3..5 if known.contains(&text.as_str()) => known[rng.usize(..known.len())].to_owned(),
                _ => texts[rng.usize(..texts.len())].clone(),
            };
        }
        (Kind::Type, Value::String(text)) => {
            let types =
                ["candidates", "jobs", "custom-fields", "custom-field-selects", "uploads", "", "other"];
            *text = types[rng.usize(..types.len())].to_owned();
        }
        (Kind::Number, number) => {
            let numbers =
                [json!(0), json!(-1), json!(7), json!(9001), json!(1.5), json!(9_007_199_254_740_993_i64)];
            *number = numbers[rng.usize(..numbers.len())].clone();
        }
        (Kind::Flag, Value::Bool(flag)) => *flag = !*flag,
        (Kind::OtherId, id) => *id = other_id(id, &ids, rng),
        (Kind::ByPosition, Value::Object(members)) => {
            *value = members.values().cloned().collect();
        }
        (Kind::Null, value) => *value = Value::Null,
        (_, Value::Array(items)) => return alter_list(items, kind, &ids, rng),
        (_, value) => *value = Value::Null,
    }
    short(value)
}

fn apply_to_member(
    whole: &mut Value,
    place: &[Step],
    kind: Kind,
    texts: &[String],
    rng: &mut fastrand::Rng,
) -> String {
    let Some((Step::Key(key), parent)) = place.split_last() else { return "nothing".to_owned() };
    let Some(Value::Object(members)) = at_mut(whole, parent) else { return "nothing".to_owned() };
    if kind == Kind::Drop {
        members.remove(key);
        return "missing".to_owned();
    }
    let second = match rng.u8(..4) {
        0 => members.get(key).cloned().unwrap_or_default(),
        1 => Value::Null,
        2 => json!(texts[rng.usize(..texts.len())]),
        _ => json!(7),
    };
    let change = format!("and then {}", short(&second));
    // `SECOND` sorts before all names, so what stands first in the text is the other value, or this one.
    if rng.bool() {
        members.insert(SECOND.to_owned(), second);
    } else {
        let first = members.insert(key.clone(), second).unwrap_or_default();
        members.insert(SECOND.to_owned(), first);
    }
    change
}
