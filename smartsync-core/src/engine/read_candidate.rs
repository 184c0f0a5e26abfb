//! Reads a candidate's card.

use smartsync_transport::Error;
use teamtailor_client::{CandidateId, TeamtailorClient};

use crate::candidate::CandidateSnapshot;

/// The candidate with values and uploads; `None` if there is no such candidate.
pub(crate) async fn read_candidate(
    teamtailor: &TeamtailorClient,
    candidate: &CandidateId,
) -> Result<Option<CandidateSnapshot>, Error> {
    let answer = teamtailor.send_opt(&CandidateSnapshot::request(candidate)).await?;
    Ok(answer.as_ref().map(CandidateSnapshot::read))
}
