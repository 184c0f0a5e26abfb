//! What holds for every value: nothing panics, nothing is guessed, and what is declared lossless in `docs/values.md`
//! comes back as it went.

use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};
use smartsync_core::value::{
    ChoiceOption, DateOrder, DecimalMark, FieldFormat, FieldType, FieldValue, Locale, ValueError,
};

const KINDS: [FieldType; 9] = [
    FieldType::Text,
    FieldType::Number,
    FieldType::Date,
    FieldType::Checkbox,
    FieldType::Url,
    FieldType::Email,
    FieldType::Phone,
    FieldType::Choice,
    FieldType::Choices,
];

fn locale() -> impl Strategy<Value = Locale> {
    prop::sample::select(vec![
        Locale::default(),
        Locale::new(DecimalMark::Comma, DateOrder::Dmy).country("SE".parse().unwrap()),
        Locale::new(DecimalMark::Point, DateOrder::Mdy).country("US".parse().unwrap()),
    ])
}

fn select(kind: FieldType) -> FieldFormat {
    FieldFormat::new(kind).options([
        ChoiceOption::new("1", "One"),
        ChoiceOption::new("2", "Two, too"),
        ChoiceOption::new("3", "Three; or so"),
    ])
}

/// Every type, in a field of its own type or in a field of texts; texts as such and as names.
fn format() -> impl Strategy<Value = FieldFormat> {
    (prop::sample::select(KINDS.to_vec()), locale(), any::<bool>()).prop_map(|(kind, locale, in_text)| {
        let format = select(kind).locale(locale);
        let needs_options = matches!(kind, FieldType::Choice | FieldType::Choices);
        if in_text && kind == FieldType::Text {
            format.names()
        } else if in_text && !needs_options {
            format.stored_as(FieldType::Text)
        } else {
            format
        }
    })
}

/// Reads what Teamtailor holds, writes it to Oneflow and back, and finds the same value on each side and the same JSON
/// at the end.
fn goes_there_and_back(format: &FieldFormat, held: &Value, written: &Value) -> Result<(), TestCaseError> {
    let value = read(format.read_teamtailor(held))?;
    let text = format.write_oneflow(&value).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let read_back = read(format.read_oneflow(&text))?;
    prop_assert_eq!(&read_back, &value);
    prop_assert_eq!(format.write_teamtailor(&read_back), Ok(written.clone()));
    prop_assert_eq!(read(format.read_teamtailor(written))?, value);
    Ok(())
}

