//! A configuration file that was parsed, and may still say what it must not.

use std::{path::Path, sync::Arc};

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use smartsync_core::{
    Mapping, Schemas,
    diagnostic::{KeyOrValue, KeyPathSegment, Severity},
    mapping::{MappingFile, nearest},
    permissions::Permissions,
};
use smartsync_transport::RetryPolicy;

use super::{
    AlertsSection, Config, ConfigError, Fault, LimitsSection, OneflowSection, ServerSection, StoreSection,
    TeamtailorSection,
};
use crate::{
    config::{
        diagnostics::Diagnostics,
        source_text::{SourceText, SyntaxError},
    },
    files::{
        text_file::{read_text, without_mark},
        without_values::without_values,
    },
};

/// A configuration file whose text is TOML or JSON. What it says has not been judged: a mapping with errors can be
/// [diagnosed](Self::diagnose) against what both services have.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    source: Arc<SourceText>,
    mapping_file: MappingFile,
    /// `[sync]` and `[[field]]`, if nothing is wrong with their form.
    mapping: Option<Mapping>,
    allows_plain_http: bool,
}

impl ConfigFile {
    /// Reads the file at `path`: JSON if its name ends in `.json`, TOML otherwise.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`] and, for a text that is no TOML or JSON, [`ConfigError::Invalid`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let text = match read_text(path) {
            Ok(text) => text,
            Err(source) => return Err(ConfigError::Read { path: file, source }),
        };
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let parse = if is_json { SourceText::json } else { SourceText::toml };
        Self::parsed(parse(text, Some(file.clone())), Some(file))
    }

    /// Takes a TOML text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] when it is none.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::parsed(SourceText::toml(without_mark(text).to_owned(), None), None)
    }

    /// Takes a JSON text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] when it is none.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        Self::parsed(SourceText::json(without_mark(text).to_owned(), None), None)
    }

    fn parsed(source: Result<SourceText, SyntaxError>, file: Option<String>) -> Result<Self, ConfigError> {
        match source {
            Ok(source) => {
                let mapping_file = MappingFile::parse(&mapping_value(&source));
                let mapping = mapping_file.clone().into_mapping().ok();
                Ok(Self { source: Arc::new(source), mapping_file, mapping, allows_plain_http: false })
            }
            Err(SyntaxError { message, line, key }) => {
                Err(ConfigError::Invalid(Fault { file, line, key, message }))
            }
        }
    }

    /// Takes a `base_url` in plain http for what it is, although credentials and personal data then travel in the clear. Without
    /// this, only one to this machine itself is taken.
    #[must_use]
    pub fn allow_plain_http(mut self, allowed: bool) -> Self {
        self.allows_plain_http = allowed;
        self
    }

    /// Whether [`allow_plain_http`](Self::allow_plain_http) was called with `true`.
    pub(crate) fn allows_plain_http(&self) -> bool {
        self.allows_plain_http
    }

    /// The file, if the text came from one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.source.file()
    }

    /// Everything that is to be said of `[sync]` and `[[field]]`: of their form, of what they say, and against what both
    /// services have, if that is known.
    #[must_use]
    pub fn diagnose(&self, schemas: Option<&Schemas>) -> Diagnostics {
        Diagnostics::new(self.mapping_file.diagnostics(schemas), Arc::clone(&self.source))
    }

    /// What the file says.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] and [`ConfigError::Mapping`].
    pub fn config(&self) -> Result<Config, ConfigError> {
        let diagnostics = self.diagnose(None);
        let sections = self.sections();
        match (sections, self.mapping()) {
            (Ok(config), Some(mapping)) if !diagnostics.has_errors() => {
                let mapping = mapping.clone();
                Ok(Config { mapping, warnings: diagnostics.only(Severity::Warning), ..config })
            }
            (Err(fault), _) if !diagnostics.has_errors() => Err(ConfigError::Invalid(fault)),
            (sections, _) => Err(ConfigError::Mapping { diagnostics, fault: sections.err() }),
        }
    }

    /// `[store]`, whatever the other sections and the mapping say.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`], also for a section of an unknown name: it may be a misspelled `[store]`.
    pub fn store(&self) -> Result<StoreSection, ConfigError> {
        let StoreDocument { mut store, .. } = self.document().map_err(ConfigError::Invalid)?;
        self.folder().inspect(|folder| store.relative_to(folder));
        Ok(store)
    }

    /// Everything that the mapping can ever read and write at both services.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Mapping`] for a mapping that does not fit the two services, and [`ConfigError::Invalid`],
    /// [`ConfigError::PlainHttp`] and [`ConfigError::Client`] for what is wrong with the other sections. No secret is read.
    pub fn permissions(&self, schemas: &Schemas) -> Result<Permissions, ConfigError> {
        let config = self.config()?;
        let checked = config.mapping.check_against(schemas).map_err(|found| ConfigError::Mapping {
            diagnostics: Diagnostics::new(found, Arc::clone(&self.source)),
            fault: None,
        })?;
        let (oneflow, teamtailor) = config.base_urls()?;
        Ok(checked.permissions(&oneflow, &teamtailor))
    }

    /// All but the mapping, which is the default one: enough to ask the services.
    pub(crate) fn sections(&self) -> Result<Config, Fault> {
        let document: Document = self.document()?;
        let Document { mut oneflow, mut teamtailor, mut store, server, limits, mut alerts, .. } = document;
        if let Some(folder) = self.folder() {
            oneflow.token.relative_to(folder);
            oneflow.sign_keys.relative_to(folder);
            teamtailor.token.relative_to(folder);
            store.relative_to(folder);
            if let Some(alerts) = &mut alerts {
                alerts.key.relative_to(folder);
            }
        }
        Ok(Config {
            oneflow,
            teamtailor,
            store,
            server,
            limits,
            alerts,
            mapping: Mapping::default(),
            retry: RetryPolicy::default(),
            change_limit: None,
            warnings: Diagnostics::default(),
            file: self.clone(),
        })
    }

    /// Where a relative path of a secret begins.
    fn folder(&self) -> Option<&Path> {
        self.file().and_then(|file| Path::new(file).parent())
    }

    /// `[sync]` and `[[field]]`, if nothing is wrong with their form.
    pub(crate) fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    fn document<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Fault> {
        serde_path_to_error::deserialize(self.source.value())
            .map_err(|error| self.fault(error.path(), error.inner()))
    }

    fn fault(&self, path: &serde_path_to_error::Path, error: &serde_json::Error) -> Fault {
        let parts = path.iter().filter_map(|segment| match segment {
            Segment::Seq { index } => Some(KeyPathSegment::Index(*index)),
            Segment::Map { key } => Some(KeyPathSegment::Key(key.clone())),
            Segment::Enum { variant } => Some(KeyPathSegment::Key(variant.clone())),
            Segment::Unknown => None,
        });
        let parts: Vec<KeyPathSegment> = parts.collect();
        let span = self.source.span(&parts, KeyOrValue::Key);
        Fault {
            file: self.file().map(str::to_owned),
            line: span.map(|span| self.source.line_and_column(span.start).0),
            key: if parts.is_empty() { String::new() } else { path.to_string() },
            message: with_nearest(without_values(error)),
        }
    }
}

