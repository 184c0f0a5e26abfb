//! `smartsync key new`: a key of 32 random bytes.

use std::io;

use smartsync::setup::{new_key, write_new_key};
use smartsync::words::commands::key as words;
use smartsync_transport::ExposeSecret as _;

use crate::{cli::Key, commands::Exit, failure::Failure, output::Output};

pub(crate) fn run(command: &Key, output: &mut Output) -> Result<Exit, Failure> {
    let Key::New { file } = command;
    let key = new_key().map_err(|error| Failure::new(error, words::NO_RANDOM))?;
    match file {
        None => output.result(&serde_json::json!({ "key": key.expose_secret() }), |out| {
            writeln!(out, "{}", key.expose_secret())
        })?,
        Some(file) => {
            let name = file.display();
            write_new_key(file, &key).map_err(|error| unwritten(&error, &name.to_string()))?;
            output.result(&serde_json::json!({ "file": file }), |out| {
                writeln!(out, "{}", words::written(name))
            })?;
        }
    }
    Ok(Exit::Success)
}

/// A key file that could not be made.
pub(super) fn unwritten(error: &io::Error, name: &str) -> Failure {
    let kind = error.kind();
    let next = if kind == io::ErrorKind::AlreadyExists {
        words::IS_THERE
    } else if kind == io::ErrorKind::NotFound {
        words::NO_FOLDER
    } else {
        words::REFUSED
    };
    Failure::new(words::unwritten(name, error), next)
}
