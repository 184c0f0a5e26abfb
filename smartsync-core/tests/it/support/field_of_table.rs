//! A field of a table of values, and how a text of the contract ends in a plan for it.

use oneflow_client::{Timestamp, contracts::ContractState};
use serde_json::{Value, json};
use smartsync_core::{
    FieldMapping, LedgerEntry, Mapping, Outcome,
    candidate::{CandidateField, CandidateSnapshot, CustomValue, DefaultField, Definition, Definitions},
    contract::{ContractSnapshot, DataFieldSnapshot},
    ledger::CardEntry,
    mapping::{OnConflict, OnEmpty},
    plan::{PlanInput, plan},
    value::{
        ChoiceOption, ChoiceOptions, DateOrder, DecimalMark, FieldFormat, FieldType, Locale,
        ValueError::{self, *},
    },
};

use crate::support::stage::keys;

/// The fields of the table, each with a locale of its own where one matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Field {
    Name,
    Text,
    Email,
    Url,
    Linkedin,
    Phone,
    PhoneIn(&'static str),
    Number,
    NumberInText,
    Amount,
    Date,
    DayFirst,
    DateInText,
    Checkbox,
    Choice,
    Choices,
}

use Field::{
    Amount, Checkbox, Choice, Choices, Date, DateInText, DayFirst, Email, Linkedin, Name, Number,
    NumberInText, Phone, PhoneIn, Text, Url,
};

/// The field's type, the type of the custom field, and the locale.
pub(crate) fn shape(field: Field) -> (FieldType, FieldType, Locale) {
    use FieldType as T;
    let locale = Locale::default();
    match field {
        Name | Text => (T::Text, T::Text, locale),
        Email => (T::Email, T::Email, locale),
        Url | Linkedin => (T::Url, T::Url, locale),
        Phone => (T::Phone, T::Phone, locale),
        PhoneIn(country) => (T::Phone, T::Phone, locale.country(country.parse().unwrap())),
        Number => (T::Number, T::Number, locale),
        NumberInText => (T::Number, T::Text, locale),
        Amount => (T::Number, T::Number, locale.currency("SEK".parse().unwrap())),
        Date => (T::Date, T::Date, locale),
        DayFirst => (T::Date, T::Date, Locale::new(DecimalMark::Comma, DateOrder::Dmy)),
        DateInText => (T::Date, T::Text, Locale::new(DecimalMark::Comma, DateOrder::Dmy)),
        Checkbox => (T::Checkbox, T::Checkbox, locale),
        Choice => (T::Choice, T::Choice, locale),
        Choices => (T::Choices, T::Choices, locale),
    }
}

pub(crate) fn options() -> ChoiceOptions {
    [
        ("7001", "Permanent"),
        ("7003", "Fixed term"),
        ("7003", "Hourly"),
        ("7004", " \u{200b}"),
        ("7005", "Hourly, on call"),
        ("7006", "Twice spelled"),
        ("7006", "twice  spelled"),
        ("7009", "Good"),
        ("", "Without id"),
    ]
    .into_iter()
    .map(|(id, label)| ChoiceOption::new(id, label))
    .collect()
}

pub(crate) fn format(field: Field) -> FieldFormat {
    let (kind, held, locale) = shape(field);
    let format = FieldFormat::new(kind).stored_as(held).locale(locale).options(options());
    if field == Name { format.names() } else { format }
}

/// A good value that no row has.
pub(crate) fn good(field: Field) -> Value {
    match field {
        Name | Text => json!("Astrid"),
        Email => json!("astrid@example.org"),
        Url => json!("https://example.org/astrid"),
        Linkedin => json!("https://www.linkedin.com/in/astrid"),
        Phone | PhoneIn(_) => json!("+46 8 123 456 78"),
        Number | Amount => json!(31_000),
        NumberInText => json!("31 000"),
        Date | DayFirst | DateInText => json!("2030-06-30"),
        Checkbox => json!(false),
        Choice => json!("Good"),
        Choices => json!(["Good"]),
    }
}

