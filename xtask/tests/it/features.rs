//! What each feature of the clients brings into a program, as `cargo tree` tells.

use std::{collections::BTreeSet, path::Path};

use xtask::published::cargo;

/// HTTP and TLS stacks, and the runtime that the first of them needs.
const STACKS: &[&str] = &["aws-lc-rs", "native-tls", "reqwest", "ring", "rustls", "tokio"];

/// Those of the stacks that a program has with `client` and this feature alone.
fn stacks(client: &str, feature: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let of = ["-p", client, "--no-default-features", "--features", feature];
    let how = ["tree", "--locked", "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = cargo(&root, &[&how[..], &of].concat()).unwrap();
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.filter(|name| STACKS.contains(name)).map(ToOwned::to_owned).collect()
}

#[test]
fn each_feature_brings_its_stack_and_no_other() {
    let rows: &[(&str, &[&str])] = &[
        ("", &[]),
        ("reqwest", &["reqwest", "tokio"]),
        ("rustls", &["aws-lc-rs", "reqwest", "rustls", "tokio"]),
        ("rustls-ring", &["reqwest", "ring", "rustls", "tokio"]),
        ("native-tls", &["native-tls", "reqwest", "tokio"]),
    ];
    for client in ["oneflow-client", "teamtailor-client"] {
        for (feature, expected) in rows {
            let found = stacks(client, feature);
            assert!(found.iter().eq(*expected), "{client} with {feature:?}: {found:?}");
        }
    }
}
