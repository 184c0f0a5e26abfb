//! `smartsync link`: a person says whose contract it is.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use smartsync::words::commands::link as words;
use smartsync::{
    Config,
    engine::RequestCount,
    store::{Action, ByHand, Item, Journal, Look, State, Subject, Tenant},
};
use smartsync_core::{
    CandidateId, ContractId, Engine,
    engine::{LinkError, LinkedByHand},
};
use smartsync_transport::one_line;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{by_hand, sync::claim};
use crate::{
    ask::ask_until,
    cli::Link,
    commands::Exit,
    failure::Failure,
    output::Output,
    signals::{self, Signal, Stop},
};

#[derive(Serialize)]
struct Linked {
    contract: ContractId,
    candidate: CandidateId,
    /// Whose it was before.
    before: Option<CandidateId>,
}

pub(crate) async fn run(config: &Config, arguments: Link, output: &mut Output) -> Result<Exit, Failure> {
    let contract = arguments.contract;
    let (state, engine) = config.open().await?;
    let (desk, mut stop) =
        (Desk::new(&*state, config.tenant(), Arc::clone(&engine)), signals::stop_or_hang_up()?);
    let span = tracing::info_span!("link", %contract);
    let ended = desk.link(arguments, &mut stop).instrument(span).await;
    engine.leave_shared_limits().await;
    let linked = match ended? {
        Ended::Linked(linked) => linked,
        Ended::Stopped(signal) => return Ok(Exit::Stopped(signal)),
    };
    output.result(&linked, |out| {
        writeln!(out, "{}", words::linked(contract, &linked.candidate))?;
        if let Some(before) = linked.before.as_ref().filter(|before| **before != linked.candidate) {
            writeln!(out, "{}", words::before(&one_line(before.as_str())))?;
        }
        writeln!(out, "{}", words::not_written(contract))
    })?;
    Ok(Exit::Success)
}

/// How it ended.
enum Ended {
    Linked(Linked),
    /// A signal came before it was linked.
    Stopped(Signal),
}

/// What it takes to link.
struct Desk {
    claims: Arc<dyn ByHand>,
    journal: Arc<dyn Journal>,
    tenant: Tenant,
    engine: Arc<Engine>,
}

impl Desk {
    fn new(state: &dyn State, tenant: &Tenant, engine: Arc<Engine>) -> Self {
        let (claims, journal) = (state.by_hand(), state.journal(tenant));
        Self { claims, journal, tenant: tenant.clone(), engine }
    }

    async fn link(&self, arguments: Link, stop: &mut Stop) -> Result<Ended, Failure> {
        let Link { contract, candidate, yes, .. } = arguments;
        let item = Item::of(self.tenant.clone(), Subject::Contract(contract));
        // From whom a person has said it may be reassigned.
        let mut asked_of = None;
        loop {
            // A look that is under way ends first: it would write for the candidate of before.
            let claim = claim(&self.claims, &item, stop).await.map_err(|failure| failure.about(contract))?;
            let Some(claim) = claim else { return Ok(Ended::Stopped(stop.asked().await)) };
            let linked = self.try_once(contract, &candidate, yes, asked_of.as_ref()).await;
            // Nobody is kept from the contract while a person thinks.
            self.claims.release(claim).await?;
            let other = match linked {
                Ok(LinkedByHand { before, .. }) => {
                    return Ok(Ended::Linked(Linked { contract, candidate, before }));
                }
                Err(LinkError::OfAnother { candidate: other, .. }) => other,
                Err(error) => return Err(error.into()),
            };
            let question = words::question(contract, &one_line(other.as_str()), &candidate);
            if let Some(signal) = ask_until(stop, question, words::WITHOUT_YES).await? {
                return Ok(Ended::Stopped(signal));
            }
            asked_of = Some(other);
        }
    }

    /// Links under a claim, and notes it. `asked_of`: from whom it may be reassigned.
    async fn try_once(
        &self,
        contract: ContractId,
        candidate: &CandidateId,
        yes: bool,
        asked_of: Option<&CandidateId>,
    ) -> Result<LinkedByHand, LinkError> {
        let (begun, requests) = (Instant::now(), RequestCount::new());
        let mut row = Look::by_hand(Action::Linked, contract, Timestamp::now(), Some(candidate.clone()));
        let linking = async {
            let linked = self.engine.link_by_hand(contract, candidate, yes).await;
            match &linked {
                Err(LinkError::OfAnother { candidate: other, .. }) if asked_of == Some(other) => {
                    self.engine.link_by_hand(contract, candidate, true).await
                }
                _ => linked,
            }
        };
        let linked = requests.watch(linking).await?;
        row.occasion = row.occasion.cost(begun.elapsed(), requests.get());
        by_hand::record(&*self.journal, &row).await;
        Ok(linked)
    }
}
