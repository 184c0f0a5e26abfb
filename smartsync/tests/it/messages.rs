//! What is wrong with a file is told with what to write instead, also where the file is none of ours.

use std::fs;

use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

/// What is done to the installation, and what the error and the advice contain.
type Case = (&'static str, fn(&Home), &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "no configuration",
        |home| fs::remove_file(home.file()).unwrap(),
        "the configuration file smartsync.toml cannot be read",
        "create the file (README.md shows one)",
    ),
    (
        "a folder",
        |home| {
            fs::remove_file(home.file()).unwrap();
            fs::create_dir(home.file()).unwrap();
        },
        "it is a folder, not a file",
        "--config FOLDER/smartsync.toml",
    ),
    (
        "UTF-16",
        |home| {
            let text = fs::read_to_string(home.file()).unwrap();
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            fs::write(home.file(), units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
        },
        "it is UTF-16",
        "save it in the editor as UTF-8",
    ),
    (
        "Latin-1",
        |home| fs::write(home.file(), b"# l\xf6n\n").unwrap(),
        "it is not UTF-8",
        "save it in the editor as UTF-8",
    ),
    (
        "an address without a host",
        |home| home.replace("127.0.0.1:0", ":8080"),
        "`server.listen`: an address and a port are required: write `127.0.0.1:8080`",
        "",
    ),
    (
        "an address by name",
        |home| home.replace("127.0.0.1:0", "localhost:8080"),
        "`server.listen`: host names are not resolved here: write `127.0.0.1:8080`",
        "",
    ),
    (
        "a port alone",
        |home| home.replace("\"127.0.0.1:0\"", "8080"),
        "`server.listen`: an address and a port are required: write `127.0.0.1:8080`",
        "",
    ),
    (
        "a port alone for the metrics",
        |home| home.replace("\"127.0.0.1:0\"", "\"127.0.0.1:0\"\nmetrics = 9090"),
        "`server.metrics`: an address and a port are required: write `127.0.0.1:9090`",
        "",
    ),
    (
        "a misspelled key of [server]",
        |home| home.replace("listen", "listne"),
        "`server.listne`: unknown field `listne`, expected one of `listen`, `path`, `concurrency`, `sweep`, `journal`, `metrics`: write `listen`",
        "",
    ),
    (
        "a misspelled key of [oneflow]",
        |home| home.replace("user_email", "user_mail"),
        "unknown field `user_mail`, ",
        "write `user_email`",
    ),
    (
        "a misspelled section",
        |home| home.replace("[server]", "[sever]"),
        "unknown field `sever`",
        "write `server`",
    ),
    (
        "a secret file that is not there",
        |home| fs::remove_file(home.folder().join("oneflow")).unwrap(),
        "`oneflow.token`: the file ",
        "starts from the folder of the configuration file",
    ),
    (
        "a secret in UTF-16",
        |home| fs::write(home.folder().join("oneflow"), b"\xff\xfet\0o\0").unwrap(),
        "it is UTF-16",
        "write the secret to it as plain UTF-8 text",
    ),
    (
        "a database that is none",
        |home| {
            fs::write(home.database(), "no database at all, but long enough to be read as one".repeat(40))
                .unwrap();
        },
        "is damaged, or is not a database: file is not a database",
        "move it away with its `-wal` and `-shm` files and run `smartsync sync --all`",
    ),
];

#[tokio::test]
async fn each_message_says_what_to_write_instead() {
    for (what, happens, error, next) in CASES {
        let home = home();
        happens(&home);
        let ended = home.run(&["plan", "9001"]).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{what}");
        assert!(ended.err.contains(error) && ended.err.contains(next), "{what}: {}", ended.err);
        assert_eq!(ended.err.lines().count(), 2, "{what}: {}", ended.err);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn marks_and_line_ends_of_other_systems_are_taken_for_what_they_are() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    assert_eq!(home.run(&["schema", "save"]).await.code, 0);
    for file in
        ["smartsync.toml", "oneflow", "teamtailor", "sign-key", "state.db.key", "smartsync-schema.json"]
    {
        let path = home.folder().join(file);
        let text = fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
        home.secret(file, &format!("\u{feff}{text}\r\n"));
    }
    for arguments in [&["check"][..], &["check", "--offline"], &["sync", "--all"]] {
        let ended = home.run(arguments).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    }
    let server = home.serve().await;
    let signed = crate::support::notification("one", 9001.into());
    assert_eq!(crate::support::post(&server.url, signed).await, 200, "the sign key has no mark either");
}

#[tokio::test]
async fn a_secret_file_is_found_beside_the_configuration_wherever_the_command_is_run() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let folder = home.folder().display().to_string();
    for name in ["oneflow", "teamtailor", "sign-key"] {
        home.replace(&format!("{folder}/{name}"), name);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let config = home.file().display().to_string();
    let mut command = home.command(&["--config", &config, "sync", "--all"]);
    let ended = command.current_dir(elsewhere.path()).output().await.unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(home.run(&["check"]).await.code, 0, "and with a short name in the same folder");
}

#[tokio::test]
async fn the_version_in_the_base_url_of_oneflow_may_be_left_out_and_a_wrong_path_is_told() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let bare = services.oneflow_url().as_str().trim_end_matches('/').trim_end_matches("/v1").to_owned();
    let home = Home::new(&bare, services.teamtailor_url().as_str());
    assert_eq!(home.run(&["check"]).await.code, 0);

    let home = Home::new(&format!("{bare}/api"), services.teamtailor_url().as_str());
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 1);
    let said = "FAILED  Oneflow: `oneflow.base_url` leads to `/api/v1`, where nothing answers (404)\n        next: write `https://api.oneflow.com/v1`";
    assert!(ended.out.contains(said), "{}", ended.out);
}

#[tokio::test]
async fn a_wrong_api_version_is_told_once() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.replace("[teamtailor]", "[teamtailor]\n            api_version = \"20010101\"");
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 1);
    assert_eq!(ended.out.matches("FAILED  Teamtailor").count(), 1, "{}", ended.out);
    assert!(ended.out.contains("`teamtailor.api_version`"), "{}", ended.out);
}

#[tokio::test]
async fn what_cannot_be_taken_back_wants_a_yes() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.run(&["sync", "--all"]).await;
    let refused = home.run(&["forget", "--candidate", "99999999"]).await;
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    let error = "error: Nothing is stored about candidate 99999999: check the id. Forget it anyway? There is no terminal to ask on\n next: forgetting an unknown candidate requires `--yes`\n";
    assert_eq!(refused.err, error);
    let forgotten = home.run(&["forget", "--candidate", "99999999", "--yes"]).await;
    assert_eq!(forgotten.code, 0);
    assert!(forgotten.out.contains("Nothing was stored under this id: check it."), "{}", forgotten.out);
    assert_eq!(home.run(&["forget", "--candidate", "99999999"]).await.code, 0, "known as forgotten");

    let url = "https://sync.example.com/webhooks/oneflow";
    let registered = home.run(&["webhook", "register", url, "--json"]).await;
    let id = serde_json::from_str::<serde_json::Value>(&registered.out).unwrap()["id"].to_string();
    let refused = home.run(&["webhook", "remove", &id]).await;
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    let error = format!(
        "error: Webhook {id} sends to {url}. Remove it? There is no terminal to ask on\n next: removing a webhook requires `--yes`\n"
    );
    assert_eq!(refused.err, error);
    assert!(home.run(&["webhook", "list"]).await.out.contains(url));
}
