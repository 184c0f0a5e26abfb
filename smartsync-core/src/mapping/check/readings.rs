//! Looks for data fields whose texts may have two readings.

use std::collections::BTreeSet;

use super::{
    super::entry::Entry, super::entry::Source, super::nearest::or_some, super::unread::Unread,
    super::view::View, convention::Replaced, convention::convention_pairs,
};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    value::FieldType,
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
    let mut report = |key: &str, fields: BTreeSet<&str>, what: &str, help: &str| {
        if !fields.is_empty() {
            let fields = or_some(fields.into_iter());
            let path = KeyPath::sync("locale").key(key);
            let message = format!("a {what} in {fields} may be ambiguous, and is then not written back");
            found.push(Diagnostic::at_key(DiagnosticCode::TwoReadings, path, message, help));
        }
    };
    report(
        "decimal",
        numbers,
        "number such as 1.234",
        "set `locale = { decimal = \"comma\" }` or `\"point\"`, whichever the contracts use",
    );
    report(
        "date_order",
        dates,
        "date such as 03/04/2031",
        "set `locale = { date_order = \"dmy\" }` or `\"mdy\"`, whichever the contracts use",
    );
}
