//! What there is to write for one contract: decided from two snapshots and the ledger, without I/O.

mod card_origin;
mod compared;
mod decide;
mod document_on_card;
mod edit_evidence;
mod field_pair;
mod field_sides;
mod input;
mod rank;
mod resolution;
mod step;
mod three_way;
mod unread_pairs;
mod update;
mod write_answer;

use std::{borrow::Cow, collections::BTreeMap, collections::BTreeSet, fmt, sync::Arc};

use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId, contracts::ContractState};
use teamtailor_client::{CandidateId, CustomFieldValueId, UploadId};

use self::{
    compared::Compared, decide::FieldDecision, decide::decide_field, decide::is_due, resolution::assign,
    resolution::is_as_decided, resolution::why_not, unread_pairs::unread_pairs,
};
pub(crate) use self::{
    document_on_card::document_on_card,
    field_pair::{FieldPair, field_pairs, pairs_for},
    rank::{Claim, Claims, PairsOf},
    step::field_writes,
    update::LimitSlot,
    write_answer::{Answered, WriteAnswer},
};
pub use self::{
    edit_evidence::{EditEvidence, FieldTimes, edit_evidence},
    input::PlanInput,
    resolution::{DecidedField, Resolution, Take, Unresolved, WhyUnresolved},
    step::{FieldWrite, Step},
    three_way::{Base, Decision, Sides, State, three_way},
    update::FieldUpdate,
};
use crate::{
    candidate::{CandidateSnapshot, Definitions},
    contract::{ContractSnapshot, no_proposal_reason},
    keys::{DocumentMark, Purpose, SyncKeys, TenantTag},
    ledger::{Agreed, CardEntry, Kept, LedgerEntry},
    link::proof,
    mapping::{ContractScope, FileNameTemplate, LinkMethod, Mapping},
    outcome::{DocumentOutcome, FieldOutcome, Outcome, Reason},
};

/// What there is to write for one contract, and how every mapped field ends.
///
/// A plan is data: it can be shown, compared and thrown away. It cannot be cloned, since it is good for one application
/// only. `Debug` prints no value.
#[derive(PartialEq)]
pub struct Plan {
    pub(crate) contract: ContractId,
    pub(crate) candidate: Option<CandidateId>,
    pub(crate) outcomes: Vec<FieldOutcome>,
    pub(crate) updates: Vec<FieldUpdate>,
    pub(crate) agreed: Vec<Agreed>,
    /// What a person keeps on the card: nothing is sent for it, and the ledger notes it.
    pub(crate) kept: Vec<(FieldUpdate, Kept)>,
    pub(crate) document: DocumentOutcome,
    /// A file that was found to be the document, and that the ledger does not know yet.
    pub(crate) document_found: Option<UploadId>,
    pub(crate) file_name: Option<String>,
    pub(crate) read_at: Option<Timestamp>,
    /// By which method the candidate was found.
    pub(crate) linked_by: Option<LinkMethod>,
    /// Teamtailor's custom fields as they were read for the plan, if the engine has made it.
    pub(crate) definitions: Option<Arc<Definitions>>,
    /// What was remembered of the contract and of the card when the plan was made, and what its application has changed since.
    pub(crate) remembered: Box<(LedgerEntry, CardEntry)>,
    /// The contract that the plan saw, to be found so again before an old plan is applied; `None` if there is nothing to do.
    pub(crate) contract_seen: Option<ContractSnapshot>,
    /// The state of the contract, where the plan saw one.
    pub(crate) state: Option<ContractState>,
    /// When the contract had changed last when it was read.
    pub(crate) last_change: Option<Timestamp>,
    /// The template type of the contract, where the plan saw one.
    pub(crate) template_type: Option<TemplateTypeId>,
    /// The plan as it is without the decisions of a person, if there are any; and those that it could not follow.
    pub(crate) undecided: Option<Box<(Self, Vec<Unresolved>)>>,
    /// The decisions that it follows.
    pub(crate) decided: Vec<DecidedField>,
    /// For which accounts it was made, and under which key.
    pub(crate) tenant: TenantTag,
    hash: String,
}

impl Plan {
    /// The contract.
    #[must_use]
    pub fn contract(&self) -> ContractId {
        self.contract
    }

    /// The candidate, if one was found.
    #[must_use]
    pub fn candidate(&self) -> Option<&CandidateId> {
        self.candidate.as_ref()
    }

    /// By which method the candidate was found, if the engine looked for it. [`LinkMethod::Email`] is an address that a
    /// participant has, not a proof: it may be another candidate's.
    #[must_use]
    pub fn linked_by(&self) -> Option<LinkMethod> {
        self.linked_by
    }

