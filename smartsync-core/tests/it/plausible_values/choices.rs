//! Checkboxes and options.

use smartsync_core::value::ValueError::{AmbiguousOption, HiddenCharacters, UnknownOption, Unreadable};

use super::Expected::{self, Empty, Is, No};
use crate::support::field_of_table::Field::{self, Checkbox, Choice, Choices};

pub(super) const CHECKBOXES: &[(Field, &str, Expected)] = &[
    (Checkbox, "1", Is("true")),
    (Checkbox, "Ja", Is("true")),
    (Checkbox, "✔\u{fe0f}", Is("true")),
    (Checkbox, "☑\u{fe0e}", Is("true")),
    (Checkbox, "\u{2060}", Empty),
    (Checkbox, "x", No(Unreadable)),
    (Checkbox, "y\u{200b}es", No(HiddenCharacters)),
];

pub(super) const SELECTS: &[(Field, &str, Expected)] = &[
    (Choice, "Permanent", Is("7001")),
    (Choice, " PERMANENT\u{200b}", Is("7001")),
    (Choice, "7001", Is("7001")),
    (Choice, "Hourly, on call", Is("7005")),
    (Choice, "Twice spelled", Is("7006")),
    (Choice, "TWICE  SPELLED", Is("7006")),
    (Choice, "\u{3164}", Empty),
    (Choice, "Fixed term", No(AmbiguousOption)),
    (Choice, "fixed TERM", No(AmbiguousOption)),
    (Choice, "Hourly", No(AmbiguousOption)),
    (Choice, "7003", No(AmbiguousOption)),
    (Choice, "Interim", No(UnknownOption)),
    (Choice, "Without id", No(UnknownOption)),
    (Choice, "7004", No(UnknownOption)),
    (Choice, "Perma\u{ad}nent", No(HiddenCharacters)),
    (Choices, "Permanent", Is("7001")),
    (Choices, "Permanent; hourly, on call", Is("7001\u{1f}7005")),
    (Choices, "Permanent\n\nHourly, on call", Is("7001\u{1f}7005")),
    (Choices, "Permanent,\u{200b}, 7005", Is("7001\u{1f}7005")),
    (Choices, "\u{2060}", Empty),
    (Choices, "Permanent, Fixed term", No(AmbiguousOption)),
    (Choices, "Hourly; Permanent", No(AmbiguousOption)),
    (Choices, "Permanent, 7003", No(AmbiguousOption)),
    (Choices, "Permanent, Interim", No(UnknownOption)),
    (Choices, ";;", No(Unreadable)),
    (Choices, "Perma\u{200b}nent, Hourly, on call", No(HiddenCharacters)),
];
