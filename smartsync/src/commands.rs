//! One file per command: each reads the configuration, does its work and prints the result.

mod check;
mod create;
#[cfg(feature = "demo")]
mod demo;
mod forget;
mod permissions;
mod plan;
mod schema;
mod serve;
mod sync;
mod webhook;

use std::process::ExitCode;

use smartsync::Config;

use crate::{
    cli::{Cli, Command},
    failure::{self, Failure},
    render::Output,
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
    /// 130 or 143: a signal ended it before it was through.
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

pub(crate) async fn run(cli: Cli, output: &mut Output) -> Result<Exit, Failure> {
    let config = || {
        let config = Config::read(&cli.config)?;
        failure::tell_of(config.warnings());
        Ok::<_, Failure>(config)
    };
    match cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(demo, output).await,
        Command::Check(check) => check::run(&cli.config, check, output).await,
        Command::Schema(schema) => schema::run(&cli.config, schema, output).await,
        Command::Permissions(source) => permissions::run(&cli.config, source, output).await,
        Command::Plan { contract } => plan::run(&config()?, contract, output).await,
        Command::Sync(sync) => sync::run(&config()?, sync, output).await,
        Command::Create(create) => create::run(&config()?, create, output).await,
        Command::Forget(forget) => forget::run(&cli.config, forget, output).await,
        Command::Serve => serve::run(&config()?, output).await,
        Command::Webhook(webhook) => webhook::run(&config()?, webhook, output).await,
    }
}
