//! Why a field, a document or a contract ended as it did: a closed list.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::value::ValueError;

/// Declares the reasons, each with its code. What is said of them is in `words`.
macro_rules! reasons {
    ( $( $variant:ident = $code:literal, )+ ) => {
        /// Why a field, a document or a contract ended as it did.
        ///
        /// The [code](Self::code) is stable and made for machines; the [sentence](Self::sentence) and the [advice](Self::advice)
        /// are made for a recruiter. None of them holds a value. [All of them, in words](crate::guide::reasons).
        ///
        /// ```
        /// use smartsync_core::Reason;
        ///
        /// assert_eq!(Reason::CandidateIsNewer.code(), "candidate-is-newer");
        /// assert_eq!(Reason::from_code("candidate-is-newer"), Some(Reason::CandidateIsNewer));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $( #[doc = concat!("`", $code, "`")] $variant, )+
        }

        impl Reason {
            /// All of them.
            pub const ALL: &[Self] = &[ $( Self::$variant, )+ ];

            /// The stable code: `candidate-is-newer`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $( Self::$variant => $code, )+
                }
            }

            /// The one with this [code](Self::code), if this version has it: for codes that were stored.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().find(|reason| reason.code() == code).copied()
            }
        }
    };
}

reasons! {
    // Nothing to do.
    NotInContract = "not-in-contract",
    NothingToSay = "nothing-to-say",
    CandidateIsNewer = "candidate-is-newer",
    EmptyKept = "empty-kept",
    OtherContractFirst = "other-contract-first",
    OnlyPrefilled = "only-prefilled",
    IdentityOnlyPrefilled = "identity-only-prefilled",
    OnlyWrittenBack = "only-taken-over",
    OutOfScope = "out-of-scope",
    CandidateEmpty = "candidate-empty",
    WaitsForCandidateSignature = "waits-for-candidate-signature",
    WaitsForAllSignatures = "waits-for-all-signatures",
    ContractIsDraft = "contract-is-draft",
    ContractDeclined = "contract-declined",
    ContractOverdue = "contract-overdue",
    ContractGone = "contract-gone",
    ContractRetired = "contract-retired",
    ContractStateUnknown = "contract-state-unknown",

    // A new contract.
    NotAcceptedByOneflow = "not-taken-over-by-oneflow",
    ContractHoldsAnother = "contract-holds-another",

    // Both sides have changed.
    ConflictContractWon = "conflict-contract-won",
    ConflictCandidateWon = "conflict-candidate-won",
    ConflictHeld = "conflict-held",
    FirstSightContractWon = "first-sight-contract-won",
    FirstSightCandidateWon = "first-sight-candidate-won",
    FirstSightHeld = "first-sight-held",
    EditNotProven = "edit-not-proven",
    Cleared = "cleared",
    CutOffContractWon = "cut-off-contract-won",
    CutOffHeld = "cut-off-held",
    DecidedContract = "decided-contract",
    DecidedCard = "decided-card",
    ChangedMeanwhile = "changed-meanwhile",

    LimitReached = "limit-reached",

    // Whose contract it is.
    NoCandidate = "no-candidate",
    LinkUnconfirmed = "link-unconfirmed",
    SeveralCandidates = "several-candidates",
    AddressShared = "address-shared",
    LinkForged = "link-forged",
    LinkOfAnotherContract = "link-of-another-contract",
    LinkDisagrees = "link-disagrees",
    CandidateGone = "candidate-gone",
    CandidateForgotten = "candidate-forgotten",

    // The mapping and the fields.
    UnknownCustomField = "unknown-custom-field",
    UnsupportedFieldType = "unsupported-field-type",
    TypeMismatch = "type-mismatch",
    TwoSources = "two-sources",

    // Values.
    ContractValueUnreadable = "contract-value-unreadable",
    AmbiguousNumber = "ambiguous-number",
    OtherCurrency = "other-currency",
    AmbiguousDate = "ambiguous-date",
    ImplausibleDate = "implausible-date",
    HiddenCharacters = "hidden-characters",
    Markup = "markup",
    Formula = "formula",
    TurnedText = "turned-text",
    LookAlike = "look-alike",
    NotOnLinkedin = "not-on-linkedin",
    UnknownOption = "unknown-option",
    AmbiguousOption = "ambiguous-option",
    AmbiguousChoices = "ambiguous-choices",
    TooLong = "too-long",
    Lossy = "lossy",
    CandidateValueUnreadable = "candidate-value-unreadable",

    // Teamtailor's answers.
    EmailTaken = "email-taken",
    Refused = "refused",
    RefusedTogether = "refused-together",
    OptionRefused = "option-refused",
    ClearRefused = "clear-refused",
    NotAsWritten = "not-as-written",
    NotAuthorized = "not-authorized",
    Unavailable = "unavailable",
    LedgerFailed = "ledger-failed",
    OtherContractUnreadable = "other-contract-unreadable",
    AnswerUnreadable = "answer-unreadable",
    OtherAccount = "other-account",
    PlanOfAnotherEngine = "plan-of-another-engine",
    NotAttempted = "not-attempted",

    // The document.
    NotSignedYet = "not-signed-yet",
    DocumentNotWanted = "document-not-wanted",
    DocumentByAddress = "document-by-address",
    FileNotReady = "file-not-ready",
    FileWithoutAddress = "file-without-address",
    FileTooLarge = "file-too-large",
    DocumentHostFailed = "document-host-failed",
    AddressNotPublic = "address-not-public",
    DocumentRefused = "document-refused",
    DocumentNotShown = "document-not-shown",
    UploadUnknown = "upload-unknown",
    UploadsUnknown = "uploads-unknown",
}

