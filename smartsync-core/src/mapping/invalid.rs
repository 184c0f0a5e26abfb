//! What is said of a mapping that cannot work.

use crate::diagnostic::Diagnostic;

/// A mapping that cannot work, with what was found in it: at least one error, and warnings and notes as well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mapping is invalid: {}", joined(.0))]
#[non_exhaustive]
pub struct InvalidMapping(pub Vec<Diagnostic>);

/// All of them, one behind the other.
fn joined(found: &[Diagnostic]) -> String {
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
