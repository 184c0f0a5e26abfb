//! The id of a candidate, as it is typed.

use std::ffi::OsStr;

use clap::{Arg, Command, Error, builder::TypedValueParser, error::ErrorKind};
use smartsync_core::CandidateId;

/// Takes digits, with spaces around them. Anything else may be a name: it is refused before it is stored or sent, and the
/// refusal does not repeat it, which clap's own would.
#[derive(Clone, Copy, Debug)]
pub(super) struct CandidateIdParser;

impl TypedValueParser for CandidateIdParser {
    type Value = CandidateId;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, value: &OsStr) -> Result<CandidateId, Error> {
        let id = value.to_str().unwrap_or_default().trim();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = "a candidate id consists of digits only; it is not a name or an e-mail address";
            return Err(Error::raw(ErrorKind::ValueValidation, format_args!("{message}\n")).with_cmd(command));
        }
        Ok(id.into())
    }
}
