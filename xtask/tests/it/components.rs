//! The bill of materials of this repository.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn the_bill_names_what_is_shipped_with_its_hash_and_nothing_that_only_tests_use() {
    let bill = xtask::components::bill(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    assert_eq!(bill["metadata"]["component"]["name"], "smartsync");
    let names = texts(&bill["components"], "name");
    for shipped in ["smartsync-core", "reqwest", "rustls", "rusqlite", "libsqlite3-sys", "hmac", "aws-lc-sys"]
    {
        assert!(names.contains(&shipped), "{shipped}");
    }
    for of_tests in ["wiremock", "proptest", "boon", "xtask", "insta", "smartsync"] {
        assert!(!names.contains(&of_tests), "{of_tests}");
    }
    for component in bill["components"].as_array().unwrap() {
        let is_ours = ["smartsync", "oneflow-client", "teamtailor-client"]
            .iter()
            .any(|start| component["name"].as_str().unwrap().starts_with(start));
        let hash = component["hashes"][0]["content"].as_str().map(str::len);
        assert_eq!(hash, (!is_ours).then_some(64), "{component}");
        let licence = component["licenses"][0]["expression"].as_str();
        assert!(licence.is_some_and(|licence| !licence.contains('/')), "{component}");
    }
}

#[test]
fn each_component_is_named_once_and_what_it_needs_is_named_as_well() {
    let bill = xtask::components::bill(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let mut known: BTreeSet<&str> = texts(&bill["components"], "bom-ref").into_iter().collect();
    assert_eq!(known.len(), bill["components"].as_array().unwrap().len());
    known.insert(bill["metadata"]["component"]["bom-ref"].as_str().unwrap());
    let edges = bill["dependencies"].as_array().unwrap();
    assert_eq!(edges.len(), known.len());
    for edge in edges {
        let needed = edge["dependsOn"].as_array().unwrap().iter().map(|one| one.as_str().unwrap());
        assert!(known.contains(edge["ref"].as_str().unwrap()));
        needed.for_each(|one| assert!(known.contains(one), "{one}"));
    }
}
