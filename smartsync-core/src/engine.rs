//! The engine: reads, plans, applies. The reading is here; the deciding is in pure functions.

use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock},
};

use jiff::Timestamp;
use oneflow_client::{
    ContractId, OneflowClient,
    contracts::GetContract,
    webhook::{Verifier, WebhookError},
};
use smartsync_transport::Error;
use teamtailor_client::{CandidateId, TeamtailorClient};

use crate::{
    CandidateSnapshot, CardEntry, ChangeLimit, Clock, ContractReads, ContractSnapshot, Definitions,
    DocumentHost, EngineError, InvalidMapping, Ledger, LedgerEntry, LinkMeans, Mapping, Plan, PlanInput,
    Reason, SyncKeys,
    change_limit::Overwritten,
    contract_reads::ContractRead,
    contract_state::may_speak,
    document::MAX_DOCUMENT_BYTES,
    link::{self, Link},
    notification,
    other_contracts::OtherContracts,
    plan,
};

/// Keeps candidates and contracts in step. Share it behind an [`Arc`]; it has no state but a cache of definitions and a count of what
/// it has overwritten.
///
/// One contract is to be processed by one caller at a time.
pub struct Engine {
    pub(crate) oneflow: OneflowClient,
    pub(crate) teamtailor: TeamtailorClient,
    pub(crate) mapping: Mapping,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) keys: SyncKeys,
    clock: Option<Arc<dyn Clock>>,
    pub(crate) document_host: Option<Arc<dyn DocumentHost>>,
    pub(crate) max_document_bytes: usize,
    pub(crate) change_limit: ChangeLimit,
    pub(crate) overwritten: Overwritten,
    pub(crate) accounts_are_checked: OnceLock<()>,
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
    document_host: Option<Arc<dyn DocumentHost>>,
    max_document_bytes: usize,
    change_limit: ChangeLimit,
}

impl EngineBuilder {
    /// Tells the time by `clock`. Without one, what was read counts as outdated, which costs two requests more for a plan that
    /// changes something, and two for every request that writes, and custom fields are read again only when something unknown turns up;
    /// and a limit of changes per hour is one for the life of the engine.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Has signed documents served by `host` where Oneflow gives no address for them, or where the host wants them all.
    /// Without one, no byte of a document passes through the engine.
    #[must_use]
    pub fn document_host(mut self, host: impl DocumentHost + 'static) -> Self {
        self.document_host = Some(Arc::new(host));
        self
    }

    /// The largest document, in bytes, that a document host is given; by default 25 MiB. A larger one is not attached.
    #[must_use]
    pub fn max_document_bytes(mut self, bytes: usize) -> Self {
        self.max_document_bytes = bytes;
        self
    }

    /// How many values of cards may be overwritten or cleared; by default 50 in an hour.
    #[must_use]
    pub fn change_limit(mut self, limit: ChangeLimit) -> Self {
        self.change_limit = limit;
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
            document_host: self.document_host,
            max_document_bytes: self.max_document_bytes,
            change_limit: self.change_limit,
            overwritten: Overwritten::default(),
            accounts_are_checked: OnceLock::new(),
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
        EngineBuilder {
            oneflow,
            teamtailor,
            mapping,
            ledger,
            keys,
            clock: None,
            document_host: None,
            max_document_bytes: MAX_DOCUMENT_BYTES,
            change_limit: ChangeLimit::default(),
        }
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
        self.plan_with(contract, None).await
    }

