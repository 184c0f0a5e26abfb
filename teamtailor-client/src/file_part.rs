//! A file of a form.

use smartsync_transport::{Body, Part};

/// A file to send: its name, its media type and its bytes. `Debug` prints the size only.
///
/// ```
/// use teamtailor_client::FilePart;
///
/// let file = FilePart::new("cv.pdf", "application/pdf", "%PDF-1.7");
/// assert!(!format!("{file:?}").contains("cv.pdf"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart {
    name: String,
    content_type: String,
    bytes: Body,
}

impl FilePart {
    /// A file called `name`, of the media type `content_type` (`application/pdf`).
    #[must_use]
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Body>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), bytes: bytes.into() }
    }

    pub(crate) fn part(&self, name: &'static str) -> Part {
        Part::file(name, &self.name, &self.content_type, self.bytes.clone())
    }
}

impl std::fmt::Debug for FilePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilePart").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
