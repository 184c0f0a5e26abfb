//! Creates a planned contract, once per request id.

use oneflow_client::{
    ContractId, OneflowClient,
    contracts::{Contract, ContractState, GetContract, ListContracts, PublishContract},
};
use smartsync_transport::{Error, Lenient};

use super::{
    engine_error::EngineError, leases::HeldLease, plan_creation::refuse_forgotten, refusal::had_no_effect,
};
use crate::{
    contract::ContractSnapshot,
    creation::{
        CreationPlan, FirstBase, Prefilled, base_when_adopted, base_when_made, hides_values,
        outcomes_when_adopted, outcomes_when_made,
    },
    keys::SyncKeys,
    ledger::{Creation, FieldDigests, Ledger, LedgerChange, RequestId},
    link::LinkToken,
    mapping::{LinkMethod, Mapping},
    outcome::FieldOutcome,
};

/// An earlier attempt is searched for among 1,000 contracts: contracts per page, and pages. Oneflow chooses which:
/// neither the order of a list nor sorting it by time of creation is documented.
const PAGE_SIZE: u32 = 100;
const MAX_PAGES: u32 = 10;
/// How many contracts are read one by one because the list left out their parties.
const MAX_SINGLE_READS: usize = 20;

/// A contract that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedContract {
    /// The contract.
    pub contract: ContractId,
    /// Whether an earlier attempt with the same request id had created it.
    pub is_adopted: bool,
    /// Whether it was sent, by this call or before.
    pub is_published: bool,
    /// Every mapped field with its outcome, by what the contract holds: [`Outcome::Written`](crate::Outcome::Written)
    /// is in it, [`Reason::NotAcceptedByOneflow`](crate::Reason::NotAcceptedByOneflow) was sent and is not.
    pub outcomes: Vec<FieldOutcome>,
}

/// The name of the lease of a request id.
pub(crate) fn lease_of_creation(request: &RequestId) -> String {
    format!("creation:{request}")
}

/// Creates contracts.
pub(crate) struct Creator<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) mapping: &'a Mapping,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
    pub(crate) lease: &'a HeldLease<'a>,
}

