//! `smartsync schema save` writes what both services have, in a file that can be committed.

use std::fs;

use serde_json::Value;
use smartsync::config::{read_schemas, save_schemas};
use smartsync_core::Schemas;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

async fn services() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    (services, home)
}

#[tokio::test]
async fn what_is_saved_is_what_an_offline_check_uses() {
    let (services, home) = services().await;
    home.append("\n[sync]\nconvention = false\n[[field]]\noneflow = \"oneflow-salry\"\nteamtailor = \"custom:oneflow-notice\"\n");
    let saved = home.run(&["schema", "save"]).await;
    assert_eq!((saved.code, saved.err.as_str()), (0, ""), "a mapping with errors is no hindrance");
    assert_eq!(
        saved.out,
        "\
saved in smartsync-schema.json:
   1 template types
   9 data fields
   1 workspaces
   6 custom fields of candidates
"
    );
    let writes =
        services.sandbox().request_log().into_iter().filter(|request| request.method != "GET").count();
    assert_eq!(writes, 0);

    let live = home.run(&["check"]).await;
    drop(services);
    let offline = home.run(&["check", "--offline"]).await;
    assert_eq!((live.code, offline.code), (1, 1));
    assert_eq!(
        offline.behind_the_hash(),
        r#"
error[SM0037]: Oneflow has no data field `oneflow-salry`
  --> smartsync.toml:21:11
   |
21 | oneflow = "oneflow-salry"
   |           ^^^^^^^^^^^^^^^
   |
   = help: write `oneflow-salary`

smartsync.toml: 1 error, no warnings
"#
    );
    let (diagnostics, _) = offline.behind_the_hash().split_once("\nsmartsync.toml: ").unwrap();
    assert!(live.out.contains(diagnostics), "{}", live.out);
}

#[tokio::test]
async fn the_file_is_the_same_each_time_and_holds_no_person() {
    let (services, home) = services().await;
    let file = home.folder().join("smartsync-schema.json");
    assert_eq!(home.run(&["schema", "save"]).await.code, 0);
    let first = fs::read_to_string(&file).unwrap();
    let json = home.run(&["schema", "save", "--json", "--output", "other.json"]).await;
    assert_eq!(fs::read_to_string(home.folder().join("other.json")).unwrap(), first);
    let result: Value = serde_json::from_str(&json.out).unwrap();
    let schemas: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(result["file"], "other.json");
    assert_eq!(result["template_types"], schemas["oneflow"]["template_types"].as_array().unwrap().len());
    assert!(first.contains("oneflow-salary") && first.ends_with("}\n"), "{first}");

    let candidate = services.sandbox().seeded().candidate;
    let card = services.sandbox().candidate_card(&candidate).unwrap();
    assert_eq!(card.get("email"), Some("ann@example.com"));
    for person in ["ann@example.com", "Sample", "+46", "42000", "recruiter@example.com"] {
        assert!(!first.contains(person), "{person} in {first}");
    }
    let files =
        fs::read_dir(home.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    assert!(
        files.iter().all(|name| !name.to_string_lossy().starts_with("smartsync-schema.json.")),
        "{files:?}"
    );
}

#[test]
fn the_order_in_which_the_services_list_things_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../../smartsync-core/tests/it/mapping_schemas.json");
    let schemas: Schemas = serde_json::from_str(text).unwrap();
    let mut turned: Value = serde_json::from_str(text).unwrap();
    turn(&mut turned);
    let (a, b) = (folder.path().join("a.json"), folder.path().join("b.json"));
    save_schemas(&schemas, &a).unwrap();
    save_schemas(&serde_json::from_value(turned).unwrap(), &b).unwrap();
    assert_eq!(fs::read_to_string(&a).unwrap(), fs::read_to_string(&b).unwrap());
    assert_eq!(read_schemas(&a).unwrap(), read_schemas(&b).unwrap());
}

#[tokio::test]
async fn a_misspelled_key_is_named_and_not_passed_over() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.append("\n[[field]]\noneflow = \"start-date\"\nteamtailor = \"custom:first-day\"\n");
    let text = include_str!("../../../smartsync-core/tests/it/mapping_schemas.json");
    let file = home.folder().join("smartsync-schema.json");
    fs::write(&file, text.replacen(r#""type": "date""#, r#""tpye": "date""#, 1)).unwrap();
    let ended = home.run(&["check", "--offline"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    assert_eq!(
        ended.behind_the_hash(),
        "\
FAILED  configuration: the mapping was checked only by itself, not against the services: the saved schemas smartsync-schema.json cannot be \
parsed: unknown field `tpye`, expected one of `id`, `api_name`, `name`, `type`, `is_candidates`, `options` at line 27 column 71
        next: correct the file, or save them again with `smartsync schema save`

smartsync.toml: 1 error, no warnings
"
    );
    let ended = home.run(&["permissions", "--offline"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.err.contains("smartsync-schema.json") && ended.err.contains("`tpye`"), "{}", ended.err);
}

#[test]
fn an_error_repeats_no_value_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schemas.json");
    let text = include_str!("../../../smartsync-core/tests/it/mapping_schemas.json");
    for (from, to, expected) in [
        (
            "\"version\": 1",
            "\"version\": \"Canary\"",
            "invalid type: string (not shown), expected u32 at line 2",
        ),
        ("\"type\": \"date\"", "\"type\": \"Canary\"", "unknown variant (not shown), expected one of `text`"),
        ("\"id\": 4711", "\"id\": true", "a shape that is not documented at line"),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let error = read_schemas(&file).unwrap_err();
        let shown = format!("{} {error:?}", smartsync_transport::CauseChain(&error));
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains("Canary"), "{shown}");
    }
}

/// Turns every list around.
fn turn(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(turn);
        }
        Value::Object(members) => members.values_mut().for_each(turn),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_leaves_the_old_one() {
    let (_services, home) = services().await;
    fs::create_dir(home.folder().join("taken")).unwrap();
    let ended = home.run(&["schema", "save", "--output", "taken"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.err.starts_with("error: the schemas cannot be saved in taken: "), "{}", ended.err);
    assert!(home.folder().join("taken").is_dir());
    let left = fs::read_dir(home.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with("taken.")));
}
