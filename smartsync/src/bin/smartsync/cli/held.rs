//! `smartsync held`.

use clap::Args;
use smartsync::store::HeldPlace;

use super::OfTenant;

#[derive(Debug, Args)]
pub(crate) struct Held {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Begins behind this place, which an earlier page has named.
    #[arg(long, value_name = "PLACE")]
    pub(crate) after: Option<HeldPlace>,
    /// Number of fields.
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) limit: u32,
}
