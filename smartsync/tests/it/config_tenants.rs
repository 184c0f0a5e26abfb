//! A file with several tenants: each has a configuration of its own, and all that is wrong is said at once.

use std::path::Path;

use smartsync::{
    Config, ConfigError, ConfigFile,
    config::{Fault, SecretSource, Tenants},
    store::Tenant,
};

const TWO: &str = r#"
[store]
url = "sqlite://state.db"

[[tenant]]
name = "acme-se"
[tenant.oneflow]
token = { env = "ONEFLOW_SE" }
sign_keys = [{ env = "SIGN_KEY_SE" }]
[tenant.teamtailor]
token = { env = "TEAMTAILOR_SE" }
[tenant.sync]
convention = false
[[tenant.field]]
oneflow = "salary"
teamtailor = "custom:salary"
[tenant.limits]
changes = 7

[[tenant]]
name = "acme-no"
path = "/hooks/no"
[tenant.oneflow]
token = { env = "ONEFLOW_NO" }
[tenant.teamtailor]
token = { env = "TEAMTAILOR_NO" }
"#;

fn tenant(name: &str) -> Tenant {
    name.parse().unwrap()
}

/// The smallest table of a tenant: eight lines, the first of them empty.
fn table(name: &str, more: &str) -> String {
    format!(
        "\n[[tenant]]\nname = \"{name}\"\n{more}\n[tenant.oneflow]\ntoken = {{ env = \"A\" }}\n[tenant.teamtailor]\ntoken = {{ env = \"B\" }}"
    )
}

#[test]
fn each_tenant_has_a_configuration_of_its_own_beside_what_all_share() {
    let tenants = Tenants::from_toml(TWO).unwrap();
    let [se, no] = tenants.iter().collect::<Vec<_>>()[..] else { panic!("{tenants:?}") };
    assert_eq!([se.name(), no.name()], [Some(&tenant("acme-se")), Some(&tenant("acme-no"))]);
    assert_eq!([se.tenant(), no.tenant()], [&tenant("acme-se"), &tenant("acme-no")]);
    assert_eq!(
        [&se.server.path, &no.server.path].map(|path| path.as_str()),
        ["/webhooks/oneflow/acme-se", "/hooks/no"]
    );
    assert_eq!([se.limits.changes, no.limits.changes], [7, 50]);
    assert_eq!([se.mapping.fields.len(), no.mapping.fields.len()], [1, 0]);
    assert_eq!([se.mapping.sync.convention, no.mapping.sync.convention], [false, true]);
    assert_eq!(no.oneflow.token, SecretSource::Env("ONEFLOW_NO".to_owned()));
    assert_eq!(no.teamtailor.token, SecretSource::Env("TEAMTAILOR_NO".to_owned()));
    assert_eq!([se.oneflow.sign_keys.is_empty(), no.oneflow.sign_keys.is_empty()], [false, true]);
    for config in [se, no] {
        assert_eq!(config.store.url.path(), Some(Path::new("state.db")));
    }
}

