//! `smartsync check` looks at this machine, too.

use std::{fs, net::TcpListener, path::PathBuf};

use rusqlite::Connection;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

async fn services() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    (services, home)
}

/// What stands on a line that begins with this verdict and is about this machine.
fn told(out: &str, verdict: &str) -> Vec<String> {
    let start = format!("{verdict:7} this machine: ");
    out.lines().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
}

/// What is done to an installation, the verdict, and a part of what `check` says and advises.
type Case = (&'static str, fn(&Home), &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "the folder is missing",
        |home| home.replace("/state.db", "/nowhere/state.db"),
        "FAILED",
        "the database's folder, ",
        "next: create the folder",
    ),
    (
        "no database",
        |home| {
            fs::write(home.database(), "no database at all, but long enough to be read as one".repeat(40))
                .unwrap();
        },
        "FAILED",
        "is damaged, or is not a database",
        "move it away with its `-wal` and `-shm` files",
    ),
    (
        "a newer database",
        |home| Connection::open(home.database()).unwrap().pragma_update(None, "user_version", 999).unwrap(),
        "FAILED",
        "a newer version of this program (schema version 999)",
        "run the newer version",
    ),
    (
        "half a key",
        |home| home.secret("state.db.key", "half a key"),
        "FAILED",
        "does not hold a generated key",
        "restore it from its backup",
    ),
    (
        "a weak sign key",
        |home| home.secret("sign-key", "aaaaaaaaaaaaaaaaaaaaaaaa"),
        "WARNING",
        "a key in `oneflow.sign_keys` is weak",
        "smartsync key new",
    ),
    (
        "a key file with a second name",
        |home| fs::hard_link(home.folder().join("state.db.key"), home.folder().join("copy")).unwrap(),
        "FAILED",
        "has another hard link",
        "-samefile FILE",
    ),
    (
        "a passphrase of an earlier version",
        |home| {
            home.replace("[store]", "[store]\n            key = { file = \"store-key\" }");
            home.secret("store-key", "a passphrase of more than sixteen characters");
        },
        "FAILED",
        "must be 32 random bytes in hex or base64: create one with `smartsync key new`",
        "create one with `smartsync key new --file PATH`",
    ),
    (
        "a password that nobody asks for",
        |home| {
            home.replace("[store]", "[store]\n            password = { file = \"password\" }");
            home.secret("password", "a password");
        },
        "WARNING",
        "`store.password` is set, and a SQLite database has none",
        "remove it, or write the URL of a PostgreSQL database",
    ),
    (
        "listens on every address",
        |home| home.replace("127.0.0.1:0", "0.0.0.0:0"),
        "WARNING",
        "`server.listen` is 0.0.0.0:0: anyone",
        "write `127.0.0.1:0`",
    ),
];

#[tokio::test]
async fn each_thing_that_is_wrong_is_told_with_what_to_do() {
    for (what, happens, verdict, text, next) in CASES {
        let (_services, home) = services().await;
        happens(&home);
        let ended = home.run(&["check"]).await;
        assert_eq!(ended.code, i32::from(*verdict == "FAILED"), "{what}: {}", ended.out);
        assert!(told(&ended.out, verdict).iter().any(|line| line.contains(text)), "{what}: {}", ended.out);
        assert!(ended.out.contains(next), "{what}: {}", ended.out);

        // The configuration may be meant for another machine: nothing that is wrong with this one is an error.
        assert_eq!(home.run(&["schema", "save"]).await.code, 0);
        let offline = home.run(&["check", "--offline"]).await;
        assert_eq!(offline.code, 0, "{what}: {}", offline.out);
        assert!(
            told(&offline.out, "WARNING").iter().any(|line| line.contains(text)),
            "{what}: {}",
            offline.out
        );
    }
}

/// A key in a folder that is not below that of the database.
struct Elsewhere {
    _folder: tempfile::TempDir,
    key: PathBuf,
}

impl Elsewhere {
    fn new(home: &Home) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("store-key");
        // Written by the one that gives a file to its owner alone.
        home.secret(key.to_str().unwrap(), &"0123456789abcdef".repeat(4));
        Self { _folder: folder, key }
    }

    fn quoted(&self) -> String {
        format!("{:?}", self.key)
    }
}

#[tokio::test]
async fn a_sign_key_file_that_is_missing_is_told_with_what_makes_one_and_both_services_are_asked() {
    let (_services, home) = services().await;
    let path = home.folder().join("sign-key");
    fs::remove_file(&path).unwrap();
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 1, "{}", ended.out);
    assert!(ended.out.contains(&format!("`smartsync key new --file {}`", path.display())), "{}", ended.out);
    assert!(
        ended.out.contains("ok      Oneflow: ") && ended.out.contains("ok      Teamtailor: "),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("was asked") && !ended.out.contains("not asked"), "{}", ended.out);

    fs::remove_file(home.folder().join("oneflow")).unwrap();
    let ended = home.run(&["check"]).await;
    assert!(ended.out.contains("correct the configuration; Oneflow was not asked"), "{}", ended.out);
    assert!(ended.out.contains("ok      Teamtailor: "), "{}", ended.out);
}

