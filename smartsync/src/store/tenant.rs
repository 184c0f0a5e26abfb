//! Whose rows they are, where a host serves several pairs of accounts.

use std::{fmt, str::FromStr};

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};

/// No name is longer.
const LONGEST: usize = 32;

/// A pair of accounts that a host serves beside others, by its name: 1 to 32 of `a-z`, `0-9` and `-`, the first a letter. What is kept of one is
/// nothing to another, though contracts and candidates had the same ids.
///
/// The nameless one, `Tenant::default()`, is that of a host that serves one pair, and of every database that was made before there were tenants.
///
/// ```
/// use smartsync::store::Tenant;
///
/// let north: Tenant = "north".parse()?;
/// assert_eq!((north.as_str(), north.is_nameless()), ("north", false));
/// assert!(Tenant::default().is_nameless());
/// assert!("North Wind".parse::<Tenant>().is_err());
/// # Ok::<(), smartsync::store::TenantNameError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Tenant(String);

/// A text that names no tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a tenant is 1 to 32 of `a-z`, `0-9` and `-`, and begins with a letter")]
#[non_exhaustive]
pub struct TenantNameError;

impl Tenant {
    /// The name; empty for the nameless one.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of a row. What this program has written needs no second check, and a newer one may allow other names.
    pub(super) fn of_row(name: String) -> Self {
        Self(name)
    }

    /// Whether it is the one without a name.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<String> for Tenant {
    type Error = TenantNameError;

    /// # Errors
    ///
    /// [`TenantNameError`] for what is no name. That the nameless one has none is not written.
    fn try_from(name: String) -> Result<Self, Self::Error> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let begins_with_a_letter = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if begins_with_a_letter && name.len() <= LONGEST && name.bytes().all(is_plain) {
            Ok(Self(name))
        } else {
            Err(TenantNameError)
        }
    }
}

impl FromStr for Tenant {
    type Err = TenantNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.to_owned().try_into()
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As the tables hold it.
impl ToSql for Tenant {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Tenant {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        String::column_result(value).map(Self::of_row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain_and_begins_with_a_letter() {
        let longest = "a".repeat(LONGEST);
        for name in ["a", "north", "acme-2", "a-", longest.as_str()] {
            assert_eq!(name.parse::<Tenant>().unwrap().as_str(), name);
        }
        let too_long = "a".repeat(LONGEST + 1);
        for name in ["", "-a", "2nd", "North", "north wind", "nörd", "a_b", "a/b", "a\n", too_long.as_str()]
        {
            assert_eq!(name.parse::<Tenant>(), Err(TenantNameError), "{name:?}");
        }
    }
}
