//! `[alerts]`: who is told when a person has to see to something, and the key that signs it.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de::Error as _};
use sha2::Sha256;
use smartsync_transport::is_loopback;
use url::Url;

use super::{Config, ConfigError, SecretSource, web_address::web_address};

/// What the key begins with, by the specification of Standard Webhooks.
const PREFIX: &str = "whsec_";

/// `[alerts]`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AlertsSection {
    /// Where alerts are sent.
    #[serde(deserialize_with = "address")]
    pub url: Url,
    /// The key that signs them: `whsec_` and 24 to 64 bytes in base64.
    pub key: SecretSource,
}

/// Of the URL, the origin only: its path may be a secret.
impl fmt::Debug for AlertsSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlertsSection")
            .field("url", &self.url.origin().ascii_serialization())
            .field("key", &self.key)
            .finish()
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let url = web_address(&String::deserialize(deserializer)?).map_err(D::Error::custom)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(D::Error::custom("contains a user name or a password: the signature shows who sends"));
    }
    Ok(url)
}

impl Config {
    /// Where alerts are sent. Needs no secret.
    pub(crate) fn alert_url(&self) -> Result<Option<&Url>, ConfigError> {
        let url = self.alerts.as_ref().map(|alerts| &alerts.url);
        if url.is_some_and(|url| url.scheme() == "http" && !is_loopback(url)) && !self.allows_plain_http() {
            return Err(ConfigError::PlainHttp { key: "alerts.url" });
        }
        Ok(url)
    }

    /// Where alerts are sent, and the key that signs them.
    pub(crate) fn alerts(&self) -> Result<Option<(Url, AlertKey)>, ConfigError> {
        let (Some(url), Some(AlertsSection { key, .. })) = (self.alert_url()?, &self.alerts) else {
            return Ok(None);
        };
        let key = key.read().map_err(|source| ConfigError::Secret { key: "alerts.key", source })?;
        Ok(Some((url.clone(), AlertKey::of_text(&key).ok_or(ConfigError::AlertKey)?)))
    }
}

/// Signs messages as Standard Webhooks asks for.
#[derive(Clone)]
pub(crate) struct AlertKey(Hmac<Sha256>);

impl AlertKey {
    pub(crate) fn of_text(text: &SecretString) -> Option<Self> {
        let bytes = STANDARD.decode(text.expose_secret().strip_prefix(PREFIX)?).ok()?;
        (24..=64).contains(&bytes.len()).then(|| Hmac::new_from_slice(&bytes).ok().map(Self)).flatten()
    }

    /// The header `webhook-signature`.
    pub(crate) fn signature(&self, id: &str, seconds: i64, body: &str) -> String {
        let code = self.0.clone().chain_update(format!("{id}.{seconds}.{body}")).finalize();
        format!("v1,{}", STANDARD.encode(code.into_bytes()))
    }
}

impl fmt::Debug for AlertKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlertKey(_)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_specification_shows() {
        let key = AlertKey::of_text(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).unwrap();
        let signature =
            key.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(format!("{key:?}"), "AlertKey(_)");
    }

    #[test]
    fn a_key_that_is_short_or_of_another_form_is_refused() {
        for text in
            ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjU", "whsec_no base64 at all!!!"]
        {
            assert!(AlertKey::of_text(&text.into()).is_none(), "{text}");
        }
    }
}
