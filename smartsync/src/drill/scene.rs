//! The people of a run and the contracts between them.

use std::sync::Arc;

use fastrand::Rng;
use smartsync_core::Mapping;
use smartsync_sandbox::{CandidateSeed, ContractSeed, Origin, Sandbox, TemplateSeed};
use smartsync_transport::{Body, Method};

use super::{
    error::DrillError,
    field::{self, CUSTOM, Field, IDENTITY, Kind, UNMAPPED},
    host::{Host, SIGN_KEY},
    judge::Judge,
    paper::Paper,
    rules::{Link, Rules},
    stage::Stage,
    texts,
};
use crate::words::commands::drill_steps as steps;

/// The candidates. The first is the one whom most contracts are for.
const CANDIDATES: [(&str, &str, &str); 3] = [
    ("Ann", "Sample", "ann@example.com"),
    ("Bo", "Other", "bo@example.com"),
    ("Cy", "Third", "cy@example.com"),
];
/// Somebody who is no candidate.
pub(super) const STRANGER: (&str, &str) = ("Mallory Vendor", "mallory@example.net");

/// The people of a run and what they share.
pub(super) struct Scene {
    pub(super) stage: Arc<Stage>,
    pub(super) sandbox: Sandbox,
    pub(super) host: Host,
    pub(super) rng: Rng,
    /// The template of employment contracts, and one of another kind.
    pub(super) templates: [i64; 2],
    workspace: i64,
    /// Bodies of notifications that somebody has seen.
    pub(super) seen: Vec<Vec<u8>>,
    /// Link tokens that somebody has seen.
    pub(super) tokens: Vec<String>,
    creations: usize,
}

/// With whom, and how, somebody else makes a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// The candidate signs, as with the built-in integration.
    Candidate(usize),
    /// A stranger signs.
    Stranger,
    /// A stranger signs; the candidate may fill in, and has not to sign.
    Observed(usize),
    /// Two signatories share the candidate's address.
    Shared(usize),
}

impl Scene {
    pub(super) fn new(seed: u64, has_store: bool, is_told: bool) -> Result<Self, DrillError> {
        let mut rng = Rng::with_seed(seed);
        let rules = Rules::draw(&mut rng);
        let sandbox = Sandbox::new(rules.sandbox.clone());
        let workspace = sandbox.seeded().workspace;
        let employment = sandbox.add_template_type(field::template_type("Employment"));
        let sales = sandbox.add_template_type(field::template_type("Sales"));
        let template = |kind| sandbox.add_template(TemplateSeed::new("Contract", Some(kind)));
        let templates = [template(employment)?, template(sales)?];
        register(&sandbox);
        let mapping: Mapping = toml::from_str(&rules.as_toml(employment)).map_err(DrillError::set_up)?;
        let mut judge = Judge::new(seed, is_told, rules, sandbox.clone());
        let told = judge.rules.clone();
        judge.note_step(|| format!("{told:?}"));
        for (name, seed) in field::custom_fields() {
            judge.custom_fields.insert(sandbox.add_custom_field(seed), name.to_owned());
        }
        for (first, last, email) in CANDIDATES {
            judge.candidates.push(sandbox.add_candidate(card(first, last, email, &mut rng))?);
        }
        let (limit, stage) = (judge.rules.limit, Arc::new(Stage::new(judge)));
        let host = Host::new(&stage, &sandbox, mapping, limit, has_store)?;
        let (seen, tokens) = (Vec::new(), Vec::new());
        Ok(Self { stage, sandbox, host, rng, templates, workspace, seen, tokens, creations: 0 })
    }

    pub(super) fn candidate_id(&self, candidate: usize) -> String {
        self.stage.lock().candidates[candidate].clone()
    }

