//! The engine: reads, plans, applies. The reading is here; the deciding is in pure functions.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use oneflow_client::{
    ContractId, GetContract, OneflowClient,
    webhook::{Verifier, WebhookError},
};
use smartsync_transport::{Error, Lenient};
use teamtailor_client::{CandidateId, TeamtailorClient};

use crate::{
    CandidateField, CandidateSnapshot, Clock, ContractSnapshot, Definition, Definitions, EngineError,
    InvalidMapping, Ledger, LedgerEntry, Mapping, Outcome, Plan, PlanInput, Reason, SyncKeys,
    link::{self, Link},
    notification, plan,
};

/// Definitions are trusted this long before something unknown has them read again.
const DEFINITIONS_SECONDS: i64 = 60;
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
    definitions: Mutex<Option<Arc<Definitions>>>,
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
    /// Tells the time by `clock`. Without one, everything read before counts as outdated, which costs a request more per
    /// contract that changes something.
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
        if were_cached && self.meets_unknown(&plan, candidate.as_ref().ok(), &definitions) {
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
        Ok(answer.map(|document| CandidateSnapshot::read(&document.data, &document.included)))
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
                let found = self.find_by_email(contract).await?;
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
                    found.push(CandidateSnapshot::read(candidate, &page.included));
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

    /// Whether the plan met a field or an option that the definitions do not have, and they are old enough to lack it.
    fn meets_unknown(
        &self,
        plan: &Plan,
        candidate: Option<&CandidateSnapshot>,
        definitions: &Definitions,
    ) -> bool {
        let unknown = [Outcome::Failed(Reason::UnknownCustomField), Outcome::Failed(Reason::UnknownOption)];
        let in_plan = plan.outcomes.iter().any(|field| unknown.contains(&field.outcome));
        let on_card =
            candidate.is_some_and(|candidate| candidate.custom.keys().any(|id| !definitions.has(id)));
        let is_fresh = match (self.now(), definitions.read_at()) {
            (Some(now), Some(read_at)) => now.as_second() - read_at.as_second() < DEFINITIONS_SECONDS,
            _ => false,
        };
        (in_plan || on_card) && !is_fresh
    }

    pub(crate) fn cached_definitions(&self) -> Option<Arc<Definitions>> {
        self.definitions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn refresh_definitions(&self) -> Result<Arc<Definitions>, EngineError> {
        let read_at = self.now();
        let definitions = Definitions::read(&self.teamtailor, |field| self.may_use(field), read_at).await?;
        let definitions = Arc::new(definitions);
        *self.definitions.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&definitions));
        Ok(definitions)
    }

    /// Whether the mapping or the convention names this custom field, so that its options are needed.
    fn may_use(&self, field: &Definition) -> bool {
        let name = field.api_name.as_deref().unwrap_or_default();
        let is_named = |mapped: &CandidateField| match mapped {
            CandidateField::Custom(mapped) => mapped == name || mapped == field.id.as_str(),
            CandidateField::Default(_) => false,
        };
        self.mapping.sync.convention && name.starts_with(crate::convention::PREFIX)
            || self.mapping.fields.iter().any(|mapped| is_named(&mapped.teamtailor))
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