/// Whoever copies the folder of the database must not have the key with it.
#[tokio::test]
async fn a_key_in_the_folder_of_the_database_is_told_with_where_to_put_it() {
    let (_services, home) = services().await;
    let warned = async || {
        let out = home.run(&["check"]).await.out;
        let told = told(&out, "WARNING");
        assert!(told.len() < 2, "{out}");
        assert_eq!(out.contains("a systemd credential (`LoadCredential=`)"), !told.is_empty(), "{out}");
        told.iter().any(|line| line.starts_with("the digest key is in the database's folder"))
    };
    assert!(warned().await, "the default place");
    home.replace("[store]", "[store]\n            key = { file = \"store-key\" }");
    home.secret("store-key", &"0123456789abcdef".repeat(4));
    assert!(warned().await, "a named file in the same folder");
    fs::create_dir_all(home.folder().join("below/it")).unwrap();
    home.secret("below/it/store-key", &"0123456789abcdef".repeat(4));
    home.replace("\"store-key\"", "\"below/../store-key\"");
    assert!(warned().await, "the same folder by another way");
    home.replace("\"below/../store-key\"", "\"below/it/store-key\"");
    assert!(warned().await, "a copy of the folder takes its subfolders along");
    let elsewhere = Elsewhere::new(&home);
    home.replace("\"below/it/store-key\"", &elsewhere.quoted());
    assert!(!warned().await);
}

#[cfg(unix)]
#[tokio::test]
async fn files_that_others_may_read_are_told_with_the_command_that_mends_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_services, home) = services().await;
    home.run(&["sync", "--all"]).await;
    let elsewhere = Elsewhere::new(&home);
    home.replace("[store]", &format!("[store]\n            key = {{ file = {} }}", elsewhere.quoted()));
    let store_key = elsewhere.key.to_str().unwrap();
    home.append("\n[alerts]\nurl = \"https://ops.example.com\"\nkey = { file = \"alert-key\" }\n");
    home.secret("alert-key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assert!(told(&home.run(&["check"]).await.out, "WARNING").is_empty());
    let keys = [
        ("oneflow", "the file of `oneflow.token`"),
        ("teamtailor", "the file of `teamtailor.token`"),
        ("sign-key", "the file of `oneflow.sign_keys`"),
        (store_key, "the file of `store.key`"),
        ("alert-key", "the file of `alerts.key`"),
        ("state.db", "the database"),
        ("state.db-wal", "the log of the database"),
        ("state.db-shm", "the index of its log"),
        ("state.db.lock", "the lock of the server"),
    ];
    // Its log is there as long as somebody has it open.
    let _database = smartsync::Store::open(&home.database()).unwrap();
    home.secret("state.db.lock", "");
    for (file, what) in keys {
        let path = home.folder().join(file);
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let ended = home.run(&["check"]).await;
            assert_eq!(ended.code, 0, "{}", ended.out);
            let lines = told(&ended.out, "WARNING");
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].starts_with(what), "{lines:?}");
            assert!(ended.out.contains("next: run `chmod 600 ") && ended.out.contains(file), "{}", ended.out);
            let may_be_mounted = !file.starts_with("state.db");
            assert_eq!(ended.out.contains("as in `/run/secrets`"), may_be_mounted, "{}", ended.out);
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_and_one_that_our_own_server_holds_is_no_fault() {
    let (_services, home) = services().await;
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    home.replace("127.0.0.1:0", &taken);
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 1);
    assert_eq!(told(&ended.out, "FAILED"), [format!("{taken} is in use by another program")]);

    drop(other);
    let ended = home.run(&["check"]).await;
    assert!(told(&ended.out, "ok").contains(&format!("{taken} is free to listen on")), "{}", ended.out);
    let _server = home.serve().await;
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 0, "{}", ended.out);
    let ours = format!("{taken} is in use; a `smartsync serve` is running on this database");
    assert!(told(&ended.out, "ok").contains(&ours), "{}", ended.out);
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_told_without_its_address() {
    let home = Home::new("https://oneflow.invalid/v1", "https://teamtailor.invalid");
    let mut command = home.command(&["check"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    let ended = command.env("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:9").output().await.unwrap();
    let out = String::from_utf8(ended.stdout).unwrap();
    for service in ["Oneflow", "Teamtailor"] {
        let line = format!(
            "requests to {service} go through the proxy set in HTTPS_PROXY, unless NO_PROXY lists the host"
        );
        assert!(told(&out, "ok").contains(&line), "{out}");
    }
    assert!(!out.contains("hunter2"), "{out}");
}
