//! What `cargo metadata` says of the crates of the tree, as far as it is needed here.

use std::path::Path;

use serde::Deserialize;

use crate::published::cargo;

#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) resolve: Resolve,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) source: Option<String>,
    /// As its manifest has them.
    pub(crate) dependencies: Vec<Wanted>,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) req: String,
    pub(crate) path: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Resolve {
    pub(crate) nodes: Vec<Node>,
}

#[derive(Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) deps: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) pkg: String,
    pub(crate) dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
pub(crate) struct Kind {
    pub(crate) kind: Option<String>,
}

impl Metadata {
    /// Of the repository at `root`, with the options of `cargo metadata` behind.
    pub(crate) fn read(root: &Path, options: &[&str]) -> Result<Self, String> {
        let command = ["metadata", "--format-version", "1", "--locked"];
        Self::parse(&cargo(root, &[&command, options].concat())?)
    }

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}
