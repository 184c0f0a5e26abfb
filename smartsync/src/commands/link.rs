//! `smartsync link`: a person says whose contract it is.

use serde::Serialize;
use smartsync::{Config, Inbox};
use smartsync_core::{CandidateId, ContractId, LinkError, LinkedByHand};
use smartsync_transport::one_line;

use super::sync::claim;
use crate::{ask::ask, cli::Link, commands::Exit, failure::Failure, render::Output, signals};

#[derive(Serialize)]
struct Linked {
    contract: ContractId,
    candidate: CandidateId,
    /// Whose it was before.
    before: Option<CandidateId>,
}

pub(crate) async fn run(config: &Config, arguments: Link, output: &mut Output) -> Result<Exit, Failure> {
    let Link { contract, candidate, yes } = arguments;
    let (store, engine) = config.open()?;
    let inbox = Inbox::new(store);
    // A look that is under way ends first: it would write for the candidate of before.
    let stop = signals::stop()?;
    let claim = claim(&inbox, contract, &stop).await.map_err(|failure| failure.about(contract))?;
    let Some(claim) = claim else {
        return Ok(stop.signal().map_or(Exit::Wanting, Exit::Stopped));
    };
    let mut linked = engine.link_by_hand(contract, &candidate, yes).await;
    if let Err(LinkError::OfAnother { candidate: other, .. }) = &linked {
        let question = format!(
            "Contract {contract} belongs to candidate {}. Link it to {candidate} instead?",
            one_line(other.as_str())
        );
        linked = match ask(&question, "a contract of another candidate is taken over only with `--yes`") {
            Ok(()) => engine.link_by_hand(contract, &candidate, true).await,
            Err(failure) => {
                inbox.release(claim).await?;
                return Err(failure);
            }
        };
    }
    inbox.release(claim).await?;
    let LinkedByHand { before, .. } = linked?;
    let linked = Linked { contract, candidate, before };
    output.result(&linked, |out| {
        writeln!(out, "contract {contract} is linked to candidate {}", linked.candidate)?;
        if let Some(before) = linked.before.as_ref().filter(|before| **before != linked.candidate) {
            let before = one_line(before.as_str());
            writeln!(out, "It was candidate {before}'s: what was put on that card stays there.")?;
        }
        writeln!(
            out,
            "Nothing is written yet: `smartsync sync {contract}` does it, or the next notification."
        )
    })?;
    Ok(Exit::Done)
}
