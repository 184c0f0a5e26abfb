//! The page of the HTTP endpoints names each that the program answers, and no other.

use std::{collections::BTreeSet, fs};

use crate::readmes::root;

/// Where routes are declared, and those of them that have a name of their own there.
const SOURCES: [(&str, &[&str]); 3] = [
    ("smartsync/src/page/router.rs", &["/log-in", "/style.css"]),
    ("smartsync/src/server/receiver.rs", &["/webhooks/oneflow"]),
    ("smartsync/src/server/metrics_page.rs", &[]),
];

fn routes(code: &str) -> impl Iterator<Item = &str> {
    code.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn the_page_of_the_endpoints_names_each_of_them() {
    let mut answered = BTreeSet::new();
    for (file, named) in SOURCES {
        let code = fs::read_to_string(root().join(file)).unwrap();
        assert!(code.matches(".route(").count() > named.len(), "{file}");
        answered.extend(routes(&code).chain(named.iter().copied()).map(str::to_owned));
    }
    let page = fs::read_to_string(root().join("docs/http.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let told: BTreeSet<String> = rows
        .flat_map(|row| row.split(" | ").next().unwrap().split('`'))
        .filter_map(|code| code.strip_prefix("GET ").or(code.strip_prefix("POST ")))
        .map(str::to_owned)
        .collect();
    assert_eq!(told, answered);
    assert!(told.len() > 15);
}
