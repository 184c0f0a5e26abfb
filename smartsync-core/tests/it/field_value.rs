//! How values are read, compared and written.

use serde_json::{Value, json};
use smartsync_core::{
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
fn a_number_with_one_reading_is_read_without_a_locale() {
    let table = [
        ("0", "0"),
        ("-0,00", "0"),
        ("007", "7"),
        ("+5", "5"),
        ("\u{2212}5", "-5"),
        (" 12 ", "12"),
        ("1000.5", "1000.5"),
        ("1000,50", "1000.5"),
        ("1 000,50", "1000.5"),
        ("1\u{a0}000,50", "1000.5"),
        ("1\u{202f}000\u{202f}000", "1000000"),
        ("1'000'000.25", "1000000.25"),
        ("1.234,50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1234.567", "1234.567"),
        ("0,500", "0.5"),
        ("1 000,500", "1000.5"),
        (".5", "0.5"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
    ];
    for (text, normal) in table {
        assert_eq!(oneflow(&plain(FieldType::Number), text).as_deref(), Ok(normal), "{text}");
    }
}

#[test]
fn a_number_with_two_readings_needs_a_declared_decimal_mark() {
    let with = |locale| plain(FieldType::Number).locale(locale);
    for (text, with_comma, with_point) in [
        ("1.234", "1234", "1.234"),
        ("1,234", "1.234", "1234"),
        ("-12.000", "-12000", "-12"),
        ("999,999", "999.999", "999999"),
    ] {
        assert_eq!(oneflow(&plain(FieldType::Number), text), Err(AmbiguousNumber), "{text}");
        assert_eq!(oneflow(&with(comma()), text).as_deref(), Ok(with_comma), "{text}");
        assert_eq!(oneflow(&with(point()), text).as_deref(), Ok(with_point), "{text}");
    }
}

#[test]
fn what_is_no_number_is_never_guessed() {
    for text in [
        "45 000 kr",
        "ten",
        "1 00",
        "1 0000",
        "1.23.456",
        "1,2,3",
        "--1",
        "1e3",
        "5.",
        "1 234.567,8.9",
        "12 34",
        "-",
        "٣",
    ] {
        assert_eq!(oneflow(&plain(FieldType::Number), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn a_date_with_one_reading_is_read_without_a_locale() {
    let table = [
        "2031-12-31",
        "2031-12-31T23:59:59+0000",
        "2031-12-31T00:30:00.000+02:00",
        "2031-12-31 23:59",
        "31/12/2031",
        "31.12.2031",
        "31-12-2031",
        "12/31/2031",
        "31.12.2031 08:15",
        "2031/12/31",
        " 2031-12-31 ",
    ];
    for text in table {
        assert_eq!(oneflow(&plain(FieldType::Date), text).as_deref(), Ok("2031-12-31"), "{text}");
    }
    assert_eq!(
        oneflow(&plain(FieldType::Date), "03/03/2031").as_deref(),
        Ok("2031-03-03"),
        "both readings agree"
    );
    assert_eq!(oneflow(&plain(FieldType::Date), "29.2.2032").as_deref(), Ok("2032-02-29"));
}

#[test]
fn a_date_with_two_readings_needs_a_declared_order() {
    for text in ["03/04/2031", "3.4.2031", "03-04-2031"] {
        assert_eq!(oneflow(&plain(FieldType::Date), text), Err(AmbiguousDate), "{text}");
        assert_eq!(
            oneflow(&plain(FieldType::Date).locale(comma()), text).as_deref(),
            Ok("2031-04-03"),
            "{text}"
        );
        assert_eq!(
            oneflow(&plain(FieldType::Date).locale(point()), text).as_deref(),
            Ok("2031-03-04"),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_date_is_never_guessed() {
    for text in [
        "31/12/31",
        "2031-02-29",
        "31/13/2031",
        "soon",
        "31 December 2031",
        "2031-12",
        "2031-12-31 or later",
        "20311231",
    ] {
        assert_eq!(oneflow(&plain(FieldType::Date), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn a_date_of_teamtailor_keeps_its_day_whatever_its_offset() {
    let format = plain(FieldType::Date);
    for text in
        ["2025-09-01", "2025-09-01T00:00:00.000+02:00", "2025-09-01T23:30:00-08:00", "2025-09-01T00:00:00Z"]
    {
        assert_eq!(teamtailor(&format, &json!(text)).as_deref(), Ok("2025-09-01"), "{text}");
    }
}

#[test]
fn a_checkbox_is_read_in_every_form_that_the_services_use() {
    let format = plain(FieldType::Checkbox);
    for (text, expected) in [("1", "true"), ("0", "false")] {
        assert_eq!(oneflow(&format, text).as_deref(), Ok(expected));
    }
    for (json, expected) in
        [(json!(true), "true"), (json!("true"), "true"), (json!("false"), "false"), (json!(["true"]), "true")]
    {
        assert_eq!(teamtailor(&format, &json).as_deref(), Ok(expected));
    }
    assert_eq!(oneflow(&format, "maybe"), Err(Unreadable));
    assert_eq!(oneflow(&format, "").as_deref(), Ok(""), "empty is not the same as unchecked");
}

#[test]
fn a_number_of_teamtailor_is_read_as_number_and_as_text() {
    let format = plain(FieldType::Number);
    for json in [json!(1000.5), json!("1000.5"), json!("1000.50")] {
        assert_eq!(teamtailor(&format, &json).as_deref(), Ok("1000.5"));
    }
    assert_eq!(
        teamtailor(&format, &json!("1.234")).as_deref(),
        Ok("1.234"),
        "a machine wrote it: one reading"
    );
    assert_eq!(teamtailor(&format, &json!(1e21)).as_deref(), Ok("1000000000000000000000"));
    assert_eq!(teamtailor(&format, &json!({"amount": 1})), Err(Unreadable));
}

#[test]
fn a_choice_is_read_by_its_label_and_compared_by_its_id() {
    let format = select(FieldType::Choice);
    for json in [json!("Permanent"), json!(["Permanent"]), json!(" permanent "), json!("7001")] {
        assert_eq!(teamtailor(&format, &json).as_deref(), Ok("7001"));
    }
    assert_eq!(oneflow(&format, "PERMANENT").as_deref(), Ok("7001"));
    assert_eq!(oneflow(&format, "Twin"), Err(AmbiguousOption));
    assert_eq!(oneflow(&format, "Interim"), Err(UnknownOption));
    assert_eq!(teamtailor(&format, &json!(["Permanent", "Fixed term"])), Err(Unreadable));
}

#[test]
fn choices_are_compared_without_regard_to_their_order() {
    let format = select(FieldType::Choices);
    let read = |text: &str| format.read_oneflow(text).unwrap().unwrap();
    assert_eq!(read("Fixed term, Permanent"), read("Permanent;Fixed term"));
    assert_eq!(
        Some(read("Permanent\nFixed term")),
        format.read_teamtailor(&json!(["Fixed term", "Permanent"])).unwrap()
    );
    assert_eq!(read("Hourly, on call").normal(), "7005", "a label may hold a comma");
    assert_eq!(
        format.read_teamtailor(&json!([7001, "7002"])).unwrap(),
        Some(read("Permanent; Fixed term")),
        "ids in place of labels, as text or as number"
    );
    assert_eq!(format.read_oneflow(" ; "), Err(Unreadable), "separators alone are no choice");
    assert_eq!(format.write_teamtailor(&read("Fixed term, Permanent")), Ok(json!(["7001", "7002"])));
    assert_eq!(format.write_oneflow(&read("Fixed term, Permanent")).as_deref(), Ok("Permanent; Fixed term"));
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
fn addresses_and_telephone_numbers_get_a_light_check() {
    let table = [
        (FieldType::Email, "Ida@Example.com", Ok("ida@example.com")),
        (FieldType::Email, "ida at example.com", Err(Unreadable)),
        (FieldType::Email, "ida@", Err(Unreadable)),
        (FieldType::Email, "ida@example.com, bo@example.com", Err(Unreadable)),
        (FieldType::Url, "https://example.com/in/ida", Ok("https://example.com/in/ida")),
        (FieldType::Url, "example.com/in/ida", Ok("example.com/in/ida")),
        (FieldType::Url, "see my page", Err(Unreadable)),
        (FieldType::Phone, "+46 (0)70-123 45 67", Ok("+460701234567")),
        (FieldType::Phone, "call after five", Err(Unreadable)),
    ];
    for (kind, text, expected) in table {
        assert_eq!(oneflow(&plain(kind), text).as_deref(), expected.as_ref().copied(), "{text}");
    }
    let phone = plain(FieldType::Phone);
    let typed = phone.read_oneflow("+46 70 123 45 67").unwrap();
    assert_eq!(typed, phone.read_teamtailor(&json!("+46701234567")).unwrap());
    assert_eq!(
        phone.write_teamtailor(&typed.unwrap()),
        Ok(json!("+46 70 123 45 67")),
        "written as it was typed"
    );
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
fn a_number_that_would_be_ambiguous_is_written_with_one_reading() {
    let format = plain(FieldType::Number);
    let value = format.read_teamtailor(&json!(1.234)).unwrap().unwrap();
    assert_eq!(format.write_oneflow(&value).as_deref(), Ok("1.2340"));
    assert_eq!(format.read_oneflow("1.2340").unwrap(), Some(value));
}

#[test]
fn nothing_is_truncated_or_rounded() {
    let text = plain(FieldType::Text);
    let long = FieldValue::Text("å".repeat(1_025));
    assert_eq!(text.write_oneflow(&long), Err(TooLong));
    assert!(text.write_oneflow(&FieldValue::Text("å".repeat(1_024))).is_ok(), "characters count, not bytes");
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
fn debug_prints_the_type_and_never_the_value() {
    let value = plain(FieldType::Text).read_oneflow("Ida").unwrap();
    assert_eq!(format!("{value:?}"), "Some(FieldValue(text))");
    assert_eq!(format!("{:?}", ChoiceOption::new("7001", "Permanent")), "ChoiceOption { id: \"7001\", .. }");
}
