//! Sees both services from the outside and says what must not have happened. It shares no rule with the program.

mod card;
mod document;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use smartsync_sandbox::{CandidateCard, CandidateFile, Origin, Sandbox};
use smartsync_transport::Method;

use super::{
    fence::{Errand, Fence},
    field::Field,
    findings::Findings,
    paper::Paper,
    rules::Rules,
};
use crate::words::commands::{drill_rules as broken, drill_steps as steps};

/// What became of it is told by the next report on its contract.
#[derive(Clone, Copy, Debug)]
pub(super) enum Watch {
    Field(Field),
    Link,
    Document,
}

/// Who put a value on a card last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Author {
    Program,
    Person(Timestamp),
}

/// The judge of one run.
pub(super) struct Judge {
    pub(super) seed: u64,
    pub(super) rules: Rules,
    pub(super) sandbox: Sandbox,
    pub(super) findings: Findings,
    /// Api-names of the custom fields by id.
    pub(super) custom_fields: BTreeMap<String, String>,
    /// Ids of the candidates.
    pub(super) candidates: Vec<String>,
    pub(super) papers: BTreeMap<i64, Paper>,
    pub(super) forgotten: BTreeSet<usize>,
    /// The next answer to an upload is lost: with the effect, or before it.
    pub(super) loses_upload: Option<bool>,
    errand: (Errand, Option<i64>),
    cards: Vec<CandidateCard>,
    files: Vec<Vec<CandidateFile>>,
    authors: BTreeMap<(usize, &'static str), Author>,
    overwrites: Vec<Timestamp>,
    watched: BTreeMap<i64, Vec<(&'static str, Watch)>>,
    /// Whether every step is told.
    is_told: bool,
}

impl Judge {
    pub(super) fn new(seed: u64, is_told: bool, rules: Rules, sandbox: Sandbox) -> Self {
        Self {
            seed,
            rules,
            sandbox,
            findings: Findings::default(),
            custom_fields: BTreeMap::new(),
            candidates: Vec::new(),
            papers: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            loses_upload: None,
            errand: (Errand::Nothing, None),
            cards: Vec::new(),
            files: Vec::new(),
            authors: BTreeMap::new(),
            overwrites: Vec::new(),
            watched: BTreeMap::new(),
            is_told,
        }
    }

    pub(super) fn accuse(&mut self, rule: &'static str, what: impl Into<String>) {
        let what = match self.errand.1 {
            Some(contract) => broken::at_contract(&what.into(), contract),
            None => what.into(),
        };
        self.note_step(|| steps::violation(rule, &what));
        self.findings.accuse(self.seed, rule, what);
    }

    /// Tells a step.
    pub(super) fn note_step(&mut self, step: impl FnOnce() -> String) {
        if self.is_told {
            self.findings.steps.push(format!("{} {}", self.sandbox.now(), step()));
        }
    }

    /// A deed whose end the next report on the contract tells.
    pub(super) fn watch(&mut self, contract: i64, deed: &'static str, watch: Watch) {
        self.note_step(|| steps::somebody(contract, deed));
        self.watched.entry(contract).or_default().push((deed, watch));
    }

    /// From here on the program is at this.
    pub(super) fn begin(&mut self, errand: Errand, contract: Option<i64>) {
        self.errand = (errand, contract);
        self.read_cards();
    }

    pub(super) fn end(&mut self) {
        self.errand = (Errand::Nothing, None);
    }

    fn read_cards(&mut self) {
        self.cards = self.candidates.iter().filter_map(|id| self.sandbox.candidate_card(id)).collect();
        self.files = self.candidates.iter().map(|id| self.sandbox.candidate_files(id)).collect();
    }

    /// A recruiter has changed a field.
    pub(super) fn person_wrote(&mut self, candidate: usize, field: Field) {
        let now = self.sandbox.now();
        self.authors.insert((candidate, field.card), Author::Person(now));
    }

    /// A request goes out that is to change something.
    pub(super) fn sends(&mut self, origin: Origin, method: &Method, path: &str, body: &[u8]) {
        let fence = Fence { rules: &self.rules, custom_fields: &self.custom_fields };
        let checked = fence.check(self.errand.0, origin, method, path, body);
        self.note_step(|| format!("  {method} {path} {}", String::from_utf8_lossy(body)));
        match checked {
            Err(why) => self.accuse(broken::OUTSIDE_FENCE, format!("{method} {path}: {why}")),
            Ok(target) => {
                let Some(candidate) = target.candidate else { return };
                let position = self.candidates.iter().position(|id| *id == candidate);
                if position.is_none() || position != self.rightful() {
                    self.accuse(broken::OTHER_CANDIDATE, format!("{method} {path}"));
                }
            }
        }
    }

    fn rightful(&self) -> Option<usize> {
        self.papers.get(&self.errand.1?)?.rightful
    }

    /// Such a request has been answered.
    pub(super) fn observe(&mut self) {
        let (cards, files) = (self.cards.clone(), self.files.clone());
        self.read_cards();
        for candidate in 0..cards.len().min(self.cards.len()) {
            self.compare_cards(candidate, &cards[candidate]);
            self.compare_files(candidate, &files[candidate]);
        }
    }
}

impl Judge {
    /// The answer to an upload is lost.
    pub(super) fn cut_off(&mut self) {
        if let Some(paper) = self.errand.1.and_then(|contract| self.papers.get_mut(&contract)) {
            paper.is_cut_off = true;
        }
    }
}
