//! Numbers and amounts.

use smartsync_core::value::ValueError::{
    AmbiguousNumber, HiddenCharacters, OtherCurrency, TooLong, Unreadable,
};

use super::Expected::{self, Empty, Is, No, TooMuch};
use crate::support::field_of_table::Field::{self, Amount, Number, NumberInText};

pub(super) const NUMBERS: &[(Field, &str, Expected)] = &[
    (Number, "42 000", Is("42000")),
    (Number, "1\u{2009}000\u{202f}000,50 kr", Is("1000000.5")),
    (Number, "-5", Is("-5")),
    (Number, "\u{2212}5", Is("-5")),
    (Number, "\u{fe63}5", Is("-5")),
    (Number, "\u{ff0d}5", Is("-5")),
    (Number, "\u{2010}5", Is("-5")),
    (Number, "\u{2011}5", Is("-5")),
    (Number, "\u{2013}5", Is("-5")),
    (Number, "\u{2212}5 kr", Is("-5")),
    (Number, "€\u{2212}5", Is("-5")),
    (Number, "+5", Is("5")),
    (Number, "\u{ff0b}5", Is("5")),
    (Number, "\u{fe62}5", Is("5")),
    (Number, "１２３", Is("123")),
    (Number, "1 000,\u{2013}", Is("1000")),
    (Number, "\u{200b}\u{3164}", Empty),
    (Number, "(1 234)", No(Unreadable)),
    (Number, "\u{2014}5", No(Unreadable)),
    (Number, "+-5", No(Unreadable)),
    (Number, "--5", No(Unreadable)),
    (Number, "++5", No(Unreadable)),
    (Number, "5-", No(Unreadable)),
    (Number, "1e3", No(Unreadable)),
    (Number, "1E+3", No(Unreadable)),
    (Number, "٤٢", No(Unreadable)),
    (Number, "४२", No(Unreadable)),
    (Number, "10²", No(Unreadable)),
    (Number, "12 %", No(Unreadable)),
    (Number, "10\u{2013}12", No(Unreadable)),
    (Number, "NaN", No(Unreadable)),
    (Number, "1.234", No(AmbiguousNumber)),
    (Number, "42\u{200b}000", No(HiddenCharacters)),
    (Number, "4\u{0}2", No(HiddenCharacters)),
    (Number, "0.1234567890123456789", TooMuch("0.1234567890123456789")),
    (
        Number,
        "12345678901234567890123456789012345678901234567890",
        TooMuch("12345678901234567890123456789012345678901234567890"),
    ),
    (Number, "123456789012345678901234567890123456789012345678901", No(TooLong)),
    (
        NumberInText,
        "12345678901234567890123456789012345678901234567890",
        Is("12345678901234567890123456789012345678901234567890"),
    ),
    (NumberInText, "123456789012345678901234567890123456789012345678901", No(TooLong)),
    (NumberInText, "\u{2212}1 000,5", Is("-1000.5")),
    (Amount, "42 000 kr", Is("42000")),
    (Amount, "42 000 EUR", No(OtherCurrency)),
];
