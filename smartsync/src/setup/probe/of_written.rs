//! What the answers to a run that writes show.

use std::{collections::BTreeMap, slice};

use serde_json::Value;

use super::{
    answers::Answers,
    verdict::{Settled, Verdict, settled},
};
use crate::{config::FactService, words::commands::probe_seen as words};

/// The name of the field for texts.
pub(super) const TEXT: &str = "text-field";

pub(super) fn verdicts(answers: &Answers, fields: &Fields) -> Vec<Verdict> {
    let mut all = settled(
        FactService::Teamtailor,
        [
            ("deleted-candidate", deleted(answers, "candidate-gone", words::DELETED_CANDIDATES)),
            ("email-read-form", email_read_form(answers)),
            ("email-filter", email_filter(answers)),
            ("taken-words", taken_words(answers)),
            ("value-posted-twice", value_posted_twice(answers, fields)),
            ("write-answer", write_answer(answers, fields)),
            ("values-move-updated-at", values_move_updated_at(answers, fields)),
            ("checkbox-read-form", checkbox_read_form(answers, fields)),
            ("number-read-form", number_read_form(answers, fields)),
            ("number-written-form", number_written_form(answers, fields)),
            ("date-read-form", date_read_form(answers, fields)),
            ("select-read-form", select_read_form(answers, fields)),
            ("multi-select-read-form", multi_select_read_form(answers, fields)),
            ("one-bad-attribute", one_bad_attribute(answers)),
            ("value-clearing", value_clearing(answers, fields)),
        ],
    );
    all.extend(settled(
        FactService::Oneflow,
        [
            ("deleted-contract", deleted_contract(answers)),
            ("success-statuses", success_statuses(answers)),
            ("participant-custom-id", participant_custom_id(answers)),
            ("create-answer-values", create_answer_values(answers)),
            ("data-field-times", data_field_times(answers)),
            ("value-when-empty", value_when_empty(answers)),
            ("changes-move-updated-time", changes_move_updated_time(answers)),
            ("contract-list-lag", contract_list_lag(answers)),
            ("new-contract-value", new_contract_value(answers)),
        ],
    ));
    all
}

/// The ids of the custom fields of the account that the run writes, by their names in its list.
pub(super) type Fields = BTreeMap<&'static str, String>;

/// What a card holds of a custom field, but for nothing. `None`: it cannot be read, or the field is not known.
pub(super) fn values<'a>(
    answers: &'a Answers,
    card: &str,
    fields: &Fields,
    field: &str,
) -> Option<Vec<&'a Value>> {
    let (included, field) = (answers.success(card)?["included"].as_array(), fields.get(field)?.as_str());
    let of_field = included.into_iter().flatten().filter(|one| {
        one["type"] == "custom-field-values"
            && one.pointer("/relationships/custom-field/data/id").and_then(Value::as_str) == Some(field)
    });
    let values = of_field.map(|one| &one["attributes"]["value"]);
    Some(values.filter(|value| !is_empty(value)).collect())
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty)
}

/// The one value that the card had of a field when each was written.
fn read_back<'a>(answers: &'a Answers, fields: &Fields, field: &str) -> Option<&'a Value> {
    match values(answers, "card-forms", fields, field)?.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}

fn deleted(answers: &Answers, gone: &str, seen: &'static str) -> Settled {
    match answers.get(gone)?.status {
        404 => Some(("not-found", 1, seen)),
        status if status >= 500 || (200..300).contains(&status) => None,
        _ => Some(("else", 1, seen)),
    }
}

/// One that is shown afterwards is not told from one that was not deleted.
fn deleted_contract(answers: &Answers) -> Settled {
    deleted(answers, "contract-gone", words::DELETED_DRAFTS)
}

fn success_statuses(answers: &Answers) -> Settled {
    let names = ["bare-contract", "delete-contract"];
    let statuses: Vec<u16> =
        answers.of(&names).filter(|answer| answer.is_success()).map(|answer| answer.status).collect();
    match statuses.as_slice() {
        [200, 200] => Some(("ok", 2, words::CREATE_AND_DELETE)),
        [_, _] => Some(("else", 2, words::CREATE_AND_DELETE)),
        _ => None,
    }
}

