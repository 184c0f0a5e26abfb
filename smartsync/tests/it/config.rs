//! A bad configuration is refused with the line, the key and what to write instead, and without its values.

use std::{fs, path::Path};

use smartsync::{Config, ConfigError, config::Fault};

const CREDENTIALS: &str = r#"
[oneflow]
token = { env = "ONEFLOW_API_TOKEN" }
[teamtailor]
token = { file = "/run/secrets/teamtailor" }
"#;

fn fault(text: &str) -> Fault {
    match Config::from_toml(text) {
        Err(ConfigError::Invalid(fault)) => fault,
        other => panic!("expected a fault, got {other:?}"),
    }
}

/// Text after the credentials (which take five lines), line of the fault, its key, and a part of its message.
const BAD: &[(&str, usize, &str, &str)] = &[
    ("[store]\nurl = \"postgres://localhost/smartsync\"", 7, "store.url", "names no user"),
    (
        "[store]\nurl = \"postgres://u:hunter2@localhost/smartsync\"",
        7,
        "store.url",
        "set it with `[store] password`",
    ),
    ("[store]\nurl = \"mysql://u@localhost/hunter2\"", 7, "store.url", "or `postgres://USER@HOST/DATABASE`"),
    ("[store]\npassword = \"hunter2\"", 7, "store.password", "secrets must not be written into this file"),
    ("[store]\npassword = [{ env = \"A\" }]", 7, "store.password", "one secret is expected here"),
    ("[store]\nurl = \"sqlite://\"", 7, "store.url", "contains no file name"),
    ("[store]\nkey = \"hunter2\"", 7, "store.key", "secrets must not be written into this file"),
    ("[store]\nkey = [\"hunter2\"]", 7, "store.key[0]", "secrets must not be written into this file"),
    ("[store]\nkey = 20310203", 7, "store.key", "secrets must not be written into this file"),
    (
        "[store]\nkey = { env = \"sk-hunter2\" }",
        7,
        "store.key",
        "this is not the name of an environment variable",
    ),
    (
        "[store]\nkey = { value = \"hunter2\" }",
        7,
        "store.key",
        "unknown variant (not shown), expected `env` or `file`",
    ),
    ("[server]\nlisten = \"hunter2\"", 7, "server.listen", "write `127.0.0.1:8080`"),
    ("[server]\npath = \"webhooks\"", 7, "server.path", "must begin with `/`"),
    ("[server]\npath = \"/healthz\"", 7, "server.path", "reserved for the health checks"),
    ("[server]\npath = \"/{contract}\"", 7, "server.path", "letters, digits"),
    ("[server]\nport = 8080", 7, "server", "unknown field `port`"),
    ("base_url = \"hunter2\"", 6, "teamtailor.base_url", "not a valid service URL"),
    (
        "base_url = \"https://hunter2@api.example.com\"",
        6,
        "teamtailor.base_url",
        "contains a user name or a password",
    ),
    (
        "base_url = \"https://a:hunter2@api.example.com\"",
        6,
        "teamtailor.base_url",
        "set the credentials with `token`",
    ),
    ("base_url = [\"hunter2\"]", 6, "teamtailor.base_url", "invalid type: sequence"),
    ("[sever]\nlisten = \"127.0.0.1:80\"", 6, "", "unknown field `sever`"),
    ("[server]\npath = 20310203", 7, "server.path", "invalid type: integer (not shown)"),
    ("[store]\nkey = 2031-02-03", 7, "store.key", ""),
    ("[server]\nlisten = ", 7, "", ""),
];

#[test]
fn a_bad_file_is_refused_with_line_and_key_and_without_its_values() {
    for (text, line, key, message) in BAD {
        let fault = fault(&format!("{CREDENTIALS}{text}"));
        assert_eq!(fault.line, Some(*line), "{text}: {fault}");
        assert!(fault.key.starts_with(key), "{text}: {fault}");
        assert!(fault.message.contains(message), "{text}: {fault}");
        let printed = format!("{fault} {fault:?}");
        assert!(!printed.contains("hunter2") && !printed.contains("20310203"), "{text}: {printed}");
    }
}

#[test]
fn a_missing_section_is_named() {
    assert!(fault("[teamtailor]\ntoken = { env = \"KEY\" }").message.contains("missing field `oneflow`"));
    let without_token = fault("[oneflow]\n[teamtailor]\ntoken = { env = \"KEY\" }");
    assert_eq!(
        (without_token.key.as_str(), without_token.message.as_str()),
        ("oneflow", "missing field `token`")
    );
}

