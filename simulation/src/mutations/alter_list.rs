//! Changes the items of a list.

use serde_json::{Value, json};

use super::{
    alteration::Kind,
    other_value::other_id,
    place::{self, Step, at, at_mut, last_key},
};

/// Changes the list, and says how. `kind` is one that is meant for lists.
pub(super) fn alter_list(
    items: &mut Vec<Value>,
    kind: Kind,
    ids: &[Value],
    rng: &mut fastrand::Rng,
) -> String {
    if items.is_empty() {
        items.push(Value::Null);
        return "an item that is null".to_owned();
    }
    let chosen = rng.usize(..items.len());
    let with_id: Vec<usize> = (0..items.len()).filter(|item| items[*item].get("id").is_some()).collect();
    let end = if rng.bool() { items.len() } else { 0 };
    match kind {
        Kind::RepeatItem => {
            items.insert(end, items[chosen].clone());
            format!("item {chosen} twice")
        }
        Kind::RepeatChanged => {
            let mut copy = items[chosen].clone();
            let change = change_a_scalar(&mut copy, rng);
            items.insert(end, copy);
            format!("item {chosen} twice, once with another {change}, at {end}")
        }
        Kind::Reorder => {
            rng.shuffle(items);
            "in another order".to_owned()
        }
        Kind::CopyUnderOtherId if !with_id.is_empty() => {
            let chosen = with_id[rng.usize(..with_id.len())];
            let mut copy = items[chosen].clone();
            let id = other_id(&copy["id"], ids, rng);
            copy["id"] = id.clone();
            items.insert(end, copy);
            format!("item {chosen} again, with the id {id}")
        }
        Kind::SharedId | Kind::SwapIds if with_id.len() > 1 => {
            let (a, b) = two_of(items, &with_id, rng);
            let (of_a, of_b) = (items[a]["id"].clone(), items[b]["id"].clone());
            items[a]["id"] = of_b.clone();
            if kind == Kind::SwapIds {
                items[b]["id"] = of_a;
                return format!("items {a} and {b} with each other's id");
            }
            format!("item {a} with the id {of_b} of item {b}")
        }
        Kind::DropItem
        | Kind::CopyUnderOtherId
        | Kind::SharedId
        | Kind::SwapIds
        | Kind::Cut
        | Kind::Body
        | Kind::Status
        | Kind::Header
        | Kind::Retype
        | Kind::Null
        | Kind::Drop
        | Kind::RepeatKey
        | Kind::Text
        | Kind::Number
        | Kind::Flag
        | Kind::Type
        | Kind::OtherId
        | Kind::ByPosition
        | Kind::Swallow => {
            items.remove(chosen);
            format!("without item {chosen}")
        }
    }
}

/// Two of the items; mostly such as have the same type, if there are any.
fn two_of(items: &[Value], with_id: &[usize], rng: &mut fastrand::Rng) -> (usize, usize) {
    let a = with_id[rng.usize(..with_id.len())];
    let others: Vec<usize> = with_id.iter().copied().filter(|item| *item != a).collect();
    let is_like_it = |item: &usize| items[*item].get("type") == items[a].get("type");
    let alike: Vec<usize> = others.iter().copied().filter(is_like_it).collect();
    let among = if alike.is_empty() || rng.u8(..4) == 0 { others } else { alike };
    (a, among[rng.usize(..among.len())])
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
