//! What the verifiers of company webhooks and of partner webhooks share: keys, HMAC-SHA-256, the time window.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use smartsync_transport::{ExposeSecret, SecretString, sign_key};
use subtle::{Choice, ConstantTimeEq as _};

use crate::webhook_error::WebhookError;

/// How far a signature's time may be from now, unless told otherwise.
const WINDOW: Duration = Duration::from_secs(300);

/// The bytes of a signature.
pub(crate) type Digest = [u8; 32];

/// Which signatures are accepted: those of the keys (the one in use, and those that it replaces or that replace it), made
/// within the window.
#[derive(Clone, Debug)]
pub(crate) struct Signatures {
    keys: Vec<SecretString>,
    window: Duration,
}

impl Signatures {
    pub(crate) fn new<K: Into<SecretString>>(
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Self, WebhookError> {
        let keys: Option<Vec<SecretString>> = keys.into_iter().map(|key| sign_key(key.into())).collect();
        let keys = keys.ok_or(WebhookError::EmptyKey)?;
        if keys.is_empty() { Err(WebhookError::NoKeys) } else { Ok(Self { keys, window: WINDOW }) }
    }

    pub(crate) fn window(self, window: Duration) -> Self {
        Self { window, ..self }
    }

    /// Refuses `given` unless one of the keys made it for one of `messages`, each in parts.
    ///
    /// Every key and every byte is compared, so that the time tells nothing about either.
    pub(crate) fn check(&self, given: &Digest, messages: &[&[&[u8]]]) -> Result<(), WebhookError> {
        let mut fits = Choice::from(0);
        for key in &self.keys {
            for message in messages {
                fits |= digest(key, message).ct_eq(given);
            }
        }
        if bool::from(fits) { Ok(()) } else { Err(WebhookError::Signature) }
    }

    /// Refuses a time that is further than the window from `now`, before or after.
    pub(crate) fn check_time(&self, time: &str, now: SystemTime) -> Result<(), WebhookError> {
        let seconds: u64 = time.parse().map_err(|_| WebhookError::Header)?;
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or(WebhookError::Header)?;
        let apart = now.duration_since(time).unwrap_or_else(|before| before.duration());
        if apart > self.window { Err(WebhookError::Time) } else { Ok(()) }
    }
}

/// The HMAC of a message in parts.
pub(crate) fn digest(key: &SecretString, message: &[&[u8]]) -> Digest {
    let mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes());
    let mut mac = mac.unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    message.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// The bytes behind a signature in hexadecimal.
pub(crate) fn parse(text: &str) -> Result<Digest, WebhookError> {
    let mut digest = Digest::default();
    hex::decode_to_slice(text, &mut digest).map_err(|_| WebhookError::Header)?;
    Ok(digest)
}

/// The values of `t` and of `scheme` in a header such as `t=1,v1=ab,v0=cd`.
pub(crate) fn time_and_signature<'a>(
    header: &'a str,
    scheme: &str,
) -> Result<(&'a str, Digest), WebhookError> {
    let value = |name: &str| {
        let parts = header.split(',').map(str::trim);
        parts.filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let time = value("t").ok_or(WebhookError::Header)?;
    let signature = value(scheme).ok_or(WebhookError::Header)?;
    Ok((time, parse(signature)?))
}

/// Seconds since 1970, as they stand in a signature.
pub(crate) fn unix_seconds(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
