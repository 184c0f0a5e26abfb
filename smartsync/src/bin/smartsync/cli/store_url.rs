//! The URL of a database, as it is typed.

use std::ffi::OsStr;

use clap::{Arg, Command, Error, builder::TypedValueParser, error::ErrorKind};
use smartsync::config::StoreUrl;

/// Takes what `[store] url` takes. A refusal does not repeat what was typed, which clap's own would: a password may be in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoreUrlParser;

impl TypedValueParser for StoreUrlParser {
    type Value = StoreUrl;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<StoreUrl, Error> {
        let url = value.to_str().ok_or("the URL is not valid UTF-8");
        url.and_then(|url| StoreUrl::try_from(url.to_owned())).map_err(|why| {
            let name = argument.map_or_else(String::new, ToString::to_string);
            Error::raw(ErrorKind::ValueValidation, format_args!("{name}: {why}\n")).with_cmd(command)
        })
    }
}
