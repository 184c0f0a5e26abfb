//! `smartsync key new`: a key of 32 random bytes.

use std::io;

use smartsync::setup::{new_key, write_new_key};
use smartsync_transport::ExposeSecret as _;

use crate::{cli::Key, commands::Exit, failure::Failure, output::Output};

pub(crate) fn run(command: &Key, output: &mut Output) -> Result<Exit, Failure> {
    let Key::New { file } = command;
    let key =
        new_key().map_err(|error| Failure::new(error, "check the system's source of random numbers"))?;
    match file {
        None => output.result(&serde_json::json!({ "key": key.expose_secret() }), |out| {
            writeln!(out, "{}", key.expose_secret())
        })?,
        Some(file) => {
            let name = file.display();
            write_new_key(file, &key).map_err(|error| unwritten(&error, &name.to_string()))?;
            output.result(&serde_json::json!({ "file": file }), |out| {
                writeln!(out, "a new key is in {name}, readable only by its owner")
            })?;
        }
    }
    Ok(Exit::Success)
}

/// A key file that could not be made.
pub(super) fn unwritten(error: &io::Error, name: &str) -> Failure {
    let kind = error.kind();
    let next = if kind == io::ErrorKind::AlreadyExists {
        "use the existing key in the configuration, or choose another file"
    } else if kind == io::ErrorKind::NotFound {
        "create the folder first"
    } else {
        "check the permissions of the folder"
    };
    Failure::new(format!("the key file {name} cannot be created: {error}"), next)
}
