//! Command lines in what a person is told, as they are to be typed for one of several tenants.

use std::borrow::Cow;

use clap::CommandFactory as _;
use smartsync_transport::one_line;

use crate::cli::Cli;

const PROGRAM: &str = "smartsync ";
const OPTION: &str = "--tenant";

/// What stands for a name where each tenant is meant.
pub(crate) const EACH: &str = "NAME";

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ['-', '_', '.', ':'].contains(&c);
    let word = one_line(word);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Adds `--tenant NAME` to the command lines in a text whose commands take it. Wherever something is told to a person, it passes through here, so that
/// whoever writes a hint need not think of tenants.
///
/// A command line begins a text, stands in backquotes or quotation marks, or follows the word "run". What has the option already stays as it is.
pub(crate) fn for_tenant<'a>(text: &'a str, tenant: Option<&str>) -> Cow<'a, str> {
    let Some(tenant) = tenant.filter(|_| text.contains(PROGRAM)) else { return Cow::Borrowed(text) };
    let commands = Cli::command();
    let mut told = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(PROGRAM) {
        let line = &rest[at..];
        let is_begun = begins_line(&text[..text.len() - line.len()]);
        let words = if is_begun { end_of_command(&commands, line) } else { PROGRAM.len() };
        told.push_str(&rest[..at + words]);
        rest = &line[words..];
        let left = rest.split(['`', '"']).next().unwrap_or_default();
        if words > PROGRAM.len() && !left.contains(OPTION) {
            told.extend([" ", OPTION, " ", tenant]);
        }
    }
    told.push_str(rest);
    Cow::Owned(told)
}

/// Whether a command line begins behind this.
fn begins_line(before: &str) -> bool {
    before.is_empty() || ["`", "\"", "run "].iter().any(|end| before.ends_with(end))
}

/// Where the words of a command end that takes the option; behind the name of the program, if it takes none, or is no command.
fn end_of_command(commands: &clap::Command, line: &str) -> usize {
    let (mut command, mut end, mut takes_it) = (commands, PROGRAM.len(), false);
    loop {
        let behind = &line[end..];
        let is_of_word = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        let skipped = usize::from(end > PROGRAM.len() && behind.starts_with(' '));
        let word = &behind[skipped..];
        let word = &word[..word.find(|letter| !is_of_word(letter)).unwrap_or(word.len())];
        let Some(next) = command.find_subcommand(word) else { break };
        command = next;
        end += skipped + word.len();
        takes_it |= next.get_arguments().any(|argument| argument.get_id() == "tenant");
    }
    if takes_it { end } else { PROGRAM.len() }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn of_acme(text: &str) -> String {
        for_tenant(text, Some("acme-se")).into_owned()
    }

    #[test]
    fn a_command_that_takes_a_tenant_gets_it_behind_its_words() {
        for (text, told) in [
            ("smartsync link 5 --candidate ID", "smartsync link --tenant acme-se 5 --candidate ID"),
            ("run `smartsync check`", "run `smartsync check --tenant acme-se`"),
            ("`smartsync parked retry 7`.", "`smartsync parked retry --tenant acme-se 7`."),
            ("next=\"smartsync sync 7\"", "next=\"smartsync sync --tenant acme-se 7\""),
            ("or run smartsync link.", "or run smartsync link --tenant acme-se."),
            ("`smartsync schema save`", "`smartsync schema save --tenant acme-se`"),
            (
                "`smartsync webhook list` shows it, `smartsync webhook remove ID` removes it",
                "`smartsync webhook list --tenant acme-se` shows it, `smartsync webhook remove --tenant acme-se ID` removes it",
            ),
        ] {
            assert_eq!(of_acme(text), told);
            assert_eq!(of_acme(told), told, "once");
            assert_eq!(for_tenant(text, None), text, "where there is one tenant");
        }
    }

    #[test]
    fn a_word_that_a_shell_would_take_apart_is_quoted() {
        for (word, typed) in [
            ("conflict-held", "conflict-held"),
            ("", "''"),
            ("a b", "'a b'"),
            (r#"[1,"it's"]"#, r#"'[1,"it'\''s"]'"#),
        ] {
            assert_eq!(quoted(word), typed);
        }
    }

    #[test]
    fn what_is_for_all_tenants_and_what_is_no_command_line_stays_as_it_is() {
        for text in [
            "stop every `smartsync` that uses it",
            "`smartsync serve` runs",
            "`smartsync store copy`",
            "create one with `smartsync key new --file PATH`",
            "`smartsync schema config`",
            "a bug in smartsync or a problem",
            "a smartsync link token",
            "`smartsync linked`",
            "smartsync ",
            "`smartsync sync --all --tenant acme-no`",
        ] {
            assert_eq!(of_acme(text), text);
        }
    }

    /// Paths and code below a folder, without comments and tests.
    fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if !path.ends_with("every_command.rs")
                && path.extension().is_some_and(|extension| extension == "rs")
            {
                let source = fs::read_to_string(&path).unwrap();
                let code = source.split("#[cfg(test)]\nmod tests").next().unwrap().lines();
                let code = code.map(str::trim_start).filter(|line| !line.starts_with("//"));
                // A text that goes on in the next line is one.
                let code =
                    code.map(|line| line.strip_suffix('\\').map_or(format!("{line}\n"), str::to_owned));
                found.push((path.display().to_string(), code.collect()));
            }
        }
    }

    #[test]
    fn every_command_line_in_a_text_of_this_program_is_one_that_gets_its_tenant() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        for folder in [root.join("src"), root.join("../smartsync-core/src")] {
            sources(&folder, &mut found);
        }
        let commands = Cli::command();
        let mut lines = 0;
        for (path, code) in &found {
            for (at, _) in code.match_indices(PROGRAM) {
                if end_of_command(&commands, &code[at..]) == PROGRAM.len() {
                    continue;
                }
                lines += 1;
                assert!(
                    begins_line(&code[..at]),
                    "{path}: write the command line in backquotes, so that it names the tenant: {}",
                    code[at..].lines().next().unwrap()
                );
            }
        }
        assert!(lines > 30, "{lines} command lines were found");
    }

    #[test]
    fn nothing_is_told_to_a_person_but_where_its_command_lines_get_their_tenant() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/smartsync");
        let mut found = Vec::new();
        sources(&root, &mut found);
        // These pass through, or tell of no command that takes a tenant.
        let may_write = ["failure.rs", "logging.rs", "output.rs", "panics.rs", "ask.rs"];
        for (path, source) in found {
            if may_write.iter().any(|name| path.ends_with(&format!("/smartsync/{name}"))) {
                continue;
            }
            for print in ["println!", "print!(", "io::stdout()"] {
                assert!(!source.contains(print), "{path} writes past `Output`: {print}");
            }
            let tells = source.split("io::stderr()").skip(1).filter(|_| source.contains("`smartsync "));
            assert_eq!(tells.count(), 0, "{path} tells of a command on stderr, past `Output::tell`");
        }
    }
}
