//! JSON:API documents: primary data, and what was asked to be included with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    relationships::{self, Key, Kind, Related},
    render,
};
use crate::world::World;

/// The media type of JSON:API.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.api+json";

/// The `include` parameter as a tree: `a,a.b` is `a` with `b` below it.
#[derive(Debug, Default)]
pub(super) struct Includes(BTreeMap<String, Includes>);

impl Includes {
    /// Reads the parameter for resources of `kind`. `None` if it names something that is not a relationship.
    pub(super) fn parse(text: &str, kind: Kind) -> Option<Self> {
        let mut tree = Self::default();
        for path in text.split(',') {
            let (mut branch, mut kind) = (&mut tree, kind);
            for name in path.split('.') {
                kind = relationships::target(kind, name)?;
                branch = branch.0.entry(name.to_owned()).or_default();
            }
        }
        Some(tree)
    }

    /// Whether this relationship of the primary data is included.
    pub(super) fn has(&self, relationship: &str) -> bool {
        self.0.contains_key(relationship)
    }
}

/// What was found while following the includes.
#[derive(Default)]
struct Gathered {
    order: Vec<Key>,
    /// Relationships whose `data` is written, by resource.
    linked: BTreeMap<Key, BTreeSet<String>>,
}

impl Gathered {
    fn visit(&mut self, world: &World, key: &Key, includes: &Includes) {
        if !self.linked.contains_key(key) {
            self.order.push(key.clone());
        }
        let linked = self.linked.entry(key.clone()).or_default();
        linked.extend(includes.0.keys().cloned());
        for (name, below) in &includes.0 {
            let related = match relationships::related(world, key, name) {
                Related::One(one) => one.into_iter().collect(),
                Related::Many(many) => many,
            };
            for key in related {
                self.visit(world, &key, below);
            }
        }
    }
}

/// The document of one resource.
pub(super) fn one(world: &World, key: &Key, includes: &Includes) -> Value {
    let mut document = many(world, std::slice::from_ref(key), includes);
    if let Some(first) = document["data"].get_mut(0).map(Value::take) {
        document["data"] = first;
    }
    document
}

/// The document of several resources, without `links` and `meta`.
pub(super) fn many(world: &World, keys: &[Key], includes: &Includes) -> Value {
    let mut gathered = Gathered::default();
    for key in keys {
        gathered.visit(world, key, includes);
    }
    let write = |key: &Key| resource(world, key, gathered.linked.get(key));
    let data: Vec<Value> = keys.iter().map(write).collect();
    let included: Vec<Value> = gathered.order.iter().filter(|key| !keys.contains(key)).map(write).collect();
    let mut document = json!({ "data": data });
    if !included.is_empty() {
        document["included"] = included.into();
    }
    document
}

/// One resource. A relationship has `data` only if it was included.
fn resource(world: &World, key: &Key, linked: Option<&BTreeSet<String>>) -> Value {
    let (kind, id) = (render::type_name(world, key), &key.1);
    let place = if key.0 == Kind::Company { "company".to_owned() } else { format!("{kind}/{id}") };
    let address = format!("{}/v1/{place}", world.origins.teamtailor);
    let mut written = Map::new();
    for name in relationships::of(key.0) {
        let mut relationship = json!({
            "links": {
                "self": format!("{address}/relationships/{name}"),
                "related": format!("{address}/{name}"),
            },
        });
        if linked.is_some_and(|linked| linked.contains(name)) {
            let identifier = |key: &Key| json!({ "type": render::type_name(world, key), "id": key.1 });
            relationship["data"] = match relationships::related(world, key, name) {
                Related::One(one) => one.as_ref().map(identifier).into(),
                Related::Many(many) => many.iter().map(identifier).collect::<Vec<_>>().into(),
            };
        }
        written.insert(name.to_owned(), relationship);
    }
    json!({
        "id": id,
        "type": kind,
        "links": { "self": address },
        "attributes": render::attributes(world, key),
        "relationships": written,
    })
}
