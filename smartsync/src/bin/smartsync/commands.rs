//! One file per command: each reads the configuration, does its work and prints the result.

mod adopt;
mod by_hand;
mod check;
mod completions;
mod contracts;
mod create;
#[cfg(feature = "demo")]
mod demo;
#[cfg(feature = "demo")]
mod drill;
mod each_tenant;
mod exit;
mod explain;
mod facts;
mod forget;
mod held;
mod history;
mod init;
mod intake;
mod key;
mod link;
mod man;
mod named;
mod page;
mod parked;
mod permissions;
mod plan;
mod probe;
mod read_again;
mod resolve;
mod schema;
mod serve;
mod status;
mod store;
mod sync;
mod tail;
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
    let named = Named::new(cli.config, cli.insecure_http, tenant);
    output.meant_for(named.meant());
    let ended = Box::pin(run_for(&named, cli.command, output)).await;
    // By now it is known whether there are several.
    output.meant_for(named.meant());
    ended
}

async fn run_for(named: &Named, command: Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(demo, output).await,
        #[cfg(feature = "demo")]
        Command::Drill(drill) => drill::run(drill, output).await,
        Command::Init(init) => Box::pin(init::run(named, *init, output)).await,
        Command::Check(check) => check::run(named, check, output).await,
        Command::Schema(schema) => schema::run(named, schema, output).await,
        Command::Permissions(Permissions { source, .. }) => permissions::run(named, source, output).await,
        Command::Plan(plan) => Box::pin(plan::run(&named.config()?, plan, output)).await,
        Command::Sync(sync) => Box::pin(sync::run(&named.config()?, sync, output)).await,
        Command::Create(create) => create::run(&named.config()?, create, output).await,
        Command::Link(link) => link::run(&named.config()?, link, output).await,
        Command::Explain(explain) => explain::run(named, &explain, output),
        Command::Probe(arguments) => Box::pin(probe::run(named, arguments, output)).await,
        Command::Facts(arguments) => facts::run(named, arguments, output).await,
        Command::Resolve(arguments) => resolve::run(&named.config()?, arguments, output).await,
        Command::Forget(forget) => forget::run(named, forget, output).await,
        Command::Adopt(adopt) => adopt::run(&named.config()?, adopt, output).await,
        Command::Serve => Box::pin(serve::run(named, output)).await,
        Command::Page => Box::pin(page::run(named, output)).await,
        Command::Status(_) => status::run(named, output).await,
        Command::Contracts(contracts) => contracts::run(named, contracts.command, output).await,
        Command::Held(held) => held::run(named, held, output).await,
        Command::Intake(_) => intake::run(named, output).await,
        Command::Tail(tail) => tail::run(named, tail, output).await,
        Command::History(history) => history::run(named, history, output).await,
        Command::Parked(parked) => parked::run(named, parked.command, output).await,
        Command::Store(command) => store::run(named, command, output).await,
        Command::Webhook(webhook) => webhook::run(named, webhook.command, output).await,
        Command::Key(key) => key::run(&key, output),
        Command::Completions(completions) => completions::run(&completions, output),
        Command::Man(manual) => man::run(&manual, output),
    }
}
