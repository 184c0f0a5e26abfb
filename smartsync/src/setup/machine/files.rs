//! The folder of the database, the database, the key beside it, and the files of the secrets.

use std::{
    fs::{self, OpenOptions},
    io,
    path::Path,
};

use smartsync_transport::CauseChain;

use super::access::{self, Origin, owner};
use crate::{
    config::{Config, ConfigError, SecretSource},
    files::{
        network_file_system::network_file_system,
        private_file::{folder as parent, private_file, temporary_path, with_suffix},
    },
    setup::{
        finding::{Finding, Subject},
        sign_key,
    },
    store::{
        StoreKeyError,
        database_file::{self, is_damage},
        key_names,
        migrations::SCHEMA_VERSION,
        store_error::{ON_A_LOCAL_DISK, START_AFRESH},
        store_key::{self, key_file},
    },
    words::commands::machine as words,
};

const SUBJECT: Subject = Subject::Machine;

pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let our = config.store.url.path().and_then(|database| of_database(config, database, &mut findings));
    findings.extend(unusable_key(config));
    let mut findings: Vec<_> = findings.into_iter().map(Finding::shared).collect();
    secrets(config, our, &mut findings);
    findings
}

/// Returns the owner of files that are made beside the database: the user of this process.
fn of_database(config: &Config, database: &Path, findings: &mut Vec<Finding>) -> Option<u32> {
    let our = folder(database, findings);
    if content(database, findings) {
        findings.extend(access::findings(words::DATABASE, database, our, Origin::Ours));
    }
    for (what, suffix) in
        [(words::LOG_OF_DATABASE, "-wal"), (words::INDEX_OF_LOG, "-shm"), (words::LOCK, ".lock")]
    {
        findings.extend(access::findings(what, &with_suffix(database, suffix), our, Origin::Ours));
    }
    if config.store.key.is_empty() {
        key(database, our, findings);
    }
    findings.extend(another_key(config, database));
    our
}

/// Whether files can be made where the database is, and who their owner is: the user of this process.
fn folder(database: &Path, findings: &mut Vec<Finding>) -> Option<u32> {
    let name = parent(database).display();
    if let Some(kind) = network_file_system(parent(database)) {
        findings.push(Finding::bad(SUBJECT, words::on_network(&name, kind), ON_A_LOCAL_DISK));
    }
    let made = temporary_path(database).and_then(|probe| {
        let made = private_file(OpenOptions::new().write(true).create_new(true), &probe);
        let metadata = made.and_then(|file| file.metadata());
        fs::remove_file(&probe).ok();
        metadata
    });
    match made {
        Ok(metadata) => {
            findings.push(Finding::good(SUBJECT, words::folder_writable(name)));
            owner(&metadata)
        }
        Err(error) => {
            let next = if error.kind() == io::ErrorKind::NotFound {
                words::NO_FOLDER_NEXT
            } else {
                words::FOLDER_NEXT
            };
            findings.push(Finding::bad(SUBJECT, words::folder_not_writable(name, error), next));
            None
        }
    }
}

/// Whether there is a database.
fn content(database: &Path, findings: &mut Vec<Finding>) -> bool {
    let name = database.display();
    match database_file::content(database) {
        Ok(None) => false,
        Ok(Some(content)) if content.version > SCHEMA_VERSION => {
            let text = words::newer_database(name, content.version);
            findings.push(Finding::bad(SUBJECT, text, words::NEWER_DATABASE_NEXT));
            true
        }
        Ok(Some(content)) if content.is_read_only => {
            findings.push(Finding::bad(SUBJECT, words::read_only(name), words::READ_ONLY_NEXT));
            true
        }
        Ok(Some(_)) => {
            findings.push(Finding::good(SUBJECT, words::good_database(name)));
            true
        }
        Err(error) => {
            let (text, next) = if is_damage(&error) {
                (words::damaged(name, error), START_AFRESH)
            } else {
                (words::unreadable(name, error), words::UNREADABLE_NEXT)
            };
            findings.push(Finding::bad(SUBJECT, text, next));
            true
        }
    }
}