impl Creator<'_> {
    /// Creates a planned contract, and sends it if that was asked for.
    pub(crate) async fn create(&self, plan: CreationPlan) -> Result<CreatedContract, EngineError> {
        let request = &plan.request;
        refuse_forgotten(self.ledger, request).await?;
        let intent = Creation::Intended { candidate: request.candidate.clone(), template: request.template };
        let released =
            Creation::Released { candidate: request.candidate.clone(), template: request.template };
        match self.ledger.load_creation(&request.request_id).await? {
            Some(known) if *known.candidate() != request.candidate => return Err(EngineError::RequestReused),
            Some(Creation::Created { contract, .. }) => return self.adopt(&plan, contract).await,
            Some(known) if known == intent => {
                let found = self.find_made(&plan).await?.ok_or(EngineError::CreationUnknown)?;
                return self.adopt(&plan, found).await;
            }
            Some(known) if known == released => {}
            Some(_) => return Err(EngineError::RequestReused),
            None => {}
        }
        if !self.lease.is_ours().await? {
            return Err(EngineError::LeasedElsewhere);
        }
        self.ledger.save_creation(&request.request_id, &intent).await?;
        // Forgetting may have happened in between, and has erased or dropped the intent.
        let refused = refuse_forgotten(self.ledger, request).await;
        // The ledger took its time, or the process stood still: another may create with this request id by now. It rests on the intent, or has
        // noted the same for itself, so the intent stays. Whoever has the lease after it was noted is alone: the next one finds it.
        if !self.lease.is_ours().await? {
            return Err(EngineError::LeasedElsewhere);
        }
        if let Err(error) = refused {
            self.ledger.save_creation(&request.request_id, &released).await?;
            return Err(error);
        }
        let contract = match self.oneflow.send(&plan.operation).await {
            Ok(contract) => contract,
            Err(error) => {
                if had_no_effect(&error) {
                    self.ledger.save_creation(&request.request_id, &released).await?;
                }
                return Err(error.into());
            }
        };
        let contract = self.seen_whole(contract, &plan).await;
        let made = ContractSnapshot::read(&contract);
        self.bind(&plan, contract.id, |field| base_when_made(&made, field)).await?;
        let is_published = self.publish(&plan, &contract).await?;
        let outcomes = outcomes_when_made(&made, &plan);
        Ok(CreatedContract { contract: contract.id, is_adopted: false, is_published, outcomes })
    }

    /// The contract, read once more if values in the answer are unreadable: without a base, the first look could
    /// write what the contract was created with over an edit of the card.
    async fn seen_whole(&self, made: Contract, plan: &CreationPlan) -> Contract {
        if !hides_values(&ContractSnapshot::read(&made), plan) {
            return made;
        }
        match self.oneflow.send_opt(&GetContract::new(made.id)).await {
            Ok(Some(contract)) => contract,
            Ok(None) | Err(_) => made,
        }
    }

    /// Adopts what an earlier attempt created, and finishes it.
    async fn adopt(&self, plan: &CreationPlan, id: ContractId) -> Result<CreatedContract, EngineError> {
        let contract = self.oneflow.send_opt(&GetContract::new(id)).await?;
        let contract = contract.ok_or(EngineError::CreatedAndGone { contract: id })?;
        let template = contract.private_ownerside.as_ref().and_then(|private| private.template_id);
        if template.is_some_and(|template| template != plan.request.template) {
            return Err(EngineError::RequestReused);
        }
        let found = ContractSnapshot::read(&contract);
        if hides_values(&found, plan) {
            return Err(EngineError::of_unreadable("Oneflow", "data_fields"));
        }
        self.bind(plan, id, |field| base_when_adopted(&found, field)).await?;
        let is_published = self.publish(plan, &contract).await?;
        let outcomes = outcomes_when_adopted(&found, plan);
        Ok(CreatedContract { contract: id, is_adopted: true, is_published, outcomes })
    }

    /// Records whose contract it is and the `base` of each field, then that it was created.
    async fn bind(
        &self,
        plan: &CreationPlan,
        contract: ContractId,
        base: impl Fn(&Prefilled) -> FirstBase,
    ) -> Result<(), EngineError> {
        let known = self.ledger.load(contract).await?.candidate;
        if known.is_some_and(|bound| bound != plan.request.candidate) {
            return Err(EngineError::RequestReused);
        }
        let change = LedgerChange::new(contract, plan.request.candidate.clone());
        let mut change = change.bind(Some(LinkMethod::ParticipantCustomId));
        for field in &plan.prefilled {
            if let FirstBase::Agreed(value) = base(field) {
                let (target, kind) = (&field.target, field.format.kind());
                let digests = FieldDigests::new(self.keys, contract, &field.data_field, target, kind);
                // A look may have been faster. What it found agreed is newer than what the contract was created with.
                change = change.first_base(&field.data_field, digests.of(value.as_ref()));
                if let Some((on_card, ours)) = field.outdated.clone().filter(|_| value == field.value) {
                    change = change.outdate(on_card, ours);
                }
            }
        }
        if !change.is_empty() {
            // Nothing on a card is overwritten, so there is no limit to reach.
            self.ledger.update(&change).await?;
        }
        let created = Creation::Created { candidate: plan.request.candidate.clone(), contract };
        self.ledger.save_creation(&plan.request.request_id, &created).await?;
        Ok(())
    }

    async fn publish(&self, plan: &CreationPlan, contract: &Contract) -> Result<bool, EngineError> {
        // Oneflow refuses to send a contract twice.
        let is_sent = was_sent(contract);
        let Some(message) = plan.request.publish.as_ref().filter(|_| !is_sent) else {
            return Ok(is_sent);
        };
        // A candidate who was forgotten since is not invited.
        if self.ledger.is_forgotten(&plan.request.candidate).await? {
            return Err(EngineError::NotPublished { contract: contract.id, source: None });
        }
        // Another process may be about to send it, or has done so.
        if !self.lease.is_ours().await? {
            return Err(EngineError::NotPublished { contract: contract.id, source: None });
        }
        let publish = PublishContract::new(contract.id, message.clone());
        match self.oneflow.send(&publish).await {
            Ok(answer) if was_sent(&answer) => Ok(true),
            // The answer may show an earlier moment, or not say.
            Ok(_) => self.check_sent(contract.id).await,
            Err(source) => Err(EngineError::NotPublished { contract: contract.id, source: Some(source) }),
        }
    }

    /// Whether the contract says that it was sent.
    async fn check_sent(&self, contract: ContractId) -> Result<bool, EngineError> {
        match self.oneflow.send(&GetContract::new(contract)).await {
            Ok(now) if was_sent(&now) => Ok(true),
            Ok(_) => Err(EngineError::NotPublished { contract, source: None }),
            Err(source) => Err(EngineError::NotPublished { contract, source: Some(source) }),
        }
    }

    /// The contract that an earlier attempt created, found by the token it carries. With a data field for the token
    /// the search is exact: Oneflow then lists the contracts that hold it. Without one, it may miss the contract in
    /// an account with more than 1,000; a person then has to look for it. It is never created twice.
    async fn find_made(&self, plan: &CreationPlan) -> Result<Option<ContractId>, Error> {
        let list = ListContracts::new().limit(PAGE_SIZE);
        let Some(key) = self.mapping.sync.token_field() else {
            return self.find_among(list, &plan.token).await;
        };
        // The first attempt may have been before a rotation of keys.
        for text in plan.token.signed_by_each(self.keys) {
            let found =
                self.find_among(list.clone().data_field_match(format!("{key}:{text}")), &plan.token).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The contract on this list that carries the token, among the first 1,000 in Oneflow's own order.
    async fn find_among(&self, list: ListContracts, token: &LinkToken) -> Result<Option<ContractId>, Error> {
        let mut without_parties = Vec::new();
        for page in 0..MAX_PAGES {
            let answer = self.oneflow.send(&list.clone().offset(page * PAGE_SIZE)).await?;
            for contract in answer.data.iter().map(Lenient::as_result).filter_map(Result::ok) {
                if self.carries(contract, token) {
                    return Ok(Some(contract.id));
                }
                if contract.parties.is_empty() {
                    without_parties.push(contract.id);
                }
            }
            if answer.data.len() < PAGE_SIZE as usize {
                break;
            }
        }
        for id in without_parties.into_iter().take(MAX_SINGLE_READS) {
            if let Some(contract) = self.oneflow.send_opt(&GetContract::new(id)).await?
                && self.carries(&contract, token)
            {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Whether the contract carries this very token, signed by any key of ours.
    fn carries(&self, contract: &Contract, token: &LinkToken) -> bool {
        let participants = contract.counterparty_participants();
        let custom_ids = participants
            .filter_map(|(_, participant)| participant.private_ownerside.as_ref()?.custom_id.as_deref());
        let in_field = contract
            .data_fields
            .iter()
            .filter(|field| field.key().is_some() && field.key() == self.mapping.sync.token_field());
        let texts = custom_ids.chain(in_field.filter_map(|field| field.value.as_deref()));
        texts.filter_map(|text| LinkToken::verify(text, self.keys)).any(|found| found.as_ref() == Ok(token))
    }
}

/// Whether the contract is in a state that it only reaches by being sent. A state that is unknown or missing may be
/// any.
fn was_sent(contract: &Contract) -> bool {
    matches!(
        contract.state,
        Some(
            ContractState::Pending | ContractState::Signed | ContractState::Declined | ContractState::Overdue
        )
    )
}
