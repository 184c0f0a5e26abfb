//! Every command has a line in the README and under "What the commands print", and a test of its text, of its JSON and of how it ends.

use std::{collections::BTreeSet, fs, path::Path};

use clap::CommandFactory as _;
use smartsync::store::LookFailure;
use smartsync_core::{Reason, diagnostic::DiagnosticCode};

use self::shown_by_tests::{asserted_codes, codes_of_row, names, read, runs, runs_with_json, test};
use super::{Cli, command};

mod shown_by_tests;

/// Which test shows what a command prints for people, what with `--json`, and that it ends with each of its exit codes: `tests/it/FILE.rs::TEST`.
struct Proof {
    command: &'static str,
    text: &'static str,
    json: &'static str,
    codes: &'static [(u8, &'static str)],
}

const fn proof(
    command: &'static str,
    text: &'static str,
    json: &'static str,
    codes: &'static [(u8, &'static str)],
) -> Proof {
    Proof { command, text, json, codes }
}

const PROOFS: &[Proof] = &[
    #[cfg(feature = "demo")]
    proof(
        "demo",
        "demo.rs::the_command_ends_well_within_five_seconds_and_prints_the_story",
        "demo.rs::the_command_tells_the_story_as_json_too",
        &[
            (0, "demo.rs::the_command_ends_well_within_five_seconds_and_prints_the_story"),
            (1, "demo.rs::every_broken_stage_makes_the_command_fail"),
        ],
    ),
    #[cfg(feature = "demo")]
    proof(
        "drill",
        "drill.rs::the_command_counts_and_ends_with_0",
        "drill.rs::the_command_counts_and_ends_with_0",
        &[
            (0, "drill.rs::the_command_counts_and_ends_with_0"),
            (1, "drill.rs::the_command_counts_and_ends_with_0"),
        ],
    ),
    proof(
        "init",
        "init.rs::options_answer_everything_and_a_second_run_changes_nothing",
        "init.rs::options_answer_everything_and_a_second_run_changes_nothing",
        &[
            (0, "init.rs::options_answer_everything_and_a_second_run_changes_nothing"),
            (1, "init.rs::without_a_terminal_the_option_that_answers_is_named_and_nothing_is_written"),
            (
                129,
                "init.rs::a_signal_or_ctrl_c_at_any_question_leaves_nothing_behind_and_the_terminal_as_it_was",
            ),
            (
                130,
                "init.rs::a_signal_or_ctrl_c_at_any_question_leaves_nothing_behind_and_the_terminal_as_it_was",
            ),
            (
                143,
                "init.rs::a_signal_or_ctrl_c_at_any_question_leaves_nothing_behind_and_the_terminal_as_it_was",
            ),
        ],
    ),
    proof(
        "check",
        "check.rs::services_that_cannot_be_reached_are_named_and_the_command_ends_with_1",
        "check.rs::services_that_cannot_be_reached_are_named_and_the_command_ends_with_1",
        &[
            (0, "messages.rs::a_secret_file_is_found_beside_the_configuration_wherever_the_command_is_run"),
            (1, "check.rs::services_that_cannot_be_reached_are_named_and_the_command_ends_with_1"),
        ],
    ),
    proof(
        "schema save",
        "schema_file.rs::what_is_saved_is_what_an_offline_check_uses",
        "schema_file.rs::the_file_is_the_same_each_time_and_holds_no_person",
        &[
            (0, "schema_file.rs::what_is_saved_is_what_an_offline_check_uses"),
            (1, "schema_file.rs::a_file_that_cannot_be_written_leaves_the_old_one"),
        ],
    ),
    proof(
        "schema config",
        "config_schema.rs::schema_config_prints_it",
        "config_schema.rs::schema_config_prints_it",
        &[(0, "config_schema.rs::schema_config_prints_it")],
    ),
    proof(
        "permissions",
        "permissions.rs::a_small_mapping_has_a_small_fence",
        "permissions.rs::as_json_it_is_a_list_of_rows",
        &[
            (0, "permissions.rs::a_small_mapping_has_a_small_fence"),
            (1, "permissions.rs::a_mapping_that_does_not_fit_has_none"),
        ],
    ),
    proof(
        "plan",
        "commands.rs::plan_prints_every_mapped_field_with_outcome_and_reason_and_writes_nothing",
        "commands.rs::plan_as_json_has_codes_and_sentences_and_no_values",
        &[
            (0, "commands.rs::plan_prints_every_mapped_field_with_outcome_and_reason_and_writes_nothing"),
            (1, "commands.rs::a_contract_that_is_not_there_is_an_error_and_does_not_end_the_others"),
            (129, "signals.rs::a_plan_of_all_contracts_that_is_stopped_ends_with_the_code_of_the_signal"),
            (130, "signals.rs::a_plan_of_all_contracts_that_is_stopped_ends_with_the_code_of_the_signal"),
            (143, "signals.rs::a_plan_of_all_contracts_that_is_stopped_ends_with_the_code_of_the_signal"),
        ],
    ),
    proof(
        "sync",
        "commands.rs::a_contract_that_is_not_there_is_an_error_and_does_not_end_the_others",
        "commands.rs::sync_writes_once_and_a_second_sync_finds_nothing_to_do",
        &[
            (0, "commands.rs::sync_writes_once_and_a_second_sync_finds_nothing_to_do"),
            (1, "commands.rs::a_contract_that_is_not_there_is_an_error_and_does_not_end_the_others"),
            (2, "commands.rs::sync_ends_with_2_when_something_is_held_or_failed"),
            (129, "signals.rs::a_sync_that_is_stopped_gives_its_claim_back_and_says_what_was_done"),
            (130, "signals.rs::a_sync_that_is_stopped_gives_its_claim_back_and_says_what_was_done"),
            (143, "signals.rs::a_sync_that_is_stopped_gives_its_claim_back_and_says_what_was_done"),
        ],
    ),
    proof(
        "create",
        "commands.rs::create_prints_the_contract_and_what_became_of_every_field",
        "commands.rs::create_makes_one_contract_per_request_name",
        &[
            (0, "commands.rs::create_makes_one_contract_per_request_name"),
            (
                1,
                "commands.rs::create_names_everything_that_stands_in_the_way_with_its_remedy_and_makes_nothing",
            ),
        ],
    ),
    proof(
        "link",
        "link.rs::a_contract_whose_key_and_ledger_were_lost_works_again_once_it_is_linked",
        "link.rs::it_says_in_json_whose_the_contract_was_and_may_be_repeated",
        &[
            (0, "link.rs::a_contract_whose_key_and_ledger_were_lost_works_again_once_it_is_linked"),
            (1, "link.rs::nothing_is_linked_that_is_not_there_or_was_forgotten"),
            (129, "link.rs::a_signal_ends_the_wait_for_a_look_that_is_under_way"),
            (130, "link.rs::a_signal_ends_the_wait_for_a_look_that_is_under_way"),
            (143, "link.rs::a_signal_ends_the_wait_for_a_look_that_is_under_way"),
        ],
    ),
    proof(
        "resolve",
        "resolve.rs::what_was_not_seen_is_not_written_and_the_plan_as_it_is_now_is_shown",
        "resolve.rs::it_says_in_json_how_it_ended_and_why_nothing_was_decided",
        &[
            (0, "resolve.rs::it_says_in_json_how_it_ended_and_why_nothing_was_decided"),
            (1, "resolve.rs::it_says_in_json_how_it_ended_and_why_nothing_was_decided"),
            (2, "resolve.rs::it_says_in_json_how_it_ended_and_why_nothing_was_decided"),
            (129, "resolve.rs::a_signal_ends_the_wait_for_a_look_that_is_under_way"),
            (130, "resolve.rs::a_signal_ends_the_wait_for_a_look_that_is_under_way"),
            (143, "resolve.rs::a_signal_ends_the_wait_for_a_look_that_is_under_way"),
        ],
    ),
    proof(
        "forget",
        "forget.rs::forget_erases_says_what_and_stops_every_later_write",
        "forget.rs::forget_as_json_counts_and_a_second_time_changes_nothing",
        &[
            (0, "forget.rs::forget_as_json_counts_and_a_second_time_changes_nothing"),
            (1, "forget.rs::where_there_is_no_database_nobody_is_forgotten_and_none_is_made"),
            (
                129,
                "forget.rs::forget_waits_for_a_look_that_is_under_way_says_so_and_erases_whatever_becomes_of_it",
            ),
            (
                130,
                "forget.rs::forget_waits_for_a_look_that_is_under_way_says_so_and_erases_whatever_becomes_of_it",
            ),
            (
                143,
                "forget.rs::forget_waits_for_a_look_that_is_under_way_says_so_and_erases_whatever_becomes_of_it",
            ),
        ],
    ),
    proof(
        "adopt",
        "accounts.rs::adopt_says_what_it_has_dropped",
        "accounts.rs::adopt_takes_a_database_over_after_a_question_and_drops_what_it_remembers_of_others",
        &[
            (0, "accounts.rs::adopt_says_what_it_has_dropped"),
            (
                1,
                "accounts.rs::adopt_takes_a_database_over_after_a_question_and_drops_what_it_remembers_of_others",
            ),
        ],
    ),
    proof(
        "serve",
        "metrics.rs::the_address_is_printed_once_it_listens",
        "commands.rs::serve_says_as_json_where_it_listens",
        &[
            (0, "commands.rs::serve_stops_on_a_signal_and_ends_with_0"),
            (
                1,
                "metrics.rs::without_the_setting_nobody_listens_and_an_address_that_is_taken_is_told_by_its_key",
            ),
            (130, "signals.rs::a_second_signal_ends_a_server_at_once"),
            (143, "signals.rs::a_second_signal_ends_a_server_at_once"),
        ],
    ),
    proof(
        "page",
        "page_command.rs::it_says_where_it_listens_and_ends_with_0_at_a_signal",
        "page_command.rs::it_says_as_json_where_it_listens_and_what_stands_in_the_way",
        &[
            (0, "page_command.rs::it_says_where_it_listens_and_ends_with_0_at_a_signal"),
            (1, "page_command.rs::it_says_as_json_where_it_listens_and_what_stands_in_the_way"),
            (130, "page_command.rs::a_second_signal_ends_it_at_once"),
            (143, "page_command.rs::a_second_signal_ends_it_at_once"),
        ],
    ),
    proof(
        "status",
        "history.rs::status_prints_what_waits_runs_is_parked_and_drifts",
        "history.rs::status_prints_what_waits_runs_is_parked_and_drifts",
        &[
            (0, "history.rs::status_prints_what_waits_runs_is_parked_and_drifts"),
            (1, "history.rs::without_a_database_there_is_nothing_to_tell_and_none_is_made"),
        ],
    ),
    proof(
        "contracts list",
        "views_on_the_command_line.rs::contracts_list_shows_where_each_stands_the_last_one_first",
        "views_on_the_command_line.rs::contracts_list_as_json_takes_each_filter_of_the_page",
        &[
            (0, "views_on_the_command_line.rs::contracts_list_shows_where_each_stands_the_last_one_first"),
            (1, "views_on_the_command_line.rs::without_a_database_no_view_is_shown_and_none_is_made"),
        ],
    ),
    proof(
        "contracts look",
        "views_on_the_command_line.rs::contracts_look_has_a_server_look_again_at_all_that_match_and_waits_for_it",
        "views_on_the_command_line.rs::contracts_look_has_a_server_look_again_at_all_that_match_and_waits_for_it",
        &[
            (
                0,
                "views_on_the_command_line.rs::contracts_look_has_a_server_look_again_at_all_that_match_and_waits_for_it",
            ),
            (1, "views_on_the_command_line.rs::looking_again_can_be_stopped_and_needs_a_server"),
            (129, "views_on_the_command_line.rs::looking_again_can_be_stopped_and_needs_a_server"),
            (130, "views_on_the_command_line.rs::looking_again_can_be_stopped_and_needs_a_server"),
            (143, "views_on_the_command_line.rs::looking_again_can_be_stopped_and_needs_a_server"),
        ],
    ),
    proof(
        "held",
        "views_on_the_command_line.rs::held_lists_each_field_and_tells_a_blank_that_was_filled_in_from_a_value_that_was_changed",
        "views_on_the_command_line.rs::held_lists_each_field_and_tells_a_blank_that_was_filled_in_from_a_value_that_was_changed",
        &[
            (
                0,
                "views_on_the_command_line.rs::held_lists_each_field_and_tells_a_blank_that_was_filled_in_from_a_value_that_was_changed",
            ),
            (1, "views_on_the_command_line.rs::without_a_database_no_view_is_shown_and_none_is_made"),
        ],
    ),
    proof(
        "intake",
        "views_on_the_command_line.rs::intake_counts_what_came_in_and_what_became_of_it",
        "views_on_the_command_line.rs::intake_counts_what_came_in_and_what_became_of_it",
        &[
            (0, "views_on_the_command_line.rs::intake_counts_what_came_in_and_what_became_of_it"),
            (1, "views_on_the_command_line.rs::without_a_database_no_view_is_shown_and_none_is_made"),
        ],
    ),
    proof(
        "history",
        "history.rs::history_prints_each_look_with_its_fields_the_newest_first",
        "history.rs::history_as_json_has_codes_and_sentences",
        &[
            (0, "history.rs::history_prints_each_look_with_its_fields_the_newest_first"),
            (1, "history.rs::without_a_database_there_is_nothing_to_tell_and_none_is_made"),
        ],
    ),
    proof(
        "tail",
        "tail.rs::tail_prints_each_look_on_a_line_as_it_is_noted_and_a_signal_ends_it_with_0",
        "tail.rs::tail_as_json_prints_one_object_on_a_line_as_history_has_it",
        &[
            (0, "tail.rs::tail_prints_each_look_on_a_line_as_it_is_noted_and_a_signal_ends_it_with_0"),
            (1, "tail.rs::tail_ends_when_nobody_reads_any_more_and_fails_without_a_database"),
        ],
    ),
    proof(
        "probe",
        "probe.rs::it_says_what_was_found_out_and_saves_it",
        "probe.rs::it_says_what_was_found_out_and_saves_it",
        &[
            (0, "probe.rs::it_says_what_was_found_out_and_saves_it"),
            (1, "probe.rs::nothing_is_asked_without_the_name_of_the_company_or_on_a_large_account"),
        ],
    ),
    proof(
        "probe clean",
        "probe_writes.rs::what_a_run_that_was_killed_has_left_is_deleted_by_clean",
        "probe_writes.rs::clean_as_json_names_what_is_left",
        &[
            (0, "probe_writes.rs::what_a_run_that_was_killed_has_left_is_deleted_by_clean"),
            (1, "probe_writes.rs::clean_as_json_names_what_is_left"),
        ],
    ),
    proof(
        "facts",
        "facts_file.rs::facts_lists_what_is_assumed_and_what_was_found_out",
        "facts_file.rs::facts_as_json_has_everything_that_is_known_of_each",
        &[
            (0, "facts_file.rs::facts_lists_what_is_assumed_and_what_was_found_out"),
            (1, "facts_file.rs::a_file_that_cannot_be_used_is_refused_with_a_remedy"),
        ],
    ),
    proof(
        "explain",
        "explain.rs::explain_says_of_a_reason_what_it_means_and_what_to_do",
        "explain.rs::explain_as_json_has_every_code_with_its_texts",
        &[
            (0, "explain.rs::explain_says_of_a_diagnostic_what_the_page_says"),
            (
                1,
                "explain.rs::explain_names_the_nearest_codes_of_one_that_there_is_not_and_does_not_repeat_it",
            ),
        ],
    ),
    proof(
        "parked list",
        "history.rs::parked_lists_and_shows",
        "history.rs::parked_lists_and_shows",
        &[
            (0, "history.rs::parked_lists_and_shows"),
            (1, "history.rs::without_a_database_there_is_nothing_to_tell_and_none_is_made"),
        ],
    ),
    proof(
        "parked show",
        "history.rs::parked_lists_and_shows",
        "history.rs::parked_lists_and_shows",
        &[(0, "history.rs::parked_lists_and_shows"), (1, "history.rs::parked_lists_and_shows")],
    ),
    proof(
        "parked retry",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        &[
            (0, "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count"),
            (1, "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count"),
        ],
    ),
    proof(
        "parked drop",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count",
        &[
            (0, "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count"),
            (1, "history.rs::parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count"),
        ],
    ),
    proof(
        "store copy",
        "store_copy.rs::the_command_shows_the_rows_of_each_table_and_what_to_do_next",
        "store_copy.rs::the_command_shows_the_rows_of_each_table_and_what_to_do_next",
        &[
            (0, "store_copy.rs::the_command_shows_the_rows_of_each_table_and_what_to_do_next"),
            (1, "store_copy.rs::the_command_shows_the_rows_of_each_table_and_what_to_do_next"),
        ],
    ),
    proof(
        "webhook list",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
        &[
            (0, "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled"),
            (1, "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers"),
        ],
    ),
    proof(
        "webhook register",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
        "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled",
        &[
            (0, "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers"),
            (1, "commands.rs::a_webhook_over_plain_http_is_refused_without_a_request"),
        ],
    ),
    proof(
        "webhook test",
        "way_in.rs::a_notification_that_gets_through_is_told_stage_by_stage_and_leaves_nothing_behind",
        "way_in.rs::a_notification_that_gets_through_is_told_stage_by_stage_and_leaves_nothing_behind",
        &[
            (
                0,
                "way_in.rs::a_notification_that_gets_through_is_told_stage_by_stage_and_leaves_nothing_behind",
            ),
            (1, "way_in.rs::nothing_is_sent_in_the_clear_to_another_machine_or_without_a_key"),
        ],
    ),
    proof(
        "webhook remove",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
        "commands.rs::webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers",
        &[
            (0, "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled"),
            (1, "commands.rs::webhooks_are_registered_listed_and_removed_and_never_doubled"),
        ],
    ),
    proof(
        "key new",
        "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none",
        "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none",
        &[
            (0, "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none"),
            (1, "keys.rs::a_new_key_is_printed_or_written_for_its_owner_and_replaces_none"),
        ],
    ),
    proof(
        "completions",
        "manners.rs::completions_are_printed_for_each_shell_and_bash_takes_them",
        "manners.rs::completions_are_printed_for_each_shell_and_bash_takes_them",
        &[(0, "manners.rs::completions_are_printed_for_each_shell_and_bash_takes_them")],
    ),
    proof(
        "man",
        "manners.rs::man_writes_a_page_for_each_command_with_its_examples_and_exit_codes",
        "manners.rs::man_writes_a_page_for_each_command_with_its_examples_and_exit_codes",
        &[
            (0, "manners.rs::man_writes_a_page_for_each_command_with_its_examples_and_exit_codes"),
            (1, "manners.rs::man_writes_a_page_for_each_command_with_its_examples_and_exit_codes"),
        ],
    ),
];

