//! How the command line behaves: completions, pages of the manual, colours, and tables that fit.

use std::{fs, process::Stdio};

use jiff::Timestamp;
use serde_json::{Value, json};
use smartsync::store::{Look, LookedField, NextLook, Occasion, SqliteState, State as _, Tenant, Trigger};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::support::{Ended, Home, sent_contract};

/// No service is there: none of these commands asks one.
fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

/// Runs the program with variables of the environment.
async fn with(home: &Home, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let output = home.command(arguments).envs(variables.iter().copied()).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[tokio::test]
async fn completions_are_printed_for_each_shell_and_bash_takes_them() {
    let home = home();
    for (shell, sign) in
        [("bash", "complete -F"), ("zsh", "#compdef smartsync"), ("fish", "complete -c smartsync")]
    {
        let ended = home.run(&["completions", shell]).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{shell}");
        for part in [sign, "sync", "attach-again", "tail", "parked"] {
            assert!(ended.out.contains(part), "{shell}: {part}");
        }
        let as_json = home.run(&["completions", shell, "--json"]).await;
        let result: Value = serde_json::from_str(&as_json.out).unwrap();
        assert_eq!((as_json.code, result), (0, json!({ "shell": shell, "script": ended.out })));
    }
    let script = home.run(&["completions", "bash"]).await.out;
    let mut bash =
        Command::new("bash").arg("-s").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let ask = "\nCOMP_WORDS=(smartsync par); COMP_CWORD=1; _smartsync smartsync par smartsync; echo \"${COMPREPLY[@]}\"\n";
    bash.stdin.take().unwrap().write_all((script + ask).as_bytes()).await.unwrap();
    let output = bash.wait_with_output().await.unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "parked");
}

#[tokio::test]
async fn man_writes_a_page_for_each_command_with_its_examples_and_exit_codes() {
    let home = home();
    let ended = home.run(&["man", "--output", "pages"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains(" pages are in pages; "), "{}", ended.out);
    let folder = home.folder().join("pages");
    let page = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let first = page("smartsync.1");
    for part in [".TH smartsync 1", "RUST_LOG", "NO_COLOR", "smartsync\\-sync(1)"] {
        assert!(first.contains(part), "{part}: {first}");
    }
    let sync = page("smartsync-sync.1");
    for part in ["Examples:", "Exit codes:", "attach", "fields were held or failed"] {
        assert!(sync.contains(part), "{part}: {sync}");
    }
    let again = home.run(&["man", "--output", "pages", "--json"]).await;
    let result: Value = serde_json::from_str(&again.out).unwrap();
    let pages: Vec<&str> =
        result["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap()).collect();
    assert_eq!((again.code, fs::read_dir(&folder).unwrap().count()), (0, pages.len()));
    assert!(pages.contains(&"pages/smartsync-parked-list.1") && pages.is_sorted(), "{pages:?}");
    assert_eq!(page("smartsync.1"), first, "two of the same version are the same");

    home.secret("taken", "a file");
    let ended = home.run(&["man", "--output", "taken"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.err.contains("choose another folder with `--output`"), "{}", ended.err);
}

#[tokio::test]
async fn colours_are_used_as_asked_and_never_in_a_file_by_themselves() {
    let home = home();
    // There is no database.
    let fails = &["parked", "list"][..];
    let always = [fails, &["--color", "always"]].concat();
    let never = [fails, &["--color=never"]].concat();
    for (variables, arguments, is_coloured) in [
        (&[][..], fails, false),
        (&[], &always, true),
        (&[("NO_COLOR", "1")], &always, true),
        (&[("CLICOLOR_FORCE", "1")], fails, true),
        (&[("CLICOLOR_FORCE", "1")], &never, false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], fails, false),
        (&[("CLICOLOR_FORCE", "")], fails, false),
    ] {
        let ended = with(&home, variables, arguments).await;
        assert_eq!(ended.code, 1);
        assert_eq!(ended.err.contains('\u{1b}'), is_coloured, "{variables:?} {arguments:?}: {}", ended.err);
    }
    // What clap prints before it has read everything.
    for (arguments, is_coloured) in [
        (&["--color", "always", "--help"][..], true),
        (&["--help"], false),
        (&["sync", "--color=always", "--help"], true),
    ] {
        assert_eq!(home.run(arguments).await.out.contains('\u{1b}'), is_coloured, "{arguments:?}");
    }
    let wrong = home.run(&["--color", "sometimes", "status"]).await;
    assert!(wrong.code == 1 && wrong.err.contains("auto, always, never"), "{}", wrong.err);
}

#[tokio::test]
async fn tables_fit_the_columns_that_there_are_and_are_not_folded_in_a_file() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (_, contract) = sent_contract(&services, 1);
    let contract = contract.to_string();
    let longest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    for arguments in
        [&["plan", &contract][..], &["permissions"], &["plan", "--all"], &["explain"], &["webhook", "list"]]
    {
        let whole = home.run(arguments).await;
        let folded = with(&home, &[("COLUMNS", "80")], arguments).await;
        assert_eq!((whole.code, folded.code), (0, 0), "{arguments:?}: {}", folded.err);
        // Lines of prose are folded by the terminal.
        let is_table = |line: &&str| line.starts_with(' ');
        let table = |text: &str| text.lines().filter(is_table).collect::<Vec<_>>().join("\n");
        let (whole, folded) = (table(&whole.out), table(&folded.out));
        assert!(longest(&folded) <= 80, "{arguments:?}:\n{folded}");
        let is_longer = folded.lines().count() > whole.lines().count();
        assert_eq!(is_longer, longest(&whole) > 80, "{arguments:?}:\n{whole}");
    }
    assert!(longest(&home.run(&["explain"]).await.out) > 80, "one line for each row");
}

#[tokio::test]
async fn the_options_of_a_command_come_before_those_that_every_command_has() {
    let home = home();
    for (command, own) in [
        (&["contracts", "look"][..], &["--outcome", "--age", "--all", "--yes", "--tenant"][..]),
        (&["sync"], &["--all", "--max-changes", "--tenant"]),
        (&["intake"], &["--tenant"]),
    ] {
        let help = home.run(&[command, &["--help"]].concat()).await.out;
        let (before, behind) = help.split_once("\nOptions of every command:\n").unwrap();
        for option in own {
            let line = format!("      {option}");
            assert!(before.contains(&line) && !behind.contains(&line), "{option}: {help}");
        }
        for option in ["--config", "--json", "--verbose", "--log-format", "--insecure-http", "--color"] {
            assert!(!before.contains(option) && behind.contains(option), "{option}: {help}");
        }
    }
}

#[tokio::test]
async fn status_and_lists_fit_the_columns_that_there_are() {
    let home = home();
    let state = SqliteState::open(&home.database()).unwrap();
    let occasion = Occasion::new(9_001_001.into(), Trigger::Notification, Timestamp::now());
    let mut look = Look::without_end(occasion, NextLook::None);
    (look.error, look.drifts, look.candidate) = (None, Some(true), Some("4711001".into()));
    let (name, reason) = ("oneflow-a-name-that-is-longer-than-a-column", Some("conflict-held"));
    look.fields = vec![LookedField::new(name, &format!("custom:{name}"), "held", reason)];
    state.journal(&Tenant::default()).record(&look).await.unwrap();
    for arguments in [&["status"][..], &["held"], &["contracts", "list"], &["intake"]] {
        let ended = with(&home, &[("COLUMNS", "80")], arguments).await;
        assert_eq!(ended.code, 0, "{}", ended.err);
        let longest = ended.out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= 80, "{arguments:?}:\n{}", ended.out);
    }
    let whole = home.run(&["status"]).await;
    assert!(whole.out.contains(", contract 9001001 (notification)\n"), "one line for each: {}", whole.out);
}

