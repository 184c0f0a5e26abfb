//! What becomes of a contract's text, by the type of its field: one table.
//!
//! A text is a value, it is empty, or it is no value of its type and the field ends as `failed` with the reason. Each row is
//! read alone, and then planned for a card that holds a good value and for an empty one: only a value is ever written. A
//! value that is one and could do harm is held; those rows stand in `harmful_values.rs`.

mod addresses;
mod choices;
mod controls;
mod dates;
mod hosts;
mod numbers;
mod telephone_numbers;
mod texts;

use serde_json::json;
use smartsync_core::value::{
    FieldType,
    ValueError::{self, *},
};

use self::{
    addresses::ADDRESSES,
    choices::{CHECKBOXES, SELECTS},
    controls::CONTROLS,
    dates::DATES,
    hosts::HOSTS,
    numbers::NUMBERS,
    telephone_numbers::TELEPHONE_NUMBERS,
    texts::{NAMES, TEXTS},
};
use crate::support::field_of_table::{
    Field::{
        self, Checkbox, Choice, Choices, Date, DateInText, Email, Name, Number, NumberInText, Phone, Text,
        Url,
    },
    code, format, good, planned, shape, targets,
};

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// It is this value, in normal form, and is written.
    Is(&'static str),
    /// It is this value, and the card cannot hold it.
    TooMuch(&'static str),
    /// The field is empty, and nothing is written.
    Empty,
    /// It is no value of the type, and nothing is written.
    No(ValueError),
}

use Expected::{Empty, Is, No, TooMuch};

const TABLES: [&[(Field, &str, Expected)]; 10] =
    [NAMES, TEXTS, ADDRESSES, HOSTS, TELEPHONE_NUMBERS, NUMBERS, DATES, CHECKBOXES, SELECTS, CONTROLS];

fn rows() -> impl Iterator<Item = (Field, &'static str, Expected)> {
    TABLES.into_iter().flatten().copied()
}

#[test]
fn every_text_of_a_contract_is_a_value_or_empty_or_has_a_reason() {
    for (field, text, expected) in rows() {
        let read = match format(field).read_oneflow(text) {
            Ok(Some(value)) => Ok(value.normal().into_owned()),
            Ok(None) => Ok(String::new()),
            Err(error) => Err(error),
        };
        let wanted = match expected {
            Is(normal) | TooMuch(normal) => Ok(normal.to_owned()),
            Empty => Ok(String::new()),
            No(error) => Err(error),
        };
        assert_eq!(read, wanted, "{field:?} {text:?}");
    }
}

#[test]
fn only_a_value_is_ever_written_over_what_the_card_holds() {
    for (field, text, expected) in rows() {
        for target in targets(field) {
            for card in [Some(good(field)), None] {
                let is_empty = card.is_none();
                let (ended, written) = planned(field, &target, text, card);
                let wanted = match expected {
                    Is(_) => "written".to_owned(),
                    TooMuch(_) => "failed lossy".to_owned(),
                    Empty if is_empty => "unchanged".to_owned(),
                    Empty => "skipped nothing-to-say".to_owned(),
                    No(error) => format!("failed {}", code(error)),
                };
                assert_eq!(ended, wanted, "{field:?} {target} {text:?}");
                match (expected, written) {
                    (Is(normal), Some(json)) => {
                        let read = format(field).read_teamtailor(&json).unwrap().unwrap();
                        assert_eq!(read.normal(), normal, "{field:?} {text:?}");
                    }
                    (_, written) => assert_eq!(written, None, "{field:?} {text:?}"),
                }
            }
        }
    }
}

#[test]
fn the_table_has_rows_for_every_type_and_none_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for (field, text, _) in rows() {
        assert!(seen.insert(format!("{field:?} {text}")), "{field:?} {text:?}");
    }
    for kind in FieldType::ALL {
        let of_kind = rows().filter(|(field, ..)| shape(*field).0 == kind).map(|(_, _, expected)| expected);
        let of_kind: Vec<_> = of_kind.collect();
        assert!(of_kind.iter().any(|expected| matches!(expected, Is(_))), "{kind}");
        assert!(of_kind.contains(&Empty), "{kind}");
        assert!(of_kind.iter().any(|expected| matches!(expected, No(_))), "{kind}");
    }
    assert!(seen.len() >= 300, "{}", seen.len());
}

