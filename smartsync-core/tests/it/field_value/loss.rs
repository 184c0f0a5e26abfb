//! The losses that `docs/values.md` declares, one test each: what is written is the value, not its spelling.

use serde_json::{Value, json};
use smartsync_core::value::{FieldFormat, FieldType};

use super::{plain, select};

/// The JSON that a candidate's field gets for a contract's text.
fn to_teamtailor(format: &FieldFormat, text: &str) -> Value {
    format.write_teamtailor(&format.read_oneflow(text).unwrap().unwrap()).unwrap()
}

/// The text that a contract's field gets for a candidate's JSON.
fn to_oneflow(format: &FieldFormat, json: Value) -> String {
    format.write_oneflow(&format.read_teamtailor(&json).unwrap().unwrap()).unwrap()
}

#[test]
fn a_text_loses_the_white_space_at_its_ends_and_its_kind_of_line_end() {
    assert_eq!(to_teamtailor(&plain(FieldType::Text), "  a\r\nb\rc \u{feff}"), json!("a\nb\nc"));
    assert_eq!(to_oneflow(&plain(FieldType::Text), json!("\u{200b}a\r\nb ")), "a\nb");
    assert_eq!(
        to_teamtailor(&plain(FieldType::Text), "e\u{301}"),
        json!("e\u{301}"),
        "accents stay as typed"
    );
}

#[test]
fn a_number_or_a_boolean_in_a_text_field_comes_back_as_a_text() {
    let format = plain(FieldType::Text);
    for (held, text) in [(json!(7), "7"), (json!(1.50), "1.5"), (json!(true), "true")] {
        assert_eq!(to_oneflow(&format, held), text);
        assert_eq!(to_teamtailor(&format, text), json!(text));
    }
}

#[test]
fn a_number_loses_its_currency_groups_and_zeros_at_the_ends() {
    assert_eq!(to_teamtailor(&plain(FieldType::Number), "SEK 42 000,50"), json!(42000.5));
    assert_eq!(to_teamtailor(&plain(FieldType::Number), "007"), json!(7));
    assert_eq!(to_teamtailor(&plain(FieldType::Number), "1 000,-"), json!(1000));
    assert_eq!(to_oneflow(&plain(FieldType::Number), json!("0042.50")), "42.5");
}

#[test]
fn amounts_of_different_currencies_are_the_same_number() {
    let format = plain(FieldType::Number).stored_as(FieldType::Text);
    assert_eq!(format.read_oneflow("100 EUR"), format.read_teamtailor(&json!("100 SEK")));
    let declared = format.locale(super::comma().currency("EUR".parse().unwrap()));
    assert_ne!(declared.read_oneflow("100 EUR"), declared.read_teamtailor(&json!("100 SEK")));
}

#[test]
fn a_date_loses_its_time_its_offset_and_its_order() {
    let format = plain(FieldType::Date);
    assert_eq!(to_teamtailor(&format, "31.12.2031 23:59 +0200"), json!("2031-12-31"));
    assert_eq!(to_oneflow(&format, json!("2031-12-31T23:59:59.000-08:00")), "2031-12-31");
}

#[test]
fn a_checkbox_loses_its_word() {
    assert_eq!(to_teamtailor(&plain(FieldType::Checkbox), "Ja"), json!(true));
    assert_eq!(to_oneflow(&plain(FieldType::Checkbox), json!("off")), "0");
}

#[test]
fn a_web_address_loses_the_white_space_and_invisible_marks_at_its_ends() {
    let typed = "\u{200b} Example.com/in/ida\n";
    assert_eq!(to_teamtailor(&plain(FieldType::Url), typed), json!("Example.com/in/ida"));
    assert_eq!(to_oneflow(&plain(FieldType::Url), json!(typed)), "Example.com/in/ida");
}

#[test]
fn a_telephone_number_loses_the_white_space_and_invisible_marks_at_its_ends() {
    let typed = "\u{202d} +46 (0)70-123 45 67\u{202c}\n";
    assert_eq!(to_teamtailor(&plain(FieldType::Phone), typed), json!("+46 (0)70-123 45 67"));
    assert_eq!(to_oneflow(&plain(FieldType::Phone), json!(typed)), "+46 (0)70-123 45 67");
}

#[test]
fn an_email_address_loses_its_capitals_and_the_white_space_and_invisible_marks_at_its_ends() {
    assert_eq!(to_teamtailor(&plain(FieldType::Email), " Ida@Example.com"), json!("ida@example.com"));
    assert_eq!(to_oneflow(&plain(FieldType::Email), json!("\u{feff}Ida@Example.com ")), "ida@example.com");
}

#[test]
fn a_choice_loses_its_spelling() {
    assert_eq!(to_teamtailor(&select(FieldType::Choice), "ＦＩＸＥＤ  term"), json!("7002"));
    assert_eq!(to_oneflow(&select(FieldType::Choice), json!(["fixed TERM"])), "Fixed term");
}

#[test]
fn choices_lose_their_order_their_separators_and_repetitions() {
    let format = select(FieldType::Choices);
    assert_eq!(to_teamtailor(&format, "Fixed term, permanent, Fixed term"), json!(["7001", "7002"]));
    assert_eq!(to_oneflow(&format, json!(["Fixed term", "Permanent"])), "Permanent; Fixed term");
}
