//! `smartsync plan`: what a sync would do. No service and no table is written.

use oneflow_client::ContractId;
use smartsync::{Config, Store};

use crate::{commands::Exit, failure::Failure, render::Output, report::Accounting};

pub(crate) async fn run(config: &Config, contract: ContractId, output: &mut Output) -> Result<Exit, Failure> {
    let store = Store::open(config.store.url.path())?;
    let plan = config.engine(&store)?.plan(contract).await?;
    let report = Accounting::of_plan(&plan);
    output.result(&report, |out| report.write(out))?;
    Ok(Exit::Done)
}
