//! Keys that the program makes, and keys that it does not take.

use std::fs;

use serde_json::Value;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::{Ended, Home};

const URL: &str = "https://sync.example.com/webhooks/oneflow";

async fn installation() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    (services, home)
}

/// One that has no sign key yet.
async fn without_sign_key() -> (HttpSandbox, Home) {
    let (services, home) = installation().await;
    fs::remove_file(home.folder().join("sign-key")).unwrap();
    let line = format!("sign_keys = [{{ file = \"{}/sign-key\" }}]", home.folder().display());
    home.replace(&line, "");
    (services, home)
}

fn is_key(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
}

#[tokio::test]
async fn a_new_key_is_printed_or_written_for_its_owner_and_replaces_none() {
    let home = Home::new("https://oneflow.invalid/v1", "https://teamtailor.invalid");
    // No configuration is needed.
    fs::remove_file(home.file()).unwrap();
    let [one, other] = [home.run(&["key", "new"]).await, home.run(&["key", "new"]).await];
    assert!(one.code == 0 && is_key(one.out.trim_end()) && one.err.is_empty());
    assert_ne!(one.out, other.out);
    let json: Value = serde_json::from_str(&home.run(&["key", "new", "--json"]).await.out).unwrap();
    assert!(is_key(json["key"].as_str().unwrap()));

    let made = home.run(&["key", "new", "--file", "new-key"]).await;
    assert_eq!((made.code, made.out.as_str()), (0, "a new key is in new-key, readable only by its owner\n"));
    let file = home.folder().join("new-key");
    let key = fs::read_to_string(&file).unwrap();
    assert!(is_key(key.trim_end()));
    #[cfg(unix)]
    assert_eq!(mode(&file), 0o600);

    let again = home.run(&["key", "new", "--file", "new-key"]).await;
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(again.err.contains("the key file new-key cannot be created"), "{}", again.err);
    assert_eq!(fs::read_to_string(&file).unwrap(), key);
    let nowhere = home.run(&["key", "new", "--file", "nowhere/new-key"]).await;
    assert!(nowhere.code == 1 && nowhere.err.contains("next: create the folder first"), "{}", nowhere.err);
}

#[tokio::test]
async fn a_passphrase_is_no_key_and_the_error_says_how_to_make_one() {
    let (_services, home) = installation().await;
    home.replace("[store]", "[store]\n            key = { env = \"SMARTSYNC_KEY\" }");
    let phrase = "correct horse battery staple";
    for arguments in [&["sync", "--all"][..], &["serve"], &["plan", "9001"]] {
        let output = home.command(arguments).env("SMARTSYNC_KEY", phrase).output().await.unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(
            told.contains("`store.key`: a key for digests and link tokens must be 32 random bytes"),
            "{told}"
        );
        assert!(told.contains("next: create one with `smartsync key new --file PATH`"), "{told}");
        assert!(!told.contains("horse"), "{told}");
        assert!(!home.database().exists(), "no database is made for it");
    }
    for key in [
        "3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e0f",
        "PwxbHpp9QmiLH+DTxKWWt/jh0sO0pZaHeGlaSzwtHg8=",
    ] {
        let output = home.command(&["sync", "--all"]).env("SMARTSYNC_KEY", key).output().await.unwrap();
        assert_eq!(output.status.code(), Some(0), "the same key in either form");
    }
}

/// What was made under the keys of an earlier version fits no key of this one: contracts stay linked, bases count as none.
#[tokio::test]
async fn a_database_of_an_earlier_version_goes_on_with_its_generated_key_and_with_a_new_one() {
    for replaced in [false, true] {
        let (services, home) = installation().await;
        let seeded = services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let what =
            ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
        assert_eq!(home.run(&what).await.code, 0);
        let database = rusqlite::Connection::open(home.database()).unwrap();
        database.execute_batch("DELETE FROM keys; INSERT INTO keys VALUES ('0a1b2c3d')").unwrap();
        drop(database);
        if replaced {
            home.secret("state.db.key", &"00112233445566778899aabbccddeeff".repeat(2));
        }
        let checked = home.run(&["check"]).await;
        assert!(!checked.out.contains("created with a different key"), "{}", checked.out);
        let ended = home.run(&["sync", "--all"]).await;
        assert_eq!(ended.code, 0, "{}", ended.err);
    }
}

