//! Why a webhook is not trusted.

use std::fmt;

/// Why a notification is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// No signature key was given, so that nothing could be verified.
    NoKeys,
    /// A signature key is empty: anyone could sign with it.
    EmptyKey,
    /// The signature header is of another form than documented.
    Header,
    /// The signature is one of version 1, which signs no time and no payload.
    Version1,
    /// The signature fits none of the keys.
    Signature,
    /// The signature was made too long ago, or in the future.
    Time,
    /// The body is no JSON.
    Json,
    /// The body is JSON of another format than documented.
    Format,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKeys => "no signature key is configured",
            Self::EmptyKey => "a signature key is empty",
            Self::Header => "the signature header does not have the documented form",
            Self::Version1 => "the signature has version 1; set the webhook's signature version to 2",
            Self::Signature => "the signature does not match any of the keys",
            Self::Time => "the signature is too old, or from the future; check the clock",
            Self::Json => "the notification is no JSON",
            Self::Format => "the notification does not have the documented format",
        })
    }
}

impl std::error::Error for WebhookError {}
