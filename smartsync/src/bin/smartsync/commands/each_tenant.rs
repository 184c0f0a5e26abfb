//! A command that shows something of each tenant.

use smartsync::ConfigFile;

use super::{Exit, Named};
use crate::{failure::Failure, output::Output};

/// Runs `command` for the tenant that was named, for the only one of a file without `[[tenant]]`, or else for each in turn, with its name above what it
/// prints. One that fails does not hide the others.
pub(super) async fn each_tenant(
    named: &Named,
    output: &mut Output,
    command: impl AsyncFn(&ConfigFile, &mut Output) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let files = named.files()?;
    if let ([file], true) =
        (files.as_slice(), named.tenant.is_some() || files.iter().all(|file| file.name().is_none()))
    {
        return command(file, output).await;
    }
    let mut exit = Exit::Success;
    output.begin_list();
    for file in &files {
        output.about(file.name());
        match command(file, output).await {
            Ok(Exit::Success) => {}
            Ok(other) => exit = other,
            Err(failure) => {
                let failure = failure.of(file.name());
                failure.print();
                if output.is_json() {
                    output.result(&failure.line(), |_| Ok(()))?;
                }
                exit = Exit::Failure;
            }
        }
    }
    output.end_list()?;
    Ok(exit)
}
