//! Notes in the journal what a person has done. What fails there fails no command.

use smartsync::store::{Journal, Look};
use smartsync_transport::CauseChain;

pub(super) async fn record(journal: &dyn Journal, look: &Look) {
    if let Err(error) = journal.record(look).await {
        tracing::warn!(error = %CauseChain(&error), "the journal could not be written: `smartsync history` lacks this look");
    }
}
