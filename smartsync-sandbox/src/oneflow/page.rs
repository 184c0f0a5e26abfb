//! Pages by offset.

use std::{
    cmp::Ordering,
    ops::{Range, RangeInclusive},
};

use serde_json::{Value, json};
use url::form_urlencoded;

use super::refusal::Refusal;
use crate::{incoming::Incoming, unknowns::PageEnds, world::World};

/// Furthest offset that a list can be read from.
const MAX_OFFSET: usize = 19_900;
const MAX_LIMIT: usize = 100;

/// Which items of a list a page shows, and the links around it.
pub(super) struct Place {
    pub(super) shown: Range<usize>,
    pub(super) links: Value,
}

/// The page of `items` that the query asks for.
pub(super) fn page(world: &World, incoming: &Incoming, items: &[Value]) -> Result<Value, Refusal> {
    let Place { shown, links } = place(world, incoming, items.len())?;
    Ok(json!({ "_links": links, "count": items.len(), "data": &items[shown] }))
}

/// The place in a list of so many that the query asks for.
pub(super) fn place(world: &World, incoming: &Incoming, count: usize) -> Result<Place, Refusal> {
    let limit = number(incoming, "limit", MAX_LIMIT, 1..=MAX_LIMIT)?;
    let offset = number(incoming, "offset", 0, 0..=MAX_OFFSET)?;
    let link = |offset: usize| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &incoming.query {
            if name != "limit" && name != "offset" {
                query.append_pair(name, value);
            }
        }
        query.append_pair("limit", &limit.to_string()).append_pair("offset", &offset.to_string());
        json!({ "href": format!("{}{}?{}", world.origins.oneflow, incoming.path, query.finish()) })
    };
    let next = offset + limit;
    let mut links = json!({ "self": link(offset) });
    let neighbours = [
        ("next", (next < count).then(|| link(next))),
        ("previous", (offset > 0).then(|| link(offset.saturating_sub(limit)))),
    ];
    for (name, there) in neighbours {
        match (there, world.oneflow_unknowns().page_ends) {
            (Some(there), _) => links[name] = there,
            (None, PageEnds::NullAddress) => links[name] = json!({ "href": null }),
            (None, PageEnds::Null) => links[name] = Value::Null,
            (None, PageEnds::Absent) => {}
        }
    }
    Ok(Place { shown: offset.min(count)..next.min(count), links })
}

fn number(
    incoming: &Incoming,
    name: &'static str,
    default: usize,
    allowed: RangeInclusive<usize>,
) -> Result<usize, Refusal> {
    match incoming.query(name) {
        None => Ok(default),
        Some(text) => match text.parse() {
            Ok(number) if allowed.contains(&number) => Ok(number),
            _ => Err(Refusal::parameter(name, format!("must be {} to {}", allowed.start(), allowed.end()))),
        },
    }
}

/// The `sort` parameter as (column, descending), of the allowed columns only.
pub(super) fn sort_columns<'a>(
    incoming: &'a Incoming,
    allowed: &[&str],
) -> Result<Vec<(&'a str, bool)>, Refusal> {
    let mut columns = Vec::new();
    for column in incoming.query("sort").into_iter().flat_map(|sort| sort.split(',')) {
        let (name, descending) = match column.strip_prefix('-') {
            Some(name) => (name, true),
            None => (column, false),
        };
        if !allowed.contains(&name) {
            return Err(Refusal::parameter("sort", "names a column that cannot be sorted by"));
        }
        columns.push((name, descending));
    }
    Ok(columns)
}

/// Sorts by the text that `key` takes from an item for a column.
pub(super) fn sort<T>(items: &mut [T], columns: &[(&str, bool)], key: impl Fn(&T, &str) -> String) {
    items.sort_by(|left, right| {
        let by_column = |(name, descending): &(&str, bool)| {
            let order = key(left, name).cmp(&key(right, name));
            if *descending { order.reverse() } else { order }
        };
        columns.iter().map(by_column).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
}

/// The numbers of a comma-separated parameter.
pub(super) fn number_list(text: &str, name: &'static str) -> Result<Vec<i64>, Refusal> {
    text.split(',')
        .map(|part| part.trim().parse().map_err(|_| Refusal::parameter(name, "must be numbers")))
        .collect()
}
