//! What would be published: nothing is missing, and nothing slips in.

use xtask::{packages, published::Crate};

const WHOLE: &str = r#"{
    "name": "zoo", "description": "Animals", "license": "MIT OR Apache-2.0", "readme": "README.md", "rust_version": "1.88",
    "repository": null, "keywords": ["zoo"], "categories": ["simulation"], "features": {}, "manifest_path": "zoo/Cargo.toml",
    "metadata": { "docs": { "rs": { "all-features": true } } }, "publish": null
}"#;

fn files(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

const FILES: &[&str] = &[
    "CHANGELOG.md",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "examples/feed.rs",
    "src/lib.rs",
];

#[test]
fn a_whole_manifest_is_whole_and_each_thing_that_it_lacks_is_named() {
    let wrong = |text: &str| packages::manifest(&serde_json::from_str::<Crate>(text).unwrap());
    assert_eq!(wrong(WHOLE), [""; 0]);
    for (from, to, rule) in [
        ("\"Animals\"", "null", "`description`"),
        ("\"MIT OR Apache-2.0\"", "\"MIT\"", "`license`"),
        ("\"README.md\"", "null", "`readme`"),
        ("\"1.88\"", "null", "`rust-version`"),
        ("[\"zoo\"]", "[]", "`keywords`"),
        ("[\"zoo\"]", "[\"a word of more than 20 letters\"]", "`keywords`"),
        ("[\"simulation\"]", "[]", "`categories`"),
        ("\"all-features\": true", "\"all-features\": false", "`all-features`"),
        ("{ \"docs\": { \"rs\": { \"all-features\": true } } }", "null", "`all-features`"),
    ] {
        assert!(WHOLE.contains(from), "{from}");
        let wrong = wrong(&WHOLE.replacen(from, to, 1));
        assert!(matches!(wrong.as_slice(), [one] if one.starts_with(&format!("zoo: {rule}"))), "{wrong:?}");
    }
}

#[test]
fn a_package_has_its_licences_and_an_example() {
    assert_eq!(packages::contents("zoo", &files(FILES)), [""; 0]);
    for missing in ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
        let rest: Vec<&str> = FILES.iter().copied().filter(|file| *file != missing).collect();
        assert_eq!(packages::contents("zoo", &files(&rest)), [format!("zoo: the package lacks {missing}")]);
    }
    let without = packages::contents("zoo", &files(&FILES[..5]));
    assert_eq!(without, ["zoo: the package lacks an example"]);
}

#[test]
fn tests_notes_and_secrets_do_not_slip_into_a_package() {
    for foreign in
        ["tests/it/main.rs", ".env", "src/key.pem", "guide/notes.txt", "planted/one.patch", "smartsync.db"]
    {
        let wrong = packages::contents("zoo", &files(&[FILES, &[foreign]].concat()));
        assert_eq!(wrong, [format!("zoo: the package has {foreign}, which nobody expects there")]);
    }
}
