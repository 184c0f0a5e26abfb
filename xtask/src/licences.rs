//! `cargo xtask licences`: the licences, sources and bans of `deny.toml`, from `cargo metadata` alone.
//!
//! The gate runs on clean machines, where `cargo deny` would be compiled each time; `.ci/full` has it judge the same file, with the texts of the
//! licences and what else it looks at.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

use crate::cargo_metadata::{Metadata, Package, Wanted};

/// Where every crate that is not of this repository comes from.
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    /// Those that may need it.
    #[serde(default)]
    wrappers: Vec<String>,
    /// It is allowed, once.
    #[serde(default)]
    deny_multiple_versions: bool,
}

/// What the tree of the repository at `root` holds and `deny.toml` does not allow, a line each.
///
/// # Errors
///
/// When `cargo metadata` fails, or `deny.toml` cannot be read.
pub fn run(root: &Path) -> Result<Vec<String>, String> {
    let metadata = Metadata::read(root, &["--all-features"])?;
    let deny = fs::read_to_string(root.join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    of(&metadata, &deny)
}

/// What `metadata` holds, as `cargo metadata` prints it, and `deny`, a `deny.toml`, does not allow.
///
/// # Errors
///
/// When one of the two cannot be read.
pub fn wrong(metadata: &str, deny: &str) -> Result<Vec<String>, String> {
    of(&Metadata::parse(metadata)?, deny)
}

fn of(metadata: &Metadata, deny: &str) -> Result<Vec<String>, String> {
    let deny: Deny = toml::from_str(deny).map_err(|error| format!("deny.toml: {error}"))?;
    let allowed = deny.licenses.allow.iter().map(|licence| {
        Licensee::parse(licence).map_err(|error| format!("deny.toml: licences: {licence}: {error}"))
    });
    let allowed: Vec<Licensee> = allowed.collect::<Result<_, _>>()?;
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        wrong.extend(licence(package, &allowed));
        wrong.extend(source(package));
        wrong.extend(wildcards(package));
    }
    let bans = deny.bans.deny.iter();
    wrong.extend(bans.flat_map(|ban| banned(ban, metadata)));
    wrong.sort();
    Ok(wrong)
}

fn licence(package: &Package, allowed: &[Licensee]) -> Option<String> {
    let is_allowed = |needed: &LicenseReq| allowed.iter().any(|licence| licence.satisfies(needed));
    let Package { name, version, license, .. } = package;
    let Some(license) = license else {
        return Some(format!("{name} {version} names no licence"));
    };
    // Some crates still write `MIT/Apache-2.0`.
    match Expression::parse_mode(license, ParseMode::LAX) {
        Ok(expression) if expression.evaluate(is_allowed) => None,
        Ok(_) => Some(format!("{name} {version} is under {license}, which deny.toml does not allow")),
        Err(error) => {
            Some(format!("{name} {version} is under {license}, which cannot be read: {}", error.reason))
        }
    }
}

fn source(package: &Package) -> Option<String> {
    let Package { name, version, source, .. } = package;
    let source = source.as_deref().filter(|source| *source != SOURCE)?;
    Some(format!("{name} {version} comes from {source}, and not from crates.io"))
}

/// Of our own packages: what of theirs takes any version.
fn wildcards(package: &Package) -> Vec<String> {
    let is_wild = |one: &&Wanted| package.source.is_none() && one.path.is_none() && one.req == "*";
    let wild = package.dependencies.iter().filter(is_wild);
    wild.map(|one| format!("{} takes any version of {}", package.name, one.name)).collect()
}

fn banned(ban: &Ban, metadata: &Metadata) -> Vec<String> {
    let found: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .filter(|package| package.name == ban.name)
        .map(|package| (package.id.as_str(), package))
        .collect();
    if ban.deny_multiple_versions {
        let versions: Vec<&str> = found.values().map(|package| package.version.as_str()).collect();
        return if versions.len() > 1 {
            vec![format!("{} is there more than once: {}", ban.name, versions.join(", "))]
        } else {
            Vec::new()
        };
    }
    let name =
        |id: &str| metadata.packages.iter().find(|package| package.id == id).map(|one| one.name.as_str());
    let needing = metadata.resolve.nodes.iter().filter(|node| {
        let needs = node.deps.iter().any(|needed| found.contains_key(needed.pkg.as_str()));
        needs && !name(&node.id).is_some_and(|name| ban.wrappers.iter().any(|wrapper| wrapper == name))
    });
    needing
        .map(|node| format!("{} is banned, and {} needs it", ban.name, name(&node.id).unwrap_or(&node.id)))
        .collect()
}