    /// The requests that applying the plan makes, in order. Where Teamtailor refuses some default fields and says which, the
    /// others are sent again, each time without those that it names.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let Some(candidate) = &self.candidate else { return Vec::new() };
        let writes = field_writes(candidate, &self.updates).into_iter().map(|(write, _)| Step::Write(write));
        let document = self.file_name.clone().map(|file_name| Step::AttachDocument {
            contract: self.contract,
            candidate: candidate.clone(),
            file_name,
        });
        writes.chain(document).collect()
    }

    /// The candidate fields that get the contract's value.
    #[must_use]
    pub fn updates(&self) -> &[FieldUpdate] {
        &self.updates
    }

    /// Every mapped field with its outcome; [`Outcome::Written`] means that it will be written.
    #[must_use]
    pub fn outcomes(&self) -> &[FieldOutcome] {
        &self.outcomes
    }

    /// The document; [`DocumentOutcome::Attached`] means that it will be attached.
    #[must_use]
    pub fn document(&self) -> DocumentOutcome {
        self.document
    }

    /// The decisions of a person that the plan could not follow. The fields end there as they do without a decision.
    #[must_use]
    pub fn unresolved(&self) -> &[Unresolved] {
        self.undecided.as_ref().map_or(&[], |undecided| &undecided.1)
    }

    /// The decisions of a person that the plan follows, in the order in which they were given.
    #[must_use]
    pub fn decided(&self) -> &[DecidedField] {
        &self.decided
    }

    /// The fields that the rules write, whatever a person decides on the others: to be shown to whoever decides, since a look comes with each
    /// decision.
    pub fn written_by_rules(&self) -> impl Iterator<Item = &FieldOutcome> {
        let is_decided = |field: &FieldOutcome| {
            self.decided.iter().any(|decided| {
                decided.data_field == field.data_field && decided.candidate_field == field.candidate_field
            })
        };
        self.outcomes.iter().filter(move |field| field.outcome == Outcome::Written && !is_decided(field))
    }

    /// The plan as it is without the decisions of a person: what a person is shown who is to decide, and whose [hash](Self::hash) says
    /// upon what they have decided.
    #[must_use]
    pub fn undecided(&self) -> &Self {
        self.undecided.as_ref().map_or(self, |undecided| &undecided.0)
    }

    /// The same, by value.
    pub(crate) fn into_undecided(self) -> Self {
        match self.undecided {
            Some(undecided) => undecided.0,
            None => self,
        }
    }

    /// When and how what it rests on was read.
    pub(crate) fn was_read(
        &mut self,
        read_at: Option<Timestamp>,
        linked_by: Option<LinkMethod>,
        definitions: &Arc<Definitions>,
    ) {
        if let Some(undecided) = &mut self.undecided {
            undecided.0.was_read(read_at, linked_by, definitions);
        }
        (self.read_at, self.linked_by) = (read_at, linked_by);
        self.definitions = Some(Arc::clone(definitions));
    }

    /// A plan that has nothing that anybody could decide on.
    pub(crate) fn leave_unresolved(mut self, undecided: Self, resolutions: &[Resolution]) -> Self {
        let unresolved = assign(&self.outcomes, |_| false, resolutions).1;
        self.undecided = (!resolutions.is_empty()).then(|| Box::new((undecided, unresolved)));
        self
    }

    /// The template type of the contract, where the plan saw one.
    #[must_use]
    pub fn template_type(&self) -> Option<TemplateTypeId> {
        self.template_type
    }

    /// A fingerprint of what the plan saw and of what it does: of contract, candidate, outcomes, writes, document, and, of each field
    /// that was compared, of both values in normal form and how they relate to the base. Two plans with the same hash do the same, to
    /// the same values, over the same values; one value that changes on either side gives another. 64 hexadecimal digits, keyed with
    /// the host's key, so it tells nothing about the values, and each key and pair of accounts has its own.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// A plan for a contract that is not there: nothing is proposed.
    pub(crate) fn without_contract(
        contract: ContractId,
        mapping: &Mapping,
        definitions: &Definitions,
        keys: &SyncKeys,
    ) -> Self {
        let reason = Reason::ContractGone;
        let pairs = field_pairs(mapping, definitions, &BTreeSet::new(), ContractScope::default());
        let outcomes = pairs.iter().map(|pair| pair.ended(Outcome::Skipped(reason)));
        Draft { outcomes: outcomes.collect(), ..Draft::default() }.finish(
            contract,
            DocumentOutcome::NotDue(reason),
            keys,
        )
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("contract", &self.contract)
            .field("candidate", &self.candidate)
            .field("outcomes", &self.outcomes)
            .field("steps", &self.steps())
            .field("document", &self.document)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

/// Plans one contract. The same input gives the same plan, whatever the order of the mapping's entries.
#[must_use]
pub fn plan(input: &PlanInput<'_>) -> Plan {
    plan_with(input, &|contract| pairs_for(input.mapping, input.definitions, contract))
}

/// The same with pairs that were joined before.
pub(crate) fn plan_with(input: &PlanInput<'_>, pairs_of: &PairsOf<'_>) -> Plan {
    let claims = Claims::new(input.contract, input.others, input.has_unread_other, pairs_of);
    let pairs = pairs_of(input.contract);
    let undecided = plan_pairs(input, &pairs, &claims, &BTreeMap::new());
    if input.resolutions.is_empty() {
        return undecided;
    }
    let may_overwrite = |field: &FieldOutcome| {
        field.outcome == Outcome::Written
            && undecided.updates.iter().any(|update| update.is_of(field) && update.overwrites())
    };
    let (assigned, mut unresolved) = assign(&undecided.outcomes, may_overwrite, input.resolutions);
    let takes = assigned.iter().map(|(place, resolution)| (*place, resolution.take)).collect();
    let plan = plan_pairs(input, &pairs, &claims, &takes);
    let mut decided = Vec::with_capacity(assigned.len());
    for (place, resolution) in assigned {
        let Some(field) = plan.outcomes.get(place) else { continue };
        if is_as_decided(field, resolution.take) {
            decided.push(DecidedField::new(field, resolution.take));
        } else {
            unresolved.push(Unresolved { resolution, why: why_not(field) });
        }
    }
    Plan { undecided: Some(Box::new((undecided, unresolved))), decided, ..plan }
}

/// The plan with what a person takes of these pairs, by their places.
fn plan_pairs(
    input: &PlanInput<'_>,
    pairs: &[FieldPair],
    claims: &Claims,
    takes: &BTreeMap<usize, Take>,
) -> Plan {
    let mut draft = Draft {
        candidate: input.candidate.ok().map(|candidate| candidate.id.clone()),
        state: input.contract.state.clone(),
        last_change: input.contract.last_change,
        template_type: input.contract.template_type,
        ..Draft::default()
    };
    draft.outcomes.reserve(pairs.len());
    let unread = unread_pairs(input, pairs);
    for (place, pair) in pairs.iter().enumerate() {
        let FieldDecision { outcome, note, member, agreed, update, kept, compared } =
            decide_field(input, pair, claims, takes.get(&place).copied());
        let is_due = is_due(input, pair);
        let sides = compared.as_ref().map(|compared| compared.sides);
        draft.outcomes.push(FieldOutcome { note, member, is_due, sides, ..pair.ended(outcome) });
        draft.compared.push(compared);
        draft.agreed.extend(agreed);
        draft.updates.extend(update);
        draft.kept.extend(kept);
    }
    draft.outcomes.extend(unread);
    draft.remembered = Box::new((input.entry.clone(), input.card.clone()));
    let (document, document_found) = document(input);
    draft.document_found = document_found;
    if document == DocumentOutcome::Attached
        && let Some(candidate) = &draft.candidate
    {
        let template: &FileNameTemplate = &input.mapping.sync.document.file_name;
        let mark = DocumentMark::new(input.keys, input.contract.id, candidate);
        draft.file_name = Some(template.name(input.contract.id, &input.contract.name, &mark));
    }
    let has_steps = !draft.updates.is_empty() || !draft.kept.is_empty();
    if has_steps || document == DocumentOutcome::Attached {
        draft.contract_seen = Some(input.contract.clone().in_order());
    }
    draft.finish(input.contract.id, document, input.keys)
}

#[derive(Default)]
struct Draft {
    candidate: Option<CandidateId>,
    outcomes: Vec<FieldOutcome>,
    updates: Vec<FieldUpdate>,
    agreed: Vec<Agreed>,
    kept: Vec<(FieldUpdate, Kept)>,
    /// Of each outcome, as far as there are any.
    compared: Vec<Option<Compared>>,
    document_found: Option<UploadId>,
    file_name: Option<String>,
    contract_seen: Option<ContractSnapshot>,
    state: Option<ContractState>,
    last_change: Option<Timestamp>,
    template_type: Option<TemplateTypeId>,
    remembered: Box<(LedgerEntry, CardEntry)>,
}

impl Draft {
    fn finish(self, contract: ContractId, document: DocumentOutcome, keys: &SyncKeys) -> Plan {
        let hash = self.hash(contract, document, keys);
        Plan {
            contract,
            candidate: self.candidate,
            outcomes: self.outcomes,
            updates: self.updates,
            agreed: self.agreed,
            kept: self.kept,
            document,
            document_found: self.document_found,
            file_name: self.file_name,
            read_at: None,
            linked_by: None,
            definitions: None,
            remembered: self.remembered,
            contract_seen: self.contract_seen,
            state: self.state,
            last_change: self.last_change,
            template_type: self.template_type,
            undecided: None,
            decided: Vec::new(),
            tenant: keys.tenant_tag(),
            hash,
        }
    }

    fn hash(&self, contract: ContractId, document: DocumentOutcome, keys: &SyncKeys) -> String {
        let candidate = self.candidate.as_ref().map_or("", CandidateId::as_str);
        let whose = [contract.to_string().into(), Cow::from(candidate)];
        let outcomes = self.outcomes.iter().flat_map(
            |FieldOutcome { data_field, candidate_field, outcome, note, .. }| {
                let [reason, note] = [outcome.reason(), *note].map(|reason| reason.map_or("", Reason::code));
                let candidate_field = candidate_field.to_string().into();
                [data_field.into(), candidate_field, outcome.as_str().into(), reason.into(), note.into()]
            },
        );
        let updates = self.updates.iter().flat_map(|update| {
            let held = update.custom_value_id.as_ref().map_or("", CustomFieldValueId::as_str);
            [update.digests.base.as_str().into(), update.json.to_string().into(), held.into()]
        });
        let compared = self.compared.iter();
        let compared = compared.flat_map(|compared| compared.as_ref().map_or([""; 5], Compared::hashed));
        let reason = document.reason().map_or("", Reason::code);
        let file_name = self.file_name.as_deref().unwrap_or_default();
        let document = [document.as_str(), reason, file_name].map(Cow::from);
        let parts: Vec<_> = whose
            .into_iter()
            .chain(outcomes)
            .chain(compared.map(Cow::from))
            .chain(updates)
            .chain(document)
            .collect();
        hex::encode(keys.mac(keys.signing(), Purpose::Plan, &parts))
    }
}

/// How the document ends, and a file that is the document and that the ledger does not know yet.
fn document(input: &PlanInput<'_>) -> (DocumentOutcome, Option<UploadId>) {
    if let Some(outcome) = why_no_document(input) {
        return (outcome, None);
    }
    match input.candidate {
        Err(reason @ Reason::CandidateForgotten) => (DocumentOutcome::NotDue(reason), None),
        Err(reason) if reason.may_pass() => (DocumentOutcome::Later(reason), None),
        // Nothing links the contract to a candidate, or a person has to say which one it is.
        Err(reason) => (DocumentOutcome::Failed(reason), None),
        Ok(candidate) if !may_be_attached(input, candidate) => {
            (DocumentOutcome::NotDue(Reason::DocumentByAddress), None)
        }
        Ok(candidate) => {
            let mark = DocumentMark::new(input.keys, input.contract.id, &candidate.id);
            document_on_card(input.entry, candidate, &mark)
        }
    }
}

/// Whether what says whose contract it is suffices for the document: an address does only if the mapping says so. Where an
/// upload was begun, it did.
fn may_be_attached(input: &PlanInput<'_>, candidate: &CandidateSnapshot) -> bool {
    let sync = &input.mapping.sync;
    sync.document.by_email
        || input.entry.document.is_some()
        || proof(input.contract, input.entry, &candidate.id, input.keys).is_some()
}

/// Why the card is to have no document of this contract now.
fn why_no_document(input: &PlanInput<'_>) -> Option<DocumentOutcome> {
    let (contract, sync) = (input.contract, &input.mapping.sync);
    let scope = ContractScope::of(contract);
    if !sync.document.attach {
        return Some(DocumentOutcome::NotDue(Reason::DocumentNotWanted));
    }
    if contract.lost("state").is_some() || scope.lost_for_all(sync).is_some() {
        return Some(DocumentOutcome::Later(Reason::AnswerUnreadable));
    }
    if !scope.is_kept_in_step(sync) {
        return Some(DocumentOutcome::NotDue(Reason::OutOfScope));
    }
    match no_proposal_reason(contract) {
        Some(reason @ Reason::ContractStateUnknown) => Some(DocumentOutcome::Later(reason)),
        Some(reason) => Some(DocumentOutcome::NotDue(reason)),
        None if !contract.is_signed() => Some(DocumentOutcome::NotDue(Reason::NotSignedYet)),
        // The file is named after the contract.
        None if contract.lost("name").is_some() => Some(DocumentOutcome::Later(Reason::AnswerUnreadable)),
        None => None,
    }
}
