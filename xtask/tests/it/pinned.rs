//! What the gate and the code host run is the same every day: built from the lock file, by tools and actions that are pinned.

use std::{fs, path::PathBuf};

const SCRIPTS: &[&str] = &[
    ".ci/run",
    ".ci/full",
    ".cargo/config.toml",
    ".github/workflows/gate.yml",
    ".github/workflows/advisories.yml",
    ".ci/planted",
    ".ci/site",
    ".ci/pages",
];

/// What a command of cargo that resolves dependencies is called.
const RESOLVING: &[&str] = &[
    "clippy", "test", "run", "doc", "tree", "check", "build", "bench", "install", "deny", "mutants",
    "package", "publish",
];

fn read(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The lines that resolve dependencies and may take others than those of the lock file.
fn unlocked(script: &str) -> Vec<&str> {
    let resolves = |line: &&str| {
        let mut words = line.split_whitespace().map(|word| word.trim_matches(['"', '(', '\'']));
        let command = words.by_ref().find(|word| word.ends_with("cargo") || *word == "xtask");
        let first = words.find(|word| !word.starts_with(['-', '+', '=']) && !word.contains("msrv"));
        command.is_some() && first.is_some_and(|word| RESOLVING.contains(&word))
    };
    // What asks a tool for its version resolves nothing.
    let is_locked = |line: &&str| line.contains("--locked") || line.contains("--version 2>");
    let lines = script.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.filter(resolves).filter(|line| !is_locked(line)).collect()
}

#[test]
fn everything_is_built_from_the_lock_file_as_it_is() {
    for script in SCRIPTS {
        let text = read(script);
        assert_eq!(unlocked(&text), Vec::<&str>::new(), "{script}");
        assert!(text.contains("--locked"), "{script} is one of those that build");
    }
    for forgotten in [
        "cargo test --workspace",
        "  cargo \"+$msrv\" check -q -p smartsync-core",
        "count=\"$(cargo tree --workspace)\"",
        "- run: cargo +1.88.0 check -p smartsync-core",
        "(cd \"$copy\" && cargo build -q)",
        "SMARTSYNC_MODEL_LENGTH=1 cargo test --release",
        "cargo deny check bans",
        "cargo package --workspace",
        "xtask = \"run --quiet --package xtask --\"",
    ] {
        assert_eq!(unlocked(forgotten).len(), 1, "{forgotten}");
    }
}

/// `owner/name@<40 hexadecimal digits> # v1.2.3`
fn is_pinned(action: &str) -> bool {
    let Some((commit, version)) = action.split_once('@').and_then(|(_, rest)| rest.split_once(" # v")) else {
        return false;
    };
    commit.len() == 40
        && commit.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && version.split('.').count() == 3
}

#[test]
fn actions_of_the_code_host_are_pinned_by_the_hash_of_a_commit() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().into_owned();
        assert!(SCRIPTS.iter().any(|script| name.ends_with(script)), "{name} is not looked at above");
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some((_, action)) = line.split_once("uses:") {
                assert!(is_pinned(action), "{name}: {action}");
                count += 1;
            }
        }
    }
    assert!(count > 0);
    for loose in [
        "actions/checkout@v5",
        "actions/checkout@main",
        "actions/checkout@08c6903 # v5.0.0",
        "actions/checkout",
    ] {
        assert!(!is_pinned(loose), "{loose}");
    }
}

#[test]
fn tools_are_pinned_with_all_that_they_need_by_version_and_hash() {
    let gate = read(".ci/run");
    assert!(
        gate.contains("install -q --require-hashes -r .ci/tools/python.txt")
            && gate.contains("npm ci --prefix")
    );
    let python = read(".ci/tools/python.txt");
    let lines = python.lines().filter(|line| !line.trim_start().starts_with('#'));
    let (pins, hashes): (Vec<&str>, Vec<&str>) = lines.partition(|line| !line.starts_with(' '));
    assert!(pins.iter().all(|pin| pin.contains("==") && pin.ends_with('\\')), "{pins:?}");
    assert!(
        hashes.iter().all(|hash| hash.trim().starts_with("--hash=sha256:")) && hashes.len() >= pins.len()
    );

    let node: serde_json::Value = serde_json::from_str(&read(".ci/tools/package-lock.json")).unwrap();
    for (name, package) in node["packages"].as_object().unwrap() {
        let has_hash = package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-"));
        assert!(name.is_empty() || has_hash, "{name}");
        assert!(package["resolved"].is_null(), "{name}: the place it came from is the registry's to say");
    }
}

#[test]
fn advisories_are_looked_for_daily_with_every_change_of_the_lock_file_and_before_a_release() {
    let daily = read(".github/workflows/advisories.yml");
    assert!(daily.contains("cron: \"17 4 * * *\"") && daily.contains("fetch db"), "{daily}");
    assert!(daily.contains("pull_request:\n    paths: [Cargo.lock, deny.toml]"), "{daily}");
    for script in [&daily, &read(".ci/full")] {
        assert!(script.contains("cargo deny --locked --offline check advisories"));
    }
    assert!(read(".ci/full").contains("NOT CHECKED: the advisory database cannot be had"));
}
