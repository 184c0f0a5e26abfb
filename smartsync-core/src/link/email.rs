//! What an e-mail address proves: whether the contract was sent to it, and nothing has become of its participant since.

use oneflow_client::{
    ParticipantId, Timestamp,
    events::{ContractEvent, EventType},
};

use crate::contract::{ContractSnapshot, Signer};

/// What of a participant or a party may change and leave the address as it was.
const NOT_THE_EMAIL: [&str; 11] = [
    "country_code",
    "delivery_channel",
    "delivery_status",
    "identification_number",
    "name",
    "phone_number",
    "sign_method",
    "sign_state",
    "sign_state_updated_time",
    "title",
    "two_step_authentication_method",
];

/// What happens at once may be written down so many seconds apart.
const AT_ONCE_SECONDS: i64 = 5;
/// How the types of events that are about a participant begin.
const OF_PARTICIPANT: &str = "participant:";

/// A signatory who was there when the contract was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SentTo {
    participant: ParticipantId,
    /// When it was sent, in seconds.
    sent: i64,
    /// When the participant was changed since, if neither a visit nor a signature of that moment explains it.
    unexplained: Option<i64>,
    /// Of whom something must have happened, or may have for all that they say themselves: events have to show it.
    must_be_shown: Vec<Option<ParticipantId>>,
}

impl SentTo {
    /// `None` unless the contract and the participant say so themselves.
    pub(crate) fn of(contract: &ContractSnapshot, signer: &Signer) -> Option<Self> {
        let (participant, sent) = (signer.id?, second(contract.published.as_ref())?);
        let was_there = second(signer.created.as_ref())? <= sent;
        let updated = match &signer.updated {
            Some(updated) => Some(second(Some(updated))?),
            None => None,
        };
        let is_explained = |updated: i64| signer.seen_or_signed.iter().any(|time| is_at(time, updated));
        let unexplained =
            updated.filter(|updated| *updated > sent + AT_ONCE_SECONDS && !is_explained(*updated));
        let must_be_shown =
            |one: &&Signer| has_changed_since(one, sent) || one.id == signer.id && updated.is_none();
        let must_be_shown = contract.signers.iter().filter(must_be_shown).map(|one| one.id).collect();
        (signer.is_signatory == Some(true) && was_there).then_some(Self {
            participant,
            sent,
            unexplained,
            must_be_shown,
        })
    }

    /// Whether these, which are all events of the contract, say that the participant has the address still that the contract
    /// was sent to. Events that do not even show the sending are not all, and neither are those that keep silent on participants
    /// to whom something has happened.
    pub(crate) fn is_unchanged(&self, events: &[ContractEvent]) -> bool {
        let shows_sending = events.iter().any(|event| event.kind == Some(EventType::ContractPublish));
        let of_participants: Vec<&ContractEvent> =
            events.iter().filter(|event| self.is_of_participant_since(event)).collect();
        let is_shown = |id: &Option<ParticipantId>| {
            of_participants.iter().any(|event| subject(event).is_none_or(|of| Some(of) == *id))
        };
        let explains = |event: &&ContractEvent, updated: i64| {
            subject(event) == Some(self.participant)
                && event.created_time.as_ref().is_some_and(|time| is_at(time, updated))
        };
        shows_sending
            && !events.iter().any(|event| self.may_change_email(event))
            && self.must_be_shown.iter().all(is_shown)
            && self
                .unexplained
                .is_none_or(|updated| of_participants.iter().any(|event| explains(event, updated)))
    }

    fn is_of_participant_since(&self, event: &ContractEvent) -> bool {
        let is_since = |time: i64| time >= self.sent - AT_ONCE_SECONDS;
        event.kind.as_ref().is_some_and(|kind| kind.as_str().starts_with(OF_PARTICIPANT))
            && second(event.created_time.as_ref()).is_some_and(is_since)
    }

    /// Whether the event may have put somebody else in the participant's place. Types are added over time, and those of
    /// participants have never been seen in a list, so what is not known to be harmless is not.
    fn may_change_email(&self, event: &ContractEvent) -> bool {
        if second(event.created_time.as_ref()).is_some_and(|time| time < self.sent) {
            return false;
        }
        match &event.kind {
            None => true,
            // Whom it is about, the one who left or the one who came, is not known.
            Some(EventType::ParticipantDelegate) => true,
            // Of another participant as well: who has given up an address may have shared this one, and who of the two is the
            // candidate was not known then.
            Some(EventType::ParticipantUpdate) => !leaves_email(event),
            // An individual is party and participant in one.
            Some(EventType::PartyUpdate) => !leaves_email(event),
            // When the participant was added, it says itself. If it was this one, one of the two is wrong.
            Some(EventType::ParticipantCreate) => subject(event) == Some(self.participant),
            Some(kind) if is_harmless(kind) => false,
            Some(_) => subject(event).is_none_or(|id| id == self.participant),
        }
    }
}

/// Whether something has happened to the participant since the contract was sent.
fn has_changed_since(signer: &Signer, sent: i64) -> bool {
    let times = signer.updated.iter().chain(&signer.seen_or_signed);
    let mut seconds = times.filter_map(|time| second(Some(time)));
    signer.has_signed || seconds.any(|time| time > sent + AT_ONCE_SECONDS)
}

fn is_at(time: &Timestamp, other: i64) -> bool {
    second(Some(time)).is_some_and(|time| (time - other).abs() <= AT_ONCE_SECONDS)
}

fn second(time: Option<&Timestamp>) -> Option<i64> {
    time.and_then(Timestamp::instant).map(|instant| instant.as_second())
}

/// Whom the event is about.
fn subject(event: &ContractEvent) -> Option<ParticipantId> {
    event.data.as_ref()?.subject.as_ref()?.get("id")?.as_i64().map(ParticipantId::new)
}

/// Whether the event names what it has changed, and the address is not among it.
fn leaves_email(event: &ContractEvent) -> bool {
    let Some(data) = event.data.as_ref().filter(|data| !data.unreadable.contains("changes")) else {
        return false;
    };
    let is_not_the_email = |attribute: &String| NOT_THE_EMAIL.contains(&attribute.as_str());
    !data.changes.is_empty()
        && data.changes.iter().all(|change| change.attribute.as_ref().is_some_and(is_not_the_email))
}

/// Whether events of this type leave every participant who stays as they were.
fn is_harmless(kind: &EventType) -> bool {
    matches!(
        kind,
        EventType::CommentCreate
            | EventType::ContractContentUpdate
            | EventType::ContractCreate
            | EventType::ContractDecline
            | EventType::ContractDelete
            | EventType::ContractLifecycleStateCancel
            | EventType::ContractLifecycleStateEnd
            | EventType::ContractLifecycleStateNewPeriod
            | EventType::ContractLifecycleStateStart
            | EventType::ContractLifecycleStateTerminate
            | EventType::ContractPublish
            | EventType::ContractSign
            | EventType::ContractSignatureReset
            | EventType::ContractSigningPeriodExpire
            | EventType::ContractSigningPeriodRevive
            | EventType::DataFieldUpdate
            | EventType::ParticipantDecline
            | EventType::ParticipantDelete
            | EventType::ParticipantDeliveryFailure
            | EventType::ParticipantFirstVisit
            | EventType::ParticipantPublish
            | EventType::ParticipantSign
            | EventType::ParticipantSignatureReset
            | EventType::PartyCreate
            | EventType::PartyDelete
            | EventType::ProductCreate
            | EventType::ProductDelete
            | EventType::ProductUpdate
    )
}
