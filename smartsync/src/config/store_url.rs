//! Where the state is kept: `[store] url`.

use std::{
    fmt, io,
    path::{Path, PathBuf, absolute},
};

use secrecy::SecretString;
use serde::Deserialize;

use crate::store::{PostgresAddress, StoreEnd};

/// `sqlite://PATH` or `postgres://USER@HOST/DATABASE`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum StoreUrl {
    /// The file of a SQLite database, relative to the working directory unless it begins with `/`.
    Sqlite(PathBuf),
    /// A PostgreSQL database, for several servers.
    Postgres(PostgresAddress),
}

impl StoreUrl {
    /// The database file, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        if let Self::Sqlite(path) = self { Some(path) } else { None }
    }

    /// The database as an end of a copy. `password`: that of the user of a PostgreSQL one.
    #[must_use]
    pub fn end_of_copy(&self, password: Option<SecretString>) -> StoreEnd {
        match self {
            Self::Sqlite(path) => StoreEnd::Sqlite(path.clone()),
            Self::Postgres(address) => StoreEnd::Postgres(address.clone(), password),
        }
    }

    /// The same from any working directory.
    ///
    /// # Errors
    ///
    /// That of the system, where there is no working directory.
    pub(crate) fn absolute(self) -> io::Result<Self> {
        match self {
            Self::Sqlite(path) => Ok(Self::Sqlite(absolute(path)?)),
            Self::Postgres(_) => Ok(self),
        }
    }
}

impl Default for StoreUrl {
    fn default() -> Self {
        Self::Sqlite(PathBuf::from("smartsync.db"))
    }
}

/// Without a credential.
impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

impl TryFrom<String> for StoreUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once("://") {
            Some(("sqlite", "")) => Err("the URL contains no file name: write `sqlite://smartsync.db`"),
            Some(("sqlite", path)) => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", _)) => PostgresAddress::parse(&text).map(Self::Postgres),
            _ => Err("write `sqlite://smartsync.db`, or `postgres://USER@HOST/DATABASE`"),
        }
    }
}
