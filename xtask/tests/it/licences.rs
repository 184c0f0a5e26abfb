//! What `deny.toml` does not allow is found without `cargo deny`.

use std::path::Path;

use serde_json::{Value, json};
use xtask::licences;

const DENY: &str = r#"
licenses.allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
[bans]
deny = [
    { crate = "hyper", deny-multiple-versions = true },
    { crate = "openssl-sys", wrappers = ["native-tls"] },
    { crate = "serde_yaml" },
]
"#;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn package(name: &str, version: &str, license: Option<&str>) -> Value {
    json!({
        "id": format!("{name}@{version}"), "name": name, "version": version, "license": license,
        "source": CRATES_IO, "dependencies": [],
    })
}

fn node(id: &str, needs: &[&str]) -> Value {
    let deps: Vec<Value> = needs.iter().map(|id| json!({ "pkg": id, "dep_kinds": [] })).collect();
    json!({ "id": id, "deps": deps })
}

fn wrong(packages: &[Value], nodes: &[Value]) -> Vec<String> {
    let metadata = json!({ "packages": packages, "resolve": { "nodes": nodes } });
    licences::wrong(&metadata.to_string(), DENY).unwrap()
}

#[test]
fn this_tree_holds_what_is_allowed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert_eq!(licences::run(&root).unwrap(), Vec::<String>::new());
}

#[test]
fn a_licence_that_is_not_allowed_is_named_and_one_of_several_is_enough() {
    for allowed in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT AND Apache-2.0) OR ISC",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(wrong(&[package("one", "1.0.0", Some(allowed))], &[]).is_empty(), "{allowed}");
    }
    for refused in ["GPL-3.0", "MIT AND ISC", "MIT WITH LLVM-exception", "a licence of our own"] {
        let wrong = wrong(&[package("one", "1.0.0", Some(refused))], &[]);
        assert!(
            wrong.len() == 1 && wrong[0].starts_with(&format!("one 1.0.0 is under {refused}, ")),
            "{wrong:?}"
        );
    }
    assert_eq!(wrong(&[package("one", "1.0.0", None)], &[]), ["one 1.0.0 names no licence"]);
}

#[test]
fn a_crate_from_elsewhere_and_one_of_any_version_are_named() {
    let mut elsewhere = package("one", "1.0.0", Some("MIT"));
    elsewhere["source"] = "git+https://example.com/one".into();
    assert_eq!(
        wrong(&[elsewhere], &[]),
        ["one 1.0.0 comes from git+https://example.com/one, and not from crates.io"]
    );

    let mut ours = package("ours", "0.1.0", Some("MIT"));
    ours["source"] = Value::Null;
    ours["dependencies"] = json!([
        { "name": "any", "req": "*", "path": null },
        { "name": "beside", "req": "*", "path": "../beside" },
        { "name": "some", "req": "^1", "path": null },
    ]);
    assert_eq!(wrong(&[ours], &[]), ["ours takes any version of any"]);
}

#[test]
fn a_banned_crate_is_named_with_who_needs_it_and_a_second_copy_with_both_versions() {
    let mit = |name: &str, version: &str| package(name, version, Some("MIT"));
    let packages = [
        mit("hyper", "0.14.0"),
        mit("hyper", "1.0.0"),
        mit("openssl-sys", "0.9.0"),
        mit("native-tls", "0.2.0"),
        mit("other", "1.0.0"),
        mit("serde_yaml", "0.9.0"),
    ];
    let nodes = [
        node("native-tls@0.2.0", &["openssl-sys@0.9.0"]),
        node("other@1.0.0", &["openssl-sys@0.9.0", "serde_yaml@0.9.0"]),
    ];
    assert_eq!(
        wrong(&packages, &nodes),
        [
            "hyper is there more than once: 0.14.0, 1.0.0",
            "openssl-sys is banned, and other needs it",
            "serde_yaml is banned, and other needs it",
        ]
    );
    assert!(wrong(&packages[1..4], &nodes[..1]).is_empty());
}
