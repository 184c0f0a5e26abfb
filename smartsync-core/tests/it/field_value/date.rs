//! Dates, with and without time.

use serde_json::json;
use smartsync_core::value::{FieldFormat, FieldType, ValueError::*};

use super::{comma, oneflow, plain, point, teamtailor};

fn date() -> FieldFormat {
    plain(FieldType::Date)
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
        "２０３１-１２-３１",
        "2031-12-31T23:59Z",
        "2031-12-31t23:59:59.123-0800",
        "2031-12-31 00:00:00 UTC",
        "2031-12-31 00:00:00 +01",
        "12/31/2031 11:59 PM",
        "31 December 2031",
        "December 31, 2031",
        "December 31st, 2031",
        "the 31st of December 2031",
        "2031 December 31",
        "31\u{a0}DECEMBER\u{a0}2031",
        "den 31 december 2031",
        "31. desember 2031",
        "31. joulukuuta 2031",
        "31. Dezember 2031",
        "31 décembre 2031",
        "31 de\u{301}cembre 2031",
        "31 de diciembre de 2031",
    ];
    for text in table {
        assert_eq!(oneflow(&date(), text).as_deref(), Ok("2031-12-31"), "{text}");
    }
    assert_eq!(oneflow(&date(), "03/03/2031").as_deref(), Ok("2031-03-03"), "both readings agree");
    assert_eq!(oneflow(&date(), "29.2.2032").as_deref(), Ok("2032-02-29"));
}

#[test]
fn a_date_with_two_readings_needs_a_declared_order() {
    for text in ["03/04/2031", "3.4.2031", "03-04-2031"] {
        assert_eq!(oneflow(&date(), text), Err(AmbiguousDate), "{text}");
        assert_eq!(oneflow(&date().locale(comma()), text).as_deref(), Ok("2031-04-03"), "{text}");
        assert_eq!(oneflow(&date().locale(point()), text).as_deref(), Ok("2031-03-04"), "{text}");
    }
}

#[test]
fn what_is_no_date_is_never_guessed() {
    for text in [
        "31/12/31",
        "2031-02-29",
        "31/13/2031",
        "soon",
        "31 Dec 2031",
        "3¹ December 2031",
        "31 2031 December",
        "May June 2031",
        "31 December",
        "31 December 31",
        "31 December 2031 or 2032",
        "December 2031",
        "31 31 2031",
        "December 31 December",
        "Friday 31 December 2031",
        "30 February 2031",
        "2031-12-31 23:59 - 24:00",
        "2031-12-31 24:00",
        "2031-12-31 25:00",
        "2031-12-31T",
        "2031-12-31 2359",
        "2031-12-31 23:59 +1",
        "2031-12-31/2032-01-31",
        "31/12-2031",
        "2031-12",
        "2031-12-31 or later",
        "20311231",
        "20101231",
        "31122031",
    ] {
        assert_eq!(oneflow(&date(), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn a_date_of_teamtailor_keeps_its_day_whatever_its_offset() {
    let format = date();
    for text in
        ["2025-09-01", "2025-09-01T00:00:00.000+02:00", "2025-09-01T23:30:00-08:00", "2025-09-01T00:00:00Z"]
    {
        assert_eq!(teamtailor(&format, &json!(text)).as_deref(), Ok("2025-09-01"), "{text}");
    }
}

#[test]
fn the_first_of_every_month_is_read_by_its_name_in_each_language() {
    let table: [(&str, [&str; 9]); 12] = [
        (
            "2031-01-01",
            ["January", "januari", "januar", "januar", "tammikuuta", "Januar", "januari", "janvier", "enero"],
        ),
        (
            "2031-02-01",
            [
                "February",
                "februari",
                "februar",
                "februar",
                "helmikuuta",
                "Februar",
                "februari",
                "février",
                "febrero",
            ],
        ),
        ("2031-03-01", ["March", "mars", "mars", "marts", "maaliskuuta", "März", "maart", "mars", "marzo"]),
        (
            "2031-04-01",
            ["April", "april", "april", "april", "huhtikuuta", "April", "april", "avril", "abril"],
        ),
        ("2031-05-01", ["May", "maj", "mai", "maj", "toukokuuta", "Mai", "mei", "mai", "mayo"]),
        ("2031-06-01", ["June", "juni", "juni", "juni", "kesäkuuta", "Juni", "juni", "juin", "junio"]),
        ("2031-07-01", ["July", "juli", "juli", "juli", "heinäkuuta", "Juli", "juli", "juillet", "julio"]),
        (
            "2031-08-01",
            ["August", "augusti", "august", "august", "elokuuta", "August", "augustus", "août", "agosto"],
        ),
        (
            "2031-09-01",
            [
                "September",
                "september",
                "september",
                "september",
                "syyskuuta",
                "September",
                "september",
                "septembre",
                "septiembre",
            ],
        ),
        (
            "2031-10-01",
            [
                "October",
                "oktober",
                "oktober",
                "oktober",
                "lokakuuta",
                "Oktober",
                "oktober",
                "octobre",
                "octubre",
            ],
        ),
        (
            "2031-11-01",
            [
                "November",
                "november",
                "november",
                "november",
                "marraskuuta",
                "November",
                "november",
                "novembre",
                "noviembre",
            ],
        ),
        (
            "2031-12-01",
            [
                "December",
                "december",
                "desember",
                "december",
                "joulukuuta",
                "Dezember",
                "december",
                "décembre",
                "diciembre",
            ],
        ),
    ];
    for (normal, names) in table {
        for name in names {
            assert_eq!(oneflow(&date(), &format!("1 {name} 2031")).as_deref(), Ok(normal), "{name}");
        }
    }
    assert_eq!(oneflow(&date(), "1er mai 2031").as_deref(), Ok("2031-05-01"));
    assert_eq!(oneflow(&date(), "2nd May 2031").as_deref(), Ok("2031-05-02"));
    assert_eq!(oneflow(&date(), "3rd May 2031").as_deref(), Ok("2031-05-03"));
    assert_eq!(oneflow(&date(), "4th May 2031").as_deref(), Ok("2031-05-04"));
}

#[test]
fn a_date_in_a_text_field_is_read_as_people_write_it() {
    let typed = date().stored_as(FieldType::Text);
    assert_eq!(teamtailor(&typed, &json!("03/04/2031")), Err(AmbiguousDate));
    let typed = typed.locale(comma());
    assert_eq!(teamtailor(&typed, &json!("03/04/2031")).as_deref(), Ok("2031-04-03"));
    let value = typed.read_oneflow("3.4.2031").unwrap().unwrap();
    assert_eq!(typed.write_teamtailor(&value), Ok(json!("2031-04-03")));
    let dated = date().locale(comma());
    assert_eq!(
        teamtailor(&dated, &json!("03/04/2031")),
        Err(AmbiguousDate),
        "no person writes a date field so"
    );
}
