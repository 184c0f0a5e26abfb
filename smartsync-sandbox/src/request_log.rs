//! Which requests were made, without what was in them.

use std::collections::VecDeque;

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

/// The newest requests, so many at most.
#[derive(Clone, Debug)]
pub(crate) struct RequestLog {
    requests: VecDeque<LoggedRequest>,
    most: usize,
    dropped: u64,
}

impl RequestLog {
    pub(crate) fn new(most: usize) -> Self {
        Self { requests: VecDeque::new(), most, dropped: 0 }
    }

    pub(crate) fn push(&mut self, request: LoggedRequest) {
        self.requests.push_back(request);
        if self.requests.len() > self.most {
            self.requests.pop_front();
            self.dropped += 1;
        }
    }

    /// Those that are kept, oldest first.
    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// How many older ones are not.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.most);
    }
}

fn method<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

fn status<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
