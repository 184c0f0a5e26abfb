//! What can be checked without either service.

use super::Mapping;
use crate::Diagnostic;

/// Everything that is wrong with a mapping, whatever the two services have, by place.
pub(super) fn check(_mapping: &Mapping) -> Vec<Diagnostic> {
    Vec::new()
}
