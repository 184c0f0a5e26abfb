//! An address on the web, as a file has it.

use url::Url;

/// Reads it. Unlike the parser of `Url` itself, what is wrong with it repeats no value.
pub(super) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("not a valid URL: {error}"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("not a web address: it must begin with `https://`".to_owned());
    }
    Ok(url)
}
