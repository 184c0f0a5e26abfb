//! What a look changes of what a person looks at: which reasons are left, which fields are held, what is counted.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use oneflow_client::ContractId;
use smartsync_core::{Reason, outcome::ContractEdit};
use teamtailor_client::CandidateId;

use super::tallied::Tallied;
use crate::store::journal::{Look, LookedField, Standing, Trigger};

/// What is noted with a look, beside its row and where its contract stands.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct LookNotes<'a> {
    pub(in crate::store) contract: ContractId,
    pub(in crate::store) candidate: Option<&'a CandidateId>,
    pub(in crate::store) looked_at: Timestamp,
    pub(in crate::store) plan: Option<&'a str>,
    /// The codes of what is left. `None`: there is none, and there was none.
    pub(in crate::store) reasons: Option<&'a [String]>,
    /// The fields that are held. `None`: those that were, if any.
    pub(in crate::store) held: Option<Vec<&'a LookedField>>,
    /// How much is counted in the hour of the look.
    pub(in crate::store) counts: BTreeMap<Tallied, u64>,
}

impl<'a> LookNotes<'a> {
    /// Of a look after which its contract stands so, and before which it stood so. `None`: it [is no look](Look::is_look).
    pub(in crate::store) fn of(
        before: Option<&Standing>,
        after: &'a Standing,
        look: &'a Look,
    ) -> Option<Self> {
        if !look.is_look() {
            return None;
        }
        // A later look has overtaken it: what is left is as that one found it.
        let is_overtaken = after.looked_at != look.occasion.at;
        let has_reasons =
            before.is_some_and(|before| !before.reasons.is_empty()) || !after.reasons.is_empty();
        let held: Vec<_> = fields(look).filter(|field| field.outcome == "held").collect();
        let has_held = before.is_some_and(|before| before.fields.held > 0) || !held.is_empty();
        Some(Self {
            contract: after.contract,
            candidate: after.candidate.as_ref(),
            looked_at: look.occasion.at,
            plan: look.plan.as_deref(),
            reasons: (has_reasons && !is_overtaken).then_some(&*after.reasons),
            held: (look.drifts.is_some() && has_held && !is_overtaken).then_some(held),
            counts: counts(before, look),
        })
    }
}

/// What somebody did to the contract's field since both sides last agreed, in a word.
pub(in crate::store) fn edit(field: &LookedField) -> Option<&'static str> {
    field.sides?.edit().map(ContractEdit::as_str)
}

/// The fields of a look, but for those of a contract that nothing links to a candidate: it is none of the sync's.
fn fields(look: &Look) -> impl Iterator<Item = &LookedField> {
    let no_candidate = Some(Reason::NoCandidate.code());
    look.fields.iter().filter(move |field| field.reason.as_deref() != no_candidate)
}

fn counts(before: Option<&Standing>, look: &Look) -> BTreeMap<Tallied, u64> {
    let mut counts = BTreeMap::new();
    let mut count = |what| *counts.entry(what).or_default() += 1;
    for field in fields(look) {
        count(match field.outcome.as_str() {
            "written" => Tallied::FieldWritten,
            "unchanged" => Tallied::FieldUnchanged,
            "held" => Tallied::FieldHeld,
            "skipped" => Tallied::FieldSkipped,
            _ => Tallied::FieldFailed,
        });
    }
    if look.drifts.is_none() {
        count(Tallied::LookFailed);
        return counts;
    }
    let is_attached = look.document.as_ref().is_some_and(|(outcome, _)| outcome == "attached");
    let has_written = is_attached || look.fields.iter().any(|field| field.outcome == "written");
    let has_left = look.reasons().into_iter().any(|reason| reason != Reason::NoCandidate.code());
    count(match (has_left, has_written) {
        (true, _) => Tallied::LookLeft,
        (false, true) => Tallied::LookWrote,
        (false, false) => Tallied::LookUnchanged,
    });
    let has_changed = before.is_none_or(|before| before.last_change != look.last_change);
    match (look.occasion.trigger, look.last_change) {
        (Trigger::Notification, Some(change)) if has_changed => {
            count(delay(look.occasion.at.duration_since(change)));
        }
        (Trigger::Sweep, _) if has_changed && (has_left || has_written) => count(Tallied::SweepFound),
        _ => {}
    }
    counts
}

