//! A candidate's card: who put each value there, and when.

/// Who put a value on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::faults) enum By {
    /// The field is as empty as it began.
    Nobody,
    /// A person, with Teamtailor open.
    Recruiter,
    /// A contract, through the engine.
    Contract(i64),
}

/// A mapped field of a card.
#[derive(Clone, Debug)]
pub(in crate::faults) struct Held {
    pub(in crate::faults) value: String,
    pub(super) by: By,
    pub(super) step: u64,
    /// What was there before.
    pub(in crate::faults) before: String,
    /// What the sync itself put here last or found agreed since, through whichever contract: no person's edit.
    pub(super) own: Vec<String>,
    /// What the sync put there last.
    pub(super) put_last: Option<String>,
    /// Every value that the field has had, each with the step at which it came.
    past: Vec<(u64, String)>,
}

impl Held {
    fn new(value: String) -> Self {
        // What is there at the beginning was typed by a person.
        let by = if value.is_empty() { By::Nobody } else { By::Recruiter };
        let past = vec![(0, value.clone())];
        Self { value, by, step: 0, before: String::new(), own: Vec::new(), put_last: None, past }
    }

    pub(super) fn put(&mut self, value: String, by: By, step: u64) {
        self.past.push((step, value.clone()));
        self.before = std::mem::replace(&mut self.value, value);
        (self.by, self.step) = (by, step);
    }

    /// Whether the field held the value at any time from this step on.
    pub(super) fn held_since(&self, step: u64, value: &str) -> bool {
        let later = self.past.iter().filter(|(at, _)| *at > step);
        let then = self.past.iter().rev().find(|(at, _)| *at <= step);
        later.chain(then).any(|(_, held)| held == value)
    }

    /// Whether a person has put the value there, and the sync has not put or found the same.
    pub(super) fn is_persons(&self) -> bool {
        self.by == By::Recruiter && !self.own.contains(&self.value)
    }

    /// The sync may take the value for its own as well.
    pub(super) fn may_own(&mut self, value: &str) {
        if !self.own.iter().any(|own| own == value) {
            self.own.push(value.to_owned());
        }
    }
}

/// A candidate's card.
#[derive(Clone, Debug)]
pub(in crate::faults) struct Card {
    pub(in crate::faults) id: String,
    pub(in crate::faults) fields: Vec<Held>,
    pub(in crate::faults) forgotten: Option<i64>,
}

impl Card {
    pub(in crate::faults) fn new(id: String, values: Vec<String>) -> Self {
        Self { id, fields: values.into_iter().map(Held::new).collect(), forgotten: None }
    }
}
