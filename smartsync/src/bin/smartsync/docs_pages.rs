//! Where a code is explained, if the configuration says where the documentation is: as colours do, it holds for all that the process prints.

use std::sync::OnceLock;

use smartsync::config::DocsSection;

static DOCS: OnceLock<DocsSection> = OnceLock::new();

/// From now on reasons and diagnostics have their pages there.
pub(crate) fn lead_to(docs: Option<DocsSection>) {
    if let Some(docs) = docs {
        // A process reads one file: what is said again is the same.
        let _ = DOCS.set(docs);
    }
}

/// The documentation, if it is known where that is.
pub(crate) fn docs() -> Option<&'static DocsSection> {
    DOCS.get()
}