#[test]
fn a_missing_file_is_an_error_that_names_it() {
    let error = Config::read(Path::new("no/such/smartsync.toml")).unwrap_err();
    assert_eq!(error.to_string(), "the configuration file no/such/smartsync.toml cannot be read");
}

#[test]
fn what_is_left_out_takes_its_default() {
    let config = Config::from_toml(CREDENTIALS).unwrap();
    assert_eq!(config.store.url.path(), Some(Path::new("smartsync.db")));
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.path.as_str(), "/webhooks/oneflow");
    assert!(config.oneflow.sign_keys.is_empty());
}

#[test]
fn a_secret_that_is_not_there_is_named_by_key_and_source() {
    let config = Config::from_toml(&format!(
        "{CREDENTIALS}[store]\nkey = [{{ env = \"SMARTSYNC_TEST_KEY_THAT_NOBODY_SETS\" }}]"
    ))
    .unwrap();
    let error = config.store_keys().unwrap_err();
    assert_eq!(
        smartsync_transport::CauseChain(&error).to_string(),
        "`store.key`: the environment variable SMARTSYNC_TEST_KEY_THAT_NOBODY_SETS is not set"
    );
}

#[test]
fn a_secret_in_the_place_of_a_name_is_not_repeated() {
    let config =
        Config::from_toml(&format!("{CREDENTIALS}[store]\nkey = {{ env = \"sk_hunter2\" }}")).unwrap();
    let error = config.store_keys().unwrap_err();
    let printed = format!("{} {error:?} {config:?}", smartsync_transport::CauseChain(&error));
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(printed.contains("the environment variable that is named there is not set"), "{printed}");
}

#[test]
fn secrets_are_read_from_files_in_order_and_trimmed() {
    let folder = tempfile::tempdir().unwrap();
    let (new, old) = (folder.path().join("new"), folder.path().join("old"));
    let [first, second] = ["0123456789abcdef", "fedcba9876543210"].map(|digits| digits.repeat(4));
    fs::write(&new, format!("{first}\n")).unwrap();
    fs::write(&old, &second).unwrap();
    let keys = format!("key = [{{ file = {new:?} }}, {{ file = {old:?} }}]");
    let config = Config::from_toml(&format!("{CREDENTIALS}[store]\n{keys}")).unwrap();
    let keys: Vec<_> = config.store_keys().unwrap().iter().map(exposed).collect();
    assert_eq!(keys, [first, second]);

    fs::write(&new, " \n").unwrap();
    let error = config.store_keys().unwrap_err();
    assert!(smartsync_transport::CauseChain(&error).to_string().ends_with("is empty"), "{error}");
}

