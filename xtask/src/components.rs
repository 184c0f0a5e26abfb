//! `cargo xtask components FILE`: what the program is made of, as a bill of materials (CycloneDX 1.5, JSON).
//!
//! It is made from `cargo metadata` and `Cargo.lock` alone: the same lock file gives the same bytes. It lists every crate that can end up in
//! the program or take part in building it, whatever the platform; crates that only tests use are left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cargo_metadata::{Dependency, Metadata, Package, Resolve};

/// The package that is shipped.
const PROGRAM: &str = "smartsync";

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// Writes the bill of the repository at `root` into `file`.
///
/// # Errors
///
/// When `cargo metadata` fails, `Cargo.lock` is not up to date, or the file cannot be written.
pub fn write(root: &Path, file: &Path) -> Result<(), String> {
    let text = serde_json::to_string_pretty(&bill(root)?).map_err(|error| error.to_string())?;
    fs::write(file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))
}

/// The bill of the repository at `root`.
///
/// # Errors
///
/// As [`write()`].
pub fn bill(root: &Path) -> Result<Value, String> {
    let metadata = Metadata::read(root, &[])?;
    let lock = fs::read_to_string(root.join("Cargo.lock")).map_err(|error| error.to_string())?;
    let lock: Lock = toml::from_str(&lock).map_err(|error| error.to_string())?;
    let checksums: BTreeMap<(&str, &str), &str> = lock
        .package
        .iter()
        .filter_map(|one| Some(((one.name.as_str(), one.version.as_str()), one.checksum.as_deref()?)))
        .collect();
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|one| (one.id.as_str(), one)).collect();
    let needs = needs(&metadata.resolve);
    let program =
        metadata.packages.iter().find(|one| one.name == PROGRAM).ok_or("the program is no member")?;
    let reached = reached(&program.id, &needs);
    let component = |id: &&str| {
        let package = packages[id];
        let checksum = checksums.get(&(package.name.as_str(), package.version.as_str()));
        component(package, checksum.copied())
    };
    let components: Vec<Value> = reached.iter().filter(|id| **id != program.id).map(component).collect();
    let edges = reached.iter().map(|id| {
        let needed: BTreeSet<String> =
            needs.get(id).into_iter().flatten().map(|id| address(packages[id])).collect();
        json!({ "ref": address(packages[id]), "dependsOn": needed })
    });
    let mut of_program = component(&program.id.as_str());
    of_program["type"] = "application".into();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": of_program },
        "components": components,
        "dependencies": edges.collect::<Vec<_>>(),
    }))
}

/// What each package needs to be built and to run. Needed by tests alone is not needed.
fn needs(resolve: &Resolve) -> BTreeMap<&str, Vec<&str>> {
    let is_needed = |one: &&Dependency| one.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
    let mut needs = BTreeMap::new();
    for node in &resolve.nodes {
        needs.insert(
            node.id.as_str(),
            node.deps.iter().filter(is_needed).map(|one| one.pkg.as_str()).collect(),
        );
    }
    needs
}

fn reached<'a>(from: &'a str, needs: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    reached
}

fn component(package: &Package, checksum: Option<&str>) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": address(package),
        "name": package.name,
        "version": package.version,
        "purl": address(package),
    });
    // Some crates still write `MIT/Apache-2.0`, which is no expression of SPDX.
    if let Some(license) = &package.license {
        component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
    }
    if let Some(checksum) = checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// The address of a package, as bills of materials write it.
fn address(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}
