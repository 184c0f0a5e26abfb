//! A PostgreSQL database, as far as the configuration says what is wrong with it.

use smartsync_transport::CauseChain;

use crate::{
    config::{Config, ConfigError, StoreUrl},
    setup::finding::{Finding, Subject},
    store::{PostgresTls, StoreError},
    words::commands::machine as words,
};

const SUBJECT: Subject = Subject::Machine;

pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let StoreUrl::Postgres(address) = &config.store.url else {
        return config.store.password.iter().map(|_| needless_password()).collect();
    };
    let mut findings = without_postgres();
    if config.store.key.is_empty() {
        findings.push(Finding::bad(SUBJECT, ConfigError::NoStoreKey.to_string(), words::STORE_KEY_NEXT));
    }
    if address.tls == PostgresTls::Off && !address.host.is_here() {
        findings.push(Finding::warning(SUBJECT, words::not_encrypted(address), words::NOT_ENCRYPTED_NEXT));
    }
    if let Some(Err(error)) = config.store.password.as_ref().map(|source| source.read()) {
        let error = ConfigError::Secret { key: "store.password", source: error };
        findings.push(Finding::bad(SUBJECT, CauseChain(&error).to_string(), words::PASSWORD_NEXT));
    }
    findings
}

/// What a program says that knows nothing of PostgreSQL.
fn without_postgres() -> Vec<Finding> {
    let error = StoreError::WithoutPostgres;
    let is_missing = !cfg!(feature = "postgres");
    is_missing.then(|| Finding::bad(SUBJECT, error.to_string(), error.advice())).into_iter().collect()
}

fn needless_password() -> Finding {
    Finding::warning(SUBJECT, words::NEEDLESS_PASSWORD, words::NEEDLESS_PASSWORD_NEXT)
}
