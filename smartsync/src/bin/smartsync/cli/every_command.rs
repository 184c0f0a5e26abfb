//! Every command has a line in the README and under "What the commands print", and a test of its text, of its JSON and of how it ends.

use std::{collections::BTreeSet, fs, path::Path};

use clap::CommandFactory as _;

use super::Cli;

/// Which test shows what a command prints for people, what with `--json`, and with which code it ends: `tests/it/FILE.rs::TEST`.
struct Proof {
    command: &'static str,
    text: &'static str,
    json: &'static str,
    code: &'static str,
}

const fn proof(command: &'static str, text: &'static str, json: &'static str, code: &'static str) -> Proof {
    Proof { command, text, json, code }
}

const PROOFS: &[Proof] = &[
    #[cfg(feature = "demo")]
    proof(
        "demo",
        "demo.rs::the_command_ends_well_within_five_seconds_and_prints_the_story",
        "demo.rs::the_command_tells_the_story_as_json_too",
        "demo.rs::every_broken_stage_makes_the_command_fail",
    ),
    #[cfg(feature = "demo")]
    proof(
        "drill",
        "drill.rs::the_command_counts_and_ends_with_0",
        "drill.rs::the_command_counts_and_ends_with_0",
        "drill.rs::the_command_counts_and_ends_with_0",
    ),
    proof(
        "check",
        "check.rs::services_that_cannot_be_reached_are_named_and_the_command_ends_with_1",
        "check.rs::services_that_cannot_be_reached_are_named_and_the_command_ends_with_1",
        "check.rs::services_that_cannot_be_reached_are_named_and_the_command_ends_with_1",
    ),
    proof(
        "schema save",
        "schema_file.rs::what_is_saved_is_what_an_offline_check_uses",
        "schema_file.rs::the_file_is_the_same_each_time_and_holds_no_person",
        "schema_file.rs::what_is_saved_is_what_an_offline_check_uses",
    ),
    proof(
        "schema config",
        "config_schema.rs::schema_config_prints_it",
        "config_schema.rs::schema_config_prints_it",
        "config_schema.rs::schema_config_prints_it",
    ),
    proof(
        "permissions",
        "permissions.rs::a_small_mapping_has_a_small_fence",
        "permissions.rs::as_json_it_is_a_list_of_rows",
        "permissions.rs::from_both_services_it_is_the_same_as_from_what_they_saved",
    ),
    proof(
        "plan",
        "commands.rs::plan_prints_every_mapped_field_with_outcome_and_reason_and_writes_nothing",
        "commands.rs::plan_as_json_has_codes_and_sentences_and_no_values",
        "commands.rs::a_contract_that_is_not_there_is_an_error_and_does_not_end_the_others",
    ),
    proof(
        "sync",
        "commands.rs::a_contract_that_is_not_there_is_an_error_and_does_not_end_the_others",
        "commands.rs::sync_writes_once_and_a_second_sync_finds_nothing_to_do",
        "commands.rs::sync_ends_with_2_when_something_is_held_or_failed",
    ),
    proof(
        "create",
        "commands.rs::create_prints_the_contract_and_what_became_of_every_field",
        "commands.rs::create_makes_one_contract_per_request_name",
        "commands.rs::create_says_that_the_name_of_a_deleted_contract_cannot_be_used_again",
    ),
    proof(
        "link",
        "link.rs::a_contract_whose_key_and_ledger_were_lost_works_again_once_it_is_linked",
        "link.rs::it_says_in_json_whose_the_contract_was_and_may_be_repeated",
        "link.rs::nothing_is_linked_that_is_not_there_or_was_forgotten",
    ),
    proof(
        "forget",
        "forget.rs::forget_erases_says_what_and_stops_every_later_write",
        "forget.rs::forget_as_json_counts_and_a_second_time_changes_nothing",
        "forget.rs::where_there_is_no_database_nobody_is_forgotten_and_none_is_made",
    ),
    proof(
        "adopt",
        "accounts.rs::adopt_says_what_it_has_dropped",
        "accounts.rs::adopt_takes_a_database_over_after_a_question_and_drops_what_it_remembers_of_others",
        "accounts.rs::adopt_takes_a_database_over_after_a_question_and_drops_what_it_remembers_of_others",
    ),
    proof(
        "serve",
        "metrics.rs::the_address_is_printed_once_it_listens",
        "commands.rs::serve_says_as_json_where_it_listens",
        "commands.rs::serve_stops_on_a_signal_and_ends_with_0",
    ),
    proof(
        "status",
        "history.rs::status_prints_what_waits_runs_is_parked_and_drifts",
        "history.rs::status_prints_what_waits_runs_is_parked_and_drifts",
        "history.rs::without_a_database_there_is_nothing_to_tell_and_none_is_made",
    ),
    proof(
        "history",
        "history.rs::history_prints_each_look_with_its_fields_the_newest_first",
        "history.rs::history_as_json_has_codes_and_sentences",
        "history.rs::without_a_database_there_is_nothing_to_tell_and_none_is_made",
    ),
    proof(
        "parked list",
        "history.rs::parked_lists_and_shows",
        "history.rs::parked_lists_and_shows",
        "history.rs::without_a_database_there_is_nothing_to_tell_and_none_is_made",
    ),
    proof(
        "parked show",
        "history.rs::parked_lists_and_shows",
        "history.rs::parked_lists_and_shows",
        "history.rs::parked_lists_and_shows",
    ),
    proof(
        "parked retry",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
    ),
    proof(
        "parked drop",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
    ),
    proof(
        "webhook list",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
    ),
    proof(
        "webhook register",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
        "commands.rs::a_webhook_over_plain_http_is_refused_without_a_request",
    ),
    proof(
        "webhook remove",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
    ),
    proof(
        "key new",
        "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none",
        "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none",
        "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none",
    ),
];

