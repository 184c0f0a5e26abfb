//! Checks each entry by itself.

use std::collections::BTreeSet;

use super::{
    super::entry::Entry, super::entry::Source, super::nearest::nearest, super::view::View, sync::repeated,
};
use crate::{
    candidate::{CandidateField, DefaultField},
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    mapping::{rules::Direction, rules::Moment, rules::OnConflict, rules::OnEmpty, rules::OnFirstSight},
    value::{FieldType, Locale},
    words::mapping as words,
};

pub(super) fn check(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    match entry.source() {
        Some(Source::Empty) => found.push(empty_key(entry.at("oneflow"))),
        Some(Source::Contract("state")) => state(view, entry, found),
        Some(Source::Contract(property)) => found.push(unknown_property(entry, property)),
        Some(Source::DataField(_)) | None => {}
    }
    default_type(entry, found);
    rules_without_effect(entry, found);
    identity_not_allowed(entry, found);
    cleared_unsigned(entry, found);
    email_not_cleared(entry, found);
    unused_locale(view, entry, found);
    repeated(entry.template_types(), &entry.at("template_types"), found);
    repeated(entry.workspaces(), &entry.at("workspaces"), found);
    outside_sync(view, entry, found);
}

/// A data field without a name.
pub(super) fn empty_key(path: KeyPath) -> Diagnostic {
    Diagnostic::at_value(DiagnosticCode::EmptyKey, path, words::EMPTY_KEY, words::EMPTY_KEY_HELP)
}

fn unknown_property(entry: &Entry<'_>, property: &str) -> Diagnostic {
    let help = match nearest(property, ["state"]) {
        Some(_) => words::WRITE_STATE,
        None => words::ONLY_STATE,
    };
    let message = words::unknown_property(property);
    Diagnostic::at_value(DiagnosticCode::UnknownContractProperty, entry.at("oneflow"), message, help)
}

/// Checks an entry that shows the contract's state on the card.
fn state(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(direction) = entry.direction().filter(|direction| *direction != Direction::ToTeamtailor) {
        let is_written = direction != Direction::default();
        found.push(Diagnostic::at_value(
            DiagnosticCode::StateDirection,
            entry.at(if is_written { "direction" } else { "oneflow" }),
            words::STATE_DIRECTION,
            words::STATE_DIRECTION_HELP,
        ));
    }
    if let Some(kind) = view.kind(entry).filter(|kind| !matches!(kind, FieldType::Text | FieldType::Choice)) {
        let is_written = entry.kind().is_some();
        found.push(Diagnostic::at_value(
            DiagnosticCode::StateType,
            entry.at(if is_written { "type" } else { "teamtailor" }),
            words::state_type(kind),
            words::STATE_TYPE_HELP,
        ));
    }
}

fn default_type(entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(CandidateField::Default(field)) = entry.teamtailor()
        && entry.kind().is_some_and(|kind| kind != field.kind())
    {
        found.push(Diagnostic::at_value(
            DiagnosticCode::WrongDefaultFieldType,
            entry.at("type"),
            words::wrong_default_type(field.as_str(), field.kind()),
            words::WRONG_DEFAULT_TYPE_HELP,
        ));
    }
}

fn rules_without_effect(entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let mut without_effect = |key: &str, why: &str| {
        let message = words::without_effect(key, why);
        let code = DiagnosticCode::RuleWithoutEffect;
        found.push(Diagnostic::at_key(code, entry.at(key), message, words::REMOVE_IT));
    };
    let clears = entry.on_empty() == Some(OnEmpty::Clear);
    if entry.direction() == Some(Direction::ToOneflow) {
        let why = words::NOT_WRITTEN_BACK;
        if entry.when().is_some_and(|when| when != Moment::default()) {
            without_effect("when", why);
        }
        if entry.on_conflict().is_some_and(|on_conflict| on_conflict != OnConflict::default()) {
            without_effect("on_conflict", why);
        }
        if entry.on_first_sight().is_some_and(|rule| rule != OnFirstSight::default()) {
            without_effect("on_first_sight", why);
        }
        if clears {
            without_effect("on_empty", why);
        }
        if entry.allow_identity() == Some(true) {
            without_effect("allow_identity", why);
        }
    } else if entry.is_state() && clears {
        without_effect("on_empty", words::ALWAYS_A_STATE);
    }
    let is_unneeded = entry.needs_allow_identity() == Some(false) && entry.writes_back();
    if is_unneeded && entry.allow_identity() == Some(true) {
        without_effect("allow_identity", words::ONLY_EMAIL_NEEDS_IT);
    }
}

