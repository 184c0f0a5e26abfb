//! A file to be uploaded.

use smartsync_transport::{Body, Part};

/// A file to be uploaded: its name, its media type and its bytes.
///
/// `Debug` prints the media type and the size: a name can be a person's.
///
/// ```
/// use oneflow_client::{
///     FilePart,
///     files::{NewFile, UploadFile, UploadKind},
/// };
///
/// let terms = FilePart::new("terms.pdf", "application/pdf", b"%PDF-1.7".to_vec());
/// let upload = UploadFile::new(9001, NewFile::new(terms, UploadKind::Attachment));
/// // oneflow.send(&upload).await?;
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilePart {
    /// Name with an extension: `terms.pdf`.
    pub name: String,
    /// Media type: `application/pdf`.
    pub content_type: String,
    /// The bytes.
    pub bytes: Body,
}

impl FilePart {
    /// A file.
    #[must_use]
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Body>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), bytes: bytes.into() }
    }

    /// The part of a form that carries it.
    pub(crate) fn part(&self, field: &'static str) -> Part {
        Part::file(field, self.name.clone(), self.content_type.clone(), self.bytes.clone())
    }
}

impl std::fmt::Debug for FilePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilePart")
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