#[tokio::test]
async fn the_environment_that_the_readme_names_is_the_one_that_the_help_names() {
    let help = home().run(&["--help"]).await.out;
    let section = help.split("Environment:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let in_help: Vec<&str> = section
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    let readme = include_str!("../../README.md");
    let table = readme.split("### Environment variables").nth(1).unwrap().split("\n#").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let in_readme: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    assert_eq!(in_readme, in_help);
    assert!(in_help.contains(&"RUST_LOG") && in_help.len() > 8);
}

#[tokio::test]
async fn in_a_log_of_json_every_line_is_an_object() {
    let home = home();
    let lines = |text: &str| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{text}"))).collect()
    };
    let ended = home.run(&["--log-format", "json", "plan", "9001"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    let said = lines(&ended.err);
    let last = said.last().unwrap();
    assert_eq!((&last["level"], &last["target"]), (&json!("ERROR"), &json!("smartsync")));
    assert!(last["next"].is_string() && last["time"].is_string() && last["message"].is_string(), "{last}");

    home.append("\n[sync]\nconvention = \"no\"\n[[field]]\noneflow = \"a\"\n");
    let ended =
        with(&home, &[("RUST_LOG", "smartsync=debgu")], &["--log-format", "json", "plan", "9001"]).await;
    let said = lines(&ended.err);
    assert!(
        said[0]["level"] == "WARN" && said[0]["message"].as_str().unwrap().contains("RUST_LOG"),
        "{said:?}"
    );
    let codes: Vec<&str> = said.iter().filter_map(|line| line["code"].as_str()).collect();
    assert_eq!(codes, ["SM0002", "SM0004"]);
    assert_eq!((&said[1]["level"], said[1]["line"].is_u64(), said.len()), (&json!("ERROR"), true, 4));
}