fn email_read_form(answers: &Answers) -> Settled {
    let email = answers.success("card-new")?.pointer("/data/attributes/email")?.as_str()?;
    let has_capitals = email.bytes().any(|byte| byte.is_ascii_uppercase());
    Some((if has_capitals { "as-written" } else { "lower" }, 1, words::CAPITALS))
}

fn email_filter(answers: &Answers) -> Settled {
    let found = |name| answers.success(name).map(|_| answers.items(name).len());
    match (found("by-address")?, found("by-capitals")?, found("by-part")?) {
        (1, 0, 0) => Some(("exact-lower", 1, words::FOUND_BY_ADDRESS)),
        (1, 1, 0) => Some(("any-case", 1, words::FOUND_BY_ADDRESS)),
        (1, _, 1) => Some(("part", 1, words::FOUND_BY_PART)),
        _ => None,
    }
}

fn taken_words(answers: &Answers) -> Settled {
    let refusal = answers.get("same-address").filter(|answer| answer.status == 422)?;
    let error = &refusal.body["errors"][0];
    let says = |member: &str| error[member].as_str().is_some_and(|text| text.contains("taken"));
    let answer = if says("title") || says("detail") { "taken" } else { "else" };
    Some((answer, 1, words::TAKEN_ADDRESSES))
}

fn value_posted_twice(answers: &Answers, fields: &Fields) -> Settled {
    let held = values(answers, "card-again", fields, TEXT)?;
    let second = answers.get("text-again")?;
    let is_refused = (400..500).contains(&second.status) && second.status != 429;
    match held.as_slice() {
        [value] if is_refused && *value == "probe" => Some(("refused", 1, words::SECOND_VALUES)),
        [value] if second.is_success() && *value == "again" => Some(("overwritten", 1, words::SECOND_VALUES)),
        [_, _] if second.is_success() => Some(("second", 1, words::SECOND_VALUES)),
        _ => None,
    }
}

fn write_answer(answers: &Answers, fields: &Fields) -> Settled {
    let changed = answers.get("text-changed").filter(|answer| answer.is_success())?;
    read_back(answers, fields, TEXT).filter(|value| *value == "changed")?;
    let answer = match changed.body.pointer("/data/attributes/value") {
        Some(value) if value == "changed" => "shown",
        Some(_) => "earlier",
        None => "empty",
    };
    Some((answer, 1, words::CHANGED_VALUES))
}

fn values_move_updated_at(answers: &Answers, fields: &Fields) -> Settled {
    let at = |card| answers.success(card)?.pointer("/data/attributes/updated-at")?.as_str();
    values(answers, "card-text", fields, TEXT).filter(|held| held.len() == 1)?;
    let answer = if at("card-new")? == at("card-text")? { "stays" } else { "moves" };
    Some((answer, 1, words::WRITTEN_VALUES))
}

/// A form that has no answer of its own.
fn text_or_else(value: &Value) -> &'static str {
    if value.is_string() { "text" } else { "else" }
}

fn checkbox_read_form(answers: &Answers, fields: &Fields) -> Settled {
    let value = read_back(answers, fields, "checkbox-field")?;
    let answer = if value.is_boolean() { "boolean" } else { text_or_else(value) };
    Some((answer, 1, words::CHECKBOXES))
}

fn number_read_form(answers: &Answers, fields: &Fields) -> Settled {
    let value = read_back(answers, fields, "number-field")?;
    let answer = if value.is_number() { "number" } else { text_or_else(value) };
    Some((answer, 1, words::NUMBERS))
}

fn number_written_form(answers: &Answers, fields: &Fields) -> Settled {
    if matches!(answers.get("number")?.status, 400 | 422) {
        return Some(("refused", 1, words::DECIMALS));
    }
    let value = read_back(answers, fields, "number-field")?;
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    let is_kept = (number - 1.5).abs() < f64::EPSILON;
    Some((if is_kept { "kept" } else { "rounded" }, 1, words::DECIMALS))
}