/// What stands on a card, and the value that it is: nothing is too odd to be compared with what the contract has.
const CARDS: &[(Field, &str, &str)] = &[
    (Name, "I\u{200b}da", "I\u{200b}da"),
    (Name, "-", "-"),
    (Name, "\u{3164}", ""),
    (Text, "a\0b", "a\0b"),
    (Text, "a\r\nb", "a\nb"),
    (Text, "a\u{b}b", "a\u{b}b"),
    (Phone, "+46 70\t123 45 67", "+46701234567"),
    (Email, "mailto:Ida@example.com", "mailto:ida@example.com"),
    (Email, "i\u{200b}da@example.com", "i\u{200b}da@example.com"),
    (Email, "see notes", "see notes"),
    (Email, "\u{2800}", ""),
    (Url, "javascript:alert(1)", "javascript:alert(1)"),
    (Url, "my page", "my page"),
    (Phone, "call me", "call me"),
    (Phone, "000", "000"),
    (Phone, "+52 1 55 1234 5678", "+525512345678"),
    (Phone, "+55 11 8765-4321", "+5511987654321"),
    (Date, "0031-05-01", "0031-05-01"),
    (Date, "9999-12-31T00:00:00Z", "9999-12-31"),
    (DateInText, "1 May 0031", "0031-05-01"),
    (
        NumberInText,
        "123456789012345678901234567890123456789012345678901",
        "123456789012345678901234567890123456789012345678901",
    ),
    (Choice, "Permanent", "7001"),
];

#[test]
fn what_stands_on_a_card_is_read_as_it_is_and_gives_way_to_a_good_value() {
    for (field, held, normal) in CARDS {
        let value = format(*field).read_teamtailor(&json!(held)).unwrap();
        assert_eq!(
            value.as_ref().map_or(String::new(), |value| value.normal().into_owned()),
            *normal,
            "{field:?} {held:?}"
        );
        let good = good(*field);
        let good = good.as_str().unwrap();
        for target in targets(*field) {
            let (ended, written) = planned(*field, &target, good, Some(json!(held)));
            assert_eq!(ended, "written", "{field:?} {target} {held:?}");
            assert!(written.is_some());
        }
    }
}

#[test]
fn what_is_implausible_on_a_card_goes_to_no_contract() {
    for (field, held) in [
        (Name, "I\u{200b}da"),
        (Text, "a\0b"),
        (Email, "mailto:ida@example.com"),
        (Url, "javascript:alert(1)"),
        (Phone, "call me"),
        (Phone, "+46 70\t123 45 67"),
        (Url, "https://bank.com\u{2044}login.evil.example/"),
        (Date, "0031-05-01"),
    ] {
        let value = format(field).read_teamtailor(&json!(held)).unwrap().unwrap();
        assert_eq!(format(field).write_oneflow(&value), Err(Lossy), "{field:?} {held:?}");
    }
}

#[test]
fn a_text_is_bounded_in_every_type_but_ordinary_text() {
    let long = "a".repeat(1_025);
    for field in [Name, Email, Url, Phone, Number, NumberInText, Date, Checkbox, Choice, Choices] {
        assert_eq!(format(field).read_oneflow(&long), Err(TooLong), "{field:?}");
        let (ended, _) = planned(field, &targets(field)[0], &long, Some(good(field)));
        assert_eq!(ended, "failed too-long", "{field:?}");
    }
    assert!(format(Text).read_oneflow(&long).is_ok());
    let address = |last: &str| format!("{}@{}{last}.com", "a".repeat(64), "b.".repeat(92));
    assert_eq!((address("b").len(), address("bb").len()), (254, 255));
    assert!(format(Email).read_oneflow(&address("b")).is_ok());
    assert_eq!(format(Email).read_oneflow(&address("bb")), Err(Unreadable));
    let local = |length| format!("{}@example.com", "a".repeat(length));
    assert!(format(Email).read_oneflow(&local(64)).is_ok());
    assert_eq!(format(Email).read_oneflow(&local(65)), Err(Unreadable));
}