    /// The same for one of many contracts that are looked at one after the other: of a candidate's *other* contracts, it takes what
    /// an earlier look with the same `reads` has read, for 15 s. Without it, a candidate with n contracts costs n² reads. The
    /// contract itself is always read. The plan is as old as the oldest of what it rests on, so what is read before a write is as
    /// fresh as ever. Without a clock nothing is shared.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan_sharing(
        &self,
        contract: ContractId,
        reads: &ContractReads,
    ) -> Result<Plan, EngineError> {
        self.plan_with(contract, Some(reads)).await
    }

    async fn plan_with(
        &self,
        contract: ContractId,
        reads: Option<&ContractReads>,
    ) -> Result<Plan, EngineError> {
        // From here on what is read grows old, however long the rest of the reading takes.
        let read_at = self.now();
        let answer = self.oneflow.send_opt(&GetContract::new(contract)).await?;
        let (mut definitions, were_cached) = match self.cached_definitions() {
            Some(definitions) => (definitions, true),
            None => (self.refresh_definitions().await?, false),
        };
        let Some(answer) = answer else {
            return Ok(Plan::without_contract(contract, &self.mapping, &definitions, &self.keys));
        };
        let snapshot = ContractSnapshot::read(&answer);
        if let Some(reads) = reads {
            reads.put(contract, ContractRead { read_at, contract: Some(snapshot.clone()) });
        }
        let mut entry = self.ledger.load(contract).await?;
        if self.was_made_for_bound(&snapshot, &entry).await? {
            entry.linked_by = Some(LinkMeans::Ledger);
        }
        let (candidate, linked_by, card) = match self.find_candidate(&snapshot, &entry).await? {
            Ok(Found { candidate, means, card }) => (Ok(candidate), Some(means), card),
            Err(reason) => (Err(reason), None, CardEntry::default()),
        };
        let others = match &candidate {
            Ok(candidate) => {
                let known = self.ledger.contracts_of(&candidate.id).await?;
                self.read_others(contract, known, reads).await?
            }
            Err(_) => OtherContracts::default(),
        };
        let has_unread_other = others.has_unread;
        let planned = |definitions: &Definitions| {
            let candidate = candidate.as_ref().map_err(|reason| *reason);
            let (mapping, contract, others) = (&self.mapping, &snapshot, others.contracts.as_slice());
            let (entry, card, keys) = (&entry, &card, &self.keys);
            plan(&PlanInput {
                mapping,
                definitions,
                contract,
                others,
                has_unread_other,
                candidate,
                entry,
                card,
                keys,
            })
        };
        let mut plan = planned(&definitions);
        if were_cached
            && (self.meets_unknown(&plan, &snapshot, candidate.as_ref().ok(), &definitions)
                || self.may_write_elsewhere(&plan, &definitions))
        {
            definitions = self.refresh_definitions().await?;
            plan = planned(&definitions);
        }
        plan.definitions = Some(definitions);
        plan.read_at = read_at.map(|read_at| others.oldest.map_or(read_at, |oldest| oldest.min(read_at)));
        plan.linked_by = linked_by;
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

    /// Checks the tokens on the owner side that name the candidate: one of another creation proves nothing.
    async fn check_owner_side(
        &self,
        contract: &ContractSnapshot,
        candidate: &CandidateId,
    ) -> Result<Result<(), Reason>, EngineError> {
        for token in link::owner_side_tokens(contract, &self.keys) {
            if token.candidate == *candidate {
                let creation = self.ledger.load_creation(&token.request).await?;
                if let Err(reason) = link::check_creation(contract.id, &token, creation.as_ref()) {
                    return Ok(Err(reason));
                }
            }
        }
        Ok(Ok(()))
    }

    /// The candidate of a contract, or why nothing may be written for it.
    async fn find_candidate(
        &self,
        contract: &ContractSnapshot,
        entry: &LedgerEntry,
    ) -> Result<Result<Found, Reason>, EngineError> {
        if !may_speak(contract, &self.mapping) || contract.lost("state").is_some() {
            return Ok(Err(Reason::NoCandidate));
        }
        let (candidate, means) = match link::link(contract, entry, &self.mapping.sync, &self.keys) {
            Link::Held(reason) => return Ok(Err(reason)),
            Link::ByEmail => {
                let found = self.find_by_address(contract).await?;
                let found = found.and_then(|found| link::check_known(entry, &found.0).map(|()| found));
                let (candidate, signer) = match found {
                    Ok((found, _)) if self.ledger.is_forgotten(&found.id).await? => {
                        return Ok(Err(Reason::CandidateForgotten));
                    }
                    Ok(found) => found,
                    Err(reason) => return Ok(Err(reason)),
                };
                if let Err(reason) = self.check_owner_side(contract, &candidate.id).await? {
                    return Ok(Err(reason));
                }
                // Last, since it costs a request more: only of an address that would link, and of a contract that nothing is
                // known to have bound yet.
                if !link::is_confirmed(contract, entry, &self.keys)
                    && !self.was_sent_to(contract, signer).await?
                {
                    return Ok(Err(Reason::LinkUnconfirmed));
                }
                let card = self.ledger.load_card(&candidate.id).await?;
                // A list may leave out what the answer for one candidate has, and what the ledger remembers must be older than
                // what is read.
                let is_to_be_read = candidate.is_incomplete
                    || candidate.files.is_none() && contract.is_signed()
                    || card != CardEntry::default();
                let candidate =
                    if is_to_be_read { self.read_candidate(&candidate.id).await? } else { Some(candidate) };
                let found = candidate.ok_or(Reason::CandidateGone);
                return Ok(found.map(|candidate| Found { candidate, means: LinkMeans::Email, card }));
            }
            Link::Bound(candidate, LinkMeans::Ledger) => (candidate, LinkMeans::Ledger),
            Link::Bound(candidate, means) => {
                if let Err(reason) = self.check_owner_side(contract, &candidate).await? {
                    return Ok(Err(reason));
                }
                let is_confirmed = link::is_confirmed(contract, entry, &self.keys);
                if !is_confirmed && !self.was_sent_to_bound(contract, &candidate).await? {
                    return Ok(Err(Reason::LinkUnconfirmed));
                }
                (candidate, means)
            }
            Link::Token(token, means) => {
                let creation = self.ledger.load_creation(&token.request).await?;
                if let Err(reason) = link::check_creation(contract.id, &token, creation.as_ref()) {
                    return Ok(Err(reason));
                }
                (token.candidate, means)
            }
        };
        if self.ledger.is_forgotten(&candidate).await? {
            return Ok(Err(Reason::CandidateForgotten));
        }
        // Before the card itself: what another look writes in between is then on the card that is read, and what the ledger
        // says of it is seen before anything is written.
        let card = self.ledger.load_card(&candidate).await?;
        let found = self.read_candidate(&candidate).await?.ok_or(Reason::CandidateGone);
        Ok(found.map(|candidate| Found { candidate, means, card }))
    }
}

/// The candidate of a contract, by which means it was found, and what was remembered of the card before it was read.
struct Found {
    candidate: CandidateSnapshot,
    means: LinkMeans,
    card: CardEntry,
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
