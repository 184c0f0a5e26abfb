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
        let (at, begun, requests) = (Timestamp::now(), Instant::now(), RequestCount::new());
        let last = self.journal.last_number().await.ok();
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
        let occasion = Occasion::new(contract, Trigger::ByHand, at)
            .begun_after(last)
            .cost(begun.elapsed(), requests.get());
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

#[cfg(test)]
#[cfg(feature = "test-util")]
mod tests {
    use std::{
        collections::BTreeSet,
        future::pending,
        sync::atomic::{AtomicBool, Ordering::Relaxed},
    };

    use async_trait::async_trait;
    use oneflow_client::OneflowClient;
    use secrecy::SecretString;
    use smartsync_core::{MemoryLedger, SyncKeys, plan::Take};
    use smartsync_sandbox::{CandidateSeed, ContractSeed, Sandbox, SandboxSettings};
    use smartsync_transport::{Limiter, Request, Response, Transport, TransportError, http::Method};
    use teamtailor_client::{CandidateId, TeamtailorClient};

    use super::*;
    use crate::store::{MemoryJournal, MemoryWork, TestTime};

    /// Its claims have lapsed when they are to be renewed.
    #[derive(Debug)]
    struct Lapsing;

    #[async_trait]
    impl ByHand for Lapsing {
        async fn claim(&self, item: Item) -> Result<Option<Claim>, StoreError> {
            Ok(Some(Claim {
                item,
                trigger: Trigger::ByHand,
                generation: 1,
                mark: None,
                attempts: 0,
                faults: 0,
                early_of: None,
                is_known: true,
                created: true,
            }))
        }

        async fn renew(&self, _: &mut Claim) -> Result<bool, StoreError> {
            Ok(false)
        }

        async fn end(&self, _: Claim, _: Ending) -> Result<(), StoreError> {
            panic!("a claim that has lapsed has nothing to say")
        }

        async fn release(&self, _: Claim) -> Result<(), StoreError> {
            panic!("a claim that has lapsed has nothing to say")
        }

        async fn looks_at(&self, _: &Tenant, _: &CandidateId) -> Result<BTreeSet<ContractId>, StoreError> {
            Ok(BTreeSet::new())
        }
    }

    /// Once it is told to, writes take effect and are never answered.
    #[derive(Clone, Debug)]
    struct Hanging {
        wire: Arc<dyn Transport>,
        hangs: Arc<AtomicBool>,
    }

    #[async_trait]
    impl Transport for Hanging {
        async fn execute(&self, request: Request) -> Result<Response, TransportError> {
            let is_held_up = request.method() != Method::GET && self.hangs.load(Relaxed);
            let answer = self.wire.execute(request).await;
            if is_held_up { pending().await } else { answer }
        }
    }

    const FIELDS: [&str; 2] = ["oneflow-notice", "oneflow-salary"];

    fn engine(sandbox: &Sandbox, hangs: &Arc<AtomicBool>) -> Engine {
        let wire = Hanging { wire: Arc::new(sandbox.transport()), hangs: Arc::clone(hangs) };
        let oneflow = OneflowClient::builder()
            .api_token(sandbox.oneflow_token())
            .user_email(sandbox.user_email())
            .transport(wire.clone())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let teamtailor = TeamtailorClient::builder()
            .api_key(sandbox.teamtailor_key())
            .transport(wire)
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let fields = FIELDS.map(|field| {
            serde_json::json!({ "oneflow": field, "teamtailor": format!("custom:{field}"), "on_conflict": "hold" })
        });
        let config = serde_json::json!({
            "oneflow": { "token": { "env": "NONE" }, "user_email": "a@example.com" },
            "teamtailor": { "token": { "env": "NONE" } },
            "sync": { "link": ["email"], "template_types": [sandbox.seeded().template_type], "document": { "attach": false } },
            "field": fields,
        });
        let config = crate::config::ConfigFile::from_json(&config.to_string()).unwrap().config().unwrap();
        let key = SecretString::from("5f1c8e0a97d34b62f0e1c9a85b7d2e46d3a9f07c12e84b5698ad0c3f7e61b254");
        let keys = SyncKeys::new("desk", [key]).unwrap();
        let ledger = Arc::new(MemoryLedger::new());
        Engine::builder(oneflow, teamtailor, config.mapping, ledger, keys).build().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn once_its_claim_has_lapsed_nothing_more_is_written_and_each_decision_ends_as_unknown() {
        let sandbox = Sandbox::new(SandboxSettings::new());
        let candidate = CandidateSeed::new("a@example.com").name("A", "Candidate");
        let candidate = sandbox.add_candidate(candidate).unwrap();
        let contract = ContractSeed::new(sandbox.seeded().template, "Employment")
            .counterparty("A Candidate", "a@example.com")
            .published();
        let contract = sandbox.add_contract(contract).unwrap();
        let hangs = Arc::new(AtomicBool::new(false));
        let engine = Arc::new(engine(&sandbox, &hangs));
        sandbox.advance(Duration::from_secs(600));
        for field in FIELDS {
            sandbox.fill_data_field(contract, field, "1000").unwrap();
        }
        engine.sync(contract.into()).await.unwrap();
        sandbox.advance(Duration::from_secs(600));
        for field in FIELDS {
            sandbox.fill_data_field(contract, field, "2000").unwrap();
            sandbox.edit_custom_field(&candidate, field, Some("3000")).unwrap();
        }

        let time = TestTime::new();
        let journal = MemoryJournal::new(MemoryWork::new(time.clone(), time), Arc::new(MemoryLedger::new()));
        let desk = DecisionDesk {
            claims: Arc::new(Lapsing),
            journal: Arc::new(journal.clone()),
            tenant: Tenant::default(),
            engine,
            patience: Duration::ZERO,
        };
        let resolutions = FIELDS.map(|field| Resolution::new(format!("custom:{field}"), Take::Contract));
        hangs.store(true, Relaxed);
        let deciding =
            Deciding { contract: contract.into(), resolutions: &resolutions, seen: None, by: Some("Rae") };
        let ended = desk.decide(deciding, pending()).await;
        assert!(matches!(ended, Err(DecisionError::Lapsed)), "{ended:?}");

        let card = sandbox.candidate_card(&candidate).unwrap();
        let mut values = FIELDS.map(|field| card.get(field).unwrap_or_default().to_owned());
        values.sort_unstable();
        assert_eq!(values, ["2000", "3000"], "the write that was under way, and none after it");
        let rows = journal.all();
        let ends = |row: &Look| row.decided.as_ref().map(|decided| decided.ended.clone());
        let told: Vec<_> = rows.iter().map(ends).collect();
        let (begun, unknown) = (Some(None), Some(Some(DecisionEnd::Unknown)));
        assert_eq!(told, [begun.clone(), begun, None, unknown.clone(), unknown]);
        assert_eq!(rows[2].error.as_ref().map(|(code, _)| code.as_str()), Some("interrupted"));
    }
}
