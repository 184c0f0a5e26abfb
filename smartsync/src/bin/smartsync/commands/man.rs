//! `smartsync man`: the pages of the manual, from what the command line says of itself.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap_mangen::Man;
use smartsync::words::commands::man as words;

use crate::{
    cli::{self, Manual},
    commands::Exit,
    failure::Failure,
    output::Output,
};

pub(crate) fn run(arguments: &Manual, output: &mut Output) -> Result<Exit, Failure> {
    let folder = &arguments.output;
    let written = write(folder).map_err(|error| {
        let shown = folder.display();
        Failure::new(words::unwritten(shown, error), words::CHOOSE_ANOTHER)
    })?;
    output.result(&serde_json::json!({ "pages": written }), |out| {
        let (count, folder) = (written.len(), folder.display());
        writeln!(out, "{}", words::written(count, folder))
    })?;
    Ok(Exit::Success)
}

/// A page for the program and one for each command, in the order of their names.
fn write(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut all = cli::command().disable_help_subcommand(true);
    all.build();
    let mut pages = Vec::new();
    add(&all, folder, &mut pages)?;
    pages.sort();
    Ok(pages)
}

fn add(command: &clap::Command, folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    // A page has no date: two of the same version are the same.
    pages.push(Man::new(command.clone()).manual("SmartSync").generate_to(folder)?);
    command.get_subcommands().try_for_each(|below| add(below, folder, pages))
}
