//! A form with files as one body (`multipart/form-data`, RFC 7578).

use std::fmt;

use http::HeaderValue;

use crate::{body::Body, build_error::BuildError};

/// One part of a form: a text, or a file.
///
/// `Debug` prints the name and the size.
///
/// ```
/// use smartsync_transport::{Body, Call, Part};
///
/// let pdf = Part::file("file", "contract.pdf", "application/pdf", Body::from("%PDF-1.7"));
/// let call = Call::new().segment("files").multipart([Part::text("upload_as", "attachment"), pdf]);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    name: &'static str,
    file: Option<(String, String)>,
    body: Body,
}

impl Part {
    /// A text field of the form.
    #[must_use]
    pub fn text(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, file: None, body: Body::from(value.into()) }
    }

    /// A file of the form, with the name that the service will know it by and its media type.
    #[must_use]
    pub fn file(
        name: &'static str,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        body: Body,
    ) -> Self {
        Self { name, file: Some((file_name.into(), content_type.into())), body }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("name", &self.name).field("body", &self.body).finish_non_exhaustive()
    }
}

/// The form as a body, and its `Content-Type`. The same parts make the same bytes.
pub(crate) fn encode(parts: &[Part]) -> Result<(HeaderValue, Body), BuildError> {
    let boundary = boundary(parts);
    let mut bytes = Vec::new();
    for part in parts {
        let mut head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(part.name));
        if let Some((file_name, content_type)) = &part.file {
            // A media type with a line break would begin a header of its own.
            HeaderValue::from_str(content_type).map_err(|_| BuildError::Header)?;
            head.push_str(&format!("; filename=\"{}\"\r\nContent-Type: {content_type}", quoted(file_name)));
        }
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes.extend_from_slice(part.body.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
    Ok((content_type.map_err(|_| BuildError::Header)?, Body::from(bytes)))
}

/// A line that stands in no part. Counted, not drawn: this crate has no randomness.
fn boundary(parts: &[Part]) -> String {
    let is_free = |boundary: &String| {
        let needle = boundary.as_bytes();
        parts.iter().all(|part| !part.body.as_bytes().windows(needle.len()).any(|window| window == needle))
    };
    let candidates = (0_u64..).map(|number| format!("smartsync-form-boundary-{number:016}"));
    candidates.into_iter().find(is_free).unwrap_or_default()
}

/// A name inside double quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
