//! Where a person decides on what is held: under a claim, and with a row in the journal.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{Engine, EngineError, Report, engine::Resolved, plan::Resolution};
use smartsync_transport::CauseChain;
use tokio::time::{Instant, sleep};

use super::request_count::RequestCount;
use crate::store::{
    ByHand, Claim, Decided, Ending, Item, Journal, Look, NextLook, Occasion, State, StoreError, Subject,
    Tenant, Trigger,
};

/// How often a claim is renewed. It lapses after five minutes.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

/// Where a person decides on what is held. Each decision that was followed is a row of the journal ([`Look::of_decision`]), and the look at the
/// contract that it caused is the row after it.
#[derive(Clone)]
pub struct DecisionDesk {
    claims: Arc<dyn ByHand>,
    journal: Arc<dyn Journal>,
    tenant: Tenant,
    engine: Arc<Engine>,
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
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DecisionDesk {
    /// The desk of one tenant. `engine` is the tenant's, over `state`.
    #[must_use]
    pub fn new(state: &dyn State, tenant: &Tenant, engine: Arc<Engine>) -> Self {
        let (claims, journal) = (state.by_hand(), state.journal(tenant));
        Self { claims, journal, tenant: tenant.clone(), engine }
    }

    /// Looks at a contract with what a person has decided: see [`Engine::resolve`] for `resolutions` and `seen`. `by` is a name for who decided:
    /// the journal keeps it.
    ///
    /// # Errors
    ///
    /// [`DecisionError`].
    pub async fn decide(
        &self,
        contract: ContractId,
        resolutions: &[Resolution],
        seen: Option<&str>,
        by: Option<&str>,
    ) -> Result<Resolved, DecisionError> {
        let item = Item::of(self.tenant.clone(), Subject::Contract(contract));
        let mut claim = self.claims.claim(item).await?.ok_or(DecisionError::Busy)?;
        let at = Timestamp::now();
        let (begun, requests) = (Instant::now(), RequestCount::new());
        let resolving = Box::pin(requests.watch(self.engine.resolve(contract, resolutions, seen)));
        let resolved = self.while_claimed(&mut claim, resolving).await;
        let occasion = Occasion::new(contract, Trigger::ByHand, at).cost(begun.elapsed(), requests.get());
        let Some(resolved) = resolved else {
            self.record(&Look::interrupted(occasion, "the claim on the contract has lapsed", NextLook::Left))
                .await;
            return Err(DecisionError::Lapsed);
        };
        let report = if let Ok(Resolved::Applied { report, .. }) = &resolved { Some(report) } else { None };
        let is_done = report.is_some_and(|report| report.is_complete() || report.is_without_candidate());
        let next = if is_done { NextLook::None } else { NextLook::Left };
        self.note(occasion, &resolved, resolutions, by, next).await;
        let ended = if is_done {
            self.claims.end(claim, Ending::Done).await
        } else {
            self.claims.release(claim).await
        };
        // What was decided is done, and is told so; the claim lapses by itself.
        if let Err(error) = ended {
            tracing::warn!(error = %CauseChain(&error), "the claim on the contract could not be given back");
        }
        Ok(resolved?)
    }

    /// `None`: the claim has lapsed.
    async fn while_claimed<T>(
        &self,
        claim: &mut Claim,
        mut job: impl Future<Output = T> + Unpin,
    ) -> Option<T> {
        loop {
            tokio::select! {
                biased;
                done = &mut job => return Some(done),
                () = sleep(RENEWAL_INTERVAL) => {
                    // A database that does not answer now may do so before the claim lapses.
                    if let Ok(false) = self.claims.renew(claim).await {
                        return None;
                    }
                }
            }
        }
    }

    /// Notes what was decided, and the look. What was not followed is no decision, and a look that wrote nothing for that is none.
    async fn note(
        &self,
        occasion: Occasion,
        resolved: &Result<Resolved, EngineError>,
        resolutions: &[Resolution],
        by: Option<&str>,
        next: NextLook,
    ) {
        let rows: Vec<Look> = match resolved {
            Ok(Resolved::Applied { report, seen }) => {
                let decided = resolutions.iter().map(|resolution| {
                    let Resolution { take, .. } = resolution;
                    let decided = Decided::new(&field(report, resolution), *take, seen).by(by);
                    Look::of_decision(decided, occasion.contract, occasion.at, report.candidate.clone())
                });
                decided.chain([Look::of_looked(occasion, report, next)]).collect()
            }
            Ok(Resolved::Stale(_) | Resolved::Refused(_)) => Vec::new(),
            Err(error) => vec![Look::of_error(occasion, error, next)],
        };
        for row in &rows {
            self.record(row).await;
        }
    }

    async fn record(&self, row: &Look) {
        if let Err(error) = self.journal.record(row).await {
            tracing::warn!(error = %CauseChain(&error), "the journal could not be written: `smartsync history` lacks this decision");
        }
    }
}

/// The name on the card of the field that was decided on.
fn field(report: &Report, resolution: &Resolution) -> String {
    let named = |is_named: &dyn Fn(&str, &str) -> bool| {
        let mut fields = report.outcomes.iter();
        fields.find_map(|field| {
            let on_card = field.candidate_field.to_string();
            is_named(&on_card, &field.data_field).then_some(on_card)
        })
    };
    let name = resolution.field.as_str();
    named(&|on_card, _| on_card == name)
        .or_else(|| named(&|_, data_field| data_field == name))
        .unwrap_or_else(|| name.to_owned())
}

impl fmt::Debug for DecisionDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecisionDesk").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
