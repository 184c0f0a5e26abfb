//! `[page]`: where people look at what happens, and what they log in with.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{Config, ConfigError, SecretSource, listen};

/// A token of fewer bits could be guessed.
const FEWEST_BITS: f64 = 128.0;

/// Fewer different characters are a pattern, and nothing that was drawn.
const FEWEST_CHARACTERS: usize = 8;

/// `[page]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
#[non_exhaustive]
pub struct PageSection {
    /// Address and port to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// What people log in with. Without one, the page is for this machine only, and for whoever uses it.
    pub token: Option<SecretSource>,
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    #[serde(deserialize_with = "listen::page_address")]
    listen: SocketAddr,
    token: Option<SecretSource>,
}

impl Default for Written {
    fn default() -> Self {
        let PageSection { listen, token } = PageSection::default();
        Self { listen, token }
    }
}

impl Default for PageSection {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8081)), token: None }
    }
}

impl TryFrom<Written> for PageSection {
    type Error = &'static str;

    fn try_from(Written { listen, token }: Written) -> Result<Self, Self::Error> {
        if token.is_none() && !listen.ip().is_loopback() {
            return Err(
                "without `token`, `listen` must be an address of this machine only, such as `127.0.0.1:8081`",
            );
        }
        Ok(Self { listen, token })
    }
}

impl PageSection {
    /// What people log in with, if anything.
    pub(crate) fn token(&self) -> Result<Option<SecretString>, ConfigError> {
        let Some(source) = &self.token else { return Ok(None) };
        let token = source.read().map_err(|source| ConfigError::Secret { key: "page.token", source })?;
        if may_be_guessed(token.expose_secret()) {
            return Err(ConfigError::PageToken);
        }
        Ok(Some(token))
    }
}

/// Whether a token has fewer bits than it has to, were each of its characters drawn among all of its kinds. That it was drawn at all nobody can tell.
fn may_be_guessed(token: &str) -> bool {
    let has = |kind: fn(char) -> bool| token.chars().any(kind);
    let kinds = [
        (has(|c| c.is_ascii_digit()), 10.0),
        (has(|c| matches!(c, 'a'..='f')), 6.0),
        (has(|c| matches!(c, 'g'..='z')), 20.0),
        (has(|c| c.is_ascii_uppercase()), 26.0),
        (has(|c| !c.is_ascii_alphanumeric()), 33.0),
    ];
    let drawn_from: f64 = kinds.into_iter().filter(|(is_there, _)| *is_there).map(|(_, many)| many).sum();
    let (length, different) = (token.chars().count(), token.chars().collect::<BTreeSet<_>>().len());
    // No token is so long that it would matter what a float cannot tell apart.
    let bits = f64::from(u32::try_from(length).unwrap_or(u32::MAX)) * drawn_from.log2();
    length == 0 || bits < FEWEST_BITS || different < FEWEST_CHARACTERS
}

impl Config {
    /// The page for who asks for it although the file says nothing of one.
    pub(crate) fn page_or_default(&self) -> PageSection {
        self.page.clone().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PageSection, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn elsewhere_than_on_this_machine_it_wants_a_token() {
        assert_eq!(read("").unwrap(), PageSection::default());
        assert!(read("listen = \"[::1]:9000\"").is_ok());
        for listen in ["0.0.0.0:8081", "192.0.2.7:8081", "[::]:8081"] {
            let error = read(&format!("listen = \"{listen}\"")).unwrap_err().to_string();
            assert!(error.contains("without `token`"), "{error}");
            assert!(read(&format!("listen = \"{listen}\"\ntoken = {{ env = \"PAGE\" }}")).is_ok());
        }
    }

    #[test]
    fn a_token_that_could_be_guessed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let section = PageSection { token: Some(SecretSource::File(path.clone())), ..PageSection::default() };
        let hex = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
        for short in
            ["x", "sixteen letters!", &hex[1..], "Zm9vYmFyYmF6cXV4c2V2ZQ"[1..].trim(), &"ab12".repeat(20)]
        {
            std::fs::write(&path, short).unwrap();
            assert!(matches!(section.token(), Err(ConfigError::PageToken)), "{short}");
        }
        // 128 bits and more, as hexadecimal digits and in base64.
        for long in [hex, "Zm9vYmFyYmF6cXV4c2V2ZQ", "correct horse battery staple on a hill"] {
            std::fs::write(&path, long).unwrap();
            assert_eq!(section.token().unwrap().unwrap().expose_secret(), long);
        }
    }
}
