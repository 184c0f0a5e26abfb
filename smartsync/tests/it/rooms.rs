//! The rooms of the library: what each may import. Arrows point downward only, and nothing is imported through the root.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A room below the rooms that it may import.
const ROOMS: [(&str, &[&str]); 10] = [
    ("files", &[]),
    ("store", &["files"]),
    ("config", &["files", "store"]),
    ("words", &["store"]),
    ("engine", &["config", "store", "words"]),
    ("page", &["config", "engine", "store", "words"]),
    ("server", &["config", "engine", "page", "store"]),
    ("setup", &["config", "engine", "files", "store", "words"]),
    ("demo", &["config", "engine", "files", "server", "setup", "store", "words"]),
    ("drill", &["store", "words"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// What stands behind each `crate::` of the text: `store` of `crate::store::Store`, `config` and `store` of `crate::{config::Config, store}`.
fn imported(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for behind in text.split("crate::").skip(1) {
        let (mut depth, mut is_new) = (0, true);
        for part in behind.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_')) {
            let name = part.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            if is_new && !name.is_empty() {
                names.insert(name.to_owned());
                is_new = false;
            }
            match part.chars().last() {
                Some('{') if is_new || depth > 0 => depth += 1,
                Some('}') => depth -= 1,
                Some(',') if depth == 1 => is_new = true,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

#[test]
fn a_room_imports_only_what_lies_below_it_and_by_the_name_of_the_room() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&source, &mut all);
    let mut seen = BTreeSet::new();
    for file in all {
        let path = file.strip_prefix(&source).unwrap().with_extension("");
        let room = path.iter().next().unwrap().to_str().unwrap().to_owned();
        // The program is a crate of its own; the root re-exports.
        if room == "bin" || room == "lib" {
            continue;
        }
        let (_, below) =
            ROOMS.iter().find(|(name, _)| *name == room).expect("every room stands in the table");
        let others = imported(&fs::read_to_string(&file).unwrap());
        let wrong: Vec<_> =
            others.iter().filter(|name| **name != room && !below.contains(&name.as_str())).collect();
        assert!(wrong.is_empty(), "{} imports {wrong:?}", file.display());
        seen.insert(room);
    }
    assert_eq!(seen.len(), ROOMS.len(), "{seen:?}");
}

#[test]
fn what_stands_behind_the_name_of_the_crate_is_found() {
    let text = "use crate::{\n    config::{Config, ConfigError},\n    store::Store,\n};\nuse crate::files::{a, b};\npub(in crate::drill) fn f() -> crate::Error {}";
    assert_eq!(imported(text), ["Error", "config", "drill", "files", "store"].map(str::to_owned).into());
}
