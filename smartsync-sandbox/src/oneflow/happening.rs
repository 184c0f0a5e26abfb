//! Something that happens to a contract.

/// Something that happens to a contract.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub(crate) kind: &'static str,
    pub(super) subject: Subject,
    /// The participant who did it.
    pub(super) actor: Option<i64>,
    pub(super) changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Contract,
    DataField(i64),
    Participant(i64),
    Party(i64),
}

/// What an update changed.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) attribute: &'static str,
    pub(super) from: String,
    pub(super) to: String,
}

/// The attribute only: the rest is what people typed.
impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Change").field(&self.attribute).finish()
    }
}

impl Happening {
    fn new(kind: &'static str, subject: Subject) -> Self {
        Self { kind, subject, actor: None, changes: Vec::new() }
    }

    pub(crate) fn to_contract(kind: &'static str) -> Self {
        Self::new(kind, Subject::Contract)
    }

    pub(crate) fn to_data_field(kind: &'static str, data_field: i64) -> Self {
        Self::new(kind, Subject::DataField(data_field))
    }

    pub(crate) fn to_participant(kind: &'static str, participant: i64) -> Self {
        Self::new(kind, Subject::Participant(participant))
    }

    pub(crate) fn to_party(kind: &'static str, party: i64) -> Self {
        Self::new(kind, Subject::Party(party))
    }

    /// Done by this participant. Nobody stands for the API and for the service itself.
    pub(crate) fn by(mut self, participant: Option<i64>) -> Self {
        self.actor = participant;
        self
    }

    /// With one more attribute that was changed.
    pub(crate) fn changed(mut self, attribute: &'static str, from: &str, to: &str) -> Self {
        self.changes.push(Change { attribute, from: from.to_owned(), to: to.to_owned() });
        self
    }
}
