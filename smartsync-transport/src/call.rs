//! Method-independent parts of a request, before a base URL and credentials are known.

use std::fmt;

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::{Position, Url};

use crate::{
    body::Body,
    build_error::BuildError,
    multipart::{self, Part},
};

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Path, query and body of one operation: no host and no credential.
///
/// ```
/// use smartsync_transport::Call;
///
/// let call = Call::new().segment("candidates").segment("47 11").query("filter[email]", "ann@example.com");
/// let url = call.url(&"https://api.example.com/v1".parse().unwrap()).unwrap();
/// assert_eq!(url.as_str(), "https://api.example.com/v1/candidates/47%2011?filter%5Bemail%5D=ann%40example.com");
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Call {
    path: String,
    query: String,
    bad_segment: bool,
    body: Payload,
}

#[derive(Clone, Default, PartialEq)]
enum Payload {
    #[default]
    None,
    Json(&'static str, Result<Body, String>),
    Form(Vec<Part>),
}

impl Call {
    /// A call of the base URL itself.
    #[must_use]
    pub fn new() -> Self {
        // Most paths fit in this, so that they need not grow.
        Self { path: String::with_capacity(64), ..Self::default() }
    }

    /// Appends one path segment, percent-encoded. An empty one, `.` and `..` are refused by [`Call::url`].
    #[must_use]
    pub fn segment(mut self, segment: impl fmt::Display) -> Self {
        let segment = segment.to_string();
        self.bad_segment |= matches!(segment.as_str(), "" | "." | "..");
        self.path.push('/');
        self.path.extend(utf8_percent_encode(&segment, ESCAPED));
        self
    }

    /// Appends `name=value` to the query, both percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(utf8_percent_encode(name, ESCAPED));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(&value.to_string(), ESCAPED));
        self
    }

    /// Appends `name=value` if there is a value.
    #[must_use]
    pub fn query_opt(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Sets the body to `value` as JSON, sent as `content_type`.
    #[must_use]
    pub fn json(mut self, content_type: &'static str, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).map(Body::from).map_err(|error| error.to_string());
        self.body = Payload::Json(content_type, body);
        self
    }

    /// Sets the body to a form with files (`multipart/form-data`).
    #[must_use]
    pub fn multipart(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.body = Payload::Form(parts.into_iter().collect());
        self
    }

    /// The absolute URL below `base`. The path of `base` is kept; its query is not.
    ///
    /// # Errors
    ///
    /// [`BuildError::PathSegment`] and [`BuildError::Url`].
    pub fn url(&self, base: &Url) -> Result<Url, BuildError> {
        self.address(base)?.parse().map_err(|_| BuildError::Url)
    }

    /// The text of [`Call::url`].
    pub(crate) fn address(&self, base: &Url) -> Result<String, BuildError> {
        if self.bad_segment {
            return Err(BuildError::PathSegment);
        }
        if base.cannot_be_a_base() {
            return Err(BuildError::Url);
        }
        let question_mark = if self.query.is_empty() { "" } else { "?" };
        let base = base[..Position::AfterPath].trim_end_matches('/');
        Ok([base, &self.path, question_mark, &self.query].concat())
    }

    /// Path below the base URL, with escapes, for tests and reports.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Query with escapes, without the question mark. May hold personal data.
    #[must_use]
    pub fn query_string(&self) -> &str {
        &self.query
    }

    pub(crate) fn body(&self) -> Result<Option<(HeaderValue, Body)>, BuildError> {
        match &self.body {
            Payload::None => Ok(None),
            Payload::Json(content_type, Ok(body)) => {
                Ok(Some((HeaderValue::from_static(content_type), body.clone())))
            }
            Payload::Json(_, Err(message)) => Err(BuildError::Body(message.clone())),
            Payload::Form(parts) => multipart::encode(parts).map(Some),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("path", &self.path).finish_non_exhaustive()
    }
}