/// The commands that do something: `parked list`.
fn commands() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&Cli::command(), "", &mut found);
    found
}

fn collect(command: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
    for below in command.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim_start().to_owned();
        if below.has_subcommands() {
            collect(below, &path, found);
        } else {
            found.insert(path);
        }
    }
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a test, if there is one of this name.
fn test(named: &str) -> Option<String> {
    let (file, name) = named.split_once("::").unwrap();
    let text = read(&format!("tests/it/{file}"));
    let (before, behind) = text.split_once(&format!("\nasync fn {name}("))?;
    let attribute = before.lines().last().unwrap();
    let body = behind.split_once("\n}\n").map_or(behind, |(body, _)| body);
    (attribute == "#[tokio::test]").then(|| body.to_owned())
}

/// Whether a piece of a test runs the command: by its name, or by a helper of that name.
fn runs(piece: &str, command: &str) -> bool {
    let last = command.split(' ').next_back().unwrap();
    [format!("\"{last}\""), format!(".{last}("), format!(" {last}(")].iter().any(|call| piece.contains(call))
}

/// Whether a test runs the command with `--json`: in one statement, or in a loop over what stands behind the command.
fn runs_with_json(test: &str, command: &str) -> bool {
    let with_json =
        test.split(';').find(|statement| statement.contains("\"--json\"") && runs(statement, command));
    let is_in_loop = |statement: &str| statement.contains("\"--json\"") && statement.contains("for ");
    with_json.is_some() || test.split(';').any(is_in_loop) && runs(test, command)
}

/// Whether a test runs the command, and compares an exit code with a number.
fn asserts_exit_code(test: &str, command: &str) -> bool {
    let is_of_process = |behind: &str| !behind.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let compares = |statement: &str| {
        statement.contains("assert")
            && statement.split(".code").skip(1).any(is_of_process)
            && statement.contains(|c: char| c.is_ascii_digit())
    };
    runs(test, command) && test.split(';').any(compares)
}

/// Whether a line says that it is about the command: as `smartsync parked show`, or as `show` beside `smartsync parked list`.
fn names(line: &str, command: &str) -> bool {
    let is_word = |text: &str| {
        let behind = |(at, _): (usize, &str)| line[at + text.len()..].chars().next();
        line.match_indices(text).any(|found| behind(found).is_none_or(|next| [' ', '`'].contains(&next)))
    };
    let beside = command.split_once(' ').is_some_and(|(group, name)| {
        line.contains(&format!("`smartsync {group} ")) && is_word(&format!("`{name}"))
    });
    is_word(&format!("`smartsync {command}")) || beside
}

