//! What the services answered, for as long as a run lasts.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;
use smartsync_transport::{Response, http::header::LOCATION};

/// The answers by the names of their requests.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<&'static str, Answer>);

/// One answer.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Null where it is no JSON.
    pub(super) body: Value,
    pub(super) is_json: bool,
    /// Whether it leads elsewhere.
    pub(super) has_location: bool,
    /// What is left of the rate limit, by `x-rate-limit-remaining`.
    pub(super) remaining: Option<u64>,
    /// How much it is in all, by `x-rate-limit-limit`.
    pub(super) limit: Option<u64>,
    /// Whether a header speaks of a rate limit at all.
    pub(super) has_rate_headers: bool,
}

/// Without the body, which holds what people typed.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Answer {
    pub(super) fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let number = |name: &str| parts.headers.get(name)?.to_str().ok()?.trim().parse().ok();
        let names = parts.headers.keys().map(|name| name.as_str());
        let mut of_limits = names.filter(|name| {
            name.contains("rate-limit") || name.contains("ratelimit") || *name == "retry-after"
        });
        let body = serde_json::from_slice(body.as_bytes());
        Self {
            status: parts.status.as_u16(),
            is_json: body.is_ok(),
            body: body.unwrap_or_default(),
            has_location: parts.headers.contains_key(LOCATION),
            remaining: number("x-rate-limit-remaining"),
            limit: number("x-rate-limit-limit"),
            has_rate_headers: of_limits.next().is_some(),
        }
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn is_redirect(&self) -> bool {
        (300..400).contains(&self.status) && self.has_location
    }
}

impl Answers {
    pub(super) fn insert(&mut self, name: &'static str, answer: Answer) {
        self.0.insert(name, answer);
    }

    /// Forgets the answer to an earlier request of this name.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Answer> {
        self.0.get(name)
    }

    /// A JSON answer to a request that succeeded.
    pub(super) fn success(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|answer| answer.is_success() && answer.is_json).map(|answer| &answer.body)
    }

    /// The items of a page; none where it failed.
    pub(super) fn items(&self, name: &str) -> &[Value] {
        let data = self.success(name).and_then(|body| body["data"].as_array());
        data.map(Vec::as_slice).unwrap_or_default()
    }

    /// Those whose names these are, and that came.
    pub(super) fn of<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a Answer> {
        names.iter().filter_map(|name| self.get(name))
    }

    #[cfg(test)]
    pub(super) fn with(mut self, name: &'static str, status: u16, body: Value) -> Self {
        let (has_location, remaining, limit, has_rate_headers) = (false, None, None, false);
        let is_json = true;
        self.0
            .insert(name, Answer { status, body, is_json, has_location, remaining, limit, has_rate_headers });
        self
    }
}
