//! The engine: reads, plans, applies. The reading is here; the deciding is in pure functions.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use oneflow_client::{
    ContractId, GetContract, OneflowClient,
    webhook::{Verifier, WebhookError},
};
use smartsync_transport::{Error, Lenient};
use teamtailor_client::{CandidateId, TeamtailorClient};

use crate::{
    CandidateSnapshot, Clock, ContractSnapshot, Definitions, EngineError, InvalidMapping, Ledger,
    LedgerEntry, Mapping, Plan, PlanInput, Reason, SyncKeys,
    link::{self, Link},
    notification, plan,
};

/// More counterparties than this are not searched for one by one.
const MAX_SIGNERS: usize = 10;

/// Keeps candidates and contracts in step. Share it behind an [`Arc`]; it has no state but a cache of definitions.
///
/// One contract is to be processed by one caller at a time.
pub struct Engine {
    pub(crate) oneflow: OneflowClient,
    pub(crate) teamtailor: TeamtailorClient,
    pub(crate) mapping: Mapping,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) keys: SyncKeys,
    clock: Option<Arc<dyn Clock>>,
    pub(crate) definitions: Mutex<Option<Arc<Definitions>>>,
}

/// Builds an [`Engine`].
#[derive(Debug)]
pub struct EngineBuilder {
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    mapping: Mapping,
    ledger: Arc<dyn Ledger>,
    keys: SyncKeys,
    clock: Option<Arc<dyn Clock>>,
}

impl EngineBuilder {
    /// Tells the time by `clock`. Without one, a candidate read before counts as outdated, which costs a request more per
    /// contract that changes something, and custom fields are read again only when something unknown turns up.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The engine.
    ///
    /// # Errors
    ///
    /// [`InvalidMapping`] with everything in the mapping that cannot work.
    pub fn build(self) -> Result<Engine, InvalidMapping> {
        self.mapping.check().map_err(InvalidMapping)?;
        Ok(Engine {
            oneflow: self.oneflow,
            teamtailor: self.teamtailor,
            mapping: self.mapping,
            ledger: self.ledger,
            keys: self.keys,
            clock: self.clock,
            definitions: Mutex::default(),
        })
    }
}

impl Engine {
    /// A builder. The two clients carry the transport.
    #[must_use]
    pub fn builder(
        oneflow: OneflowClient,
        teamtailor: TeamtailorClient,
        mapping: Mapping,
        ledger: Arc<dyn Ledger>,
        keys: SyncKeys,
    ) -> EngineBuilder {
        EngineBuilder { oneflow, teamtailor, mapping, ledger, keys, clock: None }
    }

    /// Verifies the bytes of a webhook and returns the contract that has to be looked at.
    ///
    /// # Errors
    ///
    /// [`WebhookError`] when the bytes are no notification, or no key signed them.
    pub fn verify(&self, body: &[u8], verifier: &Verifier) -> Result<ContractId, WebhookError> {
        notification::verify(body, verifier)
    }

