//! `smartsync intake`.

pub const LAST_NOTIFICATION: &str = "last notification";
pub const LAST_SWEEP: &str = "last sweep";
pub const NONE: &str = "none";

pub const NOTIFICATIONS: &str = "notifications";
pub const DELAYS: &str = "from change to look";
pub const LOOKS: &str = "looks";
pub const FIELDS: &str = "fields of all looks";

/// The columns beside what is counted.
pub const DAY: &str = "24 hours";
pub const MONTH: &str = "30 days";

pub const DELAYS_MEAN: &str = "From the change of a contract to the look at it: of looks that a notification caused and that found the contract changed, by the clocks of Oneflow and of this server.";