fn key(database: &Path, our: Option<u32>, findings: &mut Vec<Finding>) {
    let file = key_file(database);
    match store_key::read(database) {
        Ok(None) => findings.push(Finding::good(SUBJECT, words::key_to_come(file.display()))),
        Ok(Some(_)) => {
            findings.push(Finding::good(SUBJECT, words::key_exists(file.display())));
            findings.extend(access::findings(words::KEY_FILE, &file, our, Origin::Ours));
        }
        Err(error) => findings.push(Finding::bad(SUBJECT, CauseChain(&error).to_string(), error.advice())),
    }
}

/// A configured key that is none. One that is not there is told where it is needed.
fn unusable_key(config: &Config) -> Option<Finding> {
    let names = key_names::names(config.store.key.read().ok().filter(|keys| !keys.is_empty())?);
    let error = names.err()?;
    let advice = ConfigError::advice_on_key(error);
    Some(Finding::bad(SUBJECT, CauseChain(&ConfigError::Key(error)).to_string(), advice))
}

/// Whoever gets hold of the folder of the database, with all that is in it, has the key as well.
pub(super) fn key_in_reach(config: &Config) -> Option<Finding> {
    let folder = fs::canonicalize(parent(config.store.url.path()?)).ok();
    let is_within = |path: &Path| {
        let key = fs::canonicalize(path).or_else(|_| fs::canonicalize(parent(path))).ok();
        key.zip(folder.as_ref()).is_some_and(|(key, folder)| key.starts_with(folder))
    };
    let is_in_reach = |source: &SecretSource| matches!(source, SecretSource::File(path) if is_within(path));
    let in_reach = config.store.key.is_empty() || config.store.key.iter().any(is_in_reach);
    in_reach.then(|| Finding::warning(SUBJECT, words::KEY_IN_REACH, words::KEY_IN_REACH_NEXT))
}

/// The database was made under a key that is not configured. A key that cannot be read is told elsewhere.
fn another_key(config: &Config, database: &Path) -> Option<Finding> {
    let content = database_file::content(database).ok().flatten().filter(|content| content.needs_key)?;
    let keys = if config.store.key.is_empty() {
        vec![store_key::read(database).ok().flatten()?]
    } else {
        config.store.key.read().ok()?
    };
    let names = key_names::names(keys).ok()?;
    let error = StoreKeyError::Another { database: database.display().to_string() };
    (!key_names::fit(&content.keys, &names)).then(|| Finding::bad(SUBJECT, error.to_string(), error.advice()))
}

/// The files that hold secrets. One that is missing is told where the secret is needed.
fn secrets(config: &Config, our: Option<u32>, findings: &mut Vec<Finding>) {
    let of_file = |(key, source): (&str, &SecretSource)| match source {
        SecretSource::File(path) => access::findings(&words::file_of(key), path, our, Origin::Given),
        SecretSource::Env(_) => Vec::new(),
    };
    let of_oneflow = [("oneflow.token", &config.oneflow.token)];
    let sign_keys = config.oneflow.sign_keys.iter().map(|source| ("oneflow.sign_keys", source));
    let of_teamtailor = [("teamtailor.token", &config.teamtailor.token)];
    findings.extend(of_oneflow.into_iter().chain(sign_keys).chain(of_teamtailor).flat_map(of_file));
    let store_keys = config.store.key.iter().map(|source| ("store.key", source));
    let password = config.store.password.iter().map(|source| ("store.password", source));
    let of_alerts = config.alerts.iter().map(|alerts| ("alerts.key", &alerts.key));
    let of_page = config.page.iter().filter_map(|page| Some(("page.token", page.token.as_ref()?)));
    let of_all = store_keys.chain(password).chain(of_alerts).chain(of_page);
    findings.extend(of_all.flat_map(of_file).map(Finding::shared));
    let mut sign_keys = config.oneflow.sign_keys.iter().filter_map(|source| source.read().ok());
    if sign_keys.any(|key| sign_key::is_weak(&key)) {
        findings.push(Finding::warning(
            SUBJECT,
            words::weak_sign_key(sign_key::MIN_LENGTH),
            words::WEAK_SIGN_KEY_NEXT,
        ));
    }
}