    /// Reads the contract and its candidate and decides what there is to write. Writes nothing, neither to a service nor
    /// to the ledger: dropping the plan is a dry run.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan(&self, contract: ContractId) -> Result<Plan, EngineError> {
        let answer = self.oneflow.send_opt(&GetContract::new(contract)).await?;
        let (definitions, were_cached) = match self.cached_definitions() {
            Some(definitions) => (definitions, true),
            None => (self.refresh_definitions().await?, false),
        };
        let Some(answer) = answer else {
            return Ok(Plan::without_contract(contract, &self.mapping, &definitions, &self.keys));
        };
        let snapshot = ContractSnapshot::read(&answer);
        let entry = self.ledger.load(contract).await?;
        let read_at = self.now();
        let candidate = self.find_candidate(&snapshot, &entry).await?;
        let planned = |definitions: &Definitions| {
            let candidate = candidate.as_ref().map_err(|reason| *reason);
            let (mapping, contract, entry, keys) = (&self.mapping, &snapshot, &entry, &self.keys);
            plan(&PlanInput { mapping, definitions, contract, candidate, entry, keys })
        };
        let mut plan = planned(&definitions);
        if were_cached && self.meets_unknown(&plan, &snapshot, candidate.as_ref().ok(), &definitions) {
            plan = planned(&*self.refresh_definitions().await?);
        }
        plan.read_at = read_at;
        Ok(plan)
    }

    pub(crate) fn now(&self) -> Option<Timestamp> {
        self.clock.as_ref().map(|clock| clock.now())
    }

    /// The candidate with values and uploads; `None` if there is no such candidate.
    pub(crate) async fn read_candidate(
        &self,
        candidate: &CandidateId,
    ) -> Result<Option<CandidateSnapshot>, Error> {
        let answer = self.teamtailor.send_opt(&CandidateSnapshot::request(candidate)).await?;
        Ok(answer.as_ref().map(CandidateSnapshot::read))
    }

    /// The candidate of a contract, or why nothing may be written for it.
    async fn find_candidate(
        &self,
        contract: &ContractSnapshot,
        entry: &LedgerEntry,
    ) -> Result<Result<CandidateSnapshot, Reason>, EngineError> {
        if !contract.is_sent() {
            return Ok(Err(Reason::NoCandidate));
        }
        let candidate = match link::link(contract, entry, &self.mapping.sync, &self.keys) {
            Link::Held(reason) => return Ok(Err(reason)),
            Link::ByEmail => {
                let found = match self.find_by_email(contract).await? {
                    Ok(found) if self.ledger.is_forgotten(&found.id).await? => {
                        Err(Reason::CandidateForgotten)
                    }
                    found => found,
                };
                return Ok(found.and_then(|candidate| link::check_known(entry, candidate)));
            }
            Link::Bound(candidate) => candidate,
            Link::Token(token) => {
                let creation = self.ledger.load_creation(&token.request).await?;
                if let Err(reason) = link::check_creation(contract.id, &token, creation.as_ref()) {
                    return Ok(Err(reason));
                }
                token.candidate
            }
        };
        // Before anything is read of the candidate.
        if self.ledger.is_forgotten(&candidate).await? {
            return Ok(Err(Reason::CandidateForgotten));
        }
        Ok(self.read_candidate(&candidate).await?.ok_or(Reason::CandidateGone))
    }

    /// The one candidate who has the e-mail address of one counterparty participant.
    async fn find_by_email(
        &self,
        contract: &ContractSnapshot,
    ) -> Result<Result<CandidateSnapshot, Reason>, EngineError> {
        let emails = contract.signers.iter().filter_map(|signer| signer.email.as_deref());
        let emails: Vec<String> =
            emails.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty()).collect();
        if emails.len() > MAX_SIGNERS {
            return Ok(Err(Reason::SeveralCandidates));
        }
        let mut found = Vec::new();
        for email in &emails {
            let page = self.teamtailor.send(&CandidateSnapshot::search(email)).await?;
            for candidate in page.data.iter().map(Lenient::as_result) {
                let Ok(candidate) = candidate else {
                    return Ok(Err(Reason::AnswerUnreadable));
                };
                if candidate
                    .attributes
                    .email
                    .as_ref()
                    .is_some_and(|text| text.trim().to_lowercase() == *email)
                {
                    found.push(CandidateSnapshot::read_listed(candidate, &page.included));
                }
            }
        }
        let (first, others) = (found.pop(), found.len());
        Ok(match first {
            Some(only) if others == 0 => Ok(only),
            Some(_) => Err(Reason::SeveralCandidates),
            None => Err(Reason::NoCandidate),
        })
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("oneflow", &self.oneflow)
            .field("teamtailor", &self.teamtailor)
            .field("ledger", &self.ledger)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
