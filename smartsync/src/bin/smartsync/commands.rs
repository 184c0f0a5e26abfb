//! One file per command: each reads the configuration, does its work and prints the result.

mod adopt;
mod by_hand;
mod check;
mod create;
#[cfg(feature = "demo")]
mod demo;
#[cfg(feature = "demo")]
mod drill;
mod each_tenant;
mod exit;
mod forget;
mod history;
mod init;
mod key;
mod link;
mod named;
mod parked;
mod permissions;
mod plan;
mod schema;
mod serve;
mod status;
mod store;
mod sync;
mod way_in;
mod webhook;

pub(crate) use self::{exit::Exit, named::Named};
use crate::{
    cli::{Cli, Command, Permissions},
    failure::Failure,
    output::Output,
};

pub(crate) async fn run(cli: Cli, output: &mut Output) -> Result<Exit, Failure> {
    let tenant = cli.command.tenant().cloned();
    let named = Named { path: cli.config, insecure_http: cli.insecure_http, tenant };
    match cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(demo, output).await,
        #[cfg(feature = "demo")]
        Command::Drill(drill) => drill::run(drill, output).await,
        Command::Init(init) => Box::pin(init::run(&named, *init, output)).await,
        Command::Check(check) => check::run(&named, check, output).await,
        Command::Schema(schema) => schema::run(&named, schema, output).await,
        Command::Permissions(Permissions { source, .. }) => permissions::run(&named, source, output).await,
        Command::Plan(plan) => plan::run(&named.config()?, plan, output).await,
        Command::Sync(sync) => Box::pin(sync::run(&named.config()?, sync, output)).await,
        Command::Create(create) => create::run(&named.config()?, create, output).await,
        Command::Link(link) => link::run(&named.config()?, link, output).await,
        Command::Forget(forget) => forget::run(&named, forget, output).await,
        Command::Adopt(adopt) => adopt::run(&named.config()?, adopt, output).await,
        Command::Serve => Box::pin(serve::run(&named, output)).await,
        Command::Status(_) => status::run(&named, output).await,
        Command::History(history) => history::run(&named, history, output).await,
        Command::Parked(parked) => parked::run(&named, parked.command, output).await,
        Command::Store(command) => store::run(&named, command, output).await,
        Command::Webhook(webhook) => webhook::run(&named, webhook.command, output).await,
        Command::Key(key) => key::run(&key, output),
    }
}
