//! What people do in a run, most of it in bad faith.

use fastrand::Rng;
use smartsync_sandbox::OwnDetails;

use super::{
    error::DrillError,
    fault,
    field::{self, CUSTOM, Field, IDENTITY, Kind, TOKEN},
    judge::Watch,
    scene::{Company, STRANGER, Scene},
    texts,
};
use crate::words::commands::{drill_deeds as deeds, drill_rules as broken};

/// What people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    At(Act),
    StrangersContract,
    OthersContract,
    ManyAtOnce,
    OurContract,
    RecruiterEdits,
    Forgets,
    LosesUpload,
    RefusesUpload,
    BreaksOut,
    TimePasses,
}

/// What is done at a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Pretends(Pretence),
    PlantsFile,
    HostileText,
    IdentityEdit,
    OthersDetails,
    CopiesToken,
    Empties,
    OrdinaryEdit,
    Signs,
    SignsAll,
    Declines,
}

/// How a participant comes to go by somebody else's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pretence {
    HandsOver,
    TakesAddress,
    BringsIn,
    SecondParty,
}

/// Each with the number of lots that it has.
const LOTS: &[(Deed, u8)] = &[
    (Deed::At(Act::Pretends(Pretence::HandsOver)), 8),
    (Deed::At(Act::Pretends(Pretence::TakesAddress)), 6),
    (Deed::At(Act::Pretends(Pretence::BringsIn)), 5),
    (Deed::At(Act::Pretends(Pretence::SecondParty)), 3),
    (Deed::At(Act::PlantsFile), 9),
    (Deed::At(Act::HostileText), 30),
    (Deed::At(Act::IdentityEdit), 10),
    (Deed::At(Act::OthersDetails), 6),
    (Deed::At(Act::CopiesToken), 5),
    (Deed::At(Act::Empties), 4),
    (Deed::At(Act::OrdinaryEdit), 12),
    (Deed::At(Act::Signs), 6),
    (Deed::At(Act::SignsAll), 6),
    (Deed::At(Act::Declines), 2),
    (Deed::StrangersContract, 5),
    (Deed::OthersContract, 6),
    (Deed::ManyAtOnce, 1),
    (Deed::OurContract, 5),
    (Deed::RecruiterEdits, 8),
    (Deed::Forgets, 1),
    (Deed::LosesUpload, 5),
    (Deed::RefusesUpload, 1),
    (Deed::BreaksOut, 5),
    (Deed::TimePasses, 6),
];

impl Deed {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let all: u32 = LOTS.iter().map(|(_, lots)| u32::from(*lots)).sum();
        let mut lot = rng.u32(..all);
        for (deed, lots) in LOTS {
            match lot.checked_sub(u32::from(*lots)) {
                Some(left) => lot = left,
                None => return *deed,
            }
        }
        Self::TimePasses
    }
}

