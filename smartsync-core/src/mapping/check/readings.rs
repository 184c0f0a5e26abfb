//! Looks for data fields whose texts may have two readings.

use std::collections::BTreeSet;

use super::{
    super::entry::Entry, super::entry::Source, super::nearest::or_some, super::unread::Unread,
    super::view::View, convention::Replaced, convention::convention_pairs,
};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    value::FieldType,
    words::mapping as words,
};

pub(super) fn check(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let pairs = convention_pairs(view);
    let replaced = Replaced::by(view);
    let kept = pairs.iter().filter(|pair| !replaced.has(pair));
    let by_name = kept.map(|pair| Entry::new(0, pair, Unread::NONE));
    let (mut numbers, mut dates) = (BTreeSet::new(), BTreeSet::new());
    for entry in view.entries.iter().copied().chain(by_name) {
        // What the contract itself has, as its state, is no text that somebody types.
        let Some(Source::DataField(key)) = entry.source() else {
            continue;
        };
        let Some(locale) = view.locale(&entry).filter(|_| entry.writes_back()) else {
            continue;
        };
        match view.kind(&entry) {
            Some(FieldType::Number) if locale.decimal.is_none() => numbers.insert(key),
            Some(FieldType::Date) if locale.date_order.is_none() => dates.insert(key),
            _ => continue,
        };
    }
    let mut report = |key: &str, fields: BTreeSet<&str>, message: fn(&str) -> String, help: &str| {
        if !fields.is_empty() {
            let fields = or_some(fields.into_iter());
            let path = KeyPath::sync("locale").key(key);
            found.push(Diagnostic::at_key(DiagnosticCode::TwoReadings, path, message(&fields), help));
        }
    };
    report("decimal", numbers, words::numbers_with_two_readings, words::DECIMAL_HELP);
    report("date_order", dates, words::dates_with_two_readings, words::DATE_ORDER_HELP);
}
