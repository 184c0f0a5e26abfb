//! A folder with a configuration and its secrets, and what a test does with it.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::Stdio,
};

use smartsync::{Config, ConfigFile, config::Tenants};
use smartsync_sandbox::HttpSandbox;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use super::process::{Ended, Serving};

pub(crate) const SIGN_KEY: &str = "a sign key for tests";
pub(crate) const ONEFLOW_TOKEN: &str = "sandbox-oneflow-token-000000000000000001";
pub(crate) const TEAMTAILOR_KEY: &str = "sandbox-teamtailor-key";

/// A working directory for one configured installation.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    /// Configured for services at these base URLs.
    pub(crate) fn new(oneflow: &str, teamtailor: &str) -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.secret("sign-key", SIGN_KEY);
        home.secret("oneflow", ONEFLOW_TOKEN);
        home.secret("teamtailor", TEAMTAILOR_KEY);
        // As of an installation that has run before: a key that is made is told of.
        home.secret("state.db.key", &"0123456789abcdef".repeat(4));
        home.write(&format!(
            r#"
            [oneflow]
            base_url = "{oneflow}"
            token = {{ file = "{folder}/oneflow" }}
            user_email = "recruiter@example.com"
            sign_keys = [{{ file = "{folder}/sign-key" }}]

            [teamtailor]
            base_url = "{teamtailor}"
            token = {{ file = "{folder}/teamtailor" }}

            [store]
            url = "sqlite://{folder}/state.db"
            [server]
            sweep = "off"
            listen = "127.0.0.1:0"
            "#,
            folder = home.folder.path().display(),
        ));
        home
    }

    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Configured for these tenants: each by its name, with services of its own. Their sign keys are [`sign_key_of`].
    pub(crate) fn of_tenants(tenants: &[(&str, &HttpSandbox)]) -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.secret("oneflow", ONEFLOW_TOKEN);
        home.secret("teamtailor", TEAMTAILOR_KEY);
        home.secret("state.db.key", &"0123456789abcdef".repeat(4));
        let folder = home.folder.path().display().to_string();
        let shared = format!(
            "[store]\nurl = \"sqlite://{folder}/state.db\"\n[server]\nsweep = \"off\"\nlisten = \"127.0.0.1:0\"\n"
        );
        home.write(
            &tenants.iter().fold(shared, |text, (name, services)| text + &home.tenant(name, services)),
        );
        home
    }

    /// The `[[tenant]]` of one that links by address. Its `[tenant.sync]` is last.
    pub(crate) fn tenant(&self, name: &str, services: &HttpSandbox) -> String {
        self.secret(&format!("sign-key-{name}"), &sign_key_of(name));
        format!(
            r#"
[[tenant]]
name = "{name}"

[tenant.oneflow]
base_url = "{oneflow}"
token = {{ file = "oneflow" }}
user_email = "recruiter@example.com"
sign_keys = [{{ file = "sign-key-{name}" }}]

[tenant.teamtailor]
base_url = "{teamtailor}"
token = {{ file = "teamtailor" }}

[tenant.sync]
link = ["ledger", "participant_custom_id", "email"]
template_types = [{template_type}]
document.by_email = true
"#,
            oneflow = services.oneflow_url(),
            teamtailor = services.teamtailor_url(),
            template_type = services.sandbox().seeded().template_type,
        )
    }

    pub(crate) fn tenants(&self) -> Tenants {
        Tenants::read(&self.file()).unwrap()
    }

    /// Also for contracts that others have made from the sandbox's sample template: linked by address, documents included. The
    /// file then ends in `[sync]`.
    pub(crate) fn with_contracts_of_others(self, services: &HttpSandbox) -> Self {
        self.append(&format!(
            "\n[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"email\"]\ntemplate_types = [{}]\n\
             document.by_email = true\n",
            services.sandbox().seeded().template_type
        ));
        self
    }

    /// Configured for a PostgreSQL database in place of the SQLite one.
    #[cfg(unix)]
    #[cfg(feature = "postgres")]
    pub(crate) fn keep_in(&self, database: &super::Database) {
        use secrecy::ExposeSecret as _;

        self.secret("database", database.password.expose_secret());
        let folder = self.folder.path().display();
        let there = format!(
            "url = \"{}\"\npassword = {{ file = \"{folder}/database\" }}\nkey = {{ file = \"{folder}/state.db.key\" }}",
            database.url
        );
        self.replace(&format!("url = \"sqlite://{folder}/state.db\""), &there);
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("smartsync.toml")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("state.db")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn secret(&self, name: &str, value: &str) {
        let path = self.folder.path().join(name);
        fs::write(&path, value).unwrap();
        for_its_owner_only(&path);
    }

    pub(crate) fn write(&self, text: &str) {
        fs::write(self.file(), text).unwrap();
    }

    /// Changes the file by replacing `from`, which must be in it.
    pub(crate) fn replace(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.file()).unwrap();
        assert!(text.contains(from), "{from} is not in the file");
        self.write(&text.replace(from, to));
    }

    pub(crate) fn config(&self) -> Config {
        Config::read(&self.file()).unwrap()
    }

    pub(crate) fn config_file(&self) -> ConfigFile {
        ConfigFile::read(&self.file()).unwrap()
    }

    /// Adds to the end of the file.
    pub(crate) fn append(&self, text: &str) {
        self.write(&(fs::read_to_string(self.file()).unwrap() + text));
    }

    /// `smartsync` with this configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smartsync"));
        // The path as a person would type it, so that what is printed does not depend on the folder.
        if !arguments.contains(&"--config") {
            command.args(["--config", "smartsync.toml"]);
        }
        command.args(arguments).current_dir(self.folder.path());
        for name in ["RUST_LOG", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command.kill_on_drop(true);
        command
    }

    /// Runs `smartsync` to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().await.unwrap();
        Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What the server that was started last has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Starts `smartsync serve` as a process of its own and waits for its address.
    pub(crate) async fn serve(&self) -> Serving {
        self.serve_by(self.command(&["serve"])).await
    }

    /// The same, and what it logs is added to what is there.
    pub(crate) async fn serve_with_log(&self) -> Serving {
        let log = OpenOptions::new().create(true).append(true).open(self.folder().join("log")).unwrap();
        Self::start(self.command(&["serve"]), log).await
    }

    /// The lines that were logged.
    pub(crate) fn log_lines(&self) -> Vec<String> {
        self.log().lines().map(str::to_owned).collect()
    }

    /// The same by a command that ends up as the server. Its log goes to the file `log`.
    pub(crate) async fn serve_by(&self, command: Command) -> Serving {
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        Self::start(command, log).await
    }

    async fn start(mut command: Command, log: fs::File) -> Serving {
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the server says where it listens");
        let url = line.strip_prefix("listening on ").expect("the server says where it listens").to_owned();
        Serving { process, url }
    }
}

/// The key that signs the notifications of a tenant.
pub(crate) fn sign_key_of(tenant: &str) -> String {
    format!("a sign key for tests of {tenant}")
}

#[cfg(unix)]
fn for_its_owner_only(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn for_its_owner_only(_: &Path) {}
