//! What an e-mail address proves: whether the contract was sent to it, and nothing has become of its participant since.

use oneflow_client::{ContractEvent, EventType, ParticipantId, Timestamp};

use crate::{ContractSnapshot, Signer};

/// What of a participant or a party may change and leave the address as it was.
const BESIDE_THE_ADDRESS: [&str; 11] = [
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

/// A signatory who was there when the contract was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SentTo {
    participant: ParticipantId,
    /// When it was sent, in seconds.
    sent: i64,
}

impl SentTo {
    /// `None` unless the contract and the participant say so themselves. When the participant was changed last says nothing:
    /// having looked at the contract is a change, too.
    pub(crate) fn of(contract: &ContractSnapshot, signer: &Signer) -> Option<Self> {
        let (participant, sent) = (signer.id?, second(contract.published.as_ref())?);
        let was_there = second(signer.created.as_ref())? <= sent;
        (signer.is_signatory == Some(true) && was_there).then_some(Self { participant, sent })
    }

    /// Whether these, which are all events of the contract, say that the participant has the address still that the contract
    /// was sent to. Events that do not even show the sending are not all.
    pub(crate) fn is_unchanged(self, events: &[ContractEvent]) -> bool {
        let shows_sending = events.iter().any(|event| event.kind == Some(EventType::ContractPublish));
        shows_sending && !events.iter().any(|event| self.may_change_address(event))
    }

    /// Whether the event may have put somebody else in the participant's place. Types are added over time, and those of
    /// participants have never been seen in a list, so what is not known to be harmless is not.
    fn may_change_address(self, event: &ContractEvent) -> bool {
        if second(event.created_time.as_ref()).is_some_and(|time| time < self.sent) {
            return false;
        }
        match &event.kind {
            None => true,
            // Whom it is about, the one who left or the one who came, is not known.
            Some(EventType::ParticipantDelegate) => true,
            // Of another participant as well: who has given up an address may have shared this one, and who of the two is the
            // candidate was not known then.
            Some(EventType::ParticipantUpdate) => !leaves_address(event),
            // An individual is party and participant in one.
            Some(EventType::PartyUpdate) => !leaves_address(event),
            // When the participant was added, it says itself. If it was this one, one of the two is wrong.
            Some(EventType::ParticipantCreate) => subject(event) == Some(self.participant),
            Some(kind) if is_harmless(kind) => false,
            Some(_) => subject(event).is_none_or(|id| id == self.participant),
        }
    }
}

fn second(time: Option<&Timestamp>) -> Option<i64> {
    time.and_then(Timestamp::instant).map(|instant| instant.as_second())
}

/// Whom the event is about.
fn subject(event: &ContractEvent) -> Option<ParticipantId> {
    event.data.as_ref()?.subject.as_ref()?.get("id")?.as_i64().map(ParticipantId::new)
}

/// Whether the event names what it has changed, and the address is not among it.
fn leaves_address(event: &ContractEvent) -> bool {
    let Some(data) = event.data.as_ref().filter(|data| !data.unreadable.contains("changes")) else {
        return false;
    };
    let is_beside = |attribute: &String| BESIDE_THE_ADDRESS.contains(&attribute.as_str());
    !data.changes.is_empty()
        && data.changes.iter().all(|change| change.attribute.as_ref().is_some_and(is_beside))
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
