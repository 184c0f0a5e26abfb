//! What is counted by the hour.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Declares what is counted, each with the word by which the tables know it.
macro_rules! tallied {
    ($( $( #[$doc:meta] )* $name:ident = $word:literal, )+) => {
        /// Something that is counted by the hour. Of each look one of [`LOOKS`](Self::LOOKS) is counted, of each of its fields one of
        /// [`FIELDS`](Self::FIELDS), of each notification one of [`NOTIFICATIONS`](Self::NOTIFICATIONS) or [`REFUSED`](Self::REFUSED).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Tallied {
            $( $( #[$doc] )* $name, )+
        }

        impl Tallied {
            /// All of them.
            pub const ALL: &[Self] = &[ $( Self::$name, )+ ];

            /// The name: `look-wrote`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$name => $word, )+
                }
            }
        }
    };
}

tallied! {
    /// A look that wrote something or attached the document, and left nothing.
    LookWrote = "look-wrote",
    /// A look that found nothing to do.
    LookUnchanged = "look-unchanged",
    /// A look that left something: a field that was held or failed, or the document.
    LookLeft = "look-left",
    /// A look that failed as a whole.
    LookFailed = "look-failed",
    /// A field whose value was written.
    FieldWritten = "field-written",
    /// A field of which both sides held the same.
    FieldUnchanged = "field-unchanged",
    /// A field that somebody has to decide.
    FieldHeld = "field-held",
    /// A field of which there was nothing to write.
    FieldSkipped = "field-skipped",
    /// A field that could not be written.
    FieldFailed = "field-failed",
    /// A notification that was accepted.
    NotificationAccepted = "notification-accepted",
    /// A notification that had come before.
    NotificationRepeated = "notification-repeated",
    /// A notification that came under the callback id of another: one of them is an altered copy. It was accepted.
    NotificationSameId = "notification-same-id",
    /// Refused: no key of ours has signed it.
    RefusedSignature = "refused-signature",
    /// Refused: it was no notification of Oneflow.
    RefusedNoNotification = "refused-no-notification",
    /// Refused: its body was too large.
    RefusedTooLarge = "refused-too-large",
    /// Refused: its body was incomplete.
    RefusedIncomplete = "refused-incomplete",
    /// Refused: its body did not come in time.
    RefusedTooSlow = "refused-too-slow",
    /// Refused: it could not be recorded.
    RefusedNotRecorded = "refused-not-recorded",
    /// Refused: too many had come under its callback id.
    RefusedCopies = "refused-copies",
    /// A look that a notification caused began within 5 seconds after its contract had changed.
    DelayFiveSeconds = "delay-5s",
    /// Within 30 seconds, and not within 5.
    DelayHalfMinute = "delay-30s",
    /// Within 2 minutes.
    DelayTwoMinutes = "delay-2m",
    /// Within 10 minutes.
    DelayTenMinutes = "delay-10m",
    /// Within an hour.
    DelayHour = "delay-1h",
    /// Later than that.
    DelayLonger = "delay-longer",
    /// A pass over all contracts found one that had changed and in which there was something to do, and no notification had told.
    SweepFound = "sweep-found",
}

impl Tallied {
    /// Every look is one of these.
    pub const LOOKS: [Self; 4] = [Self::LookWrote, Self::LookUnchanged, Self::LookLeft, Self::LookFailed];

    /// Every field of a look is one of these.
    pub const FIELDS: [Self; 5] =
        [Self::FieldWritten, Self::FieldUnchanged, Self::FieldHeld, Self::FieldSkipped, Self::FieldFailed];

    /// Every notification that was answered with 200 is one of these.
    pub const NOTIFICATIONS: [Self; 3] =
        [Self::NotificationAccepted, Self::NotificationRepeated, Self::NotificationSameId];

    /// Every notification that was refused is one of these.
    pub const REFUSED: [Self; 7] = [
        Self::RefusedSignature,
        Self::RefusedNoNotification,
        Self::RefusedTooLarge,
        Self::RefusedIncomplete,
        Self::RefusedTooSlow,
        Self::RefusedNotRecorded,
        Self::RefusedCopies,
    ];

    /// From the event to the look, the shortest first: of each look that a notification caused and that found its contract changed since the one before. By
    /// Oneflow's clock on one side and the server's on the other.
    pub const DELAYS: [Self; 6] = [
        Self::DelayFiveSeconds,
        Self::DelayHalfMinute,
        Self::DelayTwoMinutes,
        Self::DelayTenMinutes,
        Self::DelayHour,
        Self::DelayLonger,
    ];

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tallied| tallied.as_str() == name)
    }
}

/// What was counted in a step of time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tallies {
    /// When the step begins.
    pub from: Timestamp,
    /// How often each was counted; what is missing was not.
    pub counts: BTreeMap<Tallied, u64>,
}

impl Tallies {
    /// Of a step that begins then, with nothing in it.
    #[must_use]
    pub fn empty(from: Timestamp) -> Self {
        Self { from, counts: BTreeMap::new() }
    }

    /// How often that was counted.
    #[must_use]
    pub fn of(&self, what: Tallied) -> u64 {
        self.counts.get(&what).copied().unwrap_or_default()
    }

    /// How often any of these was counted.
    ///
    /// ```
    /// use smartsync::store::{Tallied, Tallies};
    ///
    /// let hour = Tallies::empty("2031-03-01T09:00:00Z".parse()?);
    /// assert_eq!(hour.all(&Tallied::LOOKS), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn all(&self, these: &[Tallied]) -> u64 {
        these.iter().fold(0, |all, what| all.saturating_add(self.of(*what)))
    }
}
