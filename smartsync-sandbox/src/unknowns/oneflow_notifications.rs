//! Notifications of a webhook.

use serde::{Deserialize, Serialize};

/// Whether a new webhook takes its sign key in `sign_key`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WebhookSignKey {
    /// Its notifications are signed with it.
    #[default]
    Taken,
    /// They are not signed.
    Ignored,
    /// The request is refused.
    Refused,
}

/// How the signature of a notification is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WebhookSignatureForm {
    /// In hexadecimal, lower case.
    #[default]
    Lower,
    /// In hexadecimal, upper case.
    Upper,
    /// Something else.
    Else,
}

/// Whether a notification of a webhook without a sign key has a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WebhookUnsigned {
    /// The member is missing or null.
    #[default]
    Absent,
    /// It is that of an empty key.
    OfNothing,
}
