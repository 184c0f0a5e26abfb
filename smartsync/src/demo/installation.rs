//! A folder with a configuration file, as an operator would write it.

use std::{fs, io};

use secrecy::ExposeSecret as _;
use smartsync_sandbox::HttpSandbox;
use tempfile::TempDir;

use crate::{
    config::{Config, ConfigError, DEFAULT_FILE},
    demo::mishap::Mishap,
    files::new_key,
};

/// Removes its folder when it is dropped.
#[derive(Debug)]
pub(super) struct Installation {
    folder: TempDir,
}

impl Installation {
    pub(super) fn new(sandbox: &HttpSandbox, mishap: Option<Mishap>) -> io::Result<Self> {
        let this = Self { folder: tempfile::tempdir()? };
        let key = match mishap {
            Some(Mishap::WrongKey) => "another-key".to_owned(),
            _ => sandbox.sandbox().teamtailor_key(),
        };
        this.write("oneflow-token", &sandbox.sandbox().oneflow_token())?;
        let new_key = || Ok::<_, io::Error>(new_key().map_err(io::Error::other)?.expose_secret().to_owned());
        this.write("oneflow-sign-key", &new_key()?)?;
        this.write("teamtailor-key", &key)?;
        // A generated one would be told of, as something to be kept.
        this.write("store-key", &new_key()?)?;
        let sync = match mishap {
            Some(Mishap::NoLink) => &format!(
                "[sync]\nlink = [\"email\"]\ntemplate_types = [{}]",
                sandbox.sandbox().seeded().template_type
            ),
            Some(Mishap::MissingField) => {
                "[sync]\nconvention = false\n[[field]]\noneflow = \"oneflow-salary\"\nteamtailor = \"custom:oneflow-salary\""
            }
            Some(Mishap::WrongKey | Mishap::WrongSignKey | Mishap::NoFile) | None => "",
        };
        this.write(
            DEFAULT_FILE,
            &format!(
                r#"
[oneflow]
base_url   = "{oneflow}"
token      = {{ file = {folder:?} }}
user_email = "{user_email}"
sign_keys  = [{{ file = {sign_key:?} }}]

[teamtailor]
base_url = "{teamtailor}"
token    = {{ file = {key:?} }}

[store]
url = "sqlite://{database}"
key = {{ file = "store-key" }}

[server]
listen = "127.0.0.1:0"
{sync}
"#,
                oneflow = sandbox.oneflow_url(),
                folder = this.folder.path().join("oneflow-token"),
                user_email = sandbox.sandbox().user_email(),
                sign_key = this.folder.path().join("oneflow-sign-key"),
                teamtailor = sandbox.teamtailor_url(),
                key = this.folder.path().join("teamtailor-key"),
                database = this.folder.path().join("smartsync.db").display(),
            ),
        )?;
        Ok(this)
    }

    pub(super) fn config(&self) -> Result<Config, ConfigError> {
        Config::read(&self.folder.path().join(DEFAULT_FILE))
    }

    /// The server has read its sign key by now; what is registered next is another one.
    pub(super) fn after_start(&self, mishap: Option<Mishap>) -> io::Result<()> {
        match mishap {
            Some(Mishap::WrongSignKey) => self.write("oneflow-sign-key", "another sign key"),
            _ => Ok(()),
        }
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        fs::write(self.folder.path().join(name), text)
    }
}