/// The commands that do something: `parked list`.
pub(super) fn commands() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&Cli::command(), "", &mut found);
    found
}

fn collect(command: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
    for below in command.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim_start().to_owned();
        if below.has_subcommands() {
            collect(below, &path, found);
        }
        // A group that does something by itself is a command as well.
        if !below.is_subcommand_required_set() {
            found.insert(path);
        }
    }
}

#[test]
fn each_command_has_a_test_of_its_text_of_its_json_and_of_each_exit_code_that_the_readme_names() {
    let proven: BTreeSet<String> = PROOFS.iter().map(|proof| proof.command.to_owned()).collect();
    assert_eq!(commands(), proven, "name the tests of a new command in `PROOFS`");
    let mut missing = Vec::new();
    let readme = read("README.md");
    for Proof { command, text, json, codes } in PROOFS {
        // These do not end by themselves, so their text is read while they run.
        let shows = if ["serve", "page"].contains(command) { "stdout" } else { ".out" };
        let shows_text = test(text).is_some_and(|test| runs(&test, command) && test.contains(shows));
        let shows_json = test(json).is_some_and(|test| runs_with_json(&test, command));
        for (what, named, is_shown) in [("text", text, shows_text), ("JSON", json, shows_json)] {
            if !is_shown {
                missing.push(format!("the {what} of `{command}` in {named}"));
            }
        }
        for (code, named) in *codes {
            if !test(named).is_some_and(|test| asserted_codes(&test, command).contains(code)) {
                missing.push(format!("that `{command}` ends with {code} in {named}"));
            }
        }
        let named: BTreeSet<u8> = codes.iter().map(|(code, _)| *code).collect();
        let rows = readme.lines().filter(|line| line.starts_with("| `smartsync "));
        let of_command = rows.filter(|row| names(row.split(" | ").next().unwrap(), command));
        let told: BTreeSet<u8> = of_command.flat_map(codes_of_row).collect();
        if named != told {
            missing.push(format!(
                "`{command}` ends with {told:?} by the README, and with {named:?} by its tests"
            ));
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
    "contracts list",
    "contracts look",
    "create",
    "facts",
    "forget",
    "held",
    "history",
    "intake",
    "link",
    "parked drop",
    "parked list",
    "parked retry",
    "parked show",
    "permissions",
    "plan",
    "probe",
    "probe clean",
    "resolve",
    "schema save",
    "status",
    "sync",
    "tail",
    "webhook list",
    "webhook register",
    "webhook remove",
    "webhook test",
];

/// A command of the whole command line.
fn found(path: &str) -> clap::Command {
    let mut all = command();
    all.build();
    path.split(' ').try_fold(&all, |group, name| group.find_subcommand(name)).unwrap().clone()
}

#[test]
fn the_help_of_each_command_has_examples_that_can_be_typed_and_the_exit_codes_of_the_readme() {
    for Proof { command: path, codes, .. } in PROOFS {
        let help = found(path).get_after_help().map(ToString::to_string);
        let help = help.unwrap_or_else(|| panic!("add `{path}` to `EPILOGUES`"));
        let (examples, exits) = help.split_once("\nExit codes:\n").unwrap();
        let examples: Vec<&str> = examples.lines().skip(1).map(str::trim).collect();
        assert!(!examples.is_empty(), "{path}");
        for example in examples {
            assert!(example.len() <= 100, "{example}");
            // What stands behind it is for the shell.
            let typed: Vec<&str> = example.split(" > ").next().unwrap().split(' ').collect();
            let matches =
                command().try_get_matches_from(&typed).unwrap_or_else(|error| panic!("{example}: {error}"));
            let (mut words, mut below) = (Vec::new(), matches.subcommand());
            while let Some((name, matches)) = below {
                words.push(name);
                below = matches.subcommand();
            }
            assert_eq!(words.join(" "), *path, "{example}");
        }
        let said = exits.lines().flat_map(|line| {
            line.trim().split(", ").map_while(|code| code.split(' ').next()?.parse::<u8>().ok())
        });
        let proven: BTreeSet<u8> = codes.iter().map(|(code, _)| *code).collect();
        assert_eq!(said.collect::<BTreeSet<u8>>(), proven, "{path}");
    }
}

#[test]
fn every_command_that_a_reason_advises_to_run_is_there_with_its_options() {
    let advice = Reason::ALL.iter().filter_map(|reason| reason.advice());
    let diagnostics = DiagnosticCode::ALL.iter().flat_map(|code| [code.explanation(), code.advice()]);
    let looks = LookFailure::ALL.into_iter().map(LookFailure::advice);
    let mut advised = BTreeSet::new();
    for text in advice.chain(diagnostics).chain(looks) {
        for typed in text.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("smartsync ")) {
            let path =
                commands().into_iter().find(|path| format!("{typed} ").starts_with(&format!("{path} ")));
            let path = path.unwrap_or_else(|| panic!("`smartsync {typed}`: {text}"));
            let command = found(&path);
            for option in typed.split(' ').filter_map(|word| word.strip_prefix("--")) {
                let has_it = command.get_arguments().any(|argument| argument.get_long() == Some(option));
                assert!(has_it, "`smartsync {typed}`: {text}");
            }
            advised.insert(path);
        }
    }
    assert!(advised.contains("link") && advised.len() > 3, "{advised:?}");
}

/// The files of commands that ask, each with its commands.
const ASKING: &[(&str, &[&str])] = &[
    ("adopt.rs", &["adopt"]),
    ("contracts.rs", &["contracts look"]),
    ("forget.rs", &["forget"]),
    ("link.rs", &["link"]),
    ("parked.rs", &["parked drop", "parked retry"]),
    ("resolve.rs", &["resolve"]),
    ("webhook.rs", &["webhook remove"]),
];

#[test]
fn whatever_asks_has_an_option_that_stands_for_a_yes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/smartsync/commands");
    let mut asking = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let asks = |text: &str| text.lines().any(|line| line.trim_start().starts_with("ask::"));
        if path.is_file() && asks(&fs::read_to_string(&path).unwrap()) {
            asking.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(asking, ASKING.iter().map(|(file, _)| (*file).to_owned()).collect());
    for path in ASKING.iter().flat_map(|(_, paths)| *paths) {
        assert!(found(path).get_arguments().any(|argument| argument.get_long() == Some("yes")), "{path}");
    }
}

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
