//! `smartsync store copy`: moves what is kept to another database. Asks no service.

use std::{
    io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::Serialize;
use smartsync::words::commands::store as words;
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
        return Err(Failure::new(words::THE_SAME, words::NAME_ANOTHER));
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
            writeln!(out, "{}\n", words::RESUMED)?;
        }
        let rows = copied.tables.iter();
        let rows =
            rows.map(|copied| [copied.table.to_owned(), copied.rows.to_string(), copied.sha256.clone()]);
        writeln!(out, "{}", table(words::COLUMNS, rows))?;
        writeln!(out, "\n{}", words::complete(&shown.to, &shown.from))?;
        writeln!(out, "{}", words::key(shown.key_file.as_ref().map(|file| file.display())))?;
        writeln!(out, "{}", words::NEXT)
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
