//! Whose rows these are, where a host serves several pairs of accounts.

use std::{fmt, str::FromStr};

/// The longest name.
const MAX_LENGTH: usize = 32;

/// The name of a tenant: a pair of accounts with what is kept of it. 1 to 32 of `a-z`, `0-9` and `-`, beginning with a letter.
///
/// The default has no name: it is whose a host without tenants is.
///
/// ```
/// use smartsync::store::Tenant;
///
/// let tenant: Tenant = "acme-se".parse()?;
/// assert_eq!(tenant.as_str(), "acme-se");
/// assert_eq!(Tenant::default().as_str(), "");
/// assert!("Acme".parse::<Tenant>().is_err());
/// # Ok::<(), smartsync::store::InvalidTenant>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenant(String);

/// A text that is no name of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 32 of `a-z`, `0-9` and `-`, and begins with a letter")]
pub struct InvalidTenant;

impl Tenant {
    /// The name; empty for the one without.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = InvalidTenant;

    fn from_str(name: &str) -> Result<Self, InvalidTenant> {
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let begins = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        let is_name = begins && name.len() <= MAX_LENGTH && name.bytes().all(is_part);
        if is_name { Ok(Self(name.to_owned())) } else { Err(InvalidTenant) }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_plain_and_begins_with_a_letter() {
        for name in ["a", "acme-se", "a1-", &"a".repeat(32)] {
            assert_eq!(name.parse::<Tenant>().unwrap().to_string(), name);
        }
        for name in ["", "Acme", "1a", "-a", "a_b", "a/b", "a b", "å", &"a".repeat(33)] {
            assert!(name.parse::<Tenant>().is_err(), "{name}");
        }
    }
}
