//! What holds for every value: nothing panics, and nothing is lost on the way there and back.

use jiff::civil::Date;
use proptest::prelude::*;
use smartsync_core::{ChoiceOption, DateOrder, DecimalMark, FieldFormat, FieldType, Locale, ValueError};

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
        Locale::new(DecimalMark::Comma, DateOrder::Dmy),
        Locale::new(DecimalMark::Point, DateOrder::Mdy),
    ])
}

fn format() -> impl Strategy<Value = FieldFormat> {
    let options =
        [ChoiceOption::new("1", "One"), ChoiceOption::new("2", "Two, too"), ChoiceOption::new("3", "Three")];
    (prop::sample::select(KINDS.to_vec()), locale())
        .prop_map(move |(kind, locale)| FieldFormat::new(kind).locale(locale).options(options.clone()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn what_can_be_read_from_a_contract_survives_both_services(
        format in format(),
        text in prop_oneof![".{0,40}", "[-+0-9., ']{1,14}", "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", "(One|Two, too|Three)(; (One|Three))?"],
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
    fn every_number_is_written_so_that_it_has_one_reading(locale in locale(), whole in any::<i32>(), decimals in 0_u32..1_000_000) {
        let format = FieldFormat::new(FieldType::Number).locale(locale);
        let number = serde_json::Value::from(format!("{whole}.{decimals:06}"));
        let value = format.read_teamtailor(&number).unwrap().unwrap();
        let written = format.write_oneflow(&value).unwrap();
        prop_assert_eq!(format.read_oneflow(&written), Ok(Some(value)));
    }

    #[test]
    fn every_date_is_read_in_each_of_its_spellings(year in 1_000_i16..=9_999, month in 1_i8..=12, day in 1_i8..=31) {
        let Ok(date) = Date::new(year, month, day) else { return Ok(()) };
        let format = FieldFormat::new(FieldType::Date).locale(Locale::new(DecimalMark::Comma, DateOrder::Dmy));
        for text in [date.to_string(), format!("{day:02}/{month:02}/{year}"), format!("{day}.{month}.{year} 10:30")] {
            let value = format.read_oneflow(&text).unwrap().unwrap();
            prop_assert_eq!(value.normal(), date.to_string());
        }
    }
}
