//! What a membership belongs to.

use crate::ids::{JobId, TeamId};

/// A team, or the hiring team of a job: what a user can be a member of.
///
/// ```
/// use teamtailor_client::{JobId, TeamId, team_memberships::NewTeamMembership};
///
/// let in_team = NewTeamMembership::new("12", TeamId::from("17"));
/// let in_hiring_team = NewTeamMembership::new("12", JobId::from("60"));
/// assert_ne!(in_team, in_hiring_team);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TeamOrJob {
    /// A team.
    Team(TeamId),
    /// The hiring team of a job.
    Job(JobId),
}

impl TeamOrJob {
    /// The JSON:API type.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Team(_) => "teams",
            Self::Job(_) => "jobs",
        }
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Team(id) => id.as_str(),
            Self::Job(id) => id.as_str(),
        }
    }
}

impl From<TeamId> for TeamOrJob {
    fn from(id: TeamId) -> Self {
        Self::Team(id)
    }
}

impl From<JobId> for TeamOrJob {
    fn from(id: JobId) -> Self {
        Self::Job(id)
    }
}

impl From<&TeamId> for TeamOrJob {
    fn from(id: &TeamId) -> Self {
        Self::Team(id.clone())
    }
}

impl From<&JobId> for TeamOrJob {
    fn from(id: &JobId) -> Self {
        Self::Job(id.clone())
    }
}
