//! `smartsync store copy`: moves what is kept to another database. Asks no service.

use std::{
    io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::Serialize;
use smartsync::{
    ConfigError,
    config::{SecretSource, StoreSection, StoreUrl},
    store::{Copied, StoreCopy, StoreEnd},
};

use crate::{
    cli::{Store, StoreCopyOf},
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table},
};

#[derive(Serialize)]
struct Shown<'a> {
    from: String,
    to: String,
    #[serde(flatten)]
    copied: &'a Copied,
    /// The generated key that belongs to the rows, if it is beside the source.
    key_file: Option<PathBuf>,
}

pub(crate) async fn run(named: &Named, command: Store, output: &mut Output) -> Result<Exit, Failure> {
    let Store::Copy(StoreCopyOf { from, to, password_file }) = command;
    if from == to {
        return Err(Failure::new("both are the same database", "name another one to copy into"));
    }
    let section = section(named, &[&from, &to], password_file.as_deref())?;
    let end = |url: &StoreUrl| end(url, section.as_ref(), password_file.as_deref());
    let copied = StoreCopy::new(end(&from)?, end(&to)?).run().await.map_err(|error| {
        let next = error.advice();
        Failure::new(error, next)
    })?;
    let shown = Shown {
        from: from.to_string(),
        to: to.to_string(),
        copied: &copied,
        key_file: from.path().map(generated_key).filter(|file| file.exists()),
    };
    output.result(&shown, |out| {
        if copied.resumed {
            writeln!(out, "an unfinished copy was taken up where it was cut off\n")?;
        }
        let rows = copied.tables.iter();
        let rows = rows.map(|copied| [copied.table.to_owned(), copied.rows.to_string(), copied.sha256.clone()]);
        writeln!(out, "{}", table(["table", "rows", "sha256 of the rows, in both"], rows))?;
        writeln!(out, "\nThe copy is complete: {} has everything that {} has.", shown.to, shown.from)?;
        match &shown.key_file {
            Some(file) => writeln!(
                out,
                "It works only with the same key, which was not copied: it is in {0}. Set `key = {{ file = \"{0}\" }}` in `[store]`.",
                file.display()
            )?,
            None => writeln!(out, "It works only with the same key, which was not copied: leave `[store] key` as it is.")?,
        }
        writeln!(out, "Set the new database in `[store] url` before you start a server, and keep the old one out of use.")
    })?;
    Ok(Exit::Success)
}

/// `[store]` of the configuration, which names the password of its own URL. Not needed where no database has a password, or where there is no configuration and a
/// file has the password.
fn section(
    named: &Named,
    urls: &[&StoreUrl],
    password_file: Option<&Path>,
) -> Result<Option<StoreSection>, ConfigError> {
    if urls.iter().all(|url| url.path().is_some()) {
        return Ok(None);
    }
    match named.store() {
        Ok(section) => Ok(Some(section)),
        Err(ConfigError::Read { source, .. })
            if source.kind() == io::ErrorKind::NotFound && password_file.is_some() =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// One end of the copy, with its password: that of the configuration if it is the database there, else that in the file.
fn end(
    url: &StoreUrl,
    section: Option<&StoreSection>,
    password_file: Option<&Path>,
) -> Result<StoreEnd, ConfigError> {
    if url.path().is_some() {
        return Ok(url.end_of_copy(None));
    }
    let configured = section.filter(|section| section.url == *url);
    let of_configuration = configured.and_then(|section| section.password.as_ref());
    let password = match (of_configuration, password_file) {
        (Some(password), _) => Some(read(password, "store.password")?),
        (None, Some(file)) => Some(read(&SecretSource::File(file.to_owned()), "--password-file")?),
        (None, None) => None,
    };
    Ok(url.end_of_copy(password))
}

fn read(source: &SecretSource, key: &'static str) -> Result<SecretString, ConfigError> {
    source.read().map_err(|source| ConfigError::Secret { key, source })
}

/// Where a key is generated for a SQLite database.
fn generated_key(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".key");
    name.into()
}
