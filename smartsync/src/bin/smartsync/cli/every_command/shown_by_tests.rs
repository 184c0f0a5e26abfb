//! What a test shows of a command: that it runs it, that it does so with `--json`, and with which exit codes it ends.

use std::{collections::BTreeSet, fs, path::Path};

pub(super) fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a test, if there is one of this name.
pub(super) fn test(named: &str) -> Option<String> {
    let (file, name) = named.split_once("::").unwrap();
    let text = read(&format!("tests/it/{file}"));
    let (before, behind) = text.split_once(&format!("\nasync fn {name}("))?;
    let attribute = before.lines().last().unwrap();
    let body = behind.split_once("\n}\n").map_or(behind, |(body, _)| body);
    (attribute == "#[tokio::test]").then(|| body.to_owned())
}

/// Whether a piece of a test runs the command: by its name, or by a helper of that name.
pub(super) fn runs(piece: &str, command: &str) -> bool {
    let (group, last) = command.rsplit_once(' ').unwrap_or((command, command));
    let is_named = [group, last].iter().all(|word| piece.contains(&format!("\"{word}\"")));
    is_named || [format!(".{last}("), format!(" {last}(")].iter().any(|call| piece.contains(call))
}

/// Whether a test runs the command with `--json`: in one statement, or in a loop over what stands behind the command.
pub(super) fn runs_with_json(test: &str, command: &str) -> bool {
    let with_json =
        test.split(';').find(|statement| statement.contains("\"--json\"") && runs(statement, command));
    let is_in_loop = |statement: &str| statement.contains("\"--json\"") && statement.contains("for ");
    with_json.is_some() || test.split(';').any(is_in_loop) && runs(test, command)
}

/// The exit codes of the command that a test asserts.
pub(super) fn asserted_codes(test: &str, command: &str) -> BTreeSet<u8> {
    let statements: Vec<String> =
        test.split(';').map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let mut codes = BTreeSet::new();
    for (place, statement) in statements.iter().enumerate() {
        let Some((whose, code)) = compared(statement) else { continue };
        let whose = whose.trim_end_matches(".status");
        let bound = statements[..place].iter().rev().find_map(|before| binding(before, whose));
        let call = bound.unwrap_or(whose);
        // What is run may stand in a loop, or before.
        let is_elsewhere = !call.contains("[\"") || call.contains(".concat()");
        if runs(call, command) || is_elsewhere && runs(test, command) {
            codes.extend(numbers(test, code));
        }
    }
    codes
}

/// Whose exit code a statement compares, and what with: `ended` and `0, "{}", ended.err)`.
fn compared(statement: &str) -> Option<(&str, &str)> {
    let assertion = &statement[statement.find("assert")?..];
    if let Some(condition) = assertion.strip_prefix("assert!(") {
        let (before, behind) = condition.split_once(".code")?;
        let whose = before.rsplit([' ', '(']).next()?;
        return Some((whose, behind.trim_start_matches("()").strip_prefix(" == ")?));
    }
    let sides = assertion.strip_prefix("assert_eq!(")?.trim_start();
    let (whose, behind) = sides.trim_start_matches('(').split_once(".code")?;
    if sides.starts_with('(') {
        // Of two tuples, the first of each.
        let is_first = whose.chars().all(|c| c.is_alphanumeric() || ['_', '.'].contains(&c));
        return is_first.then(|| behind.split_once("), (")).flatten().map(|(_, other)| (whose, other));
    }
    Some((whose, behind.trim_start_matches("()").strip_prefix(", ")?))
}

/// What the variable of this name is bound to in a statement.
fn binding<'a>(statement: &'a str, name: &str) -> Option<&'a str> {
    let begins = [format!("let {name} = "), format!("let mut {name} = ")];
    begins.iter().find_map(|begin| statement.rfind(begin.as_str())).map(|at| &statement[at..])
}

