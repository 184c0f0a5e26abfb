//! `smartsync create`: makes a contract, filled in from a candidate.

use jiff::Timestamp;
use oneflow_client::{ContractId, contracts::PublishMessage};
use serde::Serialize;
use smartsync::words::commands::create as words;
use smartsync::{
    Config,
    engine::RequestCount,
    store::{Action, Look},
};
use smartsync_core::{ContractRequest, EngineError, FieldOutcome, RequestId, ledger::InvalidRequestId};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::by_hand;
use crate::{cli::Create, commands::Exit, failure::Failure, field_table::write_fields, output::Output};

#[derive(Serialize)]
struct Created {
    contract: ContractId,
    request: String,
    adopted: bool,
    published: bool,
    fields: Vec<FieldOutcome>,
}

pub(crate) async fn run(config: &Config, arguments: Create, output: &mut Output) -> Result<Exit, Failure> {
    let (state, engine) = config.open().await?;
    let name = match arguments.request {
        Some(name) => name,
        None => new_request_id()?,
    };
    let mut request = ContractRequest::new(
        name.clone(),
        arguments.candidate.clone(),
        arguments.template,
        arguments.workspace,
    );
    if arguments.publish {
        request = request.publish(PublishMessage::new(arguments.subject, arguments.message));
    }
    let (at, begun, requests) = (Timestamp::now(), Instant::now(), RequestCount::new());
    let create = Box::pin(async {
        let plan = engine.plan_contract(&request).await?;
        engine.create(plan).await
    });
    let create = create.instrument(tracing::info_span!("create", request = %name));
    let made = requests.watch(create).await;
    let row = match &made {
        Ok(made) => Some(Look::of_creation(made, at, arguments.candidate)),
        // It is there, whatever is not known of it.
        Err(EngineError::NotPublished { contract, .. }) => {
            Some(Look::by_hand(Action::Created, *contract, at, Some(arguments.candidate)))
        }
        Err(_) => None,
    };
    if let Some(mut row) = row {
        row.occasion = row.occasion.cost(begun.elapsed(), requests.get());
        by_hand::record(&*state.journal(config.tenant()), &row).await;
    }
    engine.leave_shared_limits().await;
    let made = made.map_err(|error| Failure::of_creation(error, &name))?;
    let created = Created {
        contract: made.contract,
        request: name.to_string(),
        adopted: made.is_adopted,
        published: made.is_published,
        fields: made.outcomes,
    };
    output.result(&created, |out| {
        let Created { contract, request, adopted, published, fields } = &created;
        writeln!(out, "{}\n", words::created(contract, *adopted, *published, request))?;
        write_fields(out, fields, None)
    })?;
    Ok(Exit::Success)
}

/// Every call without a name of its own makes a contract of its own.
fn new_request_id() -> Result<RequestId, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::new(error, words::NAME_IT))?;
    hex::encode(bytes).parse().map_err(|error: InvalidRequestId| Failure::new(error, words::NAME_IT))
}