/// The class of the time from a change to the look. Where Oneflow's clock is ahead, it is the shortest.
fn delay(time: SignedDuration) -> Tallied {
    match time.as_secs() {
        ..5 => Tallied::DelayFiveSeconds,
        5..30 => Tallied::DelayHalfMinute,
        30..120 => Tallied::DelayTwoMinutes,
        120..600 => Tallied::DelayTenMinutes,
        600..3600 => Tallied::DelayHour,
        3600.. => Tallied::DelayLonger,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::journal::{NextLook, Occasion};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_930_000_000 + seconds).unwrap()
    }

    fn look(trigger: Trigger, fields: &[(&str, Option<&str>)]) -> Look {
        let occasion = Occasion::new(9001.into(), trigger, at(100)).cost(Duration::from_secs(1), 3);
        let mut look = Look::without_end(occasion, NextLook::None);
        (look.error, look.drifts, look.last_change) = (None, Some(false), Some(at(90)));
        let field = |(number, (outcome, reason)): (usize, &(&str, Option<&str>))| {
            LookedField::new(&format!("oneflow-{number}"), "custom:city", outcome, *reason)
        };
        look.fields = fields.iter().enumerate().map(field).collect();
        look
    }

    fn counted(before: Option<&Standing>, look: &Look) -> Vec<(Tallied, u64)> {
        counts(before, look).into_iter().collect()
    }

    #[test]
    fn a_look_counts_once_by_what_it_left_or_else_did_and_its_fields_each_by_how_they_ended() {
        let by_hand = |fields: &[(&str, Option<&str>)]| counted(None, &look(Trigger::ByHand, fields));
        let held = Some("conflict-held");
        assert_eq!(by_hand(&[]), [(Tallied::LookUnchanged, 1)]);
        assert_eq!(
            by_hand(&[("written", None), ("written", None), ("unchanged", None)]),
            [(Tallied::LookWrote, 1), (Tallied::FieldWritten, 2), (Tallied::FieldUnchanged, 1)]
        );
        assert_eq!(
            by_hand(&[("written", None), ("held", held), ("failed", Some("refused")), ("skipped", None)]),
            [
                (Tallied::LookLeft, 1),
                (Tallied::FieldWritten, 1),
                (Tallied::FieldHeld, 1),
                (Tallied::FieldSkipped, 1),
                (Tallied::FieldFailed, 1)
            ]
        );
        let of_nobody = Some("no-candidate");
        assert_eq!(by_hand(&[("held", of_nobody), ("held", of_nobody)]), [(Tallied::LookUnchanged, 1)]);
        let mut attached = look(Trigger::ByHand, &[]);
        attached.document = Some(("attached".to_owned(), None));
        assert_eq!(counted(None, &attached), [(Tallied::LookWrote, 1)]);
        let failed = Look::without_end(attached.occasion, NextLook::Parked);
        assert_eq!(counted(None, &failed), [(Tallied::LookFailed, 1)]);
    }

    #[test]
    fn the_delay_is_that_of_a_look_that_a_notification_caused_at_a_contract_that_has_changed_since() {
        let told = look(Trigger::Notification, &[]);
        let before = Standing::after(None, &told);
        let delays = |look: &Look, before: Option<&Standing>| {
            counted(before, look)
                .into_iter()
                .map(|(what, _)| what)
                .filter(|what| Tallied::DELAYS.contains(what))
                .collect::<Vec<_>>()
        };
        assert_eq!(delays(&told, None), [Tallied::DelayHalfMinute]);
        assert_eq!(delays(&told, before.as_ref()), [], "it has not changed");
        assert_eq!(delays(&look(Trigger::Sweep, &[]), None), [], "nobody told");
        for (seconds, expected) in [
            (-5, Tallied::DelayFiveSeconds),
            (4, Tallied::DelayFiveSeconds),
            (5, Tallied::DelayHalfMinute),
            (30, Tallied::DelayTwoMinutes),
            (120, Tallied::DelayTenMinutes),
            (600, Tallied::DelayHour),
            (3600, Tallied::DelayLonger),
        ] {
            let mut late = told.clone();
            late.last_change = Some(at(100 - seconds));
            assert_eq!(delays(&late, None), [expected], "{seconds}");
        }
    }

    #[test]
    fn a_pass_has_found_what_has_changed_and_needs_something_and_that_no_notification_has_told() {
        let found = |look: &Look, before: Option<&Standing>| {
            counted(before, look).contains(&(Tallied::SweepFound, 1))
        };
        let written = look(Trigger::Sweep, &[("written", None)]);
        let before = Standing::after(None, &written);
        assert!(found(&written, None));
        assert!(found(&look(Trigger::Sweep, &[("held", Some("conflict-held"))]), None));
        assert!(!found(&written, before.as_ref()), "it has not changed: a write that was left");
        assert!(!found(&look(Trigger::Sweep, &[("unchanged", None)]), None), "there is nothing to do");
        assert!(!found(&look(Trigger::Notification, &[("written", None)]), None), "it was told");
    }

    #[test]
    fn what_a_look_does_not_change_is_not_noted() {
        let calm = look(Trigger::ByHand, &[("unchanged", None)]);
        let after = Standing::after(None, &calm).unwrap();
        let notes = LookNotes::of(None, &after, &calm).unwrap();
        assert_eq!((notes.reasons, notes.held), (None, None));

        let held = look(Trigger::ByHand, &[("held", Some("conflict-held")), ("held", Some("no-candidate"))]);
        let was_held = Standing::after(None, &held).unwrap();
        let notes = LookNotes::of(None, &was_held, &held).unwrap();
        assert_eq!(notes.held.unwrap(), [&held.fields[0]]);
        assert_eq!(notes.reasons.unwrap(), ["conflict-held", "no-candidate"]);
        let notes = LookNotes::of(Some(&was_held), &after, &calm).unwrap();
        assert_eq!((notes.reasons, notes.held), (Some(&[][..]), Some(Vec::new())), "nothing is left of it");

        let mut overtaken = held.clone();
        overtaken.occasion.at = calm.occasion.at - SignedDuration::from_millis(1);
        let notes = LookNotes::of(Some(&after), &after, &overtaken).unwrap();
        assert_eq!((notes.reasons, notes.held), (None, None), "a later look has found it so");

        let failed = Look::without_end(calm.occasion, NextLook::Parked);
        let after = Standing::after(Some(was_held.clone()), &failed).unwrap();
        let notes = LookNotes::of(Some(&was_held), &after, &failed).unwrap();
        assert_eq!(notes.held, None, "it has seen nothing");
        assert_eq!(notes.reasons.unwrap(), ["took-too-long"]);
        let mut dropped = failed;
        dropped.action = Some(crate::store::journal::Action::Dropped);
        assert_eq!(LookNotes::of(Some(&was_held), &after, &dropped), None);
    }
}
