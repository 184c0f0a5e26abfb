//! What people do: participants at the contract, recruiters at the card, an operator at the host.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use smartsync_core::Ledger as _;

use super::{judge::State, stage::Inner};

/// What a person may do.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Fill,
    Publish,
    Sign,
    SignAll,
    Decline,
    Expire,
    Delete,
    Edit,
    Clear,
    Undo,
    Forget,
}

impl Inner {
    /// People do so much while a task is under way.
    pub(super) fn meanwhile(&mut self, count: usize) {
        for _ in 0..count {
            let deed = match self.rng.u8(..40) {
                0..14 => Deed::Edit,
                14..24 => Deed::Undo,
                24..26 => Deed::Clear,
                26..31 => Deed::Fill,
                31 => Deed::Publish,
                32 => Deed::Sign,
                33..35 => Deed::SignAll,
                35 => Deed::Decline,
                36 => Deed::Expire,
                37 => Deed::Delete,
                _ => Deed::Forget,
            };
            self.perform(deed);
        }
    }

    /// Somebody does something, while no task is under way.
    pub(super) fn somebody(&mut self) {
        let deed = match self.rng.u8(..50) {
            0..22 => Deed::Fill,
            22..25 => Deed::Publish,
            25..28 => Deed::Sign,
            28..32 => Deed::SignAll,
            32 => Deed::Decline,
            33 => Deed::Expire,
            34 => Deed::Delete,
            35..43 => Deed::Edit,
            43..45 => Deed::Clear,
            45..49 => Deed::Undo,
            _ => Deed::Forget,
        };
        self.perform(deed);
    }

    /// Participants change a contract so that the next look at it has something to write. Returns the contract.
    pub(super) fn participants_fill(&mut self) -> Option<i64> {
        let contract = self.likely_contract()?;
        if self.judge.contracts[&contract].state == State::Draft {
            self.act_at(Deed::Publish, contract);
            self.advance(2_000);
        }
        for _ in 0..self.rng.usize(1..=3) {
            self.act_at(Deed::Fill, contract);
        }
        match self.rng.u8(..8) {
            0 => self.act_at(Deed::Sign, contract),
            1 => self.act_at(Deed::SignAll, contract),
            _ => {}
        }
        Some(contract)
    }

    /// Somebody changes a field of a contract.
    pub(super) fn fill(&mut self, contract: i64) {
        self.act_at(Deed::Fill, contract);
    }

    /// Another contract of a candidate comes first by now. Returns it.
    pub(super) fn turn_the_tables(&mut self) -> Option<i64> {
        let open = self.contracts_in(|state| matches!(state, State::Pending | State::CandidateSigned));
        let contract = *open.first()?;
        self.act_at(Deed::SignAll, contract);
        Some(contract)
    }

    /// A contract that is not closed, rather one that waits for signatures than a draft, rather a new one.
    fn likely_contract(&mut self) -> Option<i64> {
        let pending = self.contracts_in(|state| matches!(state, State::Pending | State::CandidateSigned));
        let drafts = self.contracts_in(|state| state == State::Draft);
        let from =
            if pending.is_empty() || !drafts.is_empty() && self.rng.u8(..4) == 0 { drafts } else { pending };
        let last = *from.last()?;
        Some(if self.rng.u8(..3) == 0 { from[self.rng.usize(..from.len())] } else { last })
    }

    fn contracts_in(&self, is_wanted: impl Fn(State) -> bool) -> Vec<i64> {
        let papers = self.judge.contracts.iter();
        papers.filter(|(_, paper)| !paper.is_gone && is_wanted(paper.state)).map(|(id, _)| *id).collect()
    }

