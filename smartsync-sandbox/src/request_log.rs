//! Which requests were made, without what was in them.

use http::{Method, StatusCode};
use serde::{Serialize, Serializer};

use crate::origins::Origin;

/// One request that reached the sandbox. Headers, query and bodies are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The host that was asked.
    pub origin: Origin,
    /// What the request is for, `get_contract`; `unknown` if the service has no such route.
    pub operation: &'static str,
    /// HTTP method.
    #[serde(serialize_with = "method")]
    pub method: Method,
    /// Path as sent, without the query.
    pub path: String,
    /// Status of the answer.
    #[serde(serialize_with = "status")]
    pub status: StatusCode,
}

fn method<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

fn status<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