/// Whoever holds the contract's link could change the address that a candidate logs in with, and that recruiters write to.
fn identity_not_allowed(entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let is_needed = entry.needs_allow_identity() == Some(true) && entry.writes_back();
    if is_needed && entry.allow_identity() == Some(false) {
        found.push(Diagnostic::at_value(
            DiagnosticCode::IdentityNotAllowed,
            entry.at("teamtailor"),
            words::IDENTITY_NOT_ALLOWED,
            words::IDENTITY_NOT_ALLOWED_HELP,
        ));
    }
}

/// Who empties a field before everyone has signed may be anybody.
fn cleared_unsigned(entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let is_before = entry.moment().is_some_and(|moment| moment != Moment::AllSigned);
    let clears = entry.on_empty() == Some(OnEmpty::Clear) && entry.writes_back() && !entry.is_state();
    if is_before && clears {
        found.push(Diagnostic::at_value(
            DiagnosticCode::ClearedUnsigned,
            entry.at("on_empty"),
            words::CLEARED_UNSIGNED,
            words::CLEARED_UNSIGNED_HELP,
        ));
    }
}

fn email_not_cleared(entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let is_email = entry.teamtailor() == Some(&CandidateField::Default(DefaultField::Email));
    if is_email && entry.on_empty() == Some(OnEmpty::Clear) && entry.writes_back() {
        found.push(Diagnostic::at_value(
            DiagnosticCode::EmailNotCleared,
            entry.at("on_empty"),
            words::EMAIL_NOT_CLEARED,
            words::EMAIL_NOT_CLEARED_HELP,
        ));
    }
}

/// The parts of a locale that are set, each with the type of the values that ask for it.
fn parts(locale: &Locale) -> Vec<(&'static str, FieldType)> {
    let parts = [
        ("decimal", locale.decimal.is_some(), FieldType::Number),
        ("date_order", locale.date_order.is_some(), FieldType::Date),
        ("country", locale.country.is_some(), FieldType::Phone),
        ("currency", locale.currency.is_some(), FieldType::Number),
    ];
    parts.into_iter().filter(|(_, is_set, _)| *is_set).map(|(key, _, kind)| (key, kind)).collect()
}

fn unused_locale(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(locale), Some(kind)) = (entry.locale(), view.kind(entry)) else {
        return;
    };
    for (key, needed_by) in parts(&locale).into_iter().filter(|(_, needed_by)| *needed_by != kind) {
        found.push(Diagnostic::at_key(
            DiagnosticCode::UnusedLocale,
            entry.at("locale").key(key),
            words::unused_locale(key, kind),
            words::unused_locale_help(needed_by),
        ));
    }
}

fn outside_sync(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let mut outside = |key: &str| {
        let diagnostic = Diagnostic::at_value(
            DiagnosticCode::OutsideSync,
            entry.at(key),
            words::outside_sync(key),
            words::outside_sync_help(key),
        );
        found.push(diagnostic.related(KeyPath::sync(key), words::ONLY_THESE));
    };
    if is_nowhere(&view.template_types, entry.template_types()) {
        outside("template_types");
    }
    if is_nowhere(&view.workspaces, entry.workspaces()) {
        outside("workspaces");
    }
}

/// Whether these scopes, of which an empty one is for all, have nothing in common.
fn is_nowhere<T: Ord>(of_sync: &BTreeSet<T>, of_entry: Option<&[T]>) -> bool {
    let of_entry = of_entry.unwrap_or_default();
    !of_sync.is_empty() && !of_entry.is_empty() && !of_entry.iter().any(|id| of_sync.contains(id))
}
