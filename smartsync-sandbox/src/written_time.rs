//! Points in time as each service writes them.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

/// Oneflow: `2031-02-03T04:05:06+0000`, an offset without a colon.
pub(crate) fn oneflow(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// Teamtailor: `2031-02-03T05:05:06.120+01:00`, milliseconds and the company's own offset.
pub(crate) fn teamtailor(time: Timestamp, offset: Offset) -> String {
    time.to_zoned_datetime(TimeZone::fixed(offset)).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}
