//! Why a configuration cannot be used.

use std::{fmt, io};

use smartsync_core::{KeyError, diagnostic::Severity};

use crate::{
    config::{diagnostics::Diagnostics, secret_source::SecretError},
    store::{StoreKeyError, Tenant},
};

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The text is not valid TOML or JSON, or a section other than the mapping contains a mistake.
    #[error("{0}")]
    Invalid(Fault),
    /// The pairs of fields cannot work, whatever the two services hold.
    #[error("{}", refused(diagnostics, fault.as_deref()))]
    Mapping {
        /// Everything that is wrong with them, and the warnings.
        diagnostics: Diagnostics,
        /// What is wrong with the other sections.
        fault: Option<Box<Fault>>,
    },
    /// A required secret is not available.
    #[error("`{key}`")]
    Secret {
        /// The key of the file that names the secret.
        key: &'static str,
        /// Why.
        source: SecretError,
    },
    /// There is no key for digests and none can be made.
    #[error("no key for digests")]
    StoreKey(#[from] StoreKeyError),
    /// A database on a server has no folder in which a key could be made.
    #[error("`[store] key` is not set: with PostgreSQL, no key is generated")]
    NoStoreKey,
    /// A key for digests cannot be used.
    #[error("`store.key`")]
    Key(#[from] KeyError),
    /// Credentials and personal data would travel in the clear.
    #[error("`{key}` uses plain http to another machine, which anyone on the network can read")]
    PlainHttp {
        /// The key of the file that has the address.
        key: &'static str,
    },
    /// The key of the alerts cannot be used.
    #[error("`alerts.key` must be `whsec_` and 24 to 64 random bytes in base64")]
    AlertKey,
    /// What people log in with on the page could be guessed.
    #[error(
        "`page.token` could be guessed: it must have at least 128 bits, which are 32 hexadecimal digits, or 22 characters of base64"
    )]
    PageToken,
    /// The file has several tenants, and one must be meant.
    #[error("the configuration has several tenants: {}", listed(names))]
    SeveralTenants {
        /// Their names, in the order of the file.
        names: Vec<Tenant>,
    },
    /// The file has no tenant of the name.
    #[error("the configuration has no tenant `{name}`: {}", listed(names))]
    UnknownTenant {
        /// The name.
        name: Tenant,
        /// Those that there are, in the order of the file; none in a file without `[[tenant]]`.
        names: Vec<Tenant>,
    },
    /// A client of one of the services cannot be built.
    #[error("`[{section}]`")]
    Client {
        /// The section of the file.
        section: &'static str,
        /// Why.
        source: smartsync_transport::ConfigError,
    },
}

impl ConfigError {
    /// What to do about a key for digests that cannot be used, in the words of the command line.
    #[must_use]
    pub fn advice_on_key(error: KeyError) -> &'static str {
        if error == KeyError::NotRandom {
            "create one with `smartsync key new --file PATH` and set that file in `[store] key`. Digests made with a \
             passphrase of an earlier version no longer count: contracts stay linked, and differing values are decided as \
             at first sight"
        } else {
            "correct that section of the configuration"
        }
    }
}

/// What is wrong in a configuration, and where. It never repeats a value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fault {
    /// The file, if the text came from one.
    pub file: Option<String>,
    /// Line in the text, from 1.
    pub line: Option<usize>,
    /// The key: `oneflow.token`. Empty for a text that is no TOML or JSON.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
    /// What else is wrong, where all of it is known: in what tells of tenants.
    pub others: Vec<Fault>,
}

impl Fault {
    /// All of them as one, in the order of their lines.
    pub(crate) fn all(mut faults: Vec<Self>) -> Option<Self> {
        faults.sort_by_key(|fault| fault.line);
        let mut faults = faults.into_iter();
        let first = faults.next()?;
        Some(Self { others: faults.collect(), ..first })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file.as_deref().unwrap_or("configuration"))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)?;
        self.others.iter().try_for_each(|other| write!(f, "; {other}"))
    }
}

/// `acme-no, acme-se`.
fn listed(names: &[Tenant]) -> String {
    match names {
        [] => "it has no `[[tenant]]`".to_owned(),
        names => names.iter().map(Tenant::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// In one line: `smartsync.toml: 2 errors in the mapping`.
fn refused(diagnostics: &Diagnostics, fault: Option<&Fault>) -> String {
    let file = diagnostics.file().unwrap_or("configuration");
    let errors = match diagnostics.count(Severity::Error) {
        1 => "1 error".to_owned(),
        many => format!("{many} errors"),
    };
    let mapping = format!("{file}: {errors} in the mapping");
    fault.map_or(mapping.clone(), |fault| format!("{mapping}; {fault}"))
}
