//! Who takes part in a contract.

use crate::{
    contracts::Contract,
    parties::{Participant, Party},
};

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
