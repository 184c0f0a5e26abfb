//! Pages by number, and pages by cursor where the newest version has them.

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{
    check::Checked,
    document,
    refusal::Refusal,
    relationships::{self, Key},
    render,
};
use crate::{incoming::Incoming, json_text, unknowns::PagingForm, world::World};

const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 30;

/// Since this version candidates and custom fields are paged by cursor.
const CURSOR_VERSION: &str = "20240904";

/// By cursor in the newest version, by number in the older ones.
pub(super) fn by_version(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    keys: Vec<Key>,
    version: &str,
) -> Result<Vec<u8>, Refusal> {
    match world.teamtailor_unknowns().paging_form {
        PagingForm::ByList if version >= CURSOR_VERSION => by_cursor(world, incoming, checked, keys),
        PagingForm::Cursor => by_cursor(world, incoming, checked, keys),
        PagingForm::ByList | PagingForm::Number => by_number(world, incoming, checked, keys),
    }
}

/// By number in every version.
pub(super) fn in_every_version(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    keys: Vec<Key>,
) -> Result<Vec<u8>, Refusal> {
    match world.teamtailor_unknowns().paging_form {
        PagingForm::Cursor => by_cursor(world, incoming, checked, keys),
        PagingForm::ByList | PagingForm::Number => by_number(world, incoming, checked, keys),
    }
}

/// The page that `page[number]` asks for.
fn by_number(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    mut keys: Vec<Key>,
) -> Result<Vec<u8>, Refusal> {
    refuse(incoming, &["page[after]", "page[before]"])?;
    keys.retain(|key| !relationships::is_hidden(world, key));
    sort(world, incoming, &mut keys)?;
    let size = size(incoming)?;
    let number: usize = match incoming.query("page[number]") {
        None => 1,
        Some(text) => {
            text.parse().ok().filter(|number| *number > 0).ok_or_else(|| bad_page("page[number]"))?
        }
    };
    let pages = keys.len().div_ceil(size).max(1);
    let start = (number - 1).saturating_mul(size).min(keys.len());
    let shown = &keys[start..(start + size).min(keys.len())];
    let link = |number: usize| {
        link(world, incoming, &[("page[number]", number.to_string()), ("page[size]", size.to_string())])
    };
    let mut links = Map::new();
    links.insert("first".to_owned(), link(1));
    links.insert("last".to_owned(), link(pages));
    if number > 1 {
        links.insert("prev".to_owned(), link(number - 1));
    }
    if number < pages {
        links.insert("next".to_owned(), link(number + 1));
    }
    let meta = json!({ "record-count": keys.len(), "page-count": pages });
    Ok(document::page(world, shown, &checked.includes, &links, &meta))
}

/// The page after `page[after]` or before `page[before]`. `page[number]` is refused.
fn by_cursor(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
    mut keys: Vec<Key>,
) -> Result<Vec<u8>, Refusal> {
    refuse(incoming, &["page[number]"])?;
    keys.retain(|key| !relationships::is_hidden(world, key));
    sort(world, incoming, &mut keys)?;
    let size = size(incoming)?;
    let place = |name: &'static str| match incoming.query(name) {
        None => Ok(None),
        Some(id) => keys.iter().position(|key| key.1 == id).map(Some).ok_or_else(|| bad_page(name)),
    };
    let (start, end) = match (place("page[after]")?, place("page[before]")?) {
        (Some(after), None) => (after + 1, (after + 1 + size).min(keys.len())),
        (None, Some(before)) => (before.saturating_sub(size), before),
        (None, None) => (0, size.min(keys.len())),
        (Some(_), Some(_)) => return Err(bad_page("page[before]")),
    };
    let shown = &keys[start..end];
    let link = |name: &'static str, key: &Key| {
        link(world, incoming, &[(name, key.1.clone()), ("page[size]", size.to_string())])
    };
    let mut links = Map::new();
    if let Some(last) = shown.last().filter(|_| end < keys.len()) {
        links.insert("next".to_owned(), link("page[after]", last));
    }
    if let Some(first) = shown.first().filter(|_| start > 0) {
        links.insert("prev".to_owned(), link("page[before]", first));
    }
    let meta = json!({ "record-count": keys.len() });
    Ok(document::page(world, shown, &checked.includes, &links, &meta))
}

fn size(incoming: &Incoming) -> Result<usize, Refusal> {
    match incoming.query("page[size]") {
        None => Ok(DEFAULT_SIZE),
        Some(text) => {
            let size = text.parse().ok().filter(|size| (1..=MAX_SIZE).contains(size));
            size.ok_or_else(|| bad_page("page[size]"))
        }
    }
}

fn refuse(incoming: &Incoming, names: &[&'static str]) -> Result<(), Refusal> {
    match names.iter().find(|name| incoming.query(name).is_some()) {
        Some(name) => Err(bad_page(name)),
        None => Ok(()),
    }
}

fn bad_page(parameter: &str) -> Refusal {
    Refusal::parameter("118", "Invalid page value", parameter)
}

/// The same request at another page. Brackets are escaped, as in the real links.
fn link(world: &World, incoming: &Incoming, page: &[(&str, String)]) -> Value {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in incoming.query.iter().filter(|(name, _)| !name.starts_with("page[")) {
        query.append_pair(name, value);
    }
    for (name, value) in page {
        query.append_pair(name, value);
    }
    format!("{}{}?{}", world.origins.teamtailor, incoming.path, query.finish()).into()
}

/// By `id` unless the query says otherwise; `-` for descending.
fn sort(world: &World, incoming: &Incoming, keys: &mut [Key]) -> Result<(), Refusal> {
    // By number, not by text: "9" comes before "10".
    keys.sort_by_key(|key| (key.1.len(), key.1.clone()));
    let Some(sort) = incoming.query("sort") else {
        return Ok(());
    };
    // The list is sorted by the last column first; a stable sort keeps that order among equals. Descending is an
    // ascending sort of the list read backwards, which keeps it as well.
    for column in sort.split(',').rev() {
        let (name, descending) = match column.strip_prefix('-') {
            Some(name) => (name, true),
            None => (column, false),
        };
        if descending {
            keys.reverse();
        }
        let known = |key: &Key| render::attributes(world, key).is_some_and(|one| one.contains_key(name));
        if name == "id" {
            keys.sort_by_key(|key| (key.1.len(), key.1.clone()));
        } else if keys.iter().all(known) {
            keys.sort_by_cached_key(|key| {
                render::attributes(world, key).and_then(|one| one.get(name).map(json_text::value))
            });
        } else {
            return Err(Refusal::parameter("114", "Invalid sort criteria", "sort"));
        }
        if descending {
            keys.reverse();
        }
    }
    Ok(())
}