#[test]
fn each_command_has_a_test_of_its_text_of_its_json_and_of_its_exit_code() {
    let proven: BTreeSet<String> = PROOFS.iter().map(|proof| proof.command.to_owned()).collect();
    assert_eq!(commands(), proven, "name the tests of a new command in `PROOFS`");
    let mut missing = Vec::new();
    for Proof { command, text, json, code } in PROOFS {
        // `serve` does not end by itself, so its text is read while it runs.
        let shows = if *command == "serve" { "stdout" } else { ".out" };
        let shows_text = test(text).is_some_and(|test| runs(&test, command) && test.contains(shows));
        let shows_json = test(json).is_some_and(|test| runs_with_json(&test, command));
        let shows_code = test(code).is_some_and(|test| asserts_exit_code(&test, command));
        let all = [("text", text, shows_text), ("JSON", json, shows_json), ("exit code", code, shows_code)];
        for (what, named, _) in all.into_iter().filter(|(_, _, is_shown)| !is_shown) {
            missing.push(format!("the {what} of `{command}` in {named}"));
        }
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn each_command_has_a_line_in_the_readme_and_its_json_is_explained() {
    let (readme, shapes) = (read("README.md"), read("../docs/command-output.md"));
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `smartsync ")).collect();
    let heads: Vec<&str> = shapes.lines().filter(|line| line.starts_with("## `")).collect();
    let mut missing = Vec::new();
    for command in commands() {
        let in_readme = rows.iter().any(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
            names(cells[0], &command) && cells.last().is_some_and(|codes| codes.contains('0'))
        });
        if !in_readme {
            missing.push(format!("README.md: {command}"));
        }
        let is_whole = |head: &str| head.contains(&format!("`{command}"));
        let is_beside = |head: &str| names(&head.replacen('`', "`smartsync ", 1), &command);
        if !heads.iter().any(|head| is_whole(head) || is_beside(head)) {
            missing.push(format!("docs/command-output.md: {command}"));
        }
    }
    assert_eq!(missing, [""; 0]);
}

/// The commands that are about what is kept of one tenant, or about its accounts. The others are about none, or, as `serve`, about all.
const OF_A_TENANT: &[&str] = &[
    "adopt",
    "check",
    "create",
    "forget",
    "history",
    "link",
    "parked drop",
    "parked list",
    "parked retry",
    "parked show",
    "permissions",
    "plan",
    "schema save",
    "status",
    "sync",
    "webhook list",
    "webhook register",
    "webhook remove",
];

#[test]
fn each_command_that_is_about_a_tenant_takes_its_name_and_no_other_does() {
    let mut all = Cli::command();
    // Has what is said of a group be known to the commands below it.
    all.build();
    let takes_tenant = |path: &str| {
        let command = path.split(' ').try_fold(&all, |group, name| group.find_subcommand(name)).unwrap();
        command.get_arguments().any(|argument| argument.get_id() == "tenant")
    };
    let taking: Vec<String> = commands().into_iter().filter(|command| takes_tenant(command)).collect();
    assert_eq!(taking, OF_A_TENANT);
}

#[test]
fn a_command_that_is_not_named_is_missed() {
    assert!(names("| `smartsync parked list [--reason CODE]`, `show CONTRACT`", "parked show"));
    assert!(!names("| `smartsync parked list [--reason CODE]`, `show CONTRACT`", "parked drop"));
    assert!(!names("| `smartsync planned`", "plan") && !names("| `smartsync webhook list`", "parked list"));
    assert!(test("commands.rs::there_is_none_of_this_name").is_none());
    assert!(test("history.rs::at").is_none(), "a helper is no test");
}

#[test]
fn a_test_that_only_mentions_json_and_a_code_shows_neither() {
    let mentions = r#"let row = json(&home.run(&["plan", "1"]).await.out); assert_eq!(row["code"], 1);"#;
    assert!(runs(mentions, "plan") && !runs(mentions, "status"));
    assert!(!runs_with_json(mentions, "plan") && !asserts_exit_code(mentions, "plan"));
    let shows =
        r#"let ended = home.run(&["plan", "1", "--json"]).await; assert_eq!((ended.code, 7), (0, 7));"#;
    assert!(runs_with_json(shows, "plan") && asserts_exit_code(shows, "plan"));
    assert!(!runs_with_json(shows, "sync") && !asserts_exit_code(shows, "sync"));
    let of_another = r#"home.run(&["status", "--json"]).await; home.run(&["plan", "1"]).await;"#;
    assert!(!runs_with_json(of_another, "plan"));
}
