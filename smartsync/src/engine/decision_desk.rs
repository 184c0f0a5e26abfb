//! Where a person decides on what is held: under a claim, and with rows in the journal before and after.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{
    Engine, EngineError,
    engine::{Decision, Resolved},
    plan::{DecidedField, Resolution},
};
use smartsync_transport::CauseChain;
use tokio::time::Instant;

use super::request_count::RequestCount;
use crate::{
    store::{
        ByHand, Claim, Decided, DecisionEnd, Ending, Item, Journal, Look, NextLook, Occasion, State,
        StoreError, Subject, Tenant, Trigger,
    },
    words::commands::sync::LAPSED_LOOK,
};

/// Where a person decides on what is held. Each decision that is to be carried out is a row of the journal before anything is written, and one more with how it
/// ended ([`Look::of_decision`]); between them is the look at the contract that it caused.
#[derive(Clone)]
pub struct DecisionDesk {
    claims: Arc<dyn ByHand>,
    journal: Arc<dyn Journal>,
    tenant: Tenant,
    engine: Arc<Engine>,
    patience: Duration,
}

/// What a person decides on a contract.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "a caller makes it")]
pub struct Deciding<'a> {
    /// The contract.
    pub contract: ContractId,
    /// Which side of which field is right.
    pub resolutions: &'a [Resolution],
    /// The hash of the plan that the person was shown, if they were: see [`Engine::resolve`].
    pub seen: Option<&'a str>,
    /// A name for who decides: the journal keeps it.
    pub by: Option<&'a str>,
}

/// Without the name of whoever decides.
impl fmt::Debug for Deciding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deciding")
            .field("contract", &self.contract)
            .field("resolutions", &self.resolutions)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// Somebody looks at the contract, or at another of its candidate, at this moment: try again when that look has ended.
    #[error("another process is working on the contract, or on another contract of its candidate")]
    Busy,
    /// The claim has lapsed while the decision was being carried out, as after a machine that stood still: the next look shows what was done.
    #[error("the claim on the contract has lapsed")]
    Lapsed,
    /// A service or the ledger could not be read.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The database. What could not be noted was not carried out.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DecisionDesk {
    /// The desk of one tenant. `engine` is the tenant's, over `state`.
    #[must_use]
    pub fn new(state: &dyn State, tenant: &Tenant, engine: Arc<Engine>) -> Self {
        let (claims, journal) = (state.by_hand(), state.journal(tenant));
        Self { claims, journal, tenant: tenant.clone(), engine, patience: Duration::ZERO }
    }

    /// Waits so long for somebody who looks at the contract already.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Looks at a contract with what a person has decided: see [`Engine::resolve`]. `stop` ends the wait for somebody else's look
    /// ([`DecisionError::Busy`]); what has begun is not broken off.
    ///
    /// # Errors
    ///
    /// [`DecisionError`].
    pub async fn decide(
        &self,
        deciding: Deciding<'_>,
        stop: impl Future<Output = ()>,
    ) -> Result<Resolved, DecisionError> {
        let contract = deciding.contract;
        let item = Item::of(self.tenant.clone(), Subject::Contract(contract));
        let claim = self.claims.claim_once_free(&item, self.patience, stop).await?;
        let mut claim = claim.ok_or(DecisionError::Busy)?;
        let at = Timestamp::now();
        let (begun, requests) = (Instant::now(), RequestCount::new());
        let mut told = None;
        let tell = async |decision: Decision| {
            let rows = Rows { at, contract, by: deciding.by, decision };
            for row in rows.begun() {
                self.journal.record(&row).await?;
            }
            told = Some(rows);
            Ok::<(), DecisionError>(())
        };
        let Deciding { resolutions, seen, .. } = deciding;
        let resolving = self.engine.resolve_told(contract, resolutions, seen, tell);
        let resolving = Box::pin(requests.watch(resolving));
        let resolved = self.claims.while_claimed(&mut claim, resolving).await;
        let occasion = Occasion::new(contract, Trigger::ByHand, at).cost(begun.elapsed(), requests.get());
        let Some(resolved) = resolved else {
            self.record(&Look::interrupted(occasion, LAPSED_LOOK, NextLook::Left)).await;
            self.record_end(told, None).await;
            return Err(DecisionError::Lapsed);
        };
        let is_done = matches!(&resolved, Ok(Resolved::Applied { report, .. })
            if report.is_complete() || report.is_without_candidate());
        let next = if is_done { NextLook::None } else { NextLook::Left };
        match &resolved {
            Ok(Resolved::Applied { report, .. }) => {
                self.record(&Look::of_looked(occasion, report, next)).await;
            }
            // What is not followed is no decision, and a look that wrote nothing for that is none.
            Ok(Resolved::Stale(_) | Resolved::Refused(_)) | Err(DecisionError::Store(_)) => {}
            Err(DecisionError::Engine(error)) => {
                self.record(&Look::of_error(occasion, error, next)).await;
            }
            Err(DecisionError::Busy | DecisionError::Lapsed) => {}
        }
        self.record_end(told, resolved.as_ref().ok()).await;
        self.give_back(claim, is_done).await;
        resolved
    }

    async fn give_back(&self, claim: Claim, is_done: bool) {
        let ended = if is_done {
            self.claims.end(claim, Ending::Done).await
        } else {
            self.claims.release(claim).await
        };
        // What was decided is done, and is told so; the claim lapses by itself.
        if let Err(error) = ended {
            tracing::warn!(error = %CauseChain(&error), "the claim on the contract could not be given back");
        }
    }

    /// Notes how what was told has ended.
    async fn record_end(&self, told: Option<Rows<'_>>, resolved: Option<&Resolved>) {
        for row in told.iter().flat_map(|rows| rows.ended(resolved)) {
            self.record(&row).await;
        }
    }

    async fn record(&self, row: &Look) {
        if let Err(error) = self.journal.record(row).await {
            tracing::warn!(error = %CauseChain(&error), "the journal could not be written: `smartsync history` lacks how this decision ended");
        }
    }
}

/// The rows of decisions that are carried out together.
struct Rows<'a> {
    at: Timestamp,
    contract: ContractId,
    by: Option<&'a str>,
    decision: Decision,
}

impl Rows<'_> {
    fn begun(&self) -> impl Iterator<Item = Look> {
        self.all(|_| None)
    }

    fn ended(&self, resolved: Option<&Resolved>) -> impl Iterator<Item = Look> {
        self.all(move |field| {
            Some(match resolved {
                Some(Resolved::Applied { report, .. }) => DecisionEnd::of(field, &report.outcomes),
                _ => DecisionEnd::Unknown,
            })
        })
    }

    fn all(&self, end: impl Fn(&DecidedField) -> Option<DecisionEnd>) -> impl Iterator<Item = Look> {
        let Decision { candidate, seen, fields, .. } = &self.decision;
        fields.iter().map(move |field| {
            let decided = Decided::new(&field.candidate_field.to_string(), field.take, seen).by(self.by);
            let decided = Decided { ended: end(field), ..decided };
            Look::of_decision(decided, self.contract, self.at, candidate.clone())
        })
    }
}

impl fmt::Debug for DecisionDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecisionDesk").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
