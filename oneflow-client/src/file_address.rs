//! Where a file of a contract can be fetched.

use http::header;
use smartsync_transport::{Body, DecodeError, Response, Url};

/// Where a file of a contract can be fetched, or the file itself.
///
/// The address is a secret for as long as it is valid: whoever has it has the file. `Debug` prints its host only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum FileAddress {
    /// A short-lived URL of Oneflow's storage. Send no token there.
    Address(Url),
    /// The file itself: Oneflow answered with bytes.
    Bytes(Body),
}

impl FileAddress {
    pub(crate) fn from_response(response: &Response) -> Result<Self, DecodeError> {
        if response.status().is_success() {
            return match response.body().is_empty() || is_json(response) {
                // What is known about the file, from a service that does not look at `download`.
                true => Err(DecodeError::missing("file")),
                false => Ok(Self::Bytes(response.body().clone())),
            };
        }
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let address = location.and_then(|location| Url::parse(location).ok());
        address.map(Self::Address).ok_or(DecodeError::missing("absolute URL in the header `Location`"))
    }
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| content_type.starts_with("application/json"))
}

impl std::fmt::Debug for FileAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(url) => {
                f.debug_tuple("Address").field(&url.origin().ascii_serialization()).finish()
            }
            Self::Bytes(body) => f.debug_tuple("Bytes").field(body).finish(),
        }
    }
}
