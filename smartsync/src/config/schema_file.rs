//! The fields of both services in a file, so that a mapping can be checked without asking either.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use smartsync_core::Schemas;

use crate::{
    files::{private_file::temporary_path, text_file::read_text, without_values::without_values},
    store::Tenant,
};

/// The name of the file, beside the configuration.
pub const SCHEMA_FILE: &str = "smartsync-schema.json";

/// A file of saved schemas that cannot be used, or not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaFileError {
    /// The file cannot be read.
    #[error("the saved schemas {path} cannot be read")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else, even if only one key is wrong.
    #[error("the saved schemas {path} cannot be parsed: {fault}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong, and where: keys are named, and no value is repeated.
        fault: String,
    },
    /// The file was written by another version of this program.
    #[error(
        "the saved schemas {path} have format version {version}; this program reads version {}",
        Schemas::VERSION
    )]
    Version {
        /// The file.
        path: String,
        /// The version of its format.
        version: u32,
    },
    /// The file cannot be written.
    #[error("the schemas cannot be saved in {path}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl SchemaFileError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => {
                "save them with `smartsync schema save`, or give another file with `--schema FILE`"
            }
            Self::Content { .. } => "correct the file, or save them again with `smartsync schema save`",
            Self::Version { .. } => "save them again with `smartsync schema save`",
            Self::Write { .. } => "give another file with `--output FILE`, or check the permissions",
        }
    }
}

/// Where the schemas of the configuration at `config` are, unless another file is named: those of a tenant in a file of its own.
#[must_use]
pub fn schema_file_of(config: &Path, tenant: Option<&Tenant>) -> PathBuf {
    match tenant {
        Some(name) => config.with_file_name(format!("smartsync-schema-{name}.json")),
        None => config.with_file_name(SCHEMA_FILE),
    }
}

/// Reads saved schemas.
///
/// # Errors
///
/// [`SchemaFileError`] when there are none that this version can read.
pub fn read_schemas(path: &Path) -> Result<Schemas, SchemaFileError> {
    /// Read first: what else a file of another version holds is not known.
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }

    let name = || path.display().to_string();
    let content = |error| SchemaFileError::Content { path: name(), fault: without_values(&error) };
    let text = read_text(path).map_err(|source| SchemaFileError::Read { path: name(), source })?;
    let Head { version } = serde_json::from_str(&text).map_err(content)?;
    if version != Schemas::VERSION {
        return Err(SchemaFileError::Version { path: name(), version });
    }
    serde_json::from_str(&text).map_err(content)
}

/// Saves schemas. The same schemas give the same bytes, so the file can be committed and compared. A reader sees the old
/// file or the new one, never half of one.
///
/// # Errors
///
/// [`SchemaFileError::Write`].
pub fn save_schemas(schemas: &Schemas, path: &Path) -> Result<(), SchemaFileError> {
    let write = || {
        let mut text = serde_json::to_string_pretty(&in_order(schemas.clone()))?;
        text.push('\n');
        let aside = temporary_path(path)?;
        let written = File::create_new(&aside).and_then(|mut file| file.write_all(text.as_bytes()));
        written.and_then(|()| fs::rename(&aside, path)).inspect_err(|_| {
            fs::remove_file(&aside).ok();
        })
    };
    write().map_err(|source| SchemaFileError::Write { path: path.display().to_string(), source })
}

/// The services list what they have in an order of their own.
fn in_order(mut schemas: Schemas) -> Schemas {
    schemas.oneflow.template_types.sort_by_key(|kind| kind.id);
    for kind in &mut schemas.oneflow.template_types {
        kind.data_fields.sort_by(|a, b| a.key.cmp(&b.key));
    }
    schemas.oneflow.workspaces.sort_by_key(|workspace| workspace.id);
    schemas
}