/// `[sync]` and `[[field]]`.
fn mapping_value(source: &SourceText) -> Value {
    let top = source.value().as_object().into_iter().flatten();
    let sections = top.filter(|(key, _)| matches!(key.as_str(), "sync" | "field"));
    Value::Object(sections.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}

/// serde lists the keys that are known; which of them was meant, it does not say.
fn with_nearest(message: String) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let meant = match names.as_slice() {
        [unknown, known @ ..] if message.starts_with("unknown field `") => {
            nearest(unknown, known.iter().copied()).map(str::to_owned)
        }
        _ => None,
    };
    meant.map_or(message.clone(), |meant| format!("{message}: write `{meant}`"))
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    oneflow: OneflowSection,
    teamtailor: TeamtailorSection,
    #[serde(default)]
    store: StoreSection,
    #[serde(default)]
    server: ServerSection,
    #[serde(default)]
    limits: LimitsSection,
    #[serde(default)]
    alerts: Option<AlertsSection>,
    #[serde(default, rename = "sync")]
    _sync: Option<IgnoredAny>,
    #[serde(default, rename = "field")]
    _field: Option<IgnoredAny>,
    /// Names the schema of a JSON file, for editors.
    #[serde(default, rename = "$schema")]
    _schema: Option<IgnoredAny>,
}

/// The whole file, of which one section counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoreDocument {
    #[serde(default)]
    store: StoreSection,
    #[serde(default, rename = "oneflow")]
    _oneflow: Option<IgnoredAny>,
    #[serde(default, rename = "teamtailor")]
    _teamtailor: Option<IgnoredAny>,
    #[serde(default, rename = "server")]
    _server: Option<IgnoredAny>,
    #[serde(default, rename = "limits")]
    _limits: Option<IgnoredAny>,
    #[serde(default, rename = "alerts")]
    _alerts: Option<IgnoredAny>,
    #[serde(default, rename = "sync")]
    _sync: Option<IgnoredAny>,
    #[serde(default, rename = "field")]
    _field: Option<IgnoredAny>,
    #[serde(default, rename = "$schema")]
    _schema: Option<IgnoredAny>,
}
