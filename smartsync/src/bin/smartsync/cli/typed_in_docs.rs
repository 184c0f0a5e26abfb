//! Whatever the documentation and the files for packaging have somebody type is a command with options that there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{command, every_command::commands};

/// Options of other programs that stand alone in a text, and whose they are.
const OF_OTHERS: &[(&str, &str)] =
    &[("all-features", "cargo"), ("release", "cargo"), ("large-account", "the simulation")];

/// Behind these a command begins.
const BEFORE: &[&str] = &["$", "|", "&&", ";", "sudo", "exec", "do", "then", "--"];

/// A piece of a text that may be typed, and whether it is a line of a shell.
struct Typed {
    text: String,
    is_line: bool,
}

/// The pieces of code of a page.
fn of_page(page: &str) -> Vec<Typed> {
    let (mut found, mut prose, mut block) = (Vec::new(), String::new(), None);
    for line in page.lines() {
        match (line.trim_start().strip_prefix("```"), &block) {
            (Some(info), None) => block = Some(["", "sh", "bash", "console"].contains(&info.trim())),
            (Some(_), Some(_)) => block = None,
            (None, Some(true)) => found.push(Typed { text: line.trim().to_owned(), is_line: true }),
            (None, _) => {
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    let inline = prose.split('`').skip(1).step_by(2);
    found.extend(inline.map(|text| Typed { text: text.to_owned(), is_line: false }));
    joined(found)
}

/// The lines of a file for packaging, comments included, and what these name.
fn of_file(file: &str) -> Vec<Typed> {
    let lines = file.lines().map(|line| line.trim_start_matches(['#', ' ']));
    let lines = lines.map(|line| line.replace("ExecStart=", "").replace("ExecReload=", ""));
    let found: Vec<Typed> = lines.map(|text| Typed { text, is_line: true }).collect();
    let inline = file.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let inline = inline.map(|text| Typed { text: text.to_owned(), is_line: false });
    joined(found).into_iter().chain(inline).collect()
}

/// A line that ends with a backslash goes on with the next one.
fn joined(typed: Vec<Typed>) -> Vec<Typed> {
    let mut found: Vec<Typed> = Vec::new();
    for typed in typed {
        match found.last_mut() {
            Some(last) if last.is_line && last.text.ends_with('\\') => {
                last.text.pop();
                last.text.push_str(&typed.text);
            }
            _ => found.push(typed),
        }
    }
    found
}

/// What is wrong with what stands behind `smartsync`.
fn wrong(words: &[&str]) -> Option<String> {
    let mut all = command();
    all.build();
    let mut found = &all;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let word = word.trim_matches(['[', ']', '"', '\'', ',', '.', ':', ')']);
        if [">", "|", "&&", ";", "<"].contains(&word) || word.starts_with('#') {
            break;
        }
        if let Some(option) = word.strip_prefix("--") {
            let name = option.split(['=', '|', ']']).next().unwrap_or_default();
            let known = found.get_arguments().find(|argument| argument.get_long() == Some(name));
            let Some(known) = known else { return Some(format!("no option --{name}")) };
            if known.get_action().takes_values() && !option.contains('=') {
                words.next();
            }
        } else if found.has_subcommands() {
            // One in capitals stands for any; `retry|drop` is each of them.
            let is_any = word.chars().all(|letter| letter.is_ascii_uppercase());
            let missing = word.split('|').find(|name| found.find_subcommand(name).is_none());
            match (missing, word.split('|').next().and_then(|name| found.find_subcommand(name))) {
                (None, Some(below)) => found = below,
                _ if is_any || word.starts_with('-') => return None,
                _ => return Some(format!("no command {word}")),
            }
        }
    }
    None
}

/// Each command of a piece, without the name of the program.
fn commands_of(typed: &Typed) -> Vec<Vec<&str>> {
    let words: Vec<&str> = typed.text.split_whitespace().collect();
    let begins = |place: usize| {
        let is_program = words[place] == "smartsync" || words[place].ends_with("/bin/smartsync");
        let is_first = place == 0 || BEFORE.contains(&words[place - 1]);
        is_program && is_first
    };
    let places = (0..words.len()).filter(|place| begins(*place));
    places.map(|place| words[place + 1..].to_vec()).filter(|behind| !behind.is_empty()).collect()
}

/// The pages of a folder and below it.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// The long options of all commands.
fn options() -> BTreeSet<String> {
    let mut all = command();
    all.build();
    let mut found: BTreeSet<String> = OF_OTHERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let longs = |command: &clap::Command| -> Vec<String> {
        command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)).collect()
    };
    found.extend(longs(&all));
    for path in commands() {
        let command = path.split(' ').try_fold(&all, |group, name| group.find_subcommand(name)).unwrap();
        found.extend(longs(command));
    }
    found
}

#[test]
fn whatever_the_documentation_has_somebody_type_is_a_command_with_options_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files =
        vec![root.join("README.md"), root.join("smartsync/README.md"), root.join("deploy/README.md")];
    pages(&root.join("docs"), &mut files);
    let packaging = ["smartsync.service", "compose.yaml", "Containerfile", "Caddyfile", "nginx.conf"];
    files.extend(packaging.map(|name| root.join("deploy").join(name)));
    let options = options();
    let (mut missing, mut typed_in) = (Vec::new(), BTreeMap::new());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let is_page = path.extension().is_some_and(|extension| extension == "md");
        for typed in if is_page { of_page(&text) } else { of_file(&text) } {
            for words in commands_of(&typed) {
                *typed_in.entry(is_page).or_insert(0) += 1;
                missing.extend(wrong(&words).map(|why| format!("{}: {why}: {}", path.display(), typed.text)));
            }
            let alone = if typed.is_line { None } else { typed.text.strip_prefix("--") };
            let name = alone.map(|option| option.split([' ', '=', '|', '\n']).next().unwrap_or_default());
            if name.is_some_and(|name| !name.is_empty() && !options.contains(name)) {
                missing.push(format!("{}: no command has `{}`", path.display(), typed.text));
            }
        }
    }
    assert_eq!(missing, [""; 0], "\n{}", missing.join("\n"));
    assert!(typed_in[&true] > 300 && typed_in[&false] > 3, "{typed_in:?}");
}

#[test]
fn a_command_or_an_option_that_is_not_there_is_found() {
    let why = |page: &str| -> Vec<Option<String>> {
        of_page(page)
            .iter()
            .flat_map(|typed| commands_of(typed).into_iter().map(|words| wrong(&words)).collect::<Vec<_>>())
            .collect()
    };
    let good = "Run `smartsync parked retry|drop 9001`, `smartsync COMMAND --help` or:\n```sh\nsudo smartsync --config a.toml \\\n  tail --last 0 | head\n```\n";
    assert_eq!(why(good), [None, None, None]);
    for (page, expected) in [
        ("`smartsync parket list`", "no command parket"),
        ("`smartsync parked lost`", "no command lost"),
        ("`smartsync tail --lost 3`", "no option --lost"),
        ("```sh\n$ PROGRAM sync --all && PROGRAM sync --none\n```", "no option --none"),
    ] {
        let page = page.replace("PROGRAM", "smartsync");
        assert_eq!(why(&page).into_iter().flatten().collect::<Vec<_>>(), [expected], "{page}");
    }
}
