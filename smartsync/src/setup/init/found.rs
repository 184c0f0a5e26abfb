//! What there is before anything is asked: the file, and what it says by now.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use smartsync_core::Mapping;
use smartsync_transport::Url;

use super::{init_error::InitError, trial::Service};
use crate::{
    config::{ConfigError, ConfigFile, SecretSource, SecretSources},
    files::{private_file::folder, text_file::read_text},
};

/// What there is.
pub(super) struct Found {
    /// The file, of which nothing is changed but what it lacks.
    pub(super) text: Option<String>,
    pub(super) oneflow: Side,
    pub(super) teamtailor: Side,
    pub(super) mapping: Mapping,
    folder: PathBuf,
}

/// What the file says of a service. A file that is not finished may say any part of it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Side {
    pub(super) base_url: Option<Url>,
    pub(super) token: Option<SecretSource>,
    pub(super) user_email: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) sign_keys: SecretSources,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts {
    oneflow: Side,
    teamtailor: Side,
    tenant: Option<serde::de::IgnoredAny>,
}

impl Found {
    pub(super) fn at(file: &Path) -> Result<Self, InitError> {
        if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return Err(InitError::NotToml);
        }
        let folder = folder(file).to_owned();
        let text = match read_text(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let (oneflow, teamtailor) = (Side::default(), Side::default());
                return Ok(Self { text: None, oneflow, teamtailor, mapping: Mapping::default(), folder });
            }
            Err(source) => {
                return Err(ConfigError::Read { path: file.display().to_string(), source }.into());
            }
        };
        let parsed = ConfigFile::read(file)?;
        // What is wrong with it is told with its line, and nothing is said of what is only missing.
        let parts: Parts = toml::from_str(&text).map_err(|_| InitError::Faulty(parsed.config().err()))?;
        if parts.tenant.is_some() {
            return Err(InitError::Tenants);
        }
        let is_whole = parts.oneflow.token.is_some() && parts.teamtailor.token.is_some();
        if let (true, Err(error)) = (is_whole, parsed.config()) {
            return Err(error.into());
        }
        let mapping = parsed.mapping().cloned().ok_or_else(|| InitError::Faulty(parsed.config().err()))?;
        let Parts { oneflow, teamtailor, .. } = parts;
        Ok(Self { text: Some(text), oneflow, teamtailor, mapping, folder })
    }

    /// Where the file says that the credential of a service stands.
    pub(super) fn token(&self, service: Service) -> Option<&SecretSource> {
        match service {
            Service::Oneflow => self.oneflow.token.as_ref(),
            Service::Teamtailor => self.teamtailor.token.as_ref(),
        }
    }

    /// Where a secret stands that the file names by a path of its own folder.
    pub(super) fn absolute(&self, source: &SecretSource) -> SecretSource {
        let mut source = source.clone();
        source.relative_to(&self.folder);
        source
    }

    /// A file of this name beside the configuration, if there is one: what an earlier run that was broken off has left.
    pub(super) fn beside(&self, name: &str) -> Option<SecretSource> {
        let is_file = fs::symlink_metadata(self.folder.join(name)).is_ok_and(|metadata| metadata.is_file());
        is_file.then(|| SecretSource::File(name.into()))
    }

    /// The path of a file beside the configuration.
    pub(super) fn path_of(&self, name: &Path) -> PathBuf {
        self.folder.join(name)
    }
}
