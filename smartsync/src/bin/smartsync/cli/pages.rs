//! The pages of the commands in `docs/commands`: what `--help` says of each.

use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};

use super::{command, every_command::commands};

const INTRO: &str = "\
# Commands

What `smartsync COMMAND --help` says, on a page for each command. [The program](../../smartsync/README.md#commands) has them in one table with their exit codes, and
[what commands print as JSON](../command-output.md) the shapes of `--json`. `smartsync man --output DIR` writes the same as pages of the manual.

| command | does |
|---|---|
";

/// A block of what a terminal shows.
fn shown(mut command: clap::Command) -> String {
    // As wide as a terminal is at least, whatever this one is.
    command = command.term_width(80);
    let help = command.render_long_help().to_string();
    let lines = help.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    format!("```text\n{lines}\n```\n")
}

#[test]
fn each_command_has_a_page_that_says_what_its_help_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/commands");
    let mut all = command().disable_help_subcommand(true);
    all.build();
    let (mut list, mut pages) = (INTRO.to_owned(), Vec::new());
    for path in commands() {
        let found = path.split(' ').try_fold(&all, |group, name| group.find_subcommand(name)).unwrap();
        let (name, about) = (path.replace(' ', "-"), found.get_about().unwrap());
        writeln!(list, "| [`smartsync {path}`]({name}.md) | {about} |").unwrap();
        pages.push((format!("{name}.md"), format!("# `smartsync {path}`\n\n{}", shown(found.clone()))));
    }
    write!(list, "\n## All of them\n\n{}", shown(all)).unwrap();
    pages.push(("README.md".to_owned(), list));

    for (name, expected) in &pages {
        let file = folder.join(name);
        if env::var("UPDATE_PAGES").is_ok() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, expected).unwrap();
        }
        let is = fs::read_to_string(&file).unwrap_or_default();
        let first = is.lines().zip(expected.lines()).find(|(is, ought)| is != ought);
        assert!(
            is == *expected,
            "{}: `UPDATE_PAGES=1 cargo test -p smartsync --all-features --bin smartsync pages` writes it anew: {first:?}",
            file.display()
        );
    }
    let there: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let ought: BTreeSet<String> = pages.into_iter().map(|(name, _)| name).collect();
    assert_eq!(there, ought, "a command that is gone has no page");
}
