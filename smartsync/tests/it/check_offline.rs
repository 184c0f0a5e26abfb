//! `smartsync check --offline` needs neither network nor secret, as in a customer's CI.

use std::fs;

use serde_json::Value;

use crate::support::Home;

/// Services that do not answer, secrets that are not there, and saved schemas beside the configuration.
fn home(mapping: &str) -> Home {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    for secret in ["oneflow", "teamtailor", "sign-key"] {
        fs::remove_file(home.folder().join(secret)).unwrap();
    }
    home.append(mapping);
    fs::write(
        home.folder().join("smartsync-schema.json"),
        include_str!("../../../smartsync-core/tests/it/mapping_schemas.json"),
    )
    .unwrap();
    home
}

#[tokio::test]
async fn a_good_mapping_ends_with_0_and_leaves_nothing_behind() {
    let home = home("\n[[field]]\noneflow = \"notes\"\nteamtailor = \"custom:notes\"\n");
    let ended = home.run(&["check", "--offline"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(ended.behind_the_hash(), "\nsmartsync.toml: no errors, no warnings\n");
    assert!(!home.database().exists());
}

#[tokio::test]
async fn warnings_are_shown_and_end_with_0() {
    let home = home("\n[sync]\nlink = [\"ledger\", \"ledger\"]\n");
    let ended = home.run(&["check", "--offline"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert_eq!(
        ended.behind_the_hash(),
        r#"
warning[SM0015]: this item is already in the list
  --> smartsync.toml:19:19
   |
19 | link = ["ledger", "ledger"]
   |         --------  ^^^^^^^^
   |         |
   |         first listed here
   |
   = help: remove one of them

smartsync.toml: no errors, 1 warning
"#
    );
}

#[tokio::test]
async fn all_errors_are_shown_and_end_with_1() {
    let home = home(
        "
[sync]
convention = \"yes\"
[[field]]
oneflow    = \"ntoes\"
teamtailor = \"custom:notes\"
[[field]]
oneflow    = \"salary\"
teamtailor = \"custom:salary\"
wen        = \"edited\"
",
    );
    home.replace("listen", "port");
    let ended = home.run(&["check", "--offline"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    assert_eq!(
        ended.out,
        r#"FAILED  configuration: smartsync.toml, line 16: `server.port`: unknown field `port`, expected one of `listen`, `path`, `concurrency`, `sweep`, `journal`, `metrics`
        next: correct the file; README.md shows every key

note[SM0024]: a number such as 1.234 in `salary` may be ambiguous, and is then not written back
  --> smartsync.toml:18:2
   |
18 | [sync]
   |  ^^^^
   |
   = help: set `locale = { decimal = "comma" }` or `"point"`, whichever the contracts use

error[SM0002]: `convention` is a string
  --> smartsync.toml:19:14
   |
19 | convention = "yes"
   |              ^^^^^
   |
   = help: write `true` or `false`, without quotes

error[SM0037]: Oneflow has no data field `ntoes`
  --> smartsync.toml:21:14
   |
21 | oneflow    = "ntoes"
   |              ^^^^^^^
   |
   = help: write `notes`

error[SM0001]: unknown key `wen` in an entry
  --> smartsync.toml:26:1
   |
26 | wen        = "edited"
   | ^^^
   |
   = help: write `when`

smartsync.toml: 4 errors, no warnings
"#
    );

    let json: Value = serde_json::from_str(&home.run(&["check", "--offline", "--json"]).await.out).unwrap();
    assert_eq!((&json["errors"], &json["warnings"]), (&4.into(), &0.into()));
    let found = json["diagnostics"].as_array().unwrap().iter();
    let found: Vec<_> = found.map(|found| [&found["code"], &found["line"], &found["column"]]).collect();
    let expected: Value =
        serde_json::json!([["SM0024", 18, 2], ["SM0002", 19, 14], ["SM0037", 21, 14], ["SM0001", 26, 1]]);
    assert_eq!(serde_json::to_value(found).unwrap(), expected);
}

#[tokio::test]
async fn another_file_of_schemas_may_be_named() {
    let home = home("");
    let beside = home.folder().join("smartsync-schema.json");
    fs::rename(&beside, home.folder().join("other.json")).unwrap();
    let named = home.run(&["check", "--offline", "--schema", "other.json"]).await;
    assert_eq!(named.code, 0, "{}", named.err);

    let online = home.run(&["check", "--schema", "other.json"]).await;
    assert_eq!(online.code, 1, "it would not be used");
}

#[tokio::test]
async fn without_saved_schemas_the_mapping_is_checked_by_itself_and_it_ends_with_1() {
    let home = home("");
    let beside = home.folder().join("smartsync-schema.json");
    let start = "FAILED  configuration: the mapping was checked only by itself, not against the services: ";

    fs::write(&beside, r#"{ "version": 99, "something": "else" }"#).unwrap();
    let newer = home.run(&["check", "--offline"]).await;
    assert_eq!((newer.code, newer.err.as_str()), (1, ""));
    let expected = "\
the saved schemas smartsync-schema.json have format version 99; this program reads version 1
        next: save them again with `smartsync schema save`

smartsync.toml: 1 error, no warnings
";
    assert_eq!(newer.behind_the_hash(), format!("{start}{expected}"));

    fs::write(&beside, "[]").unwrap();
    let other = home.run(&["check", "--offline"]).await;
    assert_eq!(other.code, 1);
    let expected = format!("{start}the saved schemas smartsync-schema.json cannot be parsed: ");
    assert!(other.behind_the_hash().starts_with(&expected), "{}", other.out);

    fs::remove_file(&beside).unwrap();
    home.append("\n[sync]\nconvention = \"no\"\n");
    let missing = home.run(&["check", "--offline"]).await;
    assert_eq!((missing.code, missing.err.as_str()), (1, ""));
    let expected = format!("{start}the saved schemas smartsync-schema.json cannot be read: ");
    assert!(missing.out.starts_with(&expected), "{}", missing.out);
    let expected = r#"
        next: save them with `smartsync schema save`, or give another file with `--schema FILE`

error[SM0002]: `convention` is a string
  --> smartsync.toml:19:14
   |
19 | convention = "no"
   |              ^^^^
   |
   = help: write `true` or `false`, without quotes

smartsync.toml: 2 errors, no warnings
"#;
    assert!(missing.out.ends_with(expected), "{}", missing.out);
    let json: Value = serde_json::from_str(&home.run(&["check", "--offline", "--json"]).await.out).unwrap();
    assert_eq!((&json["errors"], &json["diagnostics"][0]["code"]), (&2.into(), &"SM0002".into()));
}

#[tokio::test]
async fn a_json_configuration_is_checked_alike() {
    let home = home("");
    let text = r#"{
  "oneflow": { "token": { "env": "NOT_THERE" } },
  "teamtailor": { "token": { "env": "NOT_THERE" } }, "server": { "listen": "127.0.0.1:0" },
  "field": [
    { "oneflow": "notes", "teamtailor": "custom:budget" }
  ]
}
"#;
    fs::write(home.folder().join("smartsync.json"), text).unwrap();
    let ended = home.run(&["--config", "smartsync.json", "check", "--offline"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    assert_eq!(
        ended.behind_the_hash(),
        r#"
error[SM0042]: the custom field `budget` belongs to jobs, not to candidates
 --> smartsync.json:5:41
  |
5 |     { "oneflow": "notes", "teamtailor": "custom:budget" }
  |                                         ^^^^^^^^^^^^^^^
  |
  = help: create a custom field for candidates in Teamtailor, and use its api-name

smartsync.json: 1 error, no warnings
"#
    );
}
