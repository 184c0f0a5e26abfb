//! Numbers, amounts and their currencies.

use serde_json::json;
use smartsync_core::value::{Currency, FieldFormat, FieldType, Locale, ValueError::*};

use super::{comma, oneflow, plain, point, teamtailor};

fn number() -> FieldFormat {
    plain(FieldType::Number)
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
        ("1\u{202f}000\u{a0}000", "1000000"),
        ("1\u{2009}000\u{2007}000", "1000000"),
        ("1’000’000.25", "1000000.25"),
        ("１２３．５", "123.5"),
        ("－５", "-5"),
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
        assert_eq!(oneflow(&number(), text).as_deref(), Ok(normal), "{text}");
    }
}

#[test]
fn a_number_with_two_readings_needs_a_declared_decimal_mark() {
    let with = |locale| number().locale(locale);
    for (text, with_comma, with_point) in [
        ("1.234", "1234", "1.234"),
        ("1,234", "1.234", "1234"),
        ("-12.000", "-12000", "-12"),
        ("999,999", "999.999", "999999"),
    ] {
        assert_eq!(oneflow(&number(), text), Err(AmbiguousNumber), "{text}");
        assert_eq!(oneflow(&with(comma()), text).as_deref(), Ok(with_comma), "{text}");
        assert_eq!(oneflow(&with(point()), text).as_deref(), Ok(with_point), "{text}");
    }
}

