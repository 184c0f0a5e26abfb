//! Sends a request that writes fields.

use smartsync_transport::{Error, RatePermit};
use teamtailor_client::TeamtailorClient;

use crate::plan::{FieldWrite, WriteAnswer};

impl FieldWrite {
    /// Sends it once: what it rests on was checked just now, and would have to be checked again.
    pub(crate) async fn send(
        &self,
        teamtailor: &TeamtailorClient,
        permit: RatePermit,
    ) -> Result<WriteAnswer, Error> {
        Ok(match self {
            Self::UpdateCandidate(operation) => {
                WriteAnswer::Candidate(teamtailor.send_with_permit(permit, &**operation).await?.map(Box::new))
            }
            Self::CreateCustomFieldValue(operation) => {
                WriteAnswer::Value(Some(Box::new(teamtailor.send_with_permit(permit, operation).await?)))
            }
            Self::UpdateCustomFieldValue(operation) => {
                WriteAnswer::Value(teamtailor.send_with_permit(permit, operation).await?.map(Box::new))
            }
        })
    }
}