    pub(super) fn email(candidate: usize) -> &'static str {
        CANDIDATES[candidate].2
    }

    pub(super) fn name(candidate: usize) -> String {
        format!("{} {}", CANDIDATES[candidate].0, CANDIDATES[candidate].1)
    }

    /// A candidate: mostly the first.
    pub(super) fn some_candidate(&mut self) -> usize {
        if self.rng.u8(..3) > 0 { 0 } else { self.rng.usize(..CANDIDATES.len()) }
    }

    /// Another candidate than the one whom the contract is for.
    pub(super) fn victim(&mut self, contract: i64) -> usize {
        let rightful = self.stage.lock().papers.get(&contract).and_then(|paper| paper.rightful);
        let others: Vec<usize> = (0..CANDIDATES.len()).filter(|one| Some(*one) != rightful).collect();
        others[self.rng.usize(..others.len())]
    }

    pub(super) fn contracts(&self) -> Vec<i64> {
        self.stage.lock().papers.keys().copied().collect()
    }

    /// A contract, more often one of ours than another.
    pub(super) fn some_contract(&mut self) -> Option<i64> {
        let is_of_ours = self.rng.bool();
        let judge = self.stage.lock();
        let all: Vec<i64> = judge
            .papers
            .iter()
            .filter(|(_, paper)| paper.is_ours || !is_of_ours)
            .map(|(id, _)| *id)
            .collect();
        drop(judge);
        (!all.is_empty()).then(|| all[self.rng.usize(..all.len())])
    }

    /// A participant of the other side.
    pub(super) fn counterparty(&mut self, contract: i64) -> Option<i64> {
        let card = self.sandbox.contract_card(contract)?;
        let others: Vec<i64> =
            card.participants.iter().filter(|one| !one.my_party).map(|one| one.id).collect();
        (!others.is_empty()).then(|| others[self.rng.usize(..others.len())])
    }

    /// The program makes a contract of a candidate.
    pub(super) async fn create(&mut self, candidate: usize) -> Result<(), DrillError> {
        self.creations += 1;
        let (request, id) = (format!("hire-{}", self.creations), self.candidate_id(candidate));
        let is_sent = self.rng.u8(..5) > 0;
        let place = (self.templates[0], self.workspace);
        let Some(contract) = self.host.create(&request, &id, place, is_sent).await? else { return Ok(()) };
        let mut judge = self.stage.lock();
        judge.note_step(|| steps::created(contract, &id, is_sent));
        if let Some(card) = self.sandbox.candidate_card(&id) {
            judge.papers.insert(contract, Paper::ours(candidate, &card, self.sandbox.now(), is_sent));
        }
        drop(judge);
        if let Some(card) = self.sandbox.contract_card(contract) {
            self.tokens.extend(card.participants.into_iter().filter_map(|one| one.custom_id));
            self.tokens.extend(card.data_fields.get(field::TOKEN).filter(|text| !text.is_empty()).cloned());
        }
        Ok(())
    }

    /// Somebody else makes a contract, perhaps edits the draft, and sends it.
    pub(super) fn add_contract(&mut self, company: Company, in_scope: bool) -> Result<i64, DrillError> {
        let mut seed = ContractSeed::new(self.templates[usize::from(!in_scope)], "A contract");
        for field in field::all().filter(|field| field.key != "email") {
            if self.rng.bool() {
                seed = seed.value(field.key, texts::ordinary(field.kind, &mut self.rng));
            }
        }
        let seed = match company {
            Company::Candidate(one) => seed.counterparty(Self::name(one), Self::email(one)),
            Company::Stranger => seed.counterparty(STRANGER.0, STRANGER.1),
            Company::Observed(one) => {
                seed.counterparty(STRANGER.0, STRANGER.1).observer(Self::name(one), Self::email(one))
            }
            Company::Shared(one) => seed
                .counterparty(Self::name(one), Self::email(one))
                .counterparty("A Relative", Self::email(one)),
        };
        let contract = self.sandbox.add_contract(seed)?;
        let rightful = match company {
            Company::Candidate(one) if in_scope && self.follows_addresses() => Some(one),
            Company::Candidate(_) | Company::Stranger | Company::Observed(_) | Company::Shared(_) => None,
        };
        let mut judge = self.stage.lock();
        judge.note_step(|| steps::of_others(contract, company, in_scope));
        judge.papers.insert(contract, Paper::of_others(rightful, self.sandbox.now()));
        drop(judge);
        if self.rng.bool() {
            self.pass(70..400);
            self.edit(contract, Kind::Text)?;
        }
        if self.rng.u8(..6) > 0 {
            self.pass(0..3);
            self.publish(contract)?;
        }
        Ok(contract)
    }

    pub(super) fn publish(&mut self, contract: i64) -> Result<(), DrillError> {
        self.sandbox.publish(contract)?;
        let now = self.sandbox.now();
        if let Some(paper) = self.stage.lock().papers.get_mut(&contract) {
            paper.published = Some(now);
        }
        self.stage.lock().note_step(|| steps::sent(contract));
        Ok(())
    }

    /// Whether a contract may be linked by address at all.
    fn follows_addresses(&self) -> bool {
        let judge = self.stage.lock();
        matches!(judge.rules.link, Link::Email { .. }) && judge.rules.shows_sides && judge.rules.shows_changes
    }

    /// An ordinary edit of a field of this kind.
    pub(super) fn edit(&mut self, contract: i64, kind: Kind) -> Result<Option<Field>, DrillError> {
        let fields: Vec<Field> = field::all().filter(|field| field.kind == kind).collect();
        let field = fields[self.rng.usize(..fields.len())];
        let text = texts::ordinary(kind, &mut self.rng);
        Ok(self.fill(contract, field, &text).then_some(field))
    }

    /// Somebody types into a data field. Returns whether the contract takes it.
    pub(super) fn fill(&mut self, contract: i64, field: Field, text: &str) -> bool {
        let is_new = self
            .sandbox
            .contract_card(contract)
            .is_some_and(|card| card.data_fields.get(field.key).is_some_and(|held| held != text));
        let is_taken = self.sandbox.fill_data_field(contract, field.key, text).is_ok();
        let now = self.sandbox.now();
        self.stage.lock().note_step(|| steps::filled_in(contract, text, field.key));
        if let (true, true, Some(paper)) = (is_new, is_taken, self.stage.lock().papers.get_mut(&contract)) {
            paper.edited.insert(field.key, now);
        }
        is_taken
    }

    /// A recruiter edits a card.
    pub(super) fn recruiter_edits(&mut self) {
        let candidate = self.some_candidate();
        let fields: Vec<Field> = IDENTITY.into_iter().skip(1).chain(CUSTOM).collect();
        let field = fields[self.rng.usize(..fields.len())];
        let field = self.edited_on_both_sides(candidate).unwrap_or(field);
        let id = self.candidate_id(candidate);
        let text = on_card(field, texts::ordinary(field.kind, &mut self.rng));
        let card = self.sandbox.candidate_card(&id);
        let is_new = card.is_some_and(|card| card.get(field.card) != Some(text.as_str()));
        let edited = if field.is_identity() {
            self.sandbox.edit_candidate(&id, field.card, Some(&text))
        } else {
            self.sandbox.edit_custom_field(&id, field.card, Some(&text))
        };
        // Who types what is there has changed nothing.
        if is_new && edited.is_ok() {
            let mut judge = self.stage.lock();
            judge.note_step(|| steps::by_recruiter(text, field.card, &id));
            judge.person_wrote(candidate, field);
        }
    }

    /// Half of the time, a field of the card that says who somebody is and that a participant has edited already. The draw has a stream
    /// of its own, so that it moves no other.
    fn edited_on_both_sides(&self, candidate: usize) -> Option<Field> {
        let mut rng = Rng::with_seed(self.rng.clone().u64(..));
        let judge = self.stage.lock();
        let papers = judge.papers.values().filter(|paper| paper.is_ours && paper.rightful == Some(candidate));
        let keys: Vec<&str> = papers.flat_map(|paper| paper.edited.keys().copied()).collect();
        let edited: Vec<Field> =
            IDENTITY.into_iter().skip(1).filter(|field| keys.contains(&field.key)).collect();
        if edited.is_empty() || rng.bool() {
            return None;
        }
        Some(edited[rng.usize(..edited.len())])
    }

    /// So many seconds go by.
    pub(super) fn pass(&mut self, seconds: std::ops::Range<u64>) {
        let seconds = self.rng.u64(seconds);
        self.sandbox.advance(std::time::Duration::from_secs(seconds));
    }
}

