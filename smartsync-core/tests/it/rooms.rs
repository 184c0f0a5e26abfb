//! The floors of this crate: what a room may import, and that only the engine waits for anything.

#![expect(clippy::disallowed_methods, reason = "it reads the files of this crate")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Each room, from the top down, with the rooms that it may import. None of them imports one above it.
const ROOMS: [(&str, &[&str]); 16] = [
    (
        "engine",
        &[
            "creation",
            "plan",
            "permissions",
            "link",
            "ledger",
            "mapping",
            "contract",
            "outcome",
            "candidate",
            "keys",
            "diagnostic",
            "value",
        ],
    ),
    ("creation", &["plan", "link", "ledger", "mapping", "contract", "outcome", "candidate", "keys", "value"]),
    ("plan", &["link", "ledger", "mapping", "contract", "words", "outcome", "candidate", "keys", "value"]),
    ("permissions", &["mapping", "contract", "words", "candidate", "value"]),
    ("link", &["ledger", "mapping", "contract", "outcome", "candidate", "keys"]),
    ("ledger", &["mapping", "candidate", "keys", "value"]),
    ("mapping", &["contract", "words", "candidate", "keys", "diagnostic", "value"]),
    ("contract", &["outcome"]),
    // Says the texts of `Reason` and `DiagnosticCode`, as methods of theirs, and has those of the rooms above.
    ("words", &["outcome", "diagnostic"]),
    ("outcome", &["candidate", "value"]),
    ("candidate", &["value"]),
    ("keys", &["value"]),
    ("diagnostic", &[]),
    // What is assumed about the services, from the clients' crates.
    ("facts", &[]),
    ("value", &[]),
    // Pages of documentation.
    ("guide", &[]),
];

/// Where `async` is allowed outside of the engine: a trait that a host implements, what implements one, and what checks those of hosts.
const ASYNC: [&str; 4] =
    ["ledger.rs", "ledger/conformance.rs", "ledger/memory_ledger.rs", "permissions/fence.rs"];

/// All files of the crate by their place in `src`, without `lib.rs`.
fn files() -> BTreeMap<String, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files) = (vec![src.clone()], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let place = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(place, fs::read_to_string(path).unwrap());
            }
        }
    }
    files.remove("lib.rs").unwrap();
    files
}

/// The first names behind `crate::` in everything that the text imports or names, doc links left out.
fn imported(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut names = Vec::new();
    for part in code.split("crate::").skip(1) {
        let Some(list) = part.strip_prefix('{') else {
            names.push(name(part));
            continue;
        };
        let mut depth = 0_u32;
        let mut is_start = true;
        for (position, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' => is_start = depth == 0,
                _ if is_start && depth == 0 && !c.is_whitespace() => {
                    names.push(name(&list[position..]));
                    is_start = false;
                }
                _ => {}
            }
        }
    }
    names
}

/// What a file imports against the arrows.
fn forbidden(place: &str, text: &str) -> Vec<String> {
    let room = place.split('/').next().unwrap().trim_end_matches(".rs");
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{place} is in no room")];
    };
    let is_allowed = |name: &String| name == room || allowed.contains(&name.as_str());
    let imports = imported(text).into_iter().filter(|name| !is_allowed(name));
    let found = imports.map(|name| format!("{place} imports {name}"));
    found
        .chain(leaves_by_the_back_door(place, text).then(|| format!("{place} goes above its room")))
        .collect()
}

/// Whether a path with `super` leads out of the room, where no arrow is looked at.
fn leaves_by_the_back_door(place: &str, text: &str) -> bool {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let floors = place.matches('/').count();
    code.contains(&vec!["super"; floors + 1].join("::"))
}

#[test]
fn no_room_imports_one_above_it() {
    for (position, (room, allowed)) in ROOMS.iter().enumerate() {
        let below: Vec<&str> = ROOMS[position + 1..].iter().map(|(name, _)| *name).collect();
        assert!(allowed.iter().all(|name| below.contains(name)), "{room}");
    }
    let found: Vec<String> = files().iter().flat_map(|(place, text)| forbidden(place, text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_the_engine_waits() {
    for (place, text) in files() {
        let waits = text.contains("async fn") || text.contains(".await");
        let may_wait = place.starts_with("engine") || ASYNC.contains(&place.as_str());
        assert!(!waits || may_wait, "{place}");
    }
}

#[test]
fn an_import_against_the_arrows_is_found() {
    let text = "use crate::{\n    engine::Engine,\n    value::{FieldValue, FieldType},\n};\n";
    assert_eq!(forbidden("value/date.rs", text), ["value/date.rs imports engine"]);
    assert_eq!(
        forbidden("plan/rank.rs", "use crate::creation::ContractRequest;"),
        ["plan/rank.rs imports creation"]
    );
    assert_eq!(forbidden("plan.rs", "    field: &'a crate::Definition,"), ["plan.rs imports Definition"]);
    assert_eq!(forbidden("attic.rs", ""), ["attic.rs is in no room"]);
    assert_eq!(forbidden("plan.rs", "use super::engine::Engine;"), ["plan.rs goes above its room"]);
    assert_eq!(forbidden("plan/rank.rs", "use super::super::engine;"), ["plan/rank.rs goes above its room"]);
    assert_eq!(forbidden("plan/rank.rs", "use super::FieldPair;"), [""; 0]);
    assert_eq!(forbidden("plan.rs", text).len() + forbidden("engine/apply.rs", text).len(), 1);
}
