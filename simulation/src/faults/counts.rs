//! How often each kind of thing happened.

use std::{collections::BTreeMap, fmt};

/// How often each kind of thing happened, by group and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<(&'static str, &'static str), u64>);

impl Counts {
    pub(super) fn add(&mut self, group: &'static str, name: &'static str) {
        *self.0.entry((group, name)).or_default() += 1;
    }

    /// Adds what happened in another run.
    pub fn add_all(&mut self, other: &Self) {
        for (key, count) in &other.0 {
            *self.0.entry(*key).or_default() += count;
        }
    }

    /// How often it happened.
    #[must_use]
    pub fn of(&self, group: &str, name: &str) -> u64 {
        let found = self.0.iter().find(|((in_group, known), _)| *in_group == group && *known == name);
        found.map_or(0, |(_, count)| *count)
    }

    /// How often anything of the group happened.
    #[must_use]
    pub fn of_group(&self, group: &str) -> u64 {
        self.0.iter().filter(|((known, _), _)| *known == group).map(|(_, count)| count).sum()
    }
}

/// One line per group.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        for ((group, name), count) in &self.0 {
            if *group == last {
                write!(f, ", {name} {count}")?;
            } else {
                write!(f, "{}{group}: {name} {count}", if last.is_empty() { "" } else { "\n" })?;
                last = group;
            }
        }
        Ok(())
    }
}