/// A card: some of it empty.
fn card(first: &str, last: &str, email: &str, rng: &mut Rng) -> CandidateSeed {
    let mut seed = CandidateSeed::new(email).name(first, last).custom_field(UNMAPPED, "M");
    for field in IDENTITY.into_iter().skip(3) {
        if rng.u8(..3) > 0 {
            seed = seed.field(field.card, texts::ordinary(field.kind, rng));
        }
    }
    for field in CUSTOM {
        if rng.u8(..3) > 0 {
            seed = seed.custom_field(field.card, on_card(field, texts::ordinary(field.kind, rng)));
        }
    }
    seed
}

/// An ordinary value as the card writes it.
fn on_card(field: Field, text: String) -> String {
    if field.kind == Kind::Checkbox { (text == "1").to_string() } else { text }
}

/// Oneflow notifies the program.
fn register(sandbox: &Sandbox) {
    let body =
        serde_json::json!({ "callback_url": "https://hooks.example.com/oneflow", "sign_key": SIGN_KEY });
    let request = smartsync_transport::http::Request::builder()
        .method(Method::POST)
        .uri("https://api.oneflow.com/v1/webhooks")
        .header("x-oneflow-api-token", sandbox.oneflow_token())
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    // It is made of constants, so it is well-formed; without a webhook there would be no look, which the runs count.
    if let Ok(request) = request {
        drop(sandbox.handle(Origin::Oneflow, request));
    }
}
