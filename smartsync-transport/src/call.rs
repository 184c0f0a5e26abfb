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
    /// The first fault of an argument: it is said when the call is to become a request.
    fault: Option<Fault>,
    body: Payload,
}

#[derive(Clone, PartialEq)]
enum Fault {
    Segment,
    Empty(String),
    Comma(String),
    TooSmall(String, u64),
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

    /// Appends one path segment, percent-encoded. One that is empty or blank, `.` and `..` are refused by [`Call::url`].
    #[must_use]
    pub fn segment(mut self, segment: impl fmt::Display) -> Self {
        let segment = segment.to_string();
        if matches!(segment.trim(), "" | "." | "..") {
            self.fault.get_or_insert(Fault::Segment);
        }
        self.path.push('/');
        self.path.extend(utf8_percent_encode(&segment, ESCAPED));
        self
    }

    /// Appends `name=value` to the query, both percent-encoded. A value that is empty or blank is refused by [`Call::url`]:
    /// a service may take an empty filter for none, and answer with everything.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        if value.trim().is_empty() || name.trim().is_empty() {
            self.fault.get_or_insert_with(|| Fault::Empty(name.to_owned()));
        }
        self.query_or_empty(name, Some(value))
    }

    /// Appends `name=value` if there is a value, which may be empty: for a parameter of which the service says what that means.
    #[must_use]
    pub fn query_or_empty(mut self, name: &str, value: Option<impl fmt::Display>) -> Self {
        let Some(value) = value else { return self };
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

    /// Appends `name=one,other`, and nothing for no items. An item that is empty, blank, or has a comma in it, which would make two
    /// of it, is refused by [`Call::url`].
    #[must_use]
    pub fn query_list<T: fmt::Display>(self, name: &str, items: &[T]) -> Self {
        if items.is_empty() { self } else { self.query_filter(name, Some(items)) }
    }

    /// The same for a list that narrows what is answered: `Some` of no items is refused as well. It selects nothing, and left out
    /// it would select everything.
    #[must_use]
    pub fn query_filter<T: fmt::Display>(mut self, name: &str, items: Option<&[T]>) -> Self {
        let Some(items) = items else { return self };
        let mut items: Vec<String> = items.iter().map(ToString::to_string).collect();
        if items.iter().any(|item| item.contains(',')) {
            self.fault.get_or_insert_with(|| Fault::Comma(name.to_owned()));
        }
        if items.iter().any(|item| item.trim().is_empty()) {
            items.clear();
        }
        self.query(name, items.join(","))
    }

    /// Appends `name=value` if there is a value. One below `least` is refused by [`Call::url`].
    #[must_use]
    pub fn query_at_least<T: fmt::Display + Copy + Into<u64>>(
        mut self,
        name: &str,
        value: Option<T>,
        least: u64,
    ) -> Self {
        if value.is_some_and(|value| value.into() < least) {
            self.fault.get_or_insert_with(|| Fault::TooSmall(name.to_owned(), least));
        }
        self.query_opt(name, value)
    }

    /// Appends what a caller gave beside the parameters that an operation knows, each as [`Call::query`] does.
    #[must_use]
    pub fn query_params(self, params: &[(String, String)]) -> Self {
        params.iter().fold(self, |call, (name, value)| call.query(name, value))
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
    /// [`BuildError`]: an argument of the path or of the query is refused, or the result is no URL.
    pub fn url(&self, base: &Url) -> Result<Url, BuildError> {
        self.address(base)?.parse().map_err(|_| BuildError::Url)
    }

    /// The text of [`Call::url`].
    pub(crate) fn address(&self, base: &Url) -> Result<String, BuildError> {
        match &self.fault {
            None => {}
            Some(Fault::Segment) => return Err(BuildError::PathSegment),
            Some(Fault::Empty(name)) => return Err(BuildError::EmptyQuery(name.clone())),
            Some(Fault::Comma(name)) => return Err(BuildError::ListItem(name.clone())),
            Some(Fault::TooSmall(name, least)) => {
                return Err(BuildError::TooSmall { name: name.clone(), least: *least });
            }
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
