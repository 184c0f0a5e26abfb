//! A credential as it may be sent.

use secrecy::{ExposeSecret, SecretString};

use crate::config_error::ConfigError;

/// The credential of `setting` as it is sent: without the line end that a file or an editor leaves behind it.
///
/// ```
/// use smartsync_transport::{ExposeSecret, credential};
///
/// assert_eq!(credential("api_token", "abc\n".into()).unwrap().expose_secret(), "abc");
/// let error = credential("api_token", "abc def".into()).unwrap_err();
/// assert_eq!(error.to_string(), "`api_token` contains white space");
/// ```
///
/// # Errors
///
/// [`ConfigError::Unusable`] names the setting where it is blank, or has white space, a control character or anything but ASCII in
/// it: a service would answer 401 to it, which says less.
pub fn credential(setting: &'static str, secret: SecretString) -> Result<SecretString, ConfigError> {
    let given = secret.expose_secret();
    let text = given.trim_end_matches(['\r', '\n']);
    let why = if text.trim().is_empty() {
        "is blank"
    } else if text.contains(char::is_whitespace) {
        "contains white space"
    } else if text.contains(char::is_control) {
        "contains a control character"
    } else if !text.is_ascii() {
        "contains a character that is not ASCII"
    } else {
        return Ok(if text.len() == given.len() { secret } else { SecretString::from(text) });
    };
    Err(ConfigError::Unusable { setting, why })
}

/// The sign key of a webhook as it is used: without the line end that a file or an editor leaves behind it. It is a text of its
/// owner's choice, so it may have spaces and any letter in it. `None` for a blank one.
#[must_use]
pub fn sign_key(secret: SecretString) -> Option<SecretString> {
    let given = secret.expose_secret();
    let text = given.trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        None
    } else if text.len() == given.len() {
        Some(secret)
    } else {
        Some(SecretString::from(text))
    }
}
