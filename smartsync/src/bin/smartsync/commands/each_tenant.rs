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
    if let Some(file) = alone(named, &files) {
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
                output.fail(&failure.of(file.name()))?;
                exit = Exit::Failure;
            }
        }
    }
    output.end_list()?;
    Ok(exit)
}

/// The file of the tenant that was named, or of the only one of a file without `[[tenant]]`: what is shown of it is no list.
pub(super) fn alone<'a>(named: &Named, files: &'a [ConfigFile]) -> Option<&'a ConfigFile> {
    match files {
        [file] if named.tenant.is_some() || file.name().is_none() => Some(file),
        _ => None,
    }
}
