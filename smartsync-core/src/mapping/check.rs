//! Everything that is wrong with what a mapping says, with or without knowing what the two services have.

mod clashes;
mod convention;
mod entry;
mod known;
mod meeting;
mod oneflow;
mod readings;
mod sync;
mod teamtailor;

use super::{Mapping, schemas::Schemas, view::View, view::sorted};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    words::mapping as words,
};

/// Everything that is wrong, by place.
pub(super) fn check(view: &View<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(theirs) = view.unsupported {
        let ours = Schemas::VERSION;
        found.push(Diagnostic::at_key(
            DiagnosticCode::UnsupportedSchemas,
            KeyPath::default(),
            words::unsupported_schemas(theirs, ours),
            words::UNSUPPORTED_SCHEMAS_HELP,
        ));
    }
    sync::check(view, &mut found);
    oneflow::check_sync(view, &mut found);
    for entry in &view.entries {
        entry::check(view, entry, &mut found);
        oneflow::check(view, entry, &mut found);
        teamtailor::check(view, entry, &mut found);
    }
    clashes::check(view, &mut found);
    convention::check(view, &mut found);
    readings::check(view, &mut found);
    sorted(found)
}

impl Mapping {
    /// Checks what can be checked without either service.
    ///
    /// # Errors
    ///
    /// Everything that keeps the mapping from being used, with the warnings, by place.
    pub fn check(&self) -> Result<(), Vec<Diagnostic>> {
        let found = check(&View::of(self, None));
        if found.iter().any(Diagnostic::is_error) { Err(found) } else { Ok(()) }
    }
}
