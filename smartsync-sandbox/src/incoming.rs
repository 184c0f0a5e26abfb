//! A parsed request.

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use smartsync_transport::{Body, Request};
use url::form_urlencoded;

/// A parsed request: only what the services look at.
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// As sent, escapes included.
    pub(crate) path: String,
    /// Unescaped. A trailing slash leaves an empty last segment.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

impl Incoming {
    pub(crate) fn new(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let segments = path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let query = parts.uri.query().unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { method: parts.method, path, segments, query, headers: parts.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The last value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the body is declared as `media_type`, parameters such as a charset aside.
    pub(crate) fn has_content_type(&self, media_type: &str) -> bool {
        let declared = self.header("content-type").and_then(|value| value.split(';').next());
        declared.is_some_and(|declared| declared.trim().eq_ignore_ascii_case(media_type))
    }
}
