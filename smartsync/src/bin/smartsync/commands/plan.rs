//! `smartsync plan`: what a sync would do. Nothing is written to a service, and nothing remembered of a contract. A first
//! run makes the database, though, and the key file beside it if the configuration names no key.

mod all;

use oneflow_client::ContractId;
use smartsync::{Config, OpenError};
use tracing::Instrument as _;

use crate::{cli::Plan, commands::Exit, failure::Failure, field_table::write_plan, output::Output};

pub(crate) async fn run(config: &Config, arguments: Plan, output: &mut Output) -> Result<Exit, Failure> {
    match arguments.contract {
        Some(contract) => one(config, contract, output).await,
        None => all::run(config, output).await,
    }
}

async fn one(config: &Config, contract: ContractId, output: &mut Output) -> Result<Exit, Failure> {
    let opened = config.open_to_plan().await.map_err(|error| {
        let is_of_service = matches!(error, OpenError::Engine(_));
        let failure = Failure::from(error);
        if is_of_service { failure.about(contract) } else { failure }
    });
    let (_, engine) = opened?;
    let other_account = Failure::of_other_account(&engine).await;
    if let Some(failure) = &other_account {
        output.tell(failure);
    }
    let look = engine.plan(contract).instrument(tracing::info_span!("look", %contract));
    let planned = look.await;
    engine.leave_shared_limits().await;
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => return Err(Failure::from(error).about(contract)),
    };
    Failure::if_gone(plan.document()).map_err(|failure| failure.about(contract))?;
    output.result(&plan, |out| write_plan(out, &plan))?;
    Ok(if other_account.is_some() { Exit::Failure } else { Exit::Success })
}
