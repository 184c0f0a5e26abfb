//! One file per command: each reads the configuration, does its work and prints the result.

mod check;
mod create;
#[cfg(feature = "demo")]
mod demo;
mod forget;
mod plan;
mod serve;
mod sync;
mod webhook;

use std::process::ExitCode;

use smartsync::Config;

use crate::{
    cli::{Cli, Command},
    failure::Failure,
    render::Output,
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
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Wanting => 1,
            Exit::Partly => 2,
        })
    }
}

pub(crate) async fn run(cli: Cli) -> Result<Exit, Failure> {
    let mut output = Output::new(cli.json);
    let config = || Config::read(&cli.config);
    match cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(demo, &mut output).await,
        Command::Check => check::run(&config()?, &mut output).await,
        Command::Plan { contract } => plan::run(&config()?, contract, &mut output).await,
        Command::Sync(sync) => sync::run(&config()?, sync, &mut output).await,
        Command::Create(create) => create::run(&config()?, create, &mut output).await,
        Command::Forget(forget) => forget::run(&config()?, forget, &mut output).await,
        Command::Serve => serve::run(&config()?, &mut output).await,
        Command::Webhook(webhook) => webhook::run(&config()?, webhook, &mut output).await,
    }
}
