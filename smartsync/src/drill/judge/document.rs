//! Files that appear while the program is at work, and the document that has to be there in the end.

use smartsync_sandbox::CandidateFile;

use super::Judge;
use crate::{drill::rules::Link, words::commands::drill_rules as broken};

impl Judge {
    pub(super) fn compare_files(&mut self, candidate: usize, before: &[CandidateFile]) {
        let new: Vec<CandidateFile> = self.files[candidate].iter().skip(before.len()).cloned().collect();
        for file in new {
            let name = broken::upload_of_candidate(&file.id, &self.candidates[candidate]);
            if self.rightful() != Some(candidate) {
                self.accuse(broken::DOCUMENT_ON_OTHER_CARD, name.clone());
            }
            if self.forgotten.contains(&candidate) {
                self.accuse(broken::DOCUMENT_OF_FORGOTTEN, name.clone());
            }
            let Some(contract) = self.errand.1 else { continue };
            if !is_genuine(&file, contract) {
                self.accuse(broken::NOT_THE_DOCUMENT, name.clone());
            }
            if self.documents_of(contract) > 1 {
                self.accuse(broken::TWO_DOCUMENTS, name.clone());
            }
            let is_ours = self.papers.get(&contract).is_some_and(|paper| paper.is_ours);
            if !is_ours && self.rules.link != (Link::Email { attaches: true }) {
                self.accuse(broken::DOCUMENT_BY_ADDRESS, name);
            }
        }
    }

    /// Genuine documents of a contract, on all cards.
    fn documents_of(&self, contract: i64) -> usize {
        self.files.iter().flatten().filter(|file| is_genuine(file, contract)).count()
    }

    /// Whether the card has the document of a contract.
    pub(super) fn has_document(&self, contract: i64) -> bool {
        let candidate = self.papers.get(&contract).and_then(|paper| paper.rightful);
        let files = candidate.and_then(|candidate| self.candidates.get(candidate));
        files.is_some_and(|id| self.sandbox.candidate_files(id).iter().any(|file| is_genuine(file, contract)))
    }

    /// What is planted keeps nothing away: every contract of ours that was signed has its document on the card.
    pub(in crate::drill) fn check_documents(&mut self) {
        let missing: Vec<i64> = self
            .papers
            .iter()
            .filter(|(id, paper)| {
                let is_signed = self.sandbox.contract_card(**id).is_some_and(|card| card.state == "signed");
                let is_forgotten = paper.rightful.is_some_and(|one| self.forgotten.contains(&one));
                paper.is_ours && is_signed && !is_forgotten && !paper.is_cut_off && !self.has_document(**id)
            })
            .map(|(id, _)| *id)
            .collect();
        for contract in missing {
            self.accuse(broken::DOCUMENT_MISSING, broken::of_contract(contract));
        }
    }
}

fn is_genuine(file: &CandidateFile, contract: i64) -> bool {
    let line = format!("Contract {contract}, signed");
    file.by_api && file.contents.windows(line.len()).any(|window| window == line.as_bytes())
}
