//! `smartsync plan`: what a sync would do. No service and no table is written.

use oneflow_client::ContractId;
use smartsync::{Config, Store};

use crate::{commands::Exit, failure::Failure, render::Output, report::Accounting};

pub(crate) async fn run(config: &Config, contract: ContractId, output: &mut Output) -> Result<Exit, Failure> {
    let store = Store::open(config.store.url.path())?;
    let plan = match config.engine(&store)?.plan(contract).await {
        Ok(plan) => plan,
        Err(error) => return Err(Failure::from(error).about(contract)),
    };
    Failure::if_gone(&plan).map_err(|failure| failure.about(contract))?;
    let report = Accounting::of_plan(&plan);
    output.result(&report, |out| report.write(out))?;
    Ok(Exit::Done)
}
