//! The engine: reads, plans, applies. It does the reading here; pure functions do the deciding.

mod accounts;
mod apply;
mod apply_progress;
mod before_write;
mod bound_by_creation;
mod builder;
mod candidate_by_email;
mod change_limit;
mod clock;
mod contract_turn;
mod create;
mod definitions_cache;
mod document;
mod document_host;
mod engine_error;
mod find_candidate;
mod leases;
#[cfg(feature = "test-util")]
mod leases_conformance;
mod link_by_hand;
mod other_contracts;
mod pair_cache;
mod plan_creation;
mod planner;
mod public_address;
mod read_candidate;
mod read_definitions;
mod read_schemas;
mod readable_items;
mod refusal;
mod report;
mod report_json;
mod resolved;
mod send_write;
mod shared_reads;
#[cfg(all(feature = "system-clock", not(target_arch = "wasm32")))]
mod system_clock;
mod trust;
mod turns;
mod write_fields;

use std::{fmt, future::ready, sync::Arc};

use oneflow_client::{ContractId, OneflowClient};
use teamtailor_client::{CandidateId, TeamtailorClient};

#[cfg(feature = "test-util")]
pub use self::leases_conformance::{LeaseFault, leases_conformance};
#[cfg(all(feature = "system-clock", not(target_arch = "wasm32")))]
pub use self::system_clock::SystemClock;
use self::{
    accounts::AccountCheck, apply::Applier, apply::account_refusal, apply_progress::ApplyProgress,
    before_write::BeforeWrite, change_limit::ChangeCounter, change_limit::Overwritten, clock::OptionalClock,
    contract_turn::ContractTurn, create::Creator, create::lease_of_creation,
    definitions_cache::DefinitionsCache, document::Documents, find_candidate::CandidateFinder,
    leases::HeldLease, leases::OptionalLeases, other_contracts::ContractReader,
    plan_creation::CreationPlanner, planner::Planner, turns::Turns, write_fields::FieldWriter,
};
pub use self::{
    builder::EngineBuilder,
    change_limit::ChangeLimit,
    clock::Clock,
    create::CreatedContract,
    document_host::{DocumentHost, DocumentHostError, SignedDocument},
    engine_error::EngineError,
    leases::{Lease, Leases},
    link_by_hand::{LinkError, LinkedByHand},
    report::{Next, Report, Retry},
    resolved::{Decision, Resolved},
    shared_reads::SharedReads,
};
use crate::{
    creation::{ContractRequest, CreationPlan},
    keys::SyncKeys,
    ledger::{DocumentRecord, Ledger, LedgerChange, RequestId},
    mapping::Mapping,
    outcome::{Outcome, Reason},
    plan::{Plan, Resolution},
};