    /// A recruiter reacts to what has just changed on the card.
    pub(super) fn recruiter_reacts(&mut self) {
        let deed = match self.rng.u8(..10) {
            0..4 => Deed::Undo,
            4..9 => Deed::Edit,
            _ => Deed::Clear,
        };
        self.perform(deed);
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Edit | Deed::Clear | Deed::Undo => self.edit_card(deed),
            Deed::Forget => self.forget(),
            Deed::Fill
            | Deed::Publish
            | Deed::Sign
            | Deed::SignAll
            | Deed::Decline
            | Deed::Expire
            | Deed::Delete => {
                let known = self.contracts_in(|_| true);
                if !known.is_empty() {
                    let contract = known[self.rng.usize(..known.len())];
                    self.act_at(deed, contract);
                }
            }
        }
    }

    /// Something happens that no task has planned for.
    fn stir(&mut self) {
        self.pass_step();
        if let Some(task) = self.judge.witnesses.get_mut(self.current) {
            task.is_calm = false;
        }
    }

    fn edit_card(&mut self, deed: Deed) {
        self.stir();
        let anywhere =
            (self.rng.usize(..self.scenario.candidates), self.rng.usize(..self.scenario.fields.len()));
        let (candidate, field) = self.hot.filter(|_| self.rng.u8(..4) > 0).unwrap_or(anywhere);
        let rules = self.scenario.fields[field].clone();
        let held = &self.judge.cards[candidate].fields[field];
        let (value, name) = match deed {
            Deed::Undo => (held.before.clone(), "undo"),
            Deed::Clear => (String::new(), "clear"),
            Deed::Edit
            | Deed::Fill
            | Deed::Publish
            | Deed::Sign
            | Deed::SignAll
            | Deed::Decline
            | Deed::Expire
            | Deed::Delete
            | Deed::Forget => (rules.kind.pool()[self.rng.usize(..4)].to_owned(), "edit"),
        };
        if value == held.value {
            return;
        }
        let (id, given) =
            (self.judge.cards[candidate].id.clone(), (!value.is_empty()).then_some(value.as_str()));
        let done = if rules.is_default() {
            self.sandbox.edit_candidate(&id, &rules.card, given)
        } else {
            self.sandbox.edit_custom_field(&id, &rules.card, given)
        };
        if done.is_ok() {
            self.trace(|| {
                format!("a recruiter puts {value:?} into {} of candidate {candidate} ({name})", rules.card)
            });
            self.counts.add("deed", name);
            self.judge.recruiter_put(candidate, field, value);
            self.reshow(candidate);
            self.hot = Some((candidate, field));
        }
    }

    fn act_at(&mut self, deed: Deed, contract: i64) {
        self.stir();
        let (done, name) = match deed {
            Deed::Publish => (self.sandbox.publish(contract), "publish"),
            Deed::Sign => (self.sandbox.sign(contract, None), "sign"),
            Deed::SignAll => (self.sandbox.sign_all(contract), "sign all"),
            Deed::Decline => (self.sandbox.decline(contract, None), "decline"),
            Deed::Expire => (self.sandbox.expire(contract), "expire"),
            Deed::Delete => (self.sandbox.delete_contract(contract), "delete"),
            Deed::Fill | Deed::Edit | Deed::Clear | Deed::Undo | Deed::Forget => {
                let field = self.rng.usize(..self.scenario.fields.len());
                let rules = self.scenario.fields[field].clone();
                let value = if self.rng.u8(..8) == 0 { "" } else { rules.kind.pool()[self.rng.usize(..4)] };
                if self.judge.contracts[&contract].values[field] == value {
                    return;
                }
                let text = rules.kind.spelled(value, &mut self.rng);
                (self.sandbox.fill_data_field(contract, &rules.key, &text), "fill")
            }
        };
        if done.is_ok() {
            self.judge.next_step();
            self.reread_contract(contract);
            self.counts.add("deed", name);
            self.trace(|| {
                let paper = &self.judge.contracts[&contract];
                format!("{name} {contract}: {:?}, {:?}", paper.state, paper.values)
            });
        }
    }

    fn forget(&mut self) {
        self.stir();
        let candidate = self.rng.usize(..self.scenario.candidates);
        // Else most runs would end early in a dull state.
        if self.rng.u8(..3) > 0 {
            return;
        }
        let (id, now) = (self.judge.cards[candidate].id.as_str().into(), self.sandbox.now());
        // A ledger in memory does not wait.
        let done = pin!(self.ledger.forget(&id)).poll(&mut Context::from_waker(Waker::noop()));
        if matches!(done, Poll::Ready(Ok(()))) {
            self.judge.forgotten(candidate, now);
            self.counts.add("deed", "forget");
            self.trace(|| format!("candidate {candidate} is forgotten"));
        }
    }
}