#[tokio::test]
async fn register_makes_a_sign_key_where_none_is_named_and_shows_it_to_nobody() {
    let (services, home) = without_sign_key().await;
    let registered = home.run(&["webhook", "register", URL, "-vv"]).await;
    assert_eq!(registered.code, 0, "{}", registered.err);
    let file = home.folder().join("oneflow-sign-key");
    let key = fs::read_to_string(&file).unwrap().trim_end().to_owned();
    assert!(is_key(&key));
    #[cfg(unix)]
    assert_eq!(mode(&file), 0o600);
    let Ended { out, err, .. } = registered;
    assert!(out.contains("Add `sign_keys = [{ file = \"oneflow-sign-key\" }]` to `[oneflow]`"), "{out}");
    assert!(!out.contains(&key) && !err.contains(&key), "{out}{err}");

    // It is the one that was registered: what Oneflow signs with it is taken.
    home.replace("[teamtailor]", "sign_keys = [{ file = \"oneflow-sign-key\" }]\n[teamtailor]");
    let server = home.serve().await;
    let body = oneflow_client::webhook::test_notification(
        "3f0c5b1e",
        9001,
        &["contract:sign"],
        &key.as_str().into(),
    );
    assert_eq!(crate::support::post(&server.url, body).await, 200);

    // Of a webhook that is there nobody knows the key, so none is made.
    let (home, again) = {
        let other = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        let line = format!("sign_keys = [{{ file = \"{}/sign-key\" }}]", other.folder().display());
        other.replace(&line, "");
        let again = other.run(&["webhook", "register", URL]).await;
        (other, again)
    };
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(
        again.out.contains("Oneflow still signs with the key that the webhook was registered with"),
        "{}",
        again.out
    );
    assert!(!home.folder().join("oneflow-sign-key").exists());
}

#[tokio::test]
async fn a_sign_key_goes_where_it_is_told_to_and_never_over_another_file() {
    let (_services, home) = without_sign_key().await;
    home.secret("taken", "something else");
    let register = |file: &'static str| ["webhook", "register", URL, "--json", "--sign-key-file", file];
    let ended = home.run(&register("taken")).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("taken cannot be created"), "{}", ended.err);
    assert_eq!(fs::read_to_string(home.folder().join("taken")).unwrap(), "something else");
    assert_eq!(home.run(&["webhook", "list", "--json"]).await.out, "[]\n", "nothing was registered");

    let ended = home.run(&register("a-sign-key")).await;
    let told: Value = serde_json::from_str(&ended.out).unwrap();
    let file = fs::canonicalize(told["sign_key_file"].as_str().unwrap()).unwrap();
    assert_eq!(file, fs::canonicalize(home.folder().join("a-sign-key")).unwrap());

    home.replace("[teamtailor]", "sign_keys = [{ file = \"a-sign-key\" }]\n[teamtailor]");
    let ended = home.run(&register("one-more")).await;
    assert!(ended.code == 1 && ended.err.contains("already contains a key"), "{}", ended.err);
}

/// A file of a key that was surely not registered would be named in the configuration for nothing; the key of one that may have been
/// is needed.
#[tokio::test]
async fn a_refused_registration_leaves_no_sign_key_behind_and_one_of_unknown_end_does() {
    for (status, stays) in [(422, false), (500, true)] {
        let oneflow = MockServer::start().await;
        let list = serde_json::json!({ "count": 0, "data": [] });
        let answer = |method: &str, template| {
            Mock::given(matchers::method(method)).and(matchers::path("/v1/webhooks")).respond_with(template)
        };
        answer("GET", ResponseTemplate::new(200).set_body_json(list)).mount(&oneflow).await;
        answer("POST", ResponseTemplate::new(status)).expect(1).mount(&oneflow).await;
        let home = Home::new(&format!("{}/v1", oneflow.uri()), "https://teamtailor.invalid");
        let line = format!("sign_keys = [{{ file = \"{}/sign-key\" }}]", home.folder().display());
        home.replace(&line, "");
        let ended = home.run(&["webhook", "register", URL]).await;
        assert_eq!(ended.code, 1, "{status}");
        assert_eq!(home.folder().join("oneflow-sign-key").exists(), stays, "{status}: {}", ended.err);
    }
}

#[tokio::test]
async fn a_weak_sign_key_is_not_registered() {
    let (_services, home) = installation().await;
    for weak in ["secret", "aaaaaaaaaaaaaaaaaaaaaaaa", "1231231231231231231231"] {
        home.secret("sign-key", weak);
        let ended = home.run(&["webhook", "register", URL]).await;
        assert_eq!(ended.code, 1, "{weak}");
        assert!(ended.err.contains("the first key in `oneflow.sign_keys` is weak"), "{}", ended.err);
        assert_eq!(home.run(&["webhook", "list", "--json"]).await.out, "[]\n", "{weak}");
    }
}
