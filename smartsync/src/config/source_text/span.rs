//! Where each part of a parsed text stands.

use std::{collections::BTreeMap, ops::Range};

use smartsync_core::diagnostic::KeyPathSegment;

/// A value of a text, and what is in it.
#[derive(Debug)]
pub(super) struct Node {
    /// The bytes of its key, if it has one.
    pub(super) key: Option<Range<usize>>,
    /// The bytes of the value. Of a table with a head (`[sync]`) only the head.
    pub(super) value: Range<usize>,
    pub(super) children: Children,
}

#[derive(Debug)]
pub(super) enum Children {
    None,
    Table(BTreeMap<String, Node>),
    List(Vec<Node>),
}

impl Node {
    /// The node at `path` and `true`, or the nearest one above it and `false`. `None` for the top.
    pub(super) fn find(&self, path: &[KeyPathSegment]) -> Option<(&Self, bool)> {
        let mut found = None;
        let mut node = self;
        for part in path {
            let child = match (part, &node.children) {
                (KeyPathSegment::Key(key), Children::Table(members)) => members.get(key),
                (KeyPathSegment::Index(index), Children::List(items)) => items.get(*index),
                (_, Children::None | Children::Table(_) | Children::List(_)) => None,
            };
            let Some(child) = child else {
                return found.map(|node| (node, false));
            };
            node = child;
            found = Some(node);
        }
        found.map(|node| (node, true))
    }

    /// The members of a table.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = match &self.children {
            Children::Table(members) => Some(members),
            Children::None | Children::List(_) => None,
        };
        members.into_iter().flatten().map(|(key, node)| (key.as_str(), node))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> &[Self] {
        match &self.children {
            Children::List(items) => items,
            Children::None | Children::Table(_) => &[],
        }
    }

    /// The bytes of the key and the value, and of all that is in it: the head of a table does not cover its members.
    pub(super) fn collect(&self, spans: &mut Vec<Range<usize>>) {
        spans.extend(self.key.clone());
        spans.push(self.value.clone());
        match &self.children {
            Children::None => {}
            Children::Table(members) => members.values().for_each(|node| node.collect(spans)),
            Children::List(items) => items.iter().for_each(|node| node.collect(spans)),
        }
    }
}