#[test]
fn json_says_the_same_as_toml_for_tenants_too() {
    let json = serde_json::to_string(&toml::from_str::<toml::Table>(TWO).unwrap()).unwrap();
    let [toml, json] = [Tenants::from_toml(TWO), Tenants::from_json(&json)].map(Result::unwrap);
    let told = |tenants: &Tenants| {
        let told = tenants.iter().map(|config| {
            (
                config.name().cloned(),
                config.mapping.clone(),
                config.server.path.clone(),
                config.limits.changes,
            )
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(told(&toml), told(&json));
}

#[test]
fn a_file_without_tenants_has_one_without_a_name() {
    let text = "[oneflow]\ntoken = { env = \"A\" }\n[teamtailor]\ntoken = { env = \"B\" }\n";
    let tenants = Tenants::from_toml(text).unwrap();
    let configs: Vec<&Config> = tenants.iter().collect();
    assert_eq!((configs.len(), configs[0].name(), configs[0].tenant()), (1, None, &Tenant::default()));
    assert_eq!((tenants.names().count(), configs[0].server.path.as_str()), (0, "/webhooks/oneflow"));
    let unknown = ConfigFile::from_toml(text).unwrap().of_tenant(Some(&tenant("acme-se"))).unwrap_err();
    assert_eq!(unknown.to_string(), "the configuration has no tenant `acme-se`: it has no `[[tenant]]`");
}

#[test]
fn one_of_several_tenants_must_be_meant_and_a_single_one_is() {
    let error = Config::from_toml(TWO).unwrap_err();
    assert!(matches!(error, ConfigError::SeveralTenants { .. }), "{error:?}");
    assert_eq!(error.to_string(), "the configuration has several tenants: acme-se, acme-no");
    let file = ConfigFile::from_toml(TWO).unwrap();
    let no = file.of_tenant(Some(&tenant("acme-no"))).unwrap().config().unwrap();
    assert_eq!(no.name(), Some(&tenant("acme-no")));
    let unknown = file.of_tenant(Some(&tenant("acme-dk"))).unwrap_err();
    assert_eq!(unknown.to_string(), "the configuration has no tenant `acme-dk`: acme-se, acme-no");
    let single = Config::from_toml(&table("acme-se", "")).unwrap();
    assert_eq!(single.name(), Some(&tenant("acme-se")));
    assert_eq!(file.store().unwrap().url.path(), Some(Path::new("state.db")), "the store is that of all");
}

#[test]
fn one_tenant_may_go_on_with_what_the_database_was_made_for() {
    let text = format!(
        "{}{}",
        table("acme-se", "unnamed = true\npath = \"/webhooks/oneflow\""),
        table("acme-no", "")
    );
    let tenants = Tenants::from_toml(&text).unwrap();
    let [se, no] = tenants.iter().collect::<Vec<_>>()[..] else { panic!("{tenants:?}") };
    assert_eq!((se.name(), se.tenant()), (Some(&tenant("acme-se")), &Tenant::default()));
    assert_eq!((se.server.path.as_str(), no.tenant()), ("/webhooks/oneflow", &tenant("acme-no")));
}

/// A text, and each mistake in it: line, key, and a part of what is said of it.
type Bad = (String, &'static [(usize, &'static str, &'static str)]);

fn bad() -> Vec<Bad> {
    let se = || table("acme-se", "");
    vec![
        (
            table("Acme", ""),
            &[(3, "tenant[0].name", "1 to 32 of `a-z`, `0-9` and `-`, and begins with a letter")],
        ),
        (
            format!("{}{}", se(), se()),
            &[
                (10, "tenant[1].name", "the tenant in line 2 has this name, too"),
                (9, "tenant[1].path", "the tenant in line 2 receives at the same path"),
            ],
        ),
        (
            format!("{}{}", se(), table("acme-no", "path = \"/webhooks/oneflow/acme-se\"")),
            &[(11, "tenant[1].path", "write another `path`")],
        ),
        (
            format!("{}{}", table("acme-se", "unnamed = true"), table("acme-no", "unnamed = true")),
            &[(
                11,
                "tenant[1].unnamed",
                "the tenant in line 2 goes on with what is stored without a name, and only one can",
            )],
        ),
        (table("acme-se", "path = \"/healthz\""), &[(4, "tenant[0].path", "reserved for the health checks")]),
        (
            table("acme-se", "nam = \"hunter2\""),
            &[(4, "tenant[0]", "unknown field `nam`, expected one of `name`, `unnamed`, `path`")],
        ),
        (
            "[tenant]\nname = \"acme-se\"".to_owned(),
            &[(1, "tenant", "`[[tenant]]`, in double square brackets")],
        ),
        ("tenant = []".to_owned(), &[(1, "tenant", "add a tenant, or remove the key")]),
        (
            format!(
                "[[tenant]]\nname = \"acme-se\"\n[tenant.oneflow]\ntoken = \"hunter2\"{}",
                table("acme-no", "")
            ),
            &[(4, "tenant[0].oneflow.token", "secrets must not be written into this file")],
        ),
        ("[[tenant]]\nname = \"acme-se\"".to_owned(), &[(1, "tenant[0]", "missing field `oneflow`")]),
        (format!("[stor]\nurl = \"hunter2\"{}", se()), &[(1, "stor", "unknown field `stor`")]),
        (
            format!(
                "[oneflow]\ntoken = {{ env = \"A\" }}\n[teamtailor]\ntoken = {{ env = \"B\" }}\n[server]\npath = \"/hooks\"\n[limits]\nchanges = 1{}{}",
                se(),
                table("Acme", "")
            ),
            &[
                (1, "oneflow", "each tenant has its own: write `[tenant.oneflow]` below its `[[tenant]]`"),
                (3, "teamtailor", "`[tenant.teamtailor]`"),
                (6, "server.path", "write `path` in its `[[tenant]]`"),
                (7, "limits", "`[tenant.limits]`"),
                (17, "tenant[1].name", "begins with a letter"),
            ],
        ),
        (
            format!(
                "[sync]\nconvention = false\n[[field]]\noneflow = \"a\"\nteamtailor = \"custom:a\"{}",
                se()
            ),
            &[(1, "sync", "`[tenant.sync]`"), (3, "field", "`[[tenant.field]]`")],
        ),
    ]
}

#[test]
fn all_that_is_wrong_with_tenants_is_said_at_once_with_its_line_and_without_values() {
    for (text, expected) in bad() {
        let Err(ConfigError::Invalid(fault)) = Tenants::from_toml(&text) else { panic!("{text}") };
        let printed = format!("{fault} {fault:?}");
        assert!(!printed.contains("hunter2"), "{printed}");
        for (line, key, message) in expected {
            let said = |fault: &Fault| {
                fault.line == Some(*line) && fault.key.starts_with(key) && fault.message.contains(message)
            };
            assert!(said(&fault) || fault.others.iter().any(said), "{text}\n{line} {key}: {fault}");
        }
        assert_eq!(fault.others.len() + 1, expected.len(), "{text}: {fault}");
    }
}

#[test]
fn the_mappings_of_all_tenants_are_diagnosed_at_once_at_their_places_in_the_file() {
    let text = format!(
        "{}\n[tenant.sync]\nconvention = \"hunter2\"{}\n[tenant.field]\noneflow = \"a\"\n{}",
        table("acme-se", ""),
        table("acme-no", ""),
        table("Acme", "")
    );
    let error = Tenants::from_toml(&text).unwrap_err();
    let ConfigError::Mapping { diagnostics, fault: Some(fault) } = &error else { panic!("{error:?}") };
    assert_eq!((fault.line, fault.key.as_str()), (Some(22), "tenant[2].name"));
    let places: Vec<String> =
        diagnostics.iter().map(|found| format!("{} {}", found.code, found.path)).collect();
    assert_eq!(places, ["SM0002 tenant[0].sync.convention", "SM0002 tenant[1].field"]);
    let shown = diagnostics.to_string();
    assert!(shown.contains("configuration:10:14") && shown.contains("configuration:18:"), "{shown}");
    assert!(shown.contains("`[[tenant.field]]`, in double square brackets"), "{shown}");
    let one = ConfigFile::from_toml(&text.replace("Acme", "acme-dk")).unwrap();
    let one = one.of_tenant(Some(&tenant("acme-no"))).unwrap();
    assert_eq!(one.diagnose(None).iter().count(), 1, "a tenant is told of its own");
}

#[test]
fn of_a_line_with_a_mapping_the_other_sections_of_the_tenant_are_not_shown() {
    let json = r#"{ "tenant": [{ "name": "acme-se", "oneflow": { "token": { "env": "hunter2" } }, "teamtailor": { "token": { "env": "B" } }, "sync": { "convention": 1 } }] }"#;
    let shown = ConfigFile::from_json(json).unwrap().diagnose(None).to_string();
    assert!(shown.contains("\"convention\": 1") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn secrets_of_a_tenant_are_files_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smartsync.toml");
    std::fs::write(&file, table("acme-se", "").replace("env = \"A\"", "file = \"token\"")).unwrap();
    let config = Config::read(&file).unwrap();
    assert_eq!(config.oneflow.token, SecretSource::File(folder.path().join("token")));
}