fn read(read: Result<Option<FieldValue>, ValueError>) -> Result<FieldValue, TestCaseError> {
    match read {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(TestCaseError::fail("nothing was read")),
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

/// The digits that carry the number: none of the zeros at its ends.
fn significant_digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn what_can_be_read_from_a_contract_survives_both_services(
        format in format(),
        text in prop_oneof![
            ".{0,40}",
            "[-+0-9., ']{1,14}",
            "(SEK|kr|€|-)? ?[0-9]{1,3}([., ][0-9]{3}){0,2}([.,][0-9]{1,3}|,-|:-)?( ?(kr\\.|EUR|%))?",
            "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}( [0-9]{2}:[0-9]{2})?",
            "[0-9]{1,2} (may|décembre|Dec) [0-9]{4}",
            "(\\+|00)?[0-9]{1,3}[- ()/.0-9]{4,14}( ext[ .]?[0-9]{1,4})?",
            "(One|Two, too|Three; or so)([;,] ?(one|TWO, TOO|3)){0,2}",
        ],
    ) {
        let Ok(Some(value)) = format.read_oneflow(&text) else { return Ok(()) };
        match format.write_oneflow(&value) {
            Ok(written) => prop_assert_eq!(format.read_oneflow(&written), Ok(Some(value.clone()))),
            Err(error) => prop_assert!(matches!(error, ValueError::TooLong | ValueError::Lossy), "{:?}", error),
        }
        match format.write_teamtailor(&value) {
            Ok(json) => prop_assert_eq!(format.read_teamtailor(&json), Ok(Some(value))),
            Err(error) => prop_assert_eq!(error, ValueError::Lossy),
        }
    }

    #[test]
    fn a_number_has_the_digits_that_were_typed_and_no_others(locale in locale(), text in "\\PC{0,3}[-+0-9., ']{1,12}\\PC{0,4}") {
        let format = FieldFormat::new(FieldType::Number).locale(locale);
        if let Ok(Some(value)) = format.read_oneflow(&text) {
            let full_width: String = text.chars().map(|c| match c {
                '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - 0xff10).unwrap()),
                c => c,
            }).collect();
            prop_assert_eq!(significant_digits(&value.normal()), significant_digits(&full_width));
        }
    }

    #[test]
    fn a_telephone_number_ends_as_it_was_typed(locale in locale(), text in "[+]?[0-9]{1,4}[- ()/.0-9]{2,14}") {
        let format = FieldFormat::new(FieldType::Phone).locale(locale);
        if let Ok(Some(value)) = format.read_oneflow(&text) {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let normal = value.normal().into_owned();
            let last = digits.len().min(normal.trim_start_matches('+').len()).min(4);
            prop_assert_eq!(&normal[normal.len() - last..], &digits[digits.len() - last..]);
        }
    }

    #[test]
    fn a_longer_text_than_a_data_field_holds_is_never_written(kind in prop::sample::select(KINDS.to_vec()), length in 1_025_usize..1_100) {
        let value = FieldValue::Text("ö".repeat(length));
        prop_assert_eq!(select(kind).write_oneflow(&value), Err(ValueError::TooLong));
    }
}

// One for each conversion that is declared lossless: Teamtailor -> Oneflow -> Teamtailor.
proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn texts_go_there_and_back(text in "[^\\s\\p{C}\u{34f}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}-\u{180f}\u{2800}\u{3164}\u{fe00}-\u{fe0f}\u{ffa0}\u{16fe4}\u{1d159}\u{e0100}-\u{e01ef}](([^\\p{C}\u{2028}\u{2029}]|\n){0,40}[^\\s\\p{C}\u{34f}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}-\u{180f}\u{2800}\u{3164}\u{fe00}-\u{fe0f}\u{ffa0}\u{16fe4}\u{1d159}\u{e0100}-\u{e01ef}])?") {
        goes_there_and_back(&FieldFormat::new(FieldType::Text), &json!(text), &json!(text))?;
    }

    #[test]
    fn numbers_go_there_and_back(locale in locale(), units in -999_999_999_999_i64..=999_999_999_999, scale in 0_i32..4) {
        let format = FieldFormat::new(FieldType::Number).locale(locale);
        let divisor = 10_i64.pow(scale.unsigned_abs());
        let number = if units % divisor == 0 { json!(units / divisor) } else { json!(units as f64 / divisor as f64) };
        goes_there_and_back(&format, &number, &number)?;
    }

    #[test]
    fn numbers_in_texts_go_there_and_back(locale in locale(), whole in any::<i32>(), decimals in 0_u32..1_000) {
        let format = FieldFormat::new(FieldType::Number).locale(locale).stored_as(FieldType::Text);
        let mark = if locale.decimal == Some(DecimalMark::Comma) { ',' } else { '.' };
        // The fourth digit is for the reader without a locale, and goes with the other zeros at the end.
        let value = read(format.read_teamtailor(&json!(format!("{whole}{mark}{decimals:03}0"))))?;
        let written = format.write_teamtailor(&value).unwrap();
        goes_there_and_back(&format, &written, &written)?;
    }

    #[test]
    fn dates_go_there_and_back(in_text in any::<bool>(), locale in locale(), year in 1_900_i16..=2_199, month in 1_i8..=12, day in 1_i8..=28) {
        let format = FieldFormat::new(FieldType::Date).locale(locale);
        let format = if in_text { format.stored_as(FieldType::Text) } else { format };
        let date = json!(Date::new(year, month, day).unwrap().to_string());
        goes_there_and_back(&format, &date, &date)?;
    }

    #[test]
    fn every_date_is_read_in_each_of_its_spellings(year in 1_900_i16..=2_199, month in 1_i8..=12, day in 1_i8..=31) {
        let Ok(date) = Date::new(year, month, day) else { return Ok(()) };
        let format = FieldFormat::new(FieldType::Date).locale(Locale::new(DecimalMark::Comma, DateOrder::Dmy));
        let name = date.strftime("%B");
        for text in [
            date.to_string(),
            format!("{day:02}/{month:02}/{year}"),
            format!("{day}.{month}.{year} 10:30"),
            format!("{day} {name} {year}"),
            format!("{name} {day}, {year}"),
        ] {
            let value = format.read_oneflow(&text).unwrap().unwrap();
            prop_assert_eq!(value.normal(), date.to_string());
        }
    }

    #[test]
    fn checkboxes_go_there_and_back(in_text in any::<bool>(), flag in any::<bool>()) {
        let format = FieldFormat::new(FieldType::Checkbox);
        let (format, written) =
            if in_text { (format.stored_as(FieldType::Text), json!(flag.to_string())) } else { (format, json!(flag)) };
        goes_there_and_back(&format, &json!(flag.to_string()), &written)?;
    }

    #[test]
    fn web_addresses_go_there_and_back(url in "(https?://|HTTPS://)?[a-zA-Z0-9]([a-zA-Z0-9-]{0,6}[a-zA-Z0-9])?(\\.[a-z]{2,5}){1,2}(:[1-9][0-9]{1,3})?(/[a-zA-Z0-9%é中._~!$&'()*+,;=:@|-]{1,9}){0,2}(\\?[a-z]=[a-z0-9])?") {
        prop_assume!(!url.to_lowercase().contains("xn--"), "which begins a label in another writing");
        goes_there_and_back(&FieldFormat::new(FieldType::Url), &json!(url), &json!(url))?;
    }

    #[test]
    fn email_addresses_in_lower_case_go_there_and_back(address in "[a-z0-9+_-]{1,8}(\\.[a-z0-9'+_-]{0,6}[a-z0-9])?@[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?(\\.[a-z]{2,5}){1,2}") {
        prop_assume!(!address.contains("xn--"), "which begins a label in another writing");
        goes_there_and_back(&FieldFormat::new(FieldType::Email), &json!(address), &json!(address))?;
    }

    #[test]
    fn telephone_numbers_go_there_and_back_as_they_were_typed(
        locale in locale(),
        number in prop_oneof!["\\+46 ?7[0-9]-[0-9]{3} [0-9]{2} [0-9]{2}", "\\+47 [2-9][0-9]{7}", "\\+1 \\(202\\) [2-9][0-9]{2}-[0-9]{4}"],
        extension in prop_oneof![Just(""), Just(" ext. 12"), Just(" x7")],
    ) {
        let number = json!(format!("{number}{extension}"));
        goes_there_and_back(&FieldFormat::new(FieldType::Phone).locale(locale), &number, &number)?;
    }

    #[test]
    fn national_telephone_numbers_go_there_and_back_as_they_were_typed(number in "07[0-9]-[0-9]{3} [0-9]{2} [0-9]{2}", with_country in any::<bool>()) {
        let locale = if with_country { Locale::default().country("SE".parse().unwrap()) } else { Locale::default() };
        goes_there_and_back(&FieldFormat::new(FieldType::Phone).locale(locale), &json!(number), &json!(number))?;
    }

    #[test]
    fn a_choice_goes_there_as_label_and_comes_back_as_id(option in prop::sample::select(vec![("1", "One"), ("2", "Two, too"), ("3", "Three; or so")]), in_list in any::<bool>()) {
        let held = if in_list { json!([option.1]) } else { json!(option.1) };
        goes_there_and_back(&select(FieldType::Choice), &held, &json!(option.0))?;
    }

    #[test]
    fn choices_go_there_as_labels_and_come_back_as_ids(labels in prop::sample::subsequence(vec!["One", "Two, too", "Three; or so"], 1..=3)) {
        let ids: Vec<&str> = labels.iter().map(|label| match *label { "One" => "1", "Two, too" => "2", _ => "3" }).collect();
        goes_there_and_back(&select(FieldType::Choices), &json!(labels), &json!(ids))?;
    }
}
