//! Where a secret comes from: never from the configuration file itself.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer, value::SeqAccessDeserializer},
};

use crate::files::text_file::{read_text, without_mark};

/// Where a secret comes from: `{ env = "NAME" }` or `{ file = "PATH" }`.
///
/// A value written into the configuration file itself is refused, so the file can be shown, copied and versioned.
///
/// ```
/// use smartsync::config::SecretSource;
///
/// #[derive(serde::Deserialize)]
/// struct Section {
///     token: SecretSource,
/// }
///
/// let section: Section = toml::from_str(r#"token = { env = "ONEFLOW_API_TOKEN" }"#).unwrap();
/// assert_eq!(section.token.to_string(), "the environment variable ONEFLOW_API_TOKEN");
/// assert!(toml::from_str::<Section>(r#"token = "the secret itself""#).is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSource {
    /// An environment variable, by name.
    Env(String),
    /// A file, by path: in a configuration file, relative to the folder of that file. White space around its content, and a
    /// byte order mark in front of it, are not part of the secret.
    File(PathBuf),
}

/// One secret source, or a list of them for rotation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretSources(Vec<SecretSource>);

/// A secret that cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// The environment variable is not set, or is not valid Unicode.
    #[error("the environment variable {0} is not set")]
    Env(String),
    /// The file cannot be read.
    #[error("the file {path} cannot be read")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// There is a value and it is empty.
    #[error("{0} is empty")]
    Empty(String),
}

impl SecretSource {
    /// Takes a file by its path from `folder` on, unless that is a whole path.
    pub(crate) fn relative_to(&mut self, folder: &Path) {
        if let Self::File(path) = self {
            *path = folder.join(&*path);
        }
    }

    /// The secret.
    ///
    /// # Errors
    ///
    /// [`SecretError`] when it is not there, or empty.
    pub fn read(&self) -> Result<SecretString, SecretError> {
        let text = match self {
            Self::Env(name) => {
                std::env::var(name).map_err(|_| SecretError::Env(shown_name(name).to_owned()))?
            }
            Self::File(path) => read_text(path)
                .map_err(|source| SecretError::File { path: path.display().to_string(), source })?,
        };
        match without_mark(&text).trim() {
            "" => Err(SecretError::Empty(self.to_string())),
            secret => Ok(SecretString::from(secret)),
        }
    }
}

/// A text in the place of the name of a variable may be the secret itself, so only what is surely a name is ever shown.
fn shown_name(name: &str) -> &str {
    let is_name = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if is_name { name } else { "that is named there" }
}

/// Whether a shell could set a variable of this name.
fn is_variable(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && !name.as_bytes()[0].is_ascii_digit() && name.bytes().all(is_part)
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretSource({self})")
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "the environment variable {}", shown_name(name)),
            Self::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}

impl SecretSources {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &SecretSource> {
        self.0.iter()
    }

    /// [`SecretSource::relative_to`] for each.
    pub(crate) fn relative_to(&mut self, folder: &Path) {
        self.0.iter_mut().for_each(|source| source.relative_to(folder));
    }

    /// The secrets, in the order of the file.
    ///
    /// # Errors
    ///
    /// The first [`SecretError`] met.
    pub fn read(&self) -> Result<Vec<SecretString>, SecretError> {
        self.0.iter().map(SecretSource::read).collect()
    }
}

const EXPECTED: &str = "`{ env = \"NAME\" }` or `{ file = \"PATH\" }`";

/// The refused value is not repeated: it may be the secret.
fn inline<E: de::Error>() -> E {
    E::custom(format_args!("secrets must not be written into this file: write {EXPECTED} instead"))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Env(String),
    File(PathBuf),
}

impl From<Written> for SecretSource {
    fn from(written: Written) -> Self {
        match written {
            Written::Env(name) => Self::Env(name),
            Written::File(path) => Self::File(path),
        }
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut sources = deserializer.deserialize_any(SourcesVisitor { list: false })?;
        sources.0.pop().ok_or_else(inline)
    }
}

impl<'de> Deserialize<'de> for SecretSources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourcesVisitor { list: true })
    }
}

struct SourcesVisitor {
    list: bool,
}

impl<'de> Visitor<'de> for SourcesVisitor {
    type Value = SecretSources;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SecretSources, A::Error> {
        let written = Written::deserialize(MapAccessDeserializer::new(map))?;
        if let Written::Env(name) = &written
            && !is_variable(name)
        {
            let message = format_args!("this is not the name of an environment variable: write {EXPECTED}");
            return Err(de::Error::custom(message));
        }
        Ok(SecretSources(vec![written.into()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<SecretSources, A::Error> {
        if !self.list {
            return Err(de::Error::custom(format_args!(
                "one secret is expected here, not a list: write {EXPECTED}"
            )));
        }
        Vec::<SecretSource>::deserialize(SeqAccessDeserializer::new(seq)).map(SecretSources)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<SecretSources, E> {
        Err(inline())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<SecretSources, E> {
        Err(inline())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<SecretSources, E> {
        Err(inline())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretSources, E> {
        Err(inline())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretSources, E> {
        Err(inline())
    }
}
