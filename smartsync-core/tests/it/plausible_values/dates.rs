//! Dates.

use smartsync_core::value::ValueError::{AmbiguousDate, HiddenCharacters, ImplausibleDate, Unreadable};

use super::Expected::{self, Empty, Is, No};
use crate::support::field_of_table::Field::{self, Date, DateInText, DayFirst};

pub(super) const DATES: &[(Field, &str, Expected)] = &[
    (Date, "2031-05-01", Is("2031-05-01")),
    (Date, "1900-01-01", Is("1900-01-01")),
    (Date, "2199-12-31", Is("2199-12-31")),
    (Date, "31/12/2031", Is("2031-12-31")),
    (Date, "2031\u{2011}05\u{2013}01", Is("2031-05-01")),
    (Date, "1 May 2031", Is("2031-05-01")),
    (Date, "2031-05-01T23:59:59.000\u{2212}08:00", Is("2031-05-01")),
    (DayFirst, "03/04/2031", Is("2031-04-03")),
    (DateInText, "3.4.2031", Is("2031-04-03")),
    (Date, "\u{ad}", Empty),
    (Date, "0031-05-01", No(ImplausibleDate)),
    (Date, "01/05/0031", No(ImplausibleDate)),
    (Date, "31/12/0031", No(ImplausibleDate)),
    (Date, "12/31/0031", No(ImplausibleDate)),
    (Date, "31.12.0031 08:15", No(ImplausibleDate)),
    (Date, "0000-01-01", No(ImplausibleDate)),
    (Date, "0001-01-01T00:00:00Z", No(ImplausibleDate)),
    (Date, "1 May 0031", No(ImplausibleDate)),
    (Date, "December 31st, 0031", No(ImplausibleDate)),
    (Date, "31 de diciembre de 0231", No(ImplausibleDate)),
    (Date, "1899-12-31", No(ImplausibleDate)),
    (Date, "2200-01-01", No(ImplausibleDate)),
    (Date, "9999-12-31", No(ImplausibleDate)),
    (DayFirst, "01/05/0031", No(ImplausibleDate)),
    (DateInText, "0031-05-01", No(ImplausibleDate)),
    (Date, "03/04/2031", No(AmbiguousDate)),
    (Date, "31/12/31", No(Unreadable)),
    (Date, "20310-05-01", No(Unreadable)),
    (Date, "-2031-05-01", No(Unreadable)),
    (Date, "2031-02-29", No(Unreadable)),
    (Date, "soon", No(Unreadable)),
    (Date, "2031-\u{200b}05-01", No(HiddenCharacters)),
];
