//! What one asks of a contract first, wherever Oneflow writes it, and who takes part.

use smartsync_transport::Timestamp;

use crate::{
    contracts::Contract,
    ids::{TemplateId, TemplateTypeId, WorkspaceId},
    parties::{Participant, Party},
};

/// What stands in the members `private` and `private_ownerside`, which Oneflow shows to the contract's own side. `None` where it
/// does not show them; whether one was there and could not be read, `unreadable` says.
///
/// ```
/// # use oneflow_client::contracts::Contract;
/// let contract: Contract = serde_json::from_str(r#"{"id": 9001, "_private": {"name": "Offer", "workspace_id": 7},
///     "_private_ownerside": {"created_time": "2031-02-03T04:05:06+0000", "template_id": 31}}"#)?;
/// assert_eq!(contract.name(), Some("Offer"));
/// assert_eq!(contract.created().and_then(|time| time.instant()), Some("2031-02-03T04:05:06Z".parse()?));
/// assert_eq!(contract.workspace(), Some(7.into()));
/// assert_eq!(contract.template(), Some(31.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Contract {
    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.private.as_ref()?.name.as_deref()
    }

    /// The workspace that it is in.
    #[must_use]
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.private.as_ref()?.workspace_id
    }

    /// When it was created.
    #[must_use]
    pub fn created(&self) -> Option<&Timestamp> {
        self.private_ownerside.as_ref()?.created_time.as_ref()
    }

    /// When it last changed, as far as it says: the later of `updated_time` and `state_updated_time`. Whether a data field that changes
    /// moves either is not documented.
    #[must_use]
    pub fn last_change(&self) -> Option<smartsync_transport::jiff::Timestamp> {
        let times = [&self.updated_time, &self.state_updated_time];
        times.into_iter().flatten().filter_map(Timestamp::instant).max()
    }

    /// The template that it was made from.
    #[must_use]
    pub fn template(&self) -> Option<TemplateId> {
        self.private_ownerside.as_ref()?.template_id
    }

    /// The type of that template.
    #[must_use]
    pub fn template_type(&self) -> Option<TemplateTypeId> {
        self.private_ownerside.as_ref()?.template_type_id
    }
}

impl Contract {
    /// All participants with their parties.
    ///
    /// A company has a list of participants, an individual is one itself: Oneflow writes them in two places, and both are read.
    ///
    /// ```
    /// # use oneflow_client::contracts::Contract;
    /// let contract: Contract = serde_json::from_str(r#"{"id": 9001, "parties": [
    ///     {"id": 1, "my_party": true, "participants": [{"id": 11}]},
    ///     {"id": 2, "type": "individual", "participant": {"id": 21}}
    /// ]}"#)?;
    /// let ids: Vec<i64> = contract.participants().map(|(_, participant)| participant.id.get()).collect();
    /// assert_eq!(ids, [11, 21]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn participants(&self) -> impl Iterator<Item = (&Party, &Participant)> {
        self.parties.iter().flat_map(|party| {
            let all = party.participants.iter().chain(party.participant.as_ref());
            all.map(move |participant| (party, participant))
        })
    }

    /// The participants of the parties that Oneflow says are not the caller's own. One of which it does not say whose it is
    /// (`my_party`) is none of them.
    pub fn counterparty_participants(&self) -> impl Iterator<Item = (&Party, &Participant)> {
        self.participants().filter(|(party, _)| party.my_party == Some(false))
    }
}
