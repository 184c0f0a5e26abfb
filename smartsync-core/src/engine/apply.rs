//! Carries out a plan, and accounts for every field.

use teamtailor_client::CandidateId;

use super::{
    apply_progress::ApplyProgress, before_write::BeforeWrite, document::Documents, engine_error::EngineError,
    read_candidate::read_candidate, refusal::Refusal, report::Report, write_fields::FieldWriter,
};
use crate::{
    ledger::{DocumentRecord, Ledger, LedgerChange, LedgerError},
    mapping::{LinkMethod, Mapping},
    outcome::{DocumentOutcome, Outcome, Reason},
    plan::Plan,
};

/// Carries out plans.
pub(crate) struct Applier<'a> {
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) mapping: &'a Mapping,
    pub(crate) before: &'a BeforeWrite<'a>,
    pub(crate) fields: FieldWriter<'a>,
    pub(crate) documents: Documents<'a>,
}

impl Applier<'_> {
    /// Carries out the plan of a candidate's contract. Returns the report, and whether Teamtailor's fields or options are not what the
    /// plan took them for.
    pub(crate) async fn apply(&self, plan: Plan) -> (Report, bool) {
        let mut progress = ApplyProgress::new(plan);
        if let Some(candidate) = progress.plan.candidate.clone() {
            // What has changed since must not become what both sides agree on.
            let is_as_seen = !progress.has_steps() || self.before.may_write(&mut progress, &candidate).await;
            // An index of addresses may still have a candidate who is gone: the first write tells.
            let is_certain = progress.plan.linked_by != Some(LinkMethod::Email) || !progress.has_steps();
            if is_as_seen && is_certain {
                self.remember(&mut progress, &candidate).await;
            }
            self.fields.write(&mut progress, &candidate).await;
            self.documents.attach(&mut progress, &candidate).await;
            // Where the card was not as seen, nothing was left to be written, and nothing is uncertain.
            if !is_certain {
                self.confirm_kept(&mut progress, &candidate).await;
                if !progress.candidate_is_gone {
                    self.remember(&mut progress, &candidate).await;
                }
            }
        }
        let definitions_are_outdated = progress.definitions_are_outdated;
        (progress.report(), definitions_are_outdated)
    }

    /// Asks for the candidate of whom a person keeps something: what is kept is no write that would tell whether there is one.
    async fn confirm_kept(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        if progress.candidate_is_gone {
            progress.end_kept(Outcome::Held(Reason::CandidateGone));
        } else if !progress.plan.kept.is_empty() {
            progress.check_kept(read_candidate(self.fields.teamtailor, candidate).await);
        }
    }

    /// Saves the bases of all fields on which both sides were found to agree or that a person keeps, a document that was found, and whose contract it
    /// is. What was agreed with another candidate than the ledger knows by now is dropped, and so is what is older than the
    /// ledger's own base.
    async fn remember(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        let plan = &progress.plan;
        let mut change = LedgerChange::new(plan.contract, candidate.clone());
        let was_asked =
            plan.remembered.0.candidate.is_some() && self.mapping.sync.link.contains(&LinkMethod::Email);
        // By the next look, a file without a name keeps nothing away.
        let waits_for_names = plan.document == DocumentOutcome::Later(Reason::UploadsUnknown);
        let by_more = plan.linked_by.is_some_and(|method| method != LinkMethod::Email);
        if by_more || was_asked || waits_for_names || !plan.agreed.is_empty() || !plan.kept.is_empty() {
            change = change.bind(plan.linked_by);
        }
        for agreed in &plan.agreed {
            change = change.agree(agreed.clone());
        }
        for (_, kept) in &plan.kept {
            change = change.keep(kept.clone());
        }
        if let Some(upload) = &plan.document_found {
            let uploaded = DocumentRecord::Uploaded { upload: upload.clone() };
            change = change.bind(plan.linked_by).document(Some(uploaded));
        }
        let saved = async {
            progress.save(self.ledger, &change).await?;
            if !progress.plan.kept.is_empty() {
                // The change drops what is older than what the ledger knows by now.
                let entry = self.ledger.load(progress.plan.contract).await?;
                progress.settle_kept(candidate, &entry);
            }
            Ok::<_, LedgerError>(())
        };
        if saved.await.is_err() {
            // Nothing else was to come of what a person keeps.
            progress.end_kept(Outcome::Failed(Reason::LedgerFailed));
            progress.was_not_saved();
        }
    }
}

/// What it means that the accounts could not be checked.
pub(crate) fn account_refusal(error: &EngineError) -> Refusal {
    if let EngineError::Service(error) = error {
        Refusal::of(error)
    } else if let EngineError::OtherAccount { .. } = error {
        Refusal::for_all(Reason::OtherAccount)
    } else {
        Refusal::for_all(Reason::AnswerUnreadable)
    }
}