/// The number that begins a text; of a variable, each that the loop around it has.
fn numbers(test: &str, code: &str) -> BTreeSet<u8> {
    let code = code.trim_start_matches("Some(");
    let word = code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
    if let Ok(number) = word.parse() {
        return BTreeSet::from([number]);
    }
    let mut codes = BTreeSet::new();
    for head in test.split("for ").skip(1).filter_map(|loops| loops.split(" {").next()) {
        let Some((names, values)) = head.split_once(" in ") else { continue };
        if !names.split(|c: char| !c.is_alphanumeric() && c != '_').any(|name| name == word) {
            continue;
        }
        if values.contains("ending_signals()") {
            codes.extend([129, 130, 143]);
        }
        let last_of_tuple = |value: &str| value.rsplit_once(", ")?.1.parse::<u8>().ok();
        codes.extend(values.split(')').filter_map(last_of_tuple));
    }
    codes
}

/// The exit codes that a row of the README names.
pub(super) fn codes_of_row(row: &str) -> BTreeSet<u8> {
    let cell = row.trim_matches('|').rsplit(" | ").next().unwrap();
    cell.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

/// Whether a line says that it is about the command: as `smartsync parked show`, or as `show` beside `smartsync parked list`.
pub(super) fn names(line: &str, command: &str) -> bool {
    let is_word = |text: &str| {
        let behind = |(at, _): (usize, &str)| line[at + text.len()..].chars().next();
        line.match_indices(text).any(|found| behind(found).is_none_or(|next| [' ', '`'].contains(&next)))
    };
    let beside = command.split_once(' ').is_some_and(|(group, name)| {
        line.contains(&format!("`smartsync {group} ")) && is_word(&format!("`{name}"))
    });
    is_word(&format!("`smartsync {command}")) || beside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_not_named_is_missed() {
        assert!(names("| `smartsync parked list [--reason CODE]`, `show CONTRACT`", "parked show"));
        assert!(!names("| `smartsync parked list [--reason CODE]`, `show CONTRACT`", "parked drop"));
        assert!(
            !names("| `smartsync planned`", "plan") && !names("| `smartsync webhook list`", "parked list")
        );
        assert!(test("commands.rs::there_is_none_of_this_name").is_none());
        assert!(test("history.rs::at").is_none(), "a helper is no test");
    }

    #[test]
    fn a_test_that_only_mentions_json_and_a_code_shows_neither() {
        let mentions = r#"let row = json(&home.run(&["plan", "1"]).await.out); assert_eq!(row["code"], 1);"#;
        assert!(runs(mentions, "plan") && !runs(mentions, "status"));
        assert!(!runs_with_json(mentions, "plan") && asserted_codes(mentions, "plan").is_empty());
        let shows =
            r#"let ended = home.run(&["plan", "1", "--json"]).await; assert_eq!((ended.code, 7), (0, 7));"#;
        assert!(runs_with_json(shows, "plan") && asserted_codes(shows, "plan") == BTreeSet::from([0]));
        assert!(!runs_with_json(shows, "sync") && asserted_codes(shows, "sync").is_empty());
        let of_another = r#"home.run(&["status", "--json"]).await; home.run(&["plan", "1"]).await;"#;
        assert!(!runs_with_json(of_another, "plan"));
    }

    #[test]
    fn a_code_counts_for_the_command_whose_end_it_is() {
        let two = r#"
            let status = home.run(&["status"]).await;
            let plan = home.run(&["plan", "1"]).await;
            assert_eq!((status.code, status.out.as_str()), (0, "1"));
            assert!(plan.code == 2 && plan.out.is_empty());
            assert_eq!(home.run(&["sync", "--all"]).await.code, 1, "130");
            assert!(status.code < 3);
        "#;
        let codes = |command| asserted_codes(two, command).into_iter().collect::<Vec<_>>();
        assert_eq!(
            (codes("status"), codes("plan"), codes("sync"), codes("link")),
            (vec![0], vec![2], vec![1], vec![])
        );
        assert!(
            !runs(r#"&["webhook", "list"]"#, "parked list") && runs(r#"&["parked", "list"]"#, "parked list")
        );
        let looped = r#"
            for (name, code) in [("-INT", 130), ("-TERM", 143)] {
                let ended = output(piped(&home, &["link", "1"])).await;
                assert_eq!(ended.status.code(), Some(code), "{name}");
            }
        "#;
        assert_eq!(asserted_codes(looped, "link"), BTreeSet::from([130, 143]));
        assert_eq!(
            codes_of_row("| `smartsync sync 7..` | syncs 1 | 0, 2: some were held, 130: stopped |"),
            BTreeSet::from([0, 2, 130])
        );
    }
}
