//! What a base URL has to look like.

use url::Url;

use crate::config_error::ConfigError;

/// Checks a base URL: http or https, and no user name or password in it.
pub(crate) fn check(base_url: &Url) -> Result<(), ConfigError> {
    if !matches!(base_url.scheme(), "http" | "https") {
        return Err(ConfigError::Unusable { setting: "base_url", why: "is no http or https URL" });
    }
    if !base_url.username().is_empty() || base_url.password().is_some() {
        return Err(ConfigError::UserInBaseUrl);
    }
    Ok(())
}

/// `base_url` with `/version` exactly once at its end, without a query: whoever configures a client may leave the version out.
///
/// ```
/// use smartsync_transport::versioned_base_url;
///
/// for given in ["https://api.example.com", "https://api.example.com/v1/", "https://api.example.com/v1/v1?a=b"] {
///     let url = versioned_base_url(given.parse().unwrap(), "v1").unwrap();
///     assert_eq!(url.as_str(), "https://api.example.com/v1");
/// }
/// ```
///
/// # Errors
///
/// [`ConfigError`] for another scheme than http and https, and for a user name or password in it.
pub fn versioned_base_url(mut base_url: Url, version: &str) -> Result<Url, ConfigError> {
    check(&base_url)?;
    let suffix = format!("/{version}");
    let mut path = base_url.path().trim_end_matches('/');
    while let Some(rest) = path.strip_suffix(&suffix) {
        path = rest.trim_end_matches('/');
    }
    let path = [path, &suffix].concat();
    base_url.set_path(&path);
    base_url.set_query(None);
    base_url.set_fragment(None);
    Ok(base_url)
}
