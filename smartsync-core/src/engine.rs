//! The engine: reads, plans, applies. The reading is here; the deciding is in pure functions.

mod accounts;
mod apply;
mod apply_progress;
mod before_write;
mod bound_by_creation;
mod builder;
mod candidate_by_email;
mod change_limit;
mod clock;
mod create;
mod definitions_cache;
mod document;
mod document_host;
mod engine_error;
mod find_candidate;
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
mod send_write;
mod shared_reads;
mod trust;
mod write_fields;

use std::{fmt, sync::Arc};

use oneflow_client::{ContractId, OneflowClient};
use teamtailor_client::{CandidateId, TeamtailorClient};

use self::{
    accounts::AccountCheck, apply::Applier, apply::account_refusal, apply_progress::ApplyProgress,
    before_write::BeforeWrite, change_limit::ChangeCounter, change_limit::Overwritten, clock::OptionalClock,
    create::Creator, definitions_cache::DefinitionsCache, document::Documents,
    find_candidate::CandidateFinder, other_contracts::ContractReader, plan_creation::CreationPlanner,
    planner::Planner, write_fields::FieldWriter,
};
pub use self::{
    builder::EngineBuilder,
    change_limit::ChangeLimit,
    clock::Clock,
    create::CreatedContract,
    document_host::{DocumentHost, DocumentHostError, SignedDocument},
    engine_error::EngineError,
    link_by_hand::{LinkError, LinkedByHand},
    report::{Next, Report, Retry},
    shared_reads::SharedReads,
};
use crate::{
    creation::{ContractRequest, CreationPlan},
    keys::SyncKeys,
    ledger::{DocumentRecord, Ledger, LedgerChange},
    mapping::Mapping,
    outcome::Reason,
    plan::Plan,
};

