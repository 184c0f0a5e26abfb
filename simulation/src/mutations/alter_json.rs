//! Changes one place in a JSON document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    alteration::{Alteration, Kind},
    likeness,
    place::{self, Step, at, at_mut, last_key},
    wire::Exchange,
};

/// Members that decide something. Most of the changes are made there.
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
    let is_telling = |places: &&Vec<Vec<Step>>| places.iter().any(|place| TELLING.contains(&last_key(place)));
    let is_list = |places: &&Vec<Vec<Step>>| {
        places.iter().any(|place| {
            at(whole, place).is_some_and(|value| value.as_array().is_some_and(|items| items.len() > 1))
        })
    };
    let telling: Vec<_> = members.values().filter(is_telling).collect();
    let lists: Vec<_> = telling.iter().copied().filter(is_list).collect();
    let all: Vec<_> = members.values().collect();
    let among = match rng.u8(..10) {
        0..2 => &all,
        2..4 if !lists.is_empty() => &lists,
        _ if !telling.is_empty() => &telling,
        _ => &all,
    };
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
        (_, Value::Array(items)) => return apply_to_list(items, kind, &ids, rng),
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

fn apply_to_list(items: &mut Vec<Value>, kind: Kind, ids: &[Value], rng: &mut fastrand::Rng) -> String {
    if items.is_empty() {
        items.push(Value::Null);
        return "an item that is null".to_owned();
    }
    let chosen = rng.usize(..items.len());
    let with_id: Vec<usize> = (0..items.len()).filter(|item| items[*item].get("id").is_some()).collect();
    let end = if rng.bool() { items.len() } else { 0 };
    match kind {
        Kind::DropItem => {
            items.remove(chosen);
            format!("without item {chosen}")
        }
        Kind::RepeatItem => {
            items.insert(end, items[chosen].clone());
            format!("item {chosen} twice")
        }
        Kind::RepeatChanged => {
            let mut copy = items[chosen].clone();
            let change = change_a_scalar(&mut copy, rng);
            items.insert(end, copy);
            format!("item {chosen} twice, once with {change}, at {end}")
        }
        Kind::Reorder => {
            rng.shuffle(items);
            "in another order".to_owned()
        }
        Kind::CopyUnderOtherId => {
            let chosen = with_id[rng.usize(..with_id.len())];
            let mut copy = items[chosen].clone();
            let id = other_id(&copy["id"], ids, rng);
            copy["id"] = id.clone();
            items.insert(end, copy);
            format!("item {chosen} again, with the id {id}")
        }
        Kind::SharedId | Kind::SwapIds if with_id.len() > 1 => {
            let (a, b) = (rng.usize(..with_id.len()), rng.usize(1..with_id.len()));
            let (a, b) = (with_id[a], with_id[(a + b) % with_id.len()]);
            let (of_a, of_b) = (items[a]["id"].clone(), items[b]["id"].clone());
            items[a]["id"] = of_b.clone();
            if kind == Kind::SwapIds {
                items[b]["id"] = of_a;
                return format!("items {a} and {b} with each other's id");
            }
            format!("item {a} with the id {of_b} of item {b}")
        }
        _ => {
            items.clear();
            "no items".to_owned()
        }
    }
}

/// Changes one text or number in an item, not its id, and says which.
fn change_a_scalar(item: &mut Value, rng: &mut fastrand::Rng) -> String {
    let is_scalar = |place: &&Vec<Step>| {
        let value = at(item, place);
        value.is_some_and(|value| value.is_string() || value.is_number())
            && !matches!(last_key(place), "id" | "type")
    };
    let places: Vec<Vec<Step>> = place::all(item).iter().filter(is_scalar).cloned().collect();
    if places.is_empty() {
        return "nothing".to_owned();
    }
    let place = &places[rng.usize(..places.len())];
    if let Some(value) = at_mut(item, place) {
        *value = if value.is_number() { json!(7) } else { json!("Something else") };
    }
    place::shown(place)
}

/// Values of every other JSON type, and empty and wrapped ones.
fn other_types(old: &Value) -> Vec<Value> {
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
fn other_id(id: &Value, ids: &[Value], rng: &mut fastrand::Rng) -> Value {
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
fn texts(whole: &Value) -> Vec<String> {
    let places = place::all(whole);
    let texts = places.iter().filter_map(|place| at(whole, place)?.as_str());
    let mut texts: Vec<String> = texts.filter(|text| text.len() < 80).map(str::to_owned).collect();
    texts.push("Something else".to_owned());
    texts
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    let end = text.char_indices().nth(100).map_or(text.len(), |(position, _)| position);
    text[..end].to_owned()
}