impl Scene {
    pub(super) async fn act(&mut self, deed: Deed) -> Result<(), DrillError> {
        match deed {
            Deed::StrangersContract => {
                let in_scope = self.rng.bool();
                let victim = self.rng.usize(..3);
                let company = match self.rng.u8(..3) {
                    0 => Company::Stranger,
                    1 => Company::Observed(victim),
                    _ => Company::Shared(victim),
                };
                let contract = self.add_contract(company, in_scope)?;
                let deed = match company {
                    Company::Observed(_) => deeds::ADDS_OBSERVER,
                    Company::Shared(_) => deeds::TWO_SIGNATORIES,
                    Company::Stranger | Company::Candidate(_) => deeds::STRANGERS_CONTRACT,
                };
                self.stage.lock().watch(contract, deed, Watch::Link);
                // Mallory's next step is the same day.
                if self.rng.bool() {
                    self.impersonate(contract);
                }
            }
            Deed::OthersContract => {
                let (candidate, in_scope) = (self.some_candidate(), self.rng.u8(..4) > 0);
                let contract = self.add_contract(Company::Candidate(candidate), in_scope)?;
                self.stage.lock().watch(contract, deeds::OTHERS_CONTRACT, Watch::Link);
            }
            Deed::ManyAtOnce => {
                for _ in 0..self.rng.usize(6..14) {
                    let candidate = self.some_candidate();
                    let contract = self.add_contract(Company::Candidate(candidate), true)?;
                    self.stage.lock().watch(contract, deeds::MANY_CONTRACTS, Watch::Link);
                    self.edit(contract, Kind::Text)?;
                }
            }
            Deed::OurContract => {
                let candidate = self.some_candidate();
                self.create(candidate).await?;
            }
            Deed::RecruiterEdits => self.recruiter_edits(),
            Deed::Forgets => {
                let candidate = self.some_candidate();
                let id = self.candidate_id(candidate);
                self.host.forget(&id).await?;
                self.stage.lock().forgotten.insert(candidate);
            }
            Deed::LosesUpload => {
                let has_effect = self.rng.bool();
                self.stage.lock().loses_upload = Some(has_effect);
            }
            Deed::BreaksOut => self.breaks_out().await,
            Deed::RefusesUpload => self.sandbox.refuse_uploads(1),
            Deed::TimePasses => {
                let is_short = self.rng.bool();
                self.pass(if is_short { 60..600 } else { 3_000..9_000 });
            }
            Deed::At(act) => {
                if let Some(contract) = self.some_contract() {
                    self.act_at(contract, act)?;
                }
            }
        }
        Ok(())
    }

    /// Something that is done at a contract. What its state does not allow is not done.
    pub(super) fn act_at(&mut self, contract: i64, act: Act) -> Result<(), DrillError> {
        match act {
            Act::Pretends(way) => self.pretend(contract, way),
            Act::PlantsFile => self.plant(contract)?,
            Act::HostileText => {
                for _ in 0..self.rng.usize(1..4) {
                    let field = self.free_text_mostly();
                    let text = texts::hostile(field.kind, &mut self.rng);
                    self.types(contract, field, &text, deeds::HOSTILE_TEXT);
                }
            }
            Act::IdentityEdit => {
                let field = IDENTITY[self.rng.usize(..IDENTITY.len())];
                let text = if field.kind == Kind::Email {
                    "elsewhere@example.org".to_owned()
                } else {
                    texts::ordinary(field.kind, &mut self.rng)
                };
                self.types(contract, field, &text, deeds::IDENTITY_EDIT);
            }
            Act::OthersDetails => {
                let victim = self.victim(contract);
                let (field, text) = if self.rng.bool() {
                    (IDENTITY[0], Self::email(victim).to_owned())
                } else {
                    let id = self.candidate_id(victim);
                    let card = self.sandbox.candidate_card(&id);
                    let phone = card.and_then(|card| card.get("phone").map(str::to_owned));
                    (IDENTITY[3], phone.unwrap_or_else(|| "+46701740699".to_owned()))
                };
                self.types(contract, field, &text, deeds::OTHERS_DETAILS);
            }
            Act::CopiesToken => {
                let Some(token) = (!self.tokens.is_empty()).then(|| {
                    let at = self.rng.usize(..self.tokens.len());
                    self.tokens[at].clone()
                }) else {
                    return Ok(());
                };
                let (token, deed) = match self.rng.u8(..3) {
                    0 => (forged(&token), deeds::FORGES_TOKEN),
                    _ => (token, deeds::COPIES_TOKEN),
                };
                if self.sandbox.fill_data_field(contract, TOKEN, &token).is_ok() {
                    self.stage.lock().watch(contract, deed, Watch::Link);
                }
                let remarks = CUSTOM[0];
                self.fill(contract, remarks, &token);
            }
            Act::Empties => {
                let fields: Vec<Field> = field::all().collect();
                let field = fields[self.rng.usize(..fields.len())];
                self.types(contract, field, "", deeds::EMPTIES);
            }
            Act::OrdinaryEdit => {
                let field = CUSTOM[self.rng.usize(..CUSTOM.len())];
                let text = texts::ordinary(field.kind, &mut self.rng);
                self.types(contract, field, &text, deeds::ORDINARY_EDIT);
            }
            Act::Signs => {
                let who = if self.rng.bool() { None } else { self.counterparty(contract) };
                let _ = self.sandbox.sign(contract, who);
            }
            Act::SignsAll => {
                let _ = self.sandbox.sign_all(contract);
            }
            Act::Declines => {
                let _ = self.sandbox.decline(contract, None);
            }
        }
        Ok(())
    }