/// Keeps candidates and contracts in step. Share it in an [`Arc`]: its only state is a cache of definitions, a count
/// of what it has overwritten, and who is working on which contract.
///
/// Call it as often and from as many tasks as you like: only one caller at a time writes for a contract. If several
/// engines share a ledger, in one process or in many, give them [`Leases`].
pub struct Engine {
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    mapping: Arc<Mapping>,
    ledger: Arc<dyn Ledger>,
    keys: SyncKeys,
    clock: OptionalClock,
    document_host: Option<Arc<dyn DocumentHost>>,
    max_document_bytes: usize,
    change_limit: ChangeLimit,
    overwritten: Overwritten,
    accounts: AccountCheck,
    definitions: DefinitionsCache,
    leases: OptionalLeases,
    contracts_in_turn: Turns<ContractId, ContractTurn>,
    creations_in_turn: Turns<RequestId, async_lock::Mutex<()>>,
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
        EngineBuilder::new(oneflow, teamtailor, mapping, ledger, keys)
    }

    /// Looks at a contract: plans, and carries the plan out. Returns one outcome per mapped field, and how the signed
    /// document ended.
    ///
    /// Call it for each notification, once that is answered. While one caller looks at the contract, others wait, and
    /// all who wait share one more look and its report: three notifications at once cost two looks, and attach a
    /// document once. Dropping the future ends its look; what was begun is in the ledger.
    ///
    /// ```
    /// use smartsync_core::{ContractId, Engine};
    ///
    /// async fn look(engine: &Engine, contract: ContractId) {
    ///     match engine.sync(contract).await {
    ///         Ok(report) => {
    ///             for field in report.unsettled() {
    ///                 println!("{contract}: {} was not written: {:?}", field.data_field, field.reason());
    ///             }
    ///         }
    ///         Err(error) if error.is_retryable() => println!("{contract}: {error}; again in {:?}", error.retry_after()),
    ///         Err(error) => println!("{contract}: {error}"),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read; [`EngineError::LeasedElsewhere`] when another
    /// engine has the contract's lease (see [`Leases`]); [`EngineError::Shared`] for the error of a look that several
    /// callers waited for.
    pub async fn sync(&self, contract: ContractId) -> Result<Report, EngineError> {
        let turn = self.contracts_in_turn.of(&contract);
        turn.share(self.look(contract)).await
    }

    /// Reads the contract and its candidate and decides what to write. Writes nothing, neither to a service nor to
    /// the ledger: dropping the plan is a dry run.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan(&self, contract: ContractId) -> Result<Plan, EngineError> {
        self.planner().plan(contract, None, &[]).await
    }

    /// The same for one of many contracts that are planned one after the other. What an earlier call with the same
    /// `reads` has read of a candidate's *other* contracts is used again for 15 s; without that, a candidate with n
    /// contracts costs n² reads. The contract itself is always read. The plan is as old as the oldest of its reads,
    /// so what is read before a write is as fresh as ever. Without a clock nothing is shared.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan_with_shared_reads(
        &self,
        contract: ContractId,
        reads: &SharedReads,
    ) -> Result<Plan, EngineError> {
        self.planner().plan(contract, Some(reads), &[]).await
    }

    /// The plan with what a person has decided on fields that are held: a dry run of [`resolve`](Self::resolve). What it could not
    /// follow is in [`Plan::unresolved`]; the plan without the decisions is [`Plan::undecided`].
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan_resolved(
        &self,
        contract: ContractId,
        resolutions: &[Resolution],
    ) -> Result<Plan, EngineError> {
        self.planner().plan(contract, None, resolutions).await
    }

    /// Looks at a contract as [`sync`](Self::sync) does, with what a person has decided on fields that are held: a conflict, a first
    /// sight, a write that was cut off, or what the limit of changes held back. Whatever else is held stays so.
    ///
    /// `seen` is the [hash](Plan::hash) of the plan that the person was shown. If contract or card are not as they were shown, nothing
    /// is written at all ([`Resolved::Stale`]). Without it, the decisions are about whatever there is now.
    ///
    /// ```
    /// use smartsync_core::{ContractId, Engine, EngineError, engine::Resolved, plan::{Resolution, Take}};
    ///
    /// async fn keep_the_card(engine: &Engine, contract: ContractId) -> Result<(), EngineError> {
    ///     let shown = engine.plan(contract).await?;
    ///     let decided = [Resolution::new("custom:start-date", Take::Card)];
    ///     match engine.resolve(contract, &decided, Some(shown.hash())).await? {
    ///         Resolved::Applied { report, .. } => println!("{} fields are left", report.unsettled().count()),
    ///         Resolved::Stale(plan) => println!("something has changed: {plan:?}"),
    ///         Resolved::Refused(plan) => println!("nobody can decide that: {:?}", plan.unresolved()),
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`sync`](Self::sync).
    pub async fn resolve(
        &self,
        contract: ContractId,
        resolutions: &[Resolution],
        seen: Option<&str>,
    ) -> Result<Resolved, EngineError> {
        self.resolve_told(contract, resolutions, seen, |_| ready(Ok(()))).await
    }

    /// The same for a host that keeps a record of decisions: `tell` is called with those that will be carried out, before anything is written. If
    /// it fails, nothing is written. It is not called for decisions that are not carried out at all.
    ///
    /// # Errors
    ///
    /// As [`resolve`](Self::resolve), and what `tell` fails with.
    pub async fn resolve_told<E, T>(
        &self,
        contract: ContractId,
        resolutions: &[Resolution],
        seen: Option<&str>,
        tell: impl FnOnce(Decision) -> T,
    ) -> Result<Resolved, E>
    where
        E: From<EngineError>,
        T: Future<Output = Result<(), E>>,
    {
        let turn = self.contracts_in_turn.of(&contract);
        let _alone = turn.alone().await;
        let lease = self.lease(contract).await?;
        lease.during(self.decide(contract, resolutions, seen, tell, &lease)).await
    }

    async fn decide<E, T>(
        &self,
        contract: ContractId,
        resolutions: &[Resolution],
        seen: Option<&str>,
        tell: impl FnOnce(Decision) -> T,
        lease: &HeldLease<'_>,
    ) -> Result<Resolved, E>
    where
        E: From<EngineError>,
        T: Future<Output = Result<(), E>>,
    {
        let plan = self.plan_resolved(contract, resolutions).await?;
        let now = plan.undecided().hash().to_owned();
        if seen.is_some_and(|seen| seen != now) {
            return Ok(Resolved::Stale(Box::new(plan.into_undecided())));
        }
        if !plan.unresolved().is_empty() {
            return Ok(Resolved::Refused(Box::new(plan)));
        }
        // What was read from another account must not even be told.
        if plan.candidate.is_some() {
            self.check_accounts().await?;
        }
        let decided = plan.decided().to_vec();
        let candidate = plan.candidate.clone();
        tell(Decision { candidate, seen: now.clone(), fields: decided.clone() }).await?;
        let report = Box::new(self.carry_out(plan, lease).await);
        Ok(Resolved::Applied { report, seen: now, decided })
    }

    /// Carries out a plan: the fewest requests, and one outcome per mapped field. Whatever goes wrong is in the
    /// report.
    ///
    /// It is safe to run again, also after a crash: every attempt is in the ledger, a field that was written is found
    /// equal, a document that was attached is known by its id. Before each write, contract and card are read again
    /// unless that was less than 30 s ago, and what is not as the plan saw it is held. Only one caller at a time
    /// writes for a contract: of two plans made at once, the second finds what the first has written.
    ///
    /// A plan of an engine for other accounts, or with another key, fails as a whole
    /// ([`Reason::PlanOfAnotherEngine`]), without a request. With the credentials of another account than the keys
    /// are for ([`SyncKeys::for_accounts`](crate::SyncKeys::for_accounts)), nothing is written
    /// ([`Reason::OtherAccount`]).
    pub async fn apply(&self, plan: Plan) -> Report {
        let turn = self.contracts_in_turn.of(&plan.contract);
        let _alone = turn.alone().await;
        let lease = match self.leases.try_acquire(&lease_of_contract(plan.contract)).await {
            Ok(Some(lease)) => lease,
            // Another process is looking at the contract.
            Ok(None) => return not_applied(plan, Outcome::Held(Reason::ChangedMeanwhile)),
            Err(_) => return not_applied(plan, Outcome::Failed(Reason::LedgerFailed)),
        };
        lease.during(self.carry_out(plan, &lease)).await
    }

    async fn look(&self, contract: ContractId) -> Result<Report, EngineError> {
        let lease = self.lease(contract).await?;
        lease.during(async { Ok(self.carry_out(self.plan(contract).await?, &lease).await) }).await
    }

    async fn carry_out(&self, plan: Plan, lease: &HeldLease<'_>) -> Report {
        if plan.tenant != self.keys.tenant_tag() {
            return ApplyProgress::new(plan).refuse_all(Reason::PlanOfAnotherEngine);
        }
        // What was read from another account must not even be stored.
        if plan.candidate.is_some()
            && let Err(error) = self.check_accounts().await
        {
            let mut progress = ApplyProgress::new(plan);
            progress.stop(account_refusal(&error));
            return progress.report();
        }
        let before = self.before_write(lease);
        let (report, definitions_are_outdated) = self.applier(&before).apply(plan).await;
        if definitions_are_outdated {
            self.definitions.forget();
        }
        report
    }

    /// Reads the candidate, the template and the workspace and decides what the contract will be created with.
    /// Creates nothing. If a custom field or an option is unknown, Teamtailor's definitions are read again first.
    ///
    /// # Errors
    ///
    /// [`EngineError::Preflight`] with everything that stands in the way; else when a service or the ledger could not be
    /// read.
    pub async fn plan_contract(&self, request: &ContractRequest) -> Result<CreationPlan, EngineError> {
        let Self { oneflow, teamtailor, mapping, keys, definitions, .. } = self;
        let ledger = &*self.ledger;
        CreationPlanner { oneflow, teamtailor, mapping, ledger, keys, definitions }.plan(request).await
    }

    /// Creates a planned contract, and sends it if that was asked for. One request id creates at most one contract:
    /// the intent is in the ledger before the request goes out, and a second attempt looks for what the first one
    /// created. Two attempts at once come one after the other.
    ///
    /// # Errors
    ///
    /// [`EngineError::Preflight`] when the candidate was forgotten since the plan was made;
    /// [`EngineError::CreationUnknown`] when an earlier attempt may have created the contract and it is not found: up
    /// to 1,000 contracts are searched, in Oneflow's own order or, if a data field holds the link token, of those
    /// that hold it;
    /// [`EngineError::CreatedAndGone`] when an earlier attempt created it and it is not there any more;
    /// [`EngineError::AnswerUnreadable`] when the values of a contract from an earlier attempt could not be read;
    /// [`EngineError::RequestReused`] when the request id belongs to another candidate or template;
    /// [`EngineError::PlanOfAnotherEngine`] when an engine for other accounts, or with another key, made the plan;
    /// [`EngineError::OtherAccount`] when the credentials belong to another account, and
    /// [`EngineError::AccountUnknown`] when that is not known;
    /// [`EngineError::NotPublished`] when it was created but not sent; else when a service or the ledger failed.
    pub async fn create(&self, plan: CreationPlan) -> Result<CreatedContract, EngineError> {
        if plan.tenant != self.keys.tenant_tag() {
            return Err(EngineError::PlanOfAnotherEngine);
        }
        self.check_accounts().await?;
        let turn = self.creations_in_turn.of(&plan.request.request_id);
        let _alone = turn.lock().await;
        let lease = self.leases.acquire(&lease_of_creation(&plan.request.request_id)).await?;
        let Self { oneflow, mapping, keys, .. } = self;
        let creator = Creator { oneflow, mapping, ledger: &*self.ledger, keys, lease: &lease };
        lease.during(creator.create(plan)).await
    }

    /// Records that the contract is the candidate's. From then on no link in the contract says otherwise, whether it
    /// is forged, signed with a lost key or signed for another candidate. Neither service is changed; the next look
    /// does what is to be done.
    ///
    /// A contract of another candidate is reassigned only with `reassign`; its fields then count as seen for the
    /// first time.
    ///
    /// # Errors
    ///
    /// [`LinkError`].
    pub async fn link_by_hand(
        &self,
        contract: ContractId,
        candidate: &CandidateId,
        reassign: bool,
    ) -> Result<LinkedByHand, LinkError> {
        self.check_accounts().await?;
        // A look that is under way would write for the previous candidate.
        let turn = self.contracts_in_turn.of(&contract);
        let _alone = turn.alone().await;
        let lease = self.lease(contract).await?;
        lease.during(self.candidates().link_by_hand(contract, candidate, reassign)).await
    }

    /// Withdraws an upload whose outcome is unknown ([`Reason::UploadUnknown`]), so that the next look attaches the
    /// document: for a person who has looked at the card and found no copy. Returns whether there was one to
    /// withdraw.
    ///
    /// # Errors
    ///
    /// [`EngineError::Ledger`] when the ledger cannot be read or written.
    pub async fn attach_again(&self, contract: ContractId) -> Result<bool, EngineError> {
        let turn = self.contracts_in_turn.of(&contract);
        let _alone = turn.alone().await;
        let lease = self.lease(contract).await?;
        lease.during(self.take_back_upload(contract)).await
    }

    async fn take_back_upload(&self, contract: ContractId) -> Result<bool, EngineError> {
        let entry = self.ledger.load(contract).await?;
        let (Some(candidate), Some(DocumentRecord::Intended)) = (entry.candidate, entry.document) else {
            return Ok(false);
        };
        let change = LedgerChange::new(contract, candidate).document(None);
        self.ledger.update(&change).await?;
        Ok(true)
    }

    /// Asks both services, once, whether the credentials belong to the accounts that the keys were made for. The
    /// engine does so by itself before it writes or stores anything; a host that wants to know earlier calls this.
    /// Keys without accounts are not checked.
    ///
    /// # Errors
    ///
    /// [`EngineError::OtherAccount`], and those of [`Accounts::read`](crate::Accounts::read): then nothing may be
    /// written, and the next call asks again.
    pub async fn check_accounts(&self) -> Result<(), EngineError> {
        self.accounts.run(&self.oneflow, &self.teamtailor, &self.keys).await
    }

    /// Gives back what its clients have of a limit that several processes keep
    /// ([`leave_shared_limit`](smartsync_transport::ApiClient::leave_shared_limit)): for the end of a process.
    pub async fn leave_shared_limits(&self) {
        self.oneflow.leave_shared_limit().await;
        self.teamtailor.leave_shared_limit().await;
    }

    fn candidates(&self) -> CandidateFinder<'_> {
        let Self { oneflow, teamtailor, mapping, keys, .. } = self;
        CandidateFinder { oneflow, teamtailor, mapping, ledger: &*self.ledger, keys }
    }

    fn contracts(&self) -> ContractReader<'_> {
        ContractReader { oneflow: &self.oneflow, clock: &self.clock }
    }

    fn planner(&self) -> Planner<'_> {
        let Self { oneflow, mapping, keys, clock, definitions, .. } = self;
        let (candidates, contracts) = (self.candidates(), self.contracts());
        Planner { oneflow, mapping, ledger: &*self.ledger, keys, clock, definitions, candidates, contracts }
    }

    async fn lease(&self, contract: ContractId) -> Result<HeldLease<'_>, EngineError> {
        self.leases.acquire(&lease_of_contract(contract)).await
    }

    fn before_write<'a>(&'a self, lease: &'a HeldLease<'a>) -> BeforeWrite<'a> {
        let Self { oneflow, teamtailor, definitions, keys, clock, .. } = self;
        let contracts = self.contracts();
        BeforeWrite { oneflow, teamtailor, definitions, ledger: &*self.ledger, keys, clock, contracts, lease }
    }

    fn applier<'a>(&'a self, before: &'a BeforeWrite<'a>) -> Applier<'a> {
        let Self { oneflow, teamtailor, mapping, keys, clock, overwritten, .. } = self;
        let (ledger, host) = (&*self.ledger, self.document_host.as_deref());
        let changes = ChangeCounter { ledger, clock, limit: self.change_limit, overwritten };
        let fields = FieldWriter { teamtailor, ledger, keys, before, changes };
        let max_bytes = self.max_document_bytes;
        let documents = Documents { oneflow, teamtailor, ledger, keys, host, max_bytes, before };
        Applier { ledger, mapping, before, fields, documents }
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

/// The name of a contract's lease.
fn lease_of_contract(contract: ContractId) -> String {
    format!("contract:{contract}")
}

/// The report of a plan that was not carried out.
fn not_applied(plan: Plan, outcome: Outcome) -> Report {
    let mut progress = ApplyProgress::new(plan);
    progress.give_up(outcome, Next::Retry(Retry::default()));
    progress.report()
}
