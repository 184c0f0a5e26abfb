//! Whether the server could note a notification, found out by writing.

use std::{sync::Arc, time::Duration};

use smartsync_transport::CauseChain;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::store::{Intake, StoreError};

/// How long an answer counts: whoever asks more often causes no more writes.
const ANSWER_LIFETIME: Duration = Duration::from_secs(1);

/// A disk that takes longer takes no notification in time either.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);

/// Clones share what was found out last.
#[derive(Clone, Debug)]
pub(crate) struct Readiness {
    intake: Arc<dyn Intake>,
    last: Arc<Mutex<Option<Found>>>,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    at: Instant,
    is_ready: bool,
}

impl Readiness {
    pub(crate) fn of(intake: Arc<dyn Intake>) -> Self {
        Self { intake, last: Arc::default() }
    }

    /// Writes at most once a second; who asks in between, or meanwhile, gets the same answer.
    pub(crate) async fn is_ready(&self) -> bool {
        let mut last = self.last.lock().await;
        if let Some(found) = last.filter(|found| found.at.elapsed() < ANSWER_LIFETIME) {
            return found.is_ready;
        }
        let written = timeout(WRITE_TIMEOUT, self.intake.is_ready()).await.unwrap_or(Err(StoreError::Busy));
        let was_ready = last.is_none_or(|found| found.is_ready);
        match &written {
            Err(error) if was_ready => {
                tracing::error!(error = %CauseChain(error), "not ready: notifications cannot be recorded");
            }
            Ok(()) if !was_ready => tracing::info!("ready again"),
            Ok(()) | Err(_) => {}
        }
        *last = Some(Found { at: Instant::now(), is_ready: written.is_ok() });
        written.is_ok()
    }
}