impl Reason {
    /// Whether a person may decide on a field that is held for this reason, and say which side is right
    /// ([`Engine::resolve`](crate::Engine::resolve)).
    ///
    /// | held for | contract's value taken | card kept |
    /// |---|---|---|
    /// | [`ConflictHeld`](Self::ConflictHeld) | written over the card's | the contract's value becomes the base |
    /// | [`FirstSightHeld`](Self::FirstSightHeld) | written over the card's | likewise |
    /// | [`EditNotProven`](Self::EditNotProven) | written over the card's | likewise |
    /// | [`CutOffHeld`](Self::CutOffHeld) | written over the card's | likewise; the card's value counts as a person's |
    /// | [`LimitReached`](Self::LimitReached) | written, whatever the limit | likewise |
    ///
    /// For every other reason there is nothing that a person could say here: the value may do harm or is none, an answer could not be
    /// read, the contract belongs to nobody for sure, the moment has not come, or the mapping has to be put right.
    #[must_use]
    pub fn may_be_decided(self) -> bool {
        matches!(
            self,
            Self::ConflictHeld
                | Self::FirstSightHeld
                | Self::EditNotProven
                | Self::CutOffHeld
                | Self::LimitReached
        )
    }

    /// Whether another look may end otherwise, though nobody has done anything: what could not be read may be readable then,
    /// and who seemed gone may be there.
    pub(crate) fn may_pass(self) -> bool {
        matches!(
            self,
            Self::AnswerUnreadable
                | Self::OtherContractUnreadable
                | Self::ContractStateUnknown
                | Self::CandidateGone
                // Oneflow may show an event late.
                | Self::LinkUnconfirmed
        )
    }

    /// The reason for which a contract's text cannot be written back.
    pub(crate) fn of_contract_value(error: ValueError) -> Self {
        match error {
            ValueError::Unreadable => Self::ContractValueUnreadable,
            ValueError::AmbiguousNumber => Self::AmbiguousNumber,
            ValueError::OtherCurrency => Self::OtherCurrency,
            ValueError::AmbiguousDate => Self::AmbiguousDate,
            ValueError::ImplausibleDate => Self::ImplausibleDate,
            ValueError::HiddenCharacters => Self::HiddenCharacters,
            ValueError::Markup => Self::Markup,
            ValueError::Formula => Self::Formula,
            ValueError::TurnedText => Self::TurnedText,
            ValueError::LookAlike => Self::LookAlike,
            ValueError::NotOnLinkedin => Self::NotOnLinkedin,
            ValueError::UnknownOption => Self::UnknownOption,
            ValueError::AmbiguousOption => Self::AmbiguousOption,
            ValueError::AmbiguousChoices => Self::AmbiguousChoices,
            ValueError::TooLong => Self::TooLong,
            ValueError::Lossy => Self::Lossy,
        }
    }

    /// The reason for which a candidate's value cannot be read.
    pub(crate) fn of_candidate_value(error: ValueError) -> Self {
        if error == ValueError::Unreadable {
            return Self::CandidateValueUnreadable;
        }
        Self::of_contract_value(error)
    }
}

/// The sentence.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// The code.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Reason {
    /// Whether it is said where a candidate was looked for and there is none to write to.
    #[must_use]
    pub fn is_lack_of_candidate(self) -> bool {
        matches!(
            self,
            Self::NoCandidate
                | Self::SeveralCandidates
                | Self::AddressShared
                | Self::LinkForged
                | Self::LinkOfAnotherContract
                | Self::LinkUnconfirmed
                | Self::LinkDisagrees
                | Self::CandidateGone
                | Self::CandidateForgotten
                | Self::AnswerUnreadable
        )
    }
}
