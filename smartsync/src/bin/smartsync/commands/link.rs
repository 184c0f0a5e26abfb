//! `smartsync link`: a person says whose contract it is.

use serde::Serialize;
use smartsync::{Config, Inbox};
use smartsync_core::{
    CandidateId, ContractId, Engine,
    engine::{LinkError, LinkedByHand},
};
use smartsync_transport::one_line;
use tracing::Instrument as _;

use super::sync::claim;
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
    let (store, engine) = config.open().await?;
    let (inbox, mut stop) = (Inbox::new(store), signals::stop_or_hang_up()?);
    let span = tracing::info_span!("link", %contract);
    let linked = match linked(&inbox, &engine, arguments, &mut stop).instrument(span).await? {
        Ended::Linked(linked) => linked,
        Ended::Stopped(signal) => return Ok(Exit::Stopped(signal)),
    };
    output.result(&linked, |out| {
        writeln!(out, "contract {contract} is linked to candidate {}", linked.candidate)?;
        if let Some(before) = linked.before.as_ref().filter(|before| **before != linked.candidate) {
            let before = one_line(before.as_str());
            writeln!(out, "It was linked to candidate {before} before: what was written to that card stays there.")?;
        }
        writeln!(
            out,
            "Nothing has been written yet: run `smartsync sync {contract}`, or wait for the next notification."
        )
    })?;
    Ok(Exit::Success)
}

/// How it ended.
enum Ended {
    Linked(Linked),
    /// A signal came before it was linked.
    Stopped(Signal),
}

async fn linked(
    inbox: &Inbox,
    engine: &Engine,
    Link { contract, candidate, yes }: Link,
    stop: &mut Stop,
) -> Result<Ended, Failure> {
    // From whom a person has said it may be reassigned.
    let mut asked_of = None;
    loop {
        // A look that is under way ends first: it would write for the candidate of before.
        let claim = claim(inbox, contract, stop).await.map_err(|failure| failure.about(contract))?;
        let Some(claim) = claim else { return Ok(Ended::Stopped(stop.asked().await)) };
        let mut linked = engine.link_by_hand(contract, &candidate, yes).await;
        if let Err(LinkError::OfAnother { candidate: other, .. }) = &linked
            && asked_of.as_ref() == Some(other)
        {
            linked = engine.link_by_hand(contract, &candidate, true).await;
        }
        // Nobody is kept from the contract while a person thinks.
        inbox.release(claim).await?;
        let other = match linked {
            Ok(LinkedByHand { before, .. }) => {
                return Ok(Ended::Linked(Linked { contract, candidate, before }));
            }
            Err(LinkError::OfAnother { candidate: other, .. }) => other,
            Err(error) => return Err(error.into()),
        };
        let question = format!(
            "Contract {contract} belongs to candidate {}. Link it to {candidate} instead?",
            one_line(other.as_str())
        );
        let without = "reassigning a contract that belongs to another candidate requires `--yes`";
        if let Some(signal) = ask_until(stop, question, without).await? {
            return Ok(Ended::Stopped(signal));
        }
        asked_of = Some(other);
    }
}