fn date_read_form(answers: &Answers, fields: &Fields) -> Settled {
    let answer = match read_back(answers, fields, "date-field")?.as_str() {
        Some("2031-03-04") => "as-written",
        Some(text) if text.starts_with("2031-03-0") => "with-time",
        _ => "else",
    };
    Some((answer, 1, words::DATES))
}

/// Ids and labels of the first options of a list.
fn options<'a>(answers: &'a Answers, list: &str, count: usize) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let items = answers.items(list).iter().take(count);
    items
        .map(|one| {
            let attributes = &one["attributes"];
            (
                &one["id"],
                if attributes["value"].is_null() { &attributes["name"] } else { &attributes["value"] },
            )
        })
        .unzip()
}

fn select_read_form(answers: &Answers, fields: &Fields) -> Settled {
    let (ids, labels) = options(answers, "options", 1);
    let (id, label, value) = (*ids.first()?, *labels.first()?, read_back(answers, fields, "select-field")?);
    let is_id = value == id || value.as_u64().is_some_and(|value| id == &value.to_string());
    let is_list = value.as_array().is_some_and(|items| items.as_slice() == slice::from_ref(label));
    let answer = match (value == label, is_id, is_list) {
        (true, ..) => "label",
        (_, true, _) => "option-id",
        (.., true) => "list",
        _ => "else",
    };
    Some((answer, 1, words::SELECTS))
}

fn multi_select_read_form(answers: &Answers, fields: &Fields) -> Settled {
    let (ids, labels) = options(answers, "multi-options", 2);
    let (id, label) = (ids.as_slice(), labels.as_slice());
    let has_all = |items: &[Value], all: &[&Value]| {
        items.len() == all.len() && all.iter().all(|one| items.contains(one))
    };
    let value = read_back(answers, fields, "multi-field")?;
    let answer = match value.as_array() {
        Some(items) if has_all(items, label) => "labels",
        Some(items) if has_all(items, id) => "option-ids",
        _ => text_or_else(value),
    };
    Some((answer, 1, words::MULTI_SELECTS))
}

fn one_bad_attribute(answers: &Answers) -> Settled {
    answers.get("bad-attribute").filter(|answer| matches!(answer.status, 400 | 422))?;
    let pitch = &answers.success("card-bad")?["data"]["attributes"]["pitch"];
    let answer = if pitch == "probe" { "others-written" } else { "whole" };
    Some((answer, 1, words::BAD_ATTRIBUTES))
}

fn value_clearing(answers: &Answers, fields: &Fields) -> Settled {
    let seen = words::WAYS_TO_CLEAR;
    let mut tried = 0;
    for (name, card, answer) in [
        ("clear-null", "card-null", "null"),
        ("clear-empty-text", "card-empty-text", "empty-text"),
        ("clear-empty-list", "card-empty-list", "empty-list"),
        ("clear-delete", "card-delete", "delete"),
    ] {
        // Without an answer to one, nobody knows which of them it was.
        answers.get(name)?;
        tried += 1;
        if values(answers, card, fields, TEXT)?.is_empty() {
            return Some((answer, tried, seen));
        }
    }
    Some(("never", tried, seen))
}

fn data_fields<'a>(answers: &'a Answers, contract: &str) -> impl Iterator<Item = &'a Value> {
    answers.success(contract).and_then(|contract| contract["data_fields"].as_array()).into_iter().flatten()
}

/// The data field that the run has filled in.
pub(super) fn filled_field<'a>(answers: &'a Answers, contract: &str) -> Option<&'a Value> {
    data_fields(answers, contract).find(|field| field["value"] == "probe")
}

fn participant_custom_id(answers: &Answers) -> Settled {
    let parties = answers.success("contract-new")?["parties"].as_array()?;
    let all = parties.iter().flat_map(|party| {
        party["participants"].as_array().into_iter().flatten().chain(party.get("participant"))
    });
    let named: Vec<&Value> = all.filter(|one| one["name"] == "SmartSync probe").collect();
    // The same draft without a custom id was taken.
    let is_refused = answers.get("new-contract").is_some_and(|answer| matches!(answer.status, 400 | 422));
    match named.as_slice() {
        [_] if is_refused => Some(("refused", 1, words::NAMED_PARTICIPANTS)),
        [one] => {
            let own = one["_private_ownerside"]["custom_id"].as_str();
            let custom_id = own.or_else(|| one["custom_id"].as_str());
            // Two marks and what is between them.
            let answer = match custom_id {
                Some(id) if id.len() == super::MARK_DIGITS * 2 + 1 => "kept",
                None | Some("") => "dropped",
                Some(_) => "else",
            };
            Some((answer, 1, words::NAMED_PARTICIPANTS))
        }
        _ => None,
    }
}

