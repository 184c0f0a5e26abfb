//! Points in time as each service writes them.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

/// The company's own offset, which is not UTC: a client that confuses the two is found out.
const COMPANY_OFFSET: Offset = Offset::constant(1);

/// Oneflow: `2031-02-03T04:05:06+0000`, an offset without a colon.
pub(crate) fn oneflow(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// Teamtailor: `2031-02-03T05:05:06.120+01:00`, milliseconds and the company's own offset.
pub(crate) fn teamtailor(time: Timestamp) -> String {
    time.to_zoned_datetime(TimeZone::fixed(COMPANY_OFFSET)).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// Teamtailor's other form of a day (`2031-02-03`): its midnight at the company's own offset.
pub(crate) fn teamtailor_midnight(day: &str) -> String {
    let offset =
        Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::fixed(COMPANY_OFFSET)).strftime("%:z").to_string();
    format!("{day}T00:00:00.000{offset}")
}
