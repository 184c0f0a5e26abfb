//! How values are read, compared and written.

mod checkbox;
mod choice;
mod date;
mod loss;
mod number;
mod phone;
mod reason;

use serde_json::{Value, json};
use smartsync_core::value::{
    ChoiceOption, DateOrder, DecimalMark, FieldFormat, FieldType, FieldValue, Locale,
    ValueError::{self, *},
};

fn plain(kind: FieldType) -> FieldFormat {
    FieldFormat::new(kind)
}

fn comma() -> Locale {
    Locale::new(DecimalMark::Comma, DateOrder::Dmy)
}

fn point() -> Locale {
    Locale::new(DecimalMark::Point, DateOrder::Mdy)
}

fn select(kind: FieldType) -> FieldFormat {
    FieldFormat::new(kind).options([
        ChoiceOption::new("7001", "Permanent"),
        ChoiceOption::new("7002", "Fixed term"),
        ChoiceOption::new("7003", "Twin"),
        ChoiceOption::new("7004", "Twin"),
        ChoiceOption::new("7005", "Hourly, on call"),
    ])
}

/// The normal form that a text of Oneflow is read as.
fn oneflow(format: &FieldFormat, text: &str) -> Result<String, ValueError> {
    Ok(format.read_oneflow(text)?.map_or_else(String::new, |value| value.normal().into_owned()))
}

/// The normal form that a JSON of Teamtailor is read as.
fn teamtailor(format: &FieldFormat, json: &Value) -> Result<String, ValueError> {
    Ok(format.read_teamtailor(json)?.map_or_else(String::new, |value| value.normal().into_owned()))
}

#[test]
fn texts_are_compared_without_the_white_space_around_them() {
    let format = plain(FieldType::Text);
    assert_eq!(
        oneflow(&format, "\u{a0} Main Street 1\r\nOslo \u{feff}").as_deref(),
        Ok("Main Street 1\nOslo")
    );
    assert_eq!(oneflow(&format, " \u{a0}\n").as_deref(), Ok(""));
    assert_eq!(teamtailor(&format, &json!("Main Street 1\nOslo ")).as_deref(), Ok("Main Street 1\nOslo"));
    assert_eq!(teamtailor(&format, &Value::Null).as_deref(), Ok(""));
    assert_eq!(teamtailor(&format, &json!([])).as_deref(), Ok(""));
}

#[test]
fn each_service_gets_the_form_it_understands() {
    let read = |format: &FieldFormat, text: &str| format.read_oneflow(text).unwrap().unwrap();
    let table = [
        (plain(FieldType::Text), "Oslo", "Oslo", json!("Oslo")),
        (plain(FieldType::Number), "1 000,50", "1000.5", json!(1000.5)),
        (plain(FieldType::Number), "12", "12", json!(12)),
        (plain(FieldType::Number).locale(comma()), "1 000,50", "1000,5", json!(1000.5)),
        (plain(FieldType::Date), "31.12.2031 08:00", "2031-12-31", json!("2031-12-31")),
        (plain(FieldType::Checkbox), "1", "1", json!(true)),
        (plain(FieldType::Checkbox), "0", "0", json!(false)),
        (select(FieldType::Choice), "fixed term", "Fixed term", json!("7002")),
    ];
    for (format, text, to_oneflow, to_teamtailor) in table {
        let value = read(&format, text);
        assert_eq!(format.write_oneflow(&value).as_deref(), Ok(to_oneflow));
        assert_eq!(format.write_teamtailor(&value), Ok(to_teamtailor));
    }
}

