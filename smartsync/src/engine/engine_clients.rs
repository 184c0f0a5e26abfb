//! The two clients of an engine, and the rate limits that they keep together with other processes.

use oneflow_client::OneflowClient;
use secrecy::SecretString;
use smartsync_core::SyncKeys;
use teamtailor_client::TeamtailorClient;

use crate::store::State;

/// The two clients of an engine, inside of one fence, and the credentials that they were made with.
#[derive(Clone, Debug)]
pub(crate) struct EngineClients {
    pub(crate) oneflow: OneflowClient,
    pub(crate) teamtailor: TeamtailorClient,
    pub(super) oneflow_token: SecretString,
    pub(super) teamtailor_key: SecretString,
}

impl EngineClients {
    /// Has them keep the limit of each credential together with all processes on `state` that use it; and so does every client of this process with
    /// the same credential, since they have one limiter.
    pub(super) fn share_limits(&self, state: &dyn State, keys: &SyncKeys) {
        if let Some(budget) = state.shared_budget(&keys.credential_name("oneflow", &self.oneflow_token)) {
            self.oneflow.share_limit(budget);
        }
        if let Some(budget) = state.shared_budget(&keys.credential_name("teamtailor", &self.teamtailor_key)) {
            self.teamtailor.share_limit(budget);
        }
    }

    /// Gives back what this process has of them, at its end.
    pub(crate) async fn leave_shared_limits(&self) {
        tokio::join!(self.oneflow.leave_shared_limit(), self.teamtailor.leave_shared_limit());
    }
}
