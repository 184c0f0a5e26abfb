//! Points in time as each service writes them.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

/// The company's own offset, which is not UTC: a client that confuses the two is found out.
const COMPANY_OFFSET: Offset = Offset::constant(1);

/// Oneflow: `2031-02-03T04:05:06+0000`, an offset without a colon.
pub(crate) fn oneflow(time: Timestamp) -> String {
    filled_in(*b"0000-00-00T00:00:00+0000", Offset::UTC.to_datetime(time))
}

/// Teamtailor: `2031-02-03T05:05:06.120+01:00`, milliseconds and the company's own offset.
pub(crate) fn teamtailor(time: Timestamp) -> String {
    filled_in(*b"0000-00-00T00:00:00.000+01:00", COMPANY_OFFSET.to_datetime(time))
}

/// The form with its digits. A contract has dozens of times: a general formatter was a tenth of its answer.
fn filled_in<const N: usize>(mut form: [u8; N], at: DateTime) -> String {
    let numbers = [
        (0..4, at.year()),
        (5..7, at.month().into()),
        (8..10, at.day().into()),
        (11..13, at.hour().into()),
        (14..16, at.minute().into()),
        (17..19, at.second().into()),
    ];
    let milliseconds = (20..23, at.millisecond());
    for (place, number) in numbers.into_iter().chain((form[19] == b'.').then_some(milliseconds)) {
        let mut left = number.unsigned_abs();
        for digit in form[place].iter_mut().rev() {
            *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
            left /= 10;
        }
    }
    String::from_utf8_lossy(&form).into_owned()
}

/// Teamtailor's other form of a day (`2031-02-03`): its midnight at the company's own offset.
pub(crate) fn teamtailor_midnight(day: &str) -> String {
    let offset =
        Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::fixed(COMPANY_OFFSET)).strftime("%:z").to_string();
    format!("{day}T00:00:00.000{offset}")
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use super::{COMPANY_OFFSET, oneflow, teamtailor};

    #[test]
    fn times_are_written_as_a_formatter_would() {
        for second in [0, 951_827_696, 1_930_294_800, 1_961_711_999, 4_102_444_799, 253_402_207_199] {
            for nanosecond in [0, 999_999, 1_000_000, 120_999_999, 999_999_999] {
                let time = Timestamp::new(second, nanosecond).unwrap();
                assert_eq!(oneflow(time), time.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string());
                let at = time.to_zoned_datetime(TimeZone::fixed(COMPANY_OFFSET));
                assert_eq!(teamtailor(time), at.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string());
            }
        }
    }
}