    /// A fault of the program itself.
    async fn breaks_out(&mut self) {
        let candidate = self.some_candidate();
        let id = self.candidate_id(candidate);
        let contract = self.some_contract().unwrap_or_default();
        let unmapped = fault::unmapped(&self.stage.lock().custom_fields);
        let known = fault::Known { candidate: &id, contract, unmapped: &unmapped };
        let Some(request) = fault::request(&known, &mut self.rng) else { return };
        let is_stopped = self.host.break_out(request).await;
        let mut judge = self.stage.lock();
        if is_stopped {
            judge.findings.count(deeds::BREAKS_OUT, deeds::STOPPED);
        } else {
            judge.accuse(broken::LET_THROUGH, "");
        }
    }

    /// A field that takes what people type as it is, or any.
    fn free_text_mostly(&mut self) -> Field {
        let is_free =
            |field: &Field| matches!(field.kind, Kind::Text | Kind::Url | Kind::Linkedin | Kind::Name);
        let takes_any = self.rng.u8(..3) == 0;
        let fields: Vec<Field> = field::all().filter(|field| takes_any || is_free(field)).collect();
        fields[self.rng.usize(..fields.len())]
    }

    fn types(&mut self, contract: i64, field: Field, text: &str, deed: &'static str) {
        if self.fill(contract, field, text) {
            self.stage.lock().watch(contract, deed, Watch::Field(field));
        }
    }

    /// A participant goes by the address of a candidate in one way or another.
    fn impersonate(&mut self, contract: i64) {
        let ways = [Pretence::HandsOver, Pretence::TakesAddress, Pretence::BringsIn, Pretence::SecondParty];
        let way = ways[self.rng.usize(..ways.len())];
        self.pretend(contract, way);
    }

    fn pretend(&mut self, contract: i64, way: Pretence) {
        let victim = self.victim(contract);
        let (name, email) = if self.rng.u8(..6) == 0 {
            (STRANGER.0.to_owned(), STRANGER.1.to_owned())
        } else {
            (Self::name(victim), Self::email(victim).to_owned())
        };
        let Some(participant) = self.counterparty(contract) else { return };
        // In the same second as the contract was sent, or later.
        self.pass(0..120);
        let (deed, is_done) = match way {
            Pretence::HandsOver => {
                (deeds::HANDS_OVER, self.sandbox.delegate(contract, participant, &name, &email).is_ok())
            }
            Pretence::TakesAddress => {
                let details = OwnDetails::new().name(name).email(email).phone_number("+46701740699");
                (
                    deeds::TAKES_ADDRESS,
                    self.sandbox.change_own_details(contract, participant, details).is_ok(),
                )
            }
            Pretence::BringsIn => {
                (deeds::BRINGS_IN, self.sandbox.add_participant(contract, participant, &name, &email).is_ok())
            }
            Pretence::SecondParty => {
                (deeds::ADDS_PARTY, self.sandbox.add_counterparty(contract, &name, &email).is_ok())
            }
        };
        if is_done {
            self.stage.lock().watch(contract, deed, Watch::Link);
        }
    }
}

/// A token with another letter in it.
fn forged(token: &str) -> String {
    let mut letters: Vec<char> = token.chars().collect();
    if let Some(last) = letters.last_mut() {
        *last = if *last == 'a' { 'b' } else { 'a' };
    }
    letters.into_iter().collect()
}