fn create_answer_values(answers: &Answers) -> Settled {
    filled_field(answers, "contract-new")?;
    let made = ["new-contract", "plain-contract"].into_iter().find(|name| answers.success(name).is_some())?;
    let answer = if filled_field(answers, made).is_some() { "shown" } else { "left-out" };
    Some((answer, 1, words::DRAFTS_WITH_VALUE))
}

fn data_field_times(answers: &Answers) -> Settled {
    let fields = || data_fields(answers, "contract-changed").chain(data_fields(answers, "contract-new"));
    let changed = data_fields(answers, "contract-changed").find(|field| field["value"] == "changed")?;
    // Where other facts have it that a field keeps what is the owner's, or in the field itself.
    let has = |field: &Value, member: &str| {
        field[member].is_string() || field["_private_ownerside"][member].is_string()
    };
    let is_there = |member: &str| has(changed, member);
    let is_nowhere = |member: &str| fields().all(|field| !has(field, member));
    let answer = match (is_there("created_time"), is_there("updated_time")) {
        (true, true) => "both",
        (false, false) if is_nowhere("created_time") && is_nowhere("updated_time") => "none",
        _ => "else",
    };
    Some((answer, fields().count(), words::FIELDS_OF_DRAFTS))
}

/// Of the fields that nobody has filled in.
fn value_when_empty(answers: &Answers) -> Settled {
    let empty: Vec<Option<&Value>> = data_fields(answers, "contract-new")
        .map(|field| field.get("value"))
        .filter(|value| value.is_none_or(is_empty))
        .collect();
    let all = |form: &dyn Fn(&Option<&Value>) -> bool| !empty.is_empty() && empty.iter().all(form);
    let answer = if all(&|value| value.is_some_and(|value| value == "")) {
        "empty-text"
    } else if all(&|value| value.is_some_and(Value::is_null)) {
        "null"
    } else if all(&|value| value.is_none()) {
        "absent"
    } else {
        return None;
    };
    Some((answer, empty.len(), words::EMPTY_FIELDS))
}

fn changes_move_updated_time(answers: &Answers) -> Settled {
    let at = |contract| answers.success(contract)?["updated_time"].as_str();
    data_fields(answers, "contract-changed").find(|field| field["value"] == "changed")?;
    let answer = if at("contract-new")? == at("contract-changed")? { "stays" } else { "moves" };
    Some((answer, 1, words::CHANGED_FIELDS))
}

/// Only where the list has everything on one page.
fn contract_list_lag(answers: &Answers) -> Settled {
    let id = &answers.success("contract-new")?["id"];
    let list = answers.success("contract-list")?;
    let items = answers.items("contract-list");
    if items.iter().any(|one| &one["id"] == id) {
        return Some(("at-once", 1, words::LISTED_DRAFTS));
    }
    let is_whole = list["count"].as_u64()? <= 100;
    is_whole.then_some(("later", 1, words::UNLISTED_DRAFTS))
}

fn new_contract_value(answers: &Answers) -> Settled {
    let made = answers.get("valued-contract")?;
    if matches!(made.status, 400 | 422) {
        return Some(("refused", 1, words::DRAFTS_WITH_AMOUNT));
    }
    let amount = answers.success("contract-valued")?.pointer("/_private/value/amount");
    let is_taken = amount.is_some_and(|amount| {
        amount.as_str().is_some_and(|text| text.starts_with("1000")) || amount.as_f64() == Some(1000.0)
    });
    Some((if is_taken { "taken" } else { "ignored" }, 1, words::DRAFTS_WITH_AMOUNT))
}