#[test]
fn the_key_is_generated_once_beside_the_database_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let config =
        Config::from_toml(&format!("{CREDENTIALS}[store]\nurl = \"sqlite://{}\"", database.display()))
            .unwrap();
    let first = exposed(&config.store_keys().unwrap()[0]);
    let again = exposed(&config.store_keys().unwrap()[0]);
    assert_eq!(first, again);
    assert_eq!(first.len(), 64);
    let key_file = folder.path().join("state.db.key");
    assert_eq!(mode(&key_file), 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");

    fs::write(&key_file, "half a key").unwrap();
    let error = smartsync_transport::CauseChain(&config.store_keys().unwrap_err()).to_string();
    assert!(error.contains("does not hold a generated key"), "{error}");
    assert!(!error.contains("half a key"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let config =
        Config::from_toml(&format!("{CREDENTIALS}[store]\nurl = \"sqlite://{}\"", database.display()))
            .unwrap();
    config.store_keys().unwrap();
    fs::set_permissions(folder.path().join("state.db.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let error = smartsync_transport::CauseChain(&config.store_keys().unwrap_err()).to_string();
    assert!(error.contains("chmod 600"), "{error}");
}

fn exposed(secret: &smartsync_transport::SecretString) -> String {
    smartsync_transport::ExposeSecret::expose_secret(secret).to_owned()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
}

#[test]
fn debug_shows_neither_the_user_nor_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let digits = "f00dfeed0123456789abcdef".repeat(3)[..64].to_owned();
    fs::write(&key, &digits).unwrap();
    let text = CREDENTIALS.replacen("[oneflow]", "[oneflow]\nuser_email = \"ann@example.com\"", 1);
    let config = Config::from_toml(&format!("{text}[store]\nkey = {{ file = {key:?} }}")).unwrap();
    let printed = format!("{config:?} {:?}", config.store_keys().unwrap());
    assert!(printed.contains("ONEFLOW_API_TOKEN"), "where a secret comes from is no secret");
    assert!(!printed.contains("ann@example.com") && !printed.contains("f00dfeed"), "{printed}");
}

#[test]
fn json_says_the_same_as_toml() {
    let json = r#"{
        "$schema": "smartsync.schema.json",
        "oneflow": { "token": { "env": "ONEFLOW_API_TOKEN" } },
        "teamtailor": { "token": { "file": "/run/secrets/teamtailor" } },
        "server": { "listen": "127.0.0.1:9000" },
        "sync": { "convention": false, "locale": { "decimal": "comma" } },
        "field": [ { "oneflow": "salary", "teamtailor": "custom:salary", "template_types": [4711] } ]
    }"#;
    let toml = r#"
        [server]
        listen = "127.0.0.1:9000"
        [sync]
        convention = false
        locale.decimal = "comma"
        [[field]]
        oneflow = "salary"
        teamtailor = "custom:salary"
        template_types = [4711]
    "#;
    let same = Config::from_toml(&format!("{CREDENTIALS}{toml}")).unwrap();
    let config = Config::from_json(json).unwrap();
    assert_eq!(config.mapping, same.mapping);
    assert_eq!((config.server.listen, &config.oneflow.token), (same.server.listen, &same.oneflow.token));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smartsync.json");
    fs::write(&file, json).unwrap();
    assert_eq!(Config::read(&file).unwrap().mapping, same.mapping, "the name of the file decides");
}

/// A JSON text, line of the fault, its key, and a part of its message.
const BAD_JSON: &[(&str, usize, &str, &str)] = &[
    ("{\n \"oneflow\": {\n  \"token\": \"hunter2\" } }", 3, "oneflow.token", "secrets must not be written"),
    ("{\n \"oneflow\": {\n  \"token\": 20310203 } }", 3, "oneflow.token", "secrets must not be written"),
    ("{\n \"oneflow\": {\n  \"token\": true } }", 3, "oneflow.token", "secrets must not be written"),
    ("{\n \"oneflow\": \"hunter2\" }", 2, "oneflow", "invalid type: string (not shown), expected struct"),
    ("{\n \"oneflow\": {},\n \"oneflow\": {} }", 3, "oneflow", "twice"),
    ("{\n \"oneflow\": { \"token\": hunter2 } }", 2, "", "Unexpected word"),
    ("{\n // hunter2\n }", 2, "", "Comments are not allowed"),
    ("{\n \"oneflow\": 'hunter2' }", 2, "", "Single-quoted strings are not allowed"),
    ("[\"hunter2\"]", 1, "", "the file must be an object"),
    ("", 1, "", "the file is empty"),
];

#[test]
fn a_bad_json_file_is_refused_with_line_and_key_and_without_its_values() {
    for (text, line, key, message) in BAD_JSON {
        let Err(ConfigError::Invalid(fault)) = Config::from_json(text) else { panic!("{text}") };
        assert_eq!((fault.line, fault.key.as_str()), (Some(*line), *key), "{text}: {fault}");
        assert!(fault.message.contains(message), "{text}: {fault}");
        let printed = format!("{fault} {fault:?}");
        assert!(!printed.contains("hunter2") && !printed.contains("20310203"), "{text}: {printed}");
    }
}

#[test]
fn an_error_in_the_mapping_does_not_hide_one_in_another_section() {
    let text =
        format!("{CREDENTIALS}[server]\nport = 8080\n[sync]\nlinks = []\nconvention = 1\n[teamtaylor]\n");
    let error = Config::from_toml(&text).unwrap_err();
    let ConfigError::Mapping { diagnostics, fault: Some(fault) } = &error else { panic!("{error}") };
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["SM0001", "SM0002"]);
    assert_eq!((fault.line, fault.key.as_str()), (Some(7), "server.port"));
    let expected = "configuration: 2 errors in the mapping; \
                    configuration, line 7: `server.port`: unknown field `port`, expected one of `listen`, `path`, `concurrency`, `sweep`, `journal`, `metrics`";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn warnings_of_the_mapping_are_kept_for_who_wants_to_show_them() {
    let config =
        Config::from_toml(&format!("{CREDENTIALS}[sync]\nlink = [\"ledger\", \"ledger\"]\n")).unwrap();
    let codes: Vec<&str> = config.warnings().iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["SM0015"]);
    assert!(Config::from_toml(CREDENTIALS).unwrap().warnings().is_empty());
}
