//! `[docs]`: where the documentation can be read, so that a code leads to its page.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;
use smartsync_core::{Reason, diagnostic::DiagnosticCode};
use url::Url;

use super::web_address::web_address;
use crate::store::LookFailure;

/// `[docs]`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DocsSection {
    /// The address of the documentation as a site, whose pages are below it.
    #[serde(deserialize_with = "address")]
    pub url: Url,
}

/// Of the URL, the origin only: its path may be a secret.
impl fmt::Debug for DocsSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocsSection").field("url", &self.url.origin().ascii_serialization()).finish()
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url = web_address(&text).map_err(D::Error::custom)?;
    // What follows the address of a page would stand in the middle of it.
    if text.contains(['@', '?', '#']) {
        return Err(D::Error::custom("has more than a host and a path: no user name, no `?` and no `#`"));
    }
    Ok(url)
}

impl DocsSection {
    /// What a whole file says of it, as far as that can be read.
    pub(super) fn of(file: &Value) -> Option<Self> {
        Self::deserialize(file.get("docs")?).ok()
    }

    /// The page that explains why something ended as it did, if this version knows the code.
    ///
    /// ```
    /// let config = smartsync::Config::from_toml(
    ///     r#"
    ///     oneflow.token = { env = "ONEFLOW_API_TOKEN" }
    ///     teamtailor.token = { env = "TEAMTAILOR_API_KEY" }
    ///     docs.url = "https://docs.example.com/smartsync"
    ///     "#,
    /// )?;
    /// let docs = config.docs.as_ref().expect("it was set");
    /// let page = docs.reason_page("conflict-held");
    /// assert_eq!(page.as_deref(), Some("https://docs.example.com/smartsync/reasons/conflict-held.html"));
    /// assert_eq!(docs.reason_page("of-tomorrow"), None);
    /// # Ok::<(), smartsync::ConfigError>(())
    /// ```
    #[must_use]
    pub fn reason_page(&self, code: &str) -> Option<String> {
        let is_known = Reason::from_code(code).is_some()
            || LookFailure::ALL.into_iter().any(|failure| failure.code() == code);
        is_known.then(|| self.page(format_args!("reasons/{code}.html")))
    }

    /// The page that explains a diagnostic.
    #[must_use]
    pub fn diagnostic_page(&self, code: DiagnosticCode) -> String {
        self.page(format_args!("diagnostics/{code}.html"))
    }

    fn page(&self, path: fmt::Arguments<'_>) -> String {
        format!("{}/{path}", self.url.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<DocsSection, toml::de::Error> {
        toml::from_str(&format!("url = {url:?}"))
    }

    #[test]
    fn a_page_is_below_the_address_however_that_ends() {
        for url in ["https://docs.example.com/a", "https://docs.example.com/a/"] {
            let docs = read(url).unwrap();
            let (page, at) = (docs.reason_page("took-too-long"), "https://docs.example.com/a");
            assert_eq!(page, Some(format!("{at}/reasons/took-too-long.html")));
            assert_eq!(
                docs.diagnostic_page(DiagnosticCode::UnknownKey),
                format!("{at}/diagnostics/SM0001.html")
            );
            assert_eq!(format!("{docs:?}"), r#"DocsSection { url: "https://docs.example.com" }"#);
        }
        assert_eq!(
            read("http://docs").unwrap().diagnostic_page(DiagnosticCode::UnknownKey),
            "http://docs/diagnostics/SM0001.html"
        );
    }

    #[test]
    fn an_address_below_which_no_page_can_be_is_refused_and_not_repeated() {
        for url in [
            "docs",
            "ftp://docs.example.com",
            "https://me:secret@docs.example.com",
            "https://docs.example.com/?a",
            "https://docs.example.com/#b",
        ] {
            let error = read(url).unwrap_err();
            assert!(
                !error.message().contains("docs") && !error.message().contains("secret"),
                "{}",
                error.message()
            );
        }
    }
}
