//! JSON:API documents: primary data, and what was asked to be included with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    relationships::{self, Key, Kind, Related},
    render,
};
use crate::{
    json_text::{self, Object, Text},
    unknowns::NestedInclude,
    world::World,
};

/// The media type of JSON:API.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.api+json";

/// The relationship of a candidate to its values, and of a value to the definition of its field.
const VALUES: &str = "custom-field-values";
const DEFINITION: &str = "custom-field";

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

    /// Whether the definitions of custom fields are asked for with values of something else.
    pub(super) fn nests_definitions(&self) -> bool {
        self.0.get(VALUES).is_some_and(|values| values.has(DEFINITION))
    }
}

/// What was found while following the includes.
#[derive(Default)]
struct Gathered<'a> {
    order: Vec<Key>,
    /// Relationships whose `data` is written, by resource.
    linked: BTreeMap<Key, BTreeSet<&'a str>>,
}

impl<'a> Gathered<'a> {
    fn visit(&mut self, world: &World, key: &Key, includes: &'a Includes) {
        if !self.linked.contains_key(key) {
            self.order.push(key.clone());
        }
        let linked = self.linked.entry(key.clone()).or_default();
        linked.extend(includes.0.keys().map(String::as_str));
        for (name, below) in &includes.0 {
            let related = match relationships::included(world, key, name) {
                Related::One(one) => one.into_iter().collect(),
                Related::Many(many) => many,
            };
            let is_nested = name == VALUES && below.has(DEFINITION);
            for (position, key) in related.iter().enumerate() {
                self.visit(world, key, below);
                let stays_away = match world.teamtailor_unknowns().nested_include {
                    NestedInclude::ComeAlong | NestedInclude::Refused => false,
                    NestedInclude::LinkedOnly => true,
                    NestedInclude::Else => position + 1 == related.len(),
                };
                if is_nested && stays_away {
                    self.leave_out_definition(world, key);
                }
            }
        }
    }
}

impl Gathered<'_> {
    /// The value still names its field.
    fn leave_out_definition(&mut self, world: &World, value: &Key) {
        if let Related::One(Some(definition)) = relationships::related(world, value, DEFINITION) {
            self.order.retain(|key| *key != definition);
        }
    }
}

/// The document of one resource.
pub(super) fn one(world: &World, key: &Key, includes: &Includes) -> Vec<u8> {
    let keys = std::slice::from_ref(key);
    let gathered = gather(world, keys, includes);
    json_text::object(|document| {
        document.object("data", |data| resource(world, key, &gathered, data));
        write_included(world, keys, &gathered, document);
    })
}

/// The document of a page of resources.
pub(super) fn page(
    world: &World,
    keys: &[Key],
    includes: &Includes,
    links: &Map<String, Value>,
    meta: &Value,
) -> Vec<u8> {
    let gathered = gather(world, keys, includes);
    json_text::object(|document| {
        document.list("data", |data| {
            for key in keys {
                data.object(|one| resource(world, key, &gathered, one));
            }
        });
        write_included(world, keys, &gathered, document);
        document.member("links", links);
        document.member("meta", meta);
    })
}

fn gather<'a>(world: &World, keys: &[Key], includes: &'a Includes) -> Gathered<'a> {
    let mut gathered = Gathered::default();
    for key in keys {
        gathered.visit(world, key, includes);
    }
    gathered
}

/// What else was found, if anything was.
fn write_included(world: &World, keys: &[Key], gathered: &Gathered<'_>, document: &mut Object<'_>) {
    let mut others = gathered.order.iter().filter(|key| !keys.contains(key)).peekable();
    if others.peek().is_some() {
        document.list("included", |included| {
            for key in others {
                included.object(|one| resource(world, key, gathered, one));
            }
        });
    }
}

/// One resource. A relationship has `data` only if it was included.
fn resource(world: &World, key: &Key, gathered: &Gathered<'_>, members: &mut Object<'_>) {
    let (kind, id) = (render::type_name(world, key), &key.1);
    let place = if key.0 == Kind::Company { "company".to_owned() } else { format!("{kind}/{id}") };
    let address = format!("{}/v1/{place}", world.origins.teamtailor);
    let linked = gathered.linked.get(key);
    members.member("attributes", render::attributes(world, key));
    members.member("id", id);
    members.object("links", |links| links.member("self", &address));
    members.object("relationships", |relationships| {
        for name in relationships::of(key.0) {
            relationships.object(name, |relationship| {
                if linked.is_some_and(|linked| linked.contains(name)) {
                    match relationships::named(world, key, name) {
                        Related::One(None) => relationship.member("data", ()),
                        Related::One(Some(one)) => {
                            relationship.object("data", |data| identifier(world, &one, data));
                        }
                        Related::Many(many) => relationship.list("data", |data| {
                            for one in &many {
                                data.object(|data| identifier(world, one, data));
                            }
                        }),
                    }
                }
                relationship.object("links", |links| {
                    links.member("related", Text(format_args!("{address}/{name}")));
                    links.member("self", Text(format_args!("{address}/relationships/{name}")));
                });
            });
        }
    });
    members.member("type", kind);
}

fn identifier(world: &World, key: &Key, members: &mut Object<'_>) {
    members.member("id", &key.1);
    members.member("type", render::type_name(world, key));
}
