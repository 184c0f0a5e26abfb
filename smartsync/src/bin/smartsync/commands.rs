//! One file per command: each reads the configuration, does its work and prints the result.

mod adopt;
mod check;
mod create;
#[cfg(feature = "demo")]
mod demo;
#[cfg(feature = "demo")]
mod drill;
mod forget;
mod key;
mod link;
mod permissions;
mod plan;
mod schema;
mod serve;
mod sync;
mod webhook;

use std::{path::PathBuf, process::ExitCode};

use smartsync::{Config, ConfigError, ConfigFile};
use smartsync_core::{Engine, EngineError};

use crate::{
    cli::{Cli, Command},
    failure::{self, Failure},
    output::Output,
    signals::Signal,
};

/// How a command that did its work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0.
    Done,
    /// 1: what was asked for was found wanting, or some of it could not be done.
    Wanting,
    /// 2: some fields were held or failed.
    Partly,
    /// 129, 130 or 143: a signal ended it before it was through.
    Stopped(Signal),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Wanting => 1,
            Exit::Partly => 2,
            Exit::Stopped(signal) => signal.exit_code(),
        })
    }
}

/// The configuration file that was named, and how it is to be taken.
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    insecure_http: bool,
}

impl Named {
    /// The file, parsed and not judged.
    pub(crate) fn file(&self) -> Result<ConfigFile, ConfigError> {
        Ok(ConfigFile::read(&self.path)?.allow_plain_http(self.insecure_http))
    }

    /// What it says. Warnings are told.
    pub(crate) fn config(&self) -> Result<Config, ConfigError> {
        let config = self.file()?.config()?;
        failure::tell_of(config.warnings());
        Ok(config)
    }
}

pub(crate) async fn run(cli: Cli, output: &mut Output) -> Result<Exit, Failure> {
    let named = Named { path: cli.config, insecure_http: cli.insecure_http };
    match cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(demo, output).await,
        #[cfg(feature = "demo")]
        Command::Drill(drill) => drill::run(drill, output).await,
        Command::Check(check) => check::run(&named, check, output).await,
        Command::Schema(schema) => schema::run(&named, schema, output).await,
        Command::Permissions(source) => permissions::run(&named, source, output).await,
        Command::Plan(plan) => plan::run(&named.config()?, plan, output).await,
        Command::Sync(sync) => sync::run(&named.config()?, sync, output).await,
        Command::Create(create) => create::run(&named.config()?, create, output).await,
        Command::Link(link) => link::run(&named.config()?, link, output).await,
        Command::Forget(forget) => forget::run(&named, forget, output).await,
        Command::Adopt(adopt) => adopt::run(&named.config()?, adopt, output).await,
        Command::Serve => serve::run(&named.config()?, output).await,
        Command::Webhook(webhook) => webhook::run(&named, webhook, output).await,
        Command::Key(key) => key::run(&key, output),
    }
}

/// Credentials that are of another account than the database, or do not say of which, with which nothing is written. Asked before anything
/// is read: of another account, even what is not there would say something wrong. Where a service does not answer, what is read says so.
async fn other_account(engine: &Engine) -> Option<Failure> {
    match engine.check_accounts().await {
        Ok(()) | Err(EngineError::Service(_)) => None,
        Err(error) => Some(error.into()),
    }
}