/// The default fields of this kind, and a custom field where there can be one.
pub(crate) fn targets(field: Field) -> Vec<CandidateField> {
    let defaults: &[DefaultField] = match field {
        Name => {
            return vec![
                CandidateField::Default(DefaultField::FirstName),
                CandidateField::Default(DefaultField::LastName),
            ];
        }
        Text => &[DefaultField::Pitch],
        Email => &[DefaultField::Email],
        Linkedin => return vec![CandidateField::Default(DefaultField::LinkedinUrl)],
        Phone | PhoneIn(_) => &[DefaultField::Phone],
        Url | Number | NumberInText | Amount | Date | DayFirst | DateInText | Checkbox | Choice | Choices => {
            &[]
        }
    };
    let defaults = defaults.iter().copied().map(CandidateField::Default);
    defaults.chain([CandidateField::custom("field")]).collect()
}

/// How the field ends in a plan, `written` or `failed implausible-date`, and the JSON that the card gets.
pub(crate) fn planned(
    field: Field,
    target: &CandidateField,
    text: &str,
    card: Option<Value>,
) -> (String, Option<Value>) {
    let (kind, held, locale) = shape(field);
    let mut entry = FieldMapping::new("value", target.clone());
    (entry.kind, entry.locale, entry.on_empty) = (Some(kind), Some(locale), OnEmpty::Clear);
    (entry.on_conflict, entry.allow_identity) = (Some(OnConflict::ContractWins), true);
    let mut mapping = Mapping::default();
    mapping.sync.convention = false;
    mapping.fields = vec![entry];
    let mut definition = Definition::new("31", "field", held);
    definition.options = options();
    let definitions = Definitions::new([definition]);
    let mut contract = ContractSnapshot::new(9001.into(), ContractState::Signed);
    contract.created = Some(Timestamp::from("2031-01-02T03:04:05+0000"));
    contract.published = Some(Timestamp::from("2031-01-02T03:05:00+0000"));
    let mut data_field = DataFieldSnapshot::new(text);
    data_field.updated = Some(Timestamp::from("2031-02-03T04:05:06+0000"));
    contract.data_fields.insert("value".to_owned(), data_field);
    let mut candidate = CandidateSnapshot::new("4711");
    match (target, card) {
        (_, None) => {}
        (CandidateField::Default(default), Some(Value::String(text))) => {
            candidate.defaults.insert(*default, text);
        }
        (_, Some(value)) => {
            candidate.custom.insert("31".into(), CustomValue::new("901", value));
        }
    }
    let (entry, keys) = (LedgerEntry::default(), keys());
    let plan = plan(&PlanInput {
        mapping: &mapping,
        definitions: &definitions,
        contract: &contract,
        others: &[],
        has_unread_other: false,
        card: &CardEntry::default(),
        candidate: Ok(&candidate),
        entry: &entry,
        resolutions: &[],
        keys: &keys,
    });
    let [outcome] = plan.outcomes() else { panic!("{:?}", plan.outcomes()) };
    let ended = match outcome.outcome {
        Outcome::Failed(reason) => format!("failed {}", reason.code()),
        Outcome::Held(reason) => format!("held {}", reason.code()),
        Outcome::Skipped(reason) => format!("skipped {}", reason.code()),
        other @ (Outcome::Written | Outcome::Unchanged) => other.as_str().to_owned(),
    };
    (ended, plan.updates().first().and_then(|update| update.value().cloned()))
}

pub(crate) fn code(error: ValueError) -> &'static str {
    match error {
        Unreadable => "contract-value-unreadable",
        AmbiguousNumber => "ambiguous-number",
        OtherCurrency => "other-currency",
        AmbiguousDate => "ambiguous-date",
        ImplausibleDate => "implausible-date",
        HiddenCharacters => "hidden-characters",
        UnknownOption => "unknown-option",
        AmbiguousOption => "ambiguous-option",
        AmbiguousChoices => "ambiguous-choices",
        TooLong => "too-long",
        Markup => "markup",
        Formula => "formula",
        TurnedText => "turned-text",
        LookAlike => "look-alike",
        NotOnLinkedin => "not-on-linkedin",
        Lossy => "lossy",
        other => panic!("a code for {other:?}"),
    }
}