#[test]
fn nothing_is_truncated_or_rounded() {
    let text = plain(FieldType::Text);
    let long = FieldValue::Text("å".repeat(1_025));
    assert_eq!(text.write_oneflow(&long), Err(TooLong));
    assert!(text.write_oneflow(&FieldValue::Text("å".repeat(1_024))).is_ok(), "characters count, not bytes");
    assert_eq!(
        text.write_oneflow(&FieldValue::Text(" a".to_owned())),
        Err(Lossy),
        "it would be read as another"
    );
    let number = plain(FieldType::Number);
    let precise = number.read_oneflow("0.12345678901234567890123").unwrap().unwrap();
    assert_eq!(number.write_teamtailor(&precise), Err(Lossy));
    let gone = FieldValue::Choice("9999".to_owned());
    assert_eq!(select(FieldType::Choice).write_oneflow(&gone), Err(UnknownOption));
    let twin = FieldValue::Choice("7003".to_owned());
    assert_eq!(
        select(FieldType::Choice).write_oneflow(&twin),
        Err(Lossy),
        "its label would be read as two options"
    );
}

#[test]
fn a_value_of_another_type_is_written_to_neither_service() {
    let text = FieldValue::Text("7001".to_owned());
    let number = plain(FieldType::Number).read_oneflow("7001").unwrap().unwrap();
    for (format, value) in [
        (plain(FieldType::Number), &text),
        (plain(FieldType::Number).stored_as(FieldType::Text), &text),
        (plain(FieldType::Url), &text),
        (select(FieldType::Choices), &text),
        (plain(FieldType::Text), &number),
    ] {
        assert_eq!(format.write_oneflow(value), Err(Lossy), "{}", format.kind());
        assert_eq!(format.write_teamtailor(value), Err(Lossy), "{}", format.kind());
    }
}

#[test]
fn debug_prints_the_type_and_never_the_value() {
    let value = plain(FieldType::Text).read_oneflow("Ida").unwrap();
    assert_eq!(format!("{value:?}"), "Some(FieldValue(text))");
    assert_eq!(format!("{:?}", ChoiceOption::new("7001", "Permanent")), "ChoiceOption { id: \"7001\", .. }");
}

#[test]
fn a_light_check_tells_addresses_from_remarks() {
    let table = [
        (FieldType::Email, "Ida@Example.com", Ok("ida@example.com")),
        (FieldType::Email, "ida at example.com", Err(Unreadable)),
        (FieldType::Email, "ida@", Err(Unreadable)),
        (FieldType::Email, "ida@example.com, bo@example.com", Err(Unreadable)),
        (FieldType::Email, "@example.com", Err(Unreadable)),
        (FieldType::Email, "ida@example..com", Err(Unreadable)),
        (FieldType::Email, "ida@bo@example.com", Err(Unreadable)),
        (FieldType::Email, "ida example@example.com", Err(Unreadable)),
        (FieldType::Url, "https://example.com/in/ida", Ok("https://example.com/in/ida")),
        (FieldType::Url, "example.com/in/ida", Ok("example.com/in/ida")),
        (FieldType::Url, "see my page", Err(Unreadable)),
        (FieldType::Url, "intranet", Err(Unreadable)),
        (FieldType::Url, "https://example..com/in/ida", Err(Unreadable)),
        (FieldType::Url, "example.com/my page", Err(Unreadable)),
    ];
    for (kind, text, expected) in table {
        assert_eq!(oneflow(&plain(kind), text).as_deref(), expected.as_ref().copied(), "{text}");
    }
}

#[test]
fn every_type_reads_nothing_from_null_an_empty_text_and_an_empty_list() {
    for kind in ["text", "number", "date", "checkbox", "url", "email", "phone", "choice", "choices"] {
        let kind: FieldType = serde_json::from_value(json!(kind)).unwrap();
        for json in [json!(null), json!(""), json!(" \u{a0}"), json!([])] {
            assert_eq!(select(kind).read_teamtailor(&json), Ok(None), "{kind} {json}");
        }
        assert_eq!(select(kind).read_oneflow(" \u{200b}\u{2060}\n"), Ok(None), "{kind}");
        assert_eq!(select(kind).read_teamtailor(&json!({ "value": 1 })), Err(Unreadable), "{kind}");
    }
}
