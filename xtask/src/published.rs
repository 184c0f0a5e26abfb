//! The crates of this repository that are published, as `cargo metadata` describes them.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

/// What is published, and where `cargo` builds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Published {
    /// The crates, by name.
    pub crates: Vec<Crate>,
    /// Where `cargo` builds.
    pub target: PathBuf,
}

/// A published crate. What a manifest may leave out is an option.
#[derive(Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
    /// Its front page, from the crate's folder.
    pub readme: Option<String>,
    /// The oldest compiler that builds it.
    pub rust_version: Option<String>,
    /// Where its source can be had.
    pub repository: Option<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Where a registry sorts it in.
    pub categories: Vec<String>,
    /// Its features, and what each turns on.
    pub features: BTreeMap<String, Vec<String>>,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    #[serde(default)]
    metadata: Option<serde_json::Value>,
    publish: Option<Vec<String>>,
}

impl Crate {
    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Its name in code.
    pub fn in_code(&self) -> String {
        self.name.replace('-', "_")
    }

    /// A setting of its documentation at docs.rs.
    pub fn docs_rs(&self, key: &str) -> Option<&serde_json::Value> {
        self.metadata.as_ref()?.get("docs")?.get("rs")?.get(key)
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
    target_directory: PathBuf,
}

/// The published crates of the repository at `root`.
///
/// # Errors
///
/// When `cargo metadata` fails.
pub fn published(root: &Path) -> Result<Published, String> {
    let text = cargo(root, &["metadata", "--no-deps", "--format-version", "1", "--locked"])?;
    let Metadata { packages, target_directory } =
        serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut crates: Vec<Crate> = packages.into_iter().filter(|one| one.publish.is_none()).collect();
    crates.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Published { crates, target: target_directory })
}

/// Runs `cargo` at `root`, and returns what it prints.
///
/// # Errors
///
/// When it does not run, or fails: with what it says.
pub fn cargo(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(arguments).current_dir(root).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        String::from_utf8(output.stdout).map_err(|error| error.to_string())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