/// Keeps candidates and contracts in step. Share it behind an [`Arc`]; it has no state but a cache of definitions and a count of what
/// it has overwritten.
///
/// One contract is to be processed by one caller at a time.
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

    /// Reads the contract and its candidate and decides what there is to write. Writes nothing, neither to a service nor
    /// to the ledger: dropping the plan is a dry run.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan(&self, contract: ContractId) -> Result<Plan, EngineError> {
        self.planner().plan(contract, None).await
    }

    /// The same for one of many contracts that are looked at one after the other: of a candidate's *other* contracts, it takes what
    /// an earlier look with the same `reads` has read, for 15 s. Without it, a candidate with n contracts costs n² reads. The
    /// contract itself is always read. The plan is as old as the oldest of what it rests on, so what is read before a write is as
    /// fresh as ever. Without a clock nothing is shared.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when a service or the ledger could not be read.
    pub async fn plan_with_shared_reads(
        &self,
        contract: ContractId,
        reads: &SharedReads,
    ) -> Result<Plan, EngineError> {
        self.planner().plan(contract, Some(reads)).await
    }

    /// Carries out a plan: the fewest requests, and one outcome per mapped field. What goes wrong is in the report.
    ///
    /// It is safe to run again, also after a crash: what was begun is in the ledger, a field that was written is found equal,
    /// a document that was attached is known by its id. Before each write, contract and card are read again unless that was
    /// less than 30 s ago, and what is not as the plan saw it is held.
    ///
    /// A plan of an engine for other accounts, or with another key, fails as a whole ([`Reason::PlanOfAnotherEngine`]), without a
    /// request. Credentials of another account than the keys are made for ([`SyncKeys::for_accounts`](crate::SyncKeys::for_accounts)) write
    /// nothing ([`Reason::OtherAccount`]).
    pub async fn apply(&self, plan: Plan) -> Report {
        if plan.tenant != self.keys.tenant_tag() {
            return ApplyProgress::new(plan).refuse_all(Reason::PlanOfAnotherEngine);
        }
        // What was read of another account must not even be remembered.
        if plan.candidate.is_some()
            && let Err(error) = self.check_accounts().await
        {
            let mut progress = ApplyProgress::new(plan);
            progress.stop(account_refusal(&error));
            return progress.report();
        }
        let before = self.before_write();
        let (report, definitions_are_outdated) = self.applier(&before).apply(plan).await;
        if definitions_are_outdated {
            self.definitions.forget();
        }
        report
    }

    /// Reads the candidate, the template and the workspace and decides what the contract will be made of. Makes nothing.
    /// Where a custom field or an option is not known, Teamtailor's are read again first.
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

    /// Makes a planned contract, and sends it if that was asked for. Under one request id it makes at most one: the
    /// intent is in the ledger before the request goes out, and a second try looks for what the first has made. One
    /// request id is to be tried by one caller at a time.
    ///
    /// # Errors
    ///
    /// [`EngineError::Preflight`] when the candidate was forgotten since the plan was made;
    /// [`EngineError::CreationUnknown`] when an earlier try may have made the contract and it is not found: up to 1,000
    /// contracts are searched, in Oneflow's own order or, where a data field holds the link token, of those that hold it;
    /// [`EngineError::CreatedAndGone`] when an earlier try has made it and it is not there any more;
    /// [`EngineError::AnswerUnreadable`] when what the contract of an earlier try holds could not be read;
    /// [`EngineError::RequestReused`] when the request id belongs to another candidate or template;
    /// [`EngineError::PlanOfAnotherEngine`] when an engine for other accounts, or with another key, has made the plan;
    /// [`EngineError::OtherAccount`] when the credentials are those of another account, and [`EngineError::AccountUnknown`] when that cannot be told;
    /// [`EngineError::NotPublished`] when it was made and not sent; else when a service or the ledger failed.
    pub async fn create(&self, plan: CreationPlan) -> Result<CreatedContract, EngineError> {
        if plan.tenant != self.keys.tenant_tag() {
            return Err(EngineError::PlanOfAnotherEngine);
        }
        self.check_accounts().await?;
        let Self { oneflow, mapping, keys, .. } = self;
        Creator { oneflow, mapping, ledger: &*self.ledger, keys }.create(plan).await
    }

    /// Notes that the contract is the candidate's. From then on no link in the contract says otherwise, be it forged, signed by
    /// a key that was lost, or signed for another candidate. Neither service is changed; the next look does what is to be done.
    ///
    /// A contract of another candidate is reassigned only with `reassign`; its fields are then as if seen for the first time.
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
        self.candidates().link_by_hand(contract, candidate, reassign).await
    }

    /// Takes back an upload whose end is not known ([`Reason::UploadUnknown`]), so that the next look attaches the document: for a
    /// person who has looked at the card and has found no copy. Returns whether there was one to take back.
    ///
    /// # Errors
    ///
    /// [`EngineError::Ledger`] when the ledger cannot be read or written.
    pub async fn attach_again(&self, contract: ContractId) -> Result<bool, EngineError> {
        let entry = self.ledger.load(contract).await?;
        let (Some(candidate), Some(DocumentRecord::Intended)) = (entry.candidate, entry.document) else {
            return Ok(false);
        };
        let change = LedgerChange::new(contract, candidate).document(None);
        self.ledger.update(&change).await?;
        Ok(true)
    }

    /// Asks both services, once, whether the credentials are those of the accounts that the keys were made for. The engine does so by
    /// itself before it writes or remembers anything; a host that wants to know earlier calls this. Keys without accounts are not checked.
    ///
    /// # Errors
    ///
    /// [`EngineError::OtherAccount`], and those of [`Accounts::read`](crate::Accounts::read): then nothing may be written, and the next call asks again.
    pub async fn check_accounts(&self) -> Result<(), EngineError> {
        self.accounts.run(&self.oneflow, &self.teamtailor, &self.keys).await
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

    fn before_write(&self) -> BeforeWrite<'_> {
        let Self { oneflow, teamtailor, definitions, keys, clock, .. } = self;
        let contracts = self.contracts();
        BeforeWrite { oneflow, teamtailor, definitions, ledger: &*self.ledger, keys, clock, contracts }
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