#[test]
fn what_is_no_number_is_never_guessed() {
    for text in [
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
        "- 5",
        "٣",
        "10²",
        "1½",
        "①",
        "12 %",
        "(1 234)",
        "1 234-",
        "12,34,567",
        "1,00,000.00",
        "1\n000",
        "1 000_000",
        "10-12",
        "10/12",
    ] {
        assert_eq!(oneflow(&number(), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn a_number_of_teamtailor_is_read_as_number_and_as_text() {
    let format = number();
    for json in [json!(1000.5), json!("1000.5"), json!("1000.50")] {
        assert_eq!(teamtailor(&format, &json).as_deref(), Ok("1000.5"));
    }
    assert_eq!(
        teamtailor(&format, &json!("1.234")).as_deref(),
        Ok("1.234"),
        "a machine wrote it: one reading"
    );
    assert_eq!(teamtailor(&format, &json!(1e21)).as_deref(), Ok("1000000000000000000000"));
    let whole = json!(9_007_199_254_740_993_i64);
    assert_eq!(
        teamtailor(&format, &whole).as_deref(),
        Ok("9007199254740993"),
        "more digits than a float has"
    );
    for json in [json!({"amount": 1}), json!("-"), json!("+"), json!(".")] {
        assert_eq!(teamtailor(&format, &json), Err(Unreadable), "{json}");
    }
}

#[test]
fn a_number_that_would_be_ambiguous_is_written_with_one_reading() {
    let format = number();
    let value = format.read_teamtailor(&json!(1.234)).unwrap().unwrap();
    assert_eq!(format.write_oneflow(&value).as_deref(), Ok("1.2340"));
    assert_eq!(format.read_oneflow("1.2340").unwrap(), Some(value));
}

#[test]
fn a_currency_beside_an_amount_is_left_off() {
    let table = [
        ("SEK 42 000", "42000"),
        ("42 000 kr", "42000"),
        ("42 000 kr.", "42000"),
        ("42 000kr", "42000"),
        ("Kr. 42 000", "42000"),
        ("kr 42 000,50", "42000.5"),
        ("42 000 kronor", "42000"),
        ("€1,234.50", "1234.5"),
        ("1.234,50 EUR", "1234.5"),
        ("1.234,50\u{a0}€", "1234.5"),
        ("sek42000", "42000"),
        ("kr 1 000,-", "1000"),
        ("1.000,-", "1000"),
        ("1,000.\u{2013}", "1000"),
        ("1 000:-", "1000"),
        ("1 000,\u{2014} kr", "1000"),
        ("CHF 1’000.-", "1000"),
        ("-€5", "-5"),
        ("€-5", "-5"),
        ("\u{2212}5 kr", "-5"),
        ("$ 1,000.00", "1000"),
        ("5 000 zł", "5000"),
        ("5 000 KČ", "5000"),
    ];
    for (text, normal) in table {
        assert_eq!(oneflow(&number(), text).as_deref(), Ok(normal), "{text}");
    }
    assert_eq!(oneflow(&number(), "1.000 kr"), Err(AmbiguousNumber), "a currency is no locale");
    assert_eq!(oneflow(&number(), "1.000:-"), Err(AmbiguousNumber));
    assert_eq!(oneflow(&number().locale(comma()), "1.000 kr").as_deref(), Ok("1000"));
}

#[test]
fn what_is_no_single_amount_is_never_guessed() {
    for text in [
        "42 000 kr per month",
        "42 000 kr/mån",
        "42 000 points",
        "SEK 100 kr",
        "100 SEK 10 EUR",
        "SEK",
        "kr.",
        "kr.,5",
        "kr .5",
        "$.50",
        "5-",
        "--5 kr",
        "-€-5",
        "5 % kr",
        "1 000,-- kr",
        "1 000..",
        "ca 1 000",
    ] {
        assert_eq!(oneflow(&number(), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn an_amount_in_another_currency_than_the_declared_one_is_an_error() {
    let crowns = number().locale(comma().currency("SEK".parse().unwrap()));
    for text in ["42 000", "42 000 kr", "SEK 42 000", "42 000 kronor", "42 000:-"] {
        assert_eq!(oneflow(&crowns, text).as_deref(), Ok("42000"), "{text}");
    }
    for text in ["42 000 EUR", "€42 000", "42 000 kroner", "$42 000", "NOK 42 000"] {
        assert_eq!(oneflow(&crowns, text), Err(OtherCurrency), "{text}");
    }
    assert_eq!(oneflow(&crowns, "42 000 points"), Err(Unreadable));
    let dollars = number().locale(point().currency("CAD".parse().unwrap()));
    assert_eq!(oneflow(&dollars, "$42,000").as_deref(), Ok("42000"), "dollars of any country");
    assert_eq!(oneflow(&dollars, "US$42,000"), Err(OtherCurrency));
}

#[test]
fn every_currency_in_use_is_known() {
    let pesos: Locale = toml::from_str("decimal = \"point\"\ncurrency = \"PHP\"").unwrap();
    let pesos = number().locale(pesos);
    for text in ["25,000 PHP", "Php 25,000", "PHP25,000.00"] {
        assert_eq!(oneflow(&pesos, text).as_deref(), Ok("25000"), "{text}");
    }
    assert_eq!(oneflow(&pesos, "100 RSD"), Err(OtherCurrency));

    let dinars: Locale = toml::from_str("decimal = \"comma\"\ncurrency = \"RSD\"").unwrap();
    let dinars = number().locale(dinars);
    for text in ["100 RSD", "rsd 100,00"] {
        assert_eq!(oneflow(&dinars, text).as_deref(), Ok("100"), "{text}");
    }
    assert_eq!(oneflow(&dinars, "100 PHP"), Err(OtherCurrency));
    assert_eq!(oneflow(&number(), "100 RSD").as_deref(), Ok("100"), "none is declared");
}

#[test]
fn a_code_that_is_a_word_counts_in_capital_letters_only() {
    for text in ["100 ALL", "MAD 100", "100 TOP"] {
        assert_eq!(oneflow(&number(), text).as_deref(), Ok("100"), "{text}");
    }
    for text in ["100 all", "mad 100", "100 Top", "100 nio"] {
        assert_eq!(oneflow(&number(), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn a_currency_is_declared_by_its_code() {
    assert_eq!("SEK".parse::<Currency>().unwrap().to_string(), "SEK");
    let locale: Locale = toml::from_str("currency = \"EUR\"").unwrap();
    assert_eq!(locale.currency.map(Currency::as_str), Some("EUR"));
    assert_eq!(serde_json::to_value(locale).unwrap(), json!({ "currency": "EUR" }));
    for text in ["sek", "kr", "€", "XXX", ""] {
        assert!(text.parse::<Currency>().is_err(), "{text}");
    }
    assert_eq!(
        "kr".parse::<Currency>().unwrap_err().to_string(),
        "`kr` is not a known currency code: write three capital letters, such as SEK"
    );
}

#[test]
fn a_number_in_a_text_field_is_read_and_written_as_people_do() {
    let typed = number().stored_as(FieldType::Text);
    assert_eq!(teamtailor(&typed, &json!("1.234")), Err(AmbiguousNumber), "a person wrote it");
    assert_eq!(teamtailor(&typed, &json!("42 000 kr")).as_deref(), Ok("42000"));
    let typed = typed.locale(comma());
    assert_eq!(teamtailor(&typed, &json!("1.234")).as_deref(), Ok("1234"));
    assert_eq!(teamtailor(&typed, &json!(1.234)).as_deref(), Ok("1.234"), "a JSON number has one reading");
    let value = typed.read_oneflow("1,234").unwrap().unwrap();
    assert_eq!(typed.write_teamtailor(&value), Ok(json!("1,234")));
    assert_eq!(typed.read_teamtailor(&json!("1,234")), Ok(Some(value)));
}
