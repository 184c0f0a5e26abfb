//! Why a field, a document or a contract ended as it did: a closed list.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::value::ValueError;

/// Declares the reasons, each with its code and its sentence.
macro_rules! reasons {
    ( $( $variant:ident = $code:literal: $sentence:literal, )+ ) => {
        /// Why a field, a document or a contract ended as it did.
        ///
        /// The code is stable and made for machines; the sentence is made for a recruiter. Neither holds a value.
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
            $( #[doc = $sentence] $variant, )+
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

            /// The sentence for a recruiter.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self {
                    $( Self::$variant => $sentence, )+
                }
            }
        }
    };
}

reasons! {
    // Nothing to do.
    NotInContract = "not-in-contract": "The contract does not have this field.",
    NothingToSay = "nothing-to-say": "The field in the contract is empty and has not been filled in yet.",
    CandidateIsNewer = "candidate-is-newer": "The contract's value is not new, so the candidate's card stays as it is.",
    EmptyKept = "empty-kept": "The field was cleared in the contract; the mapping keeps the candidate's value.",
    OtherContractFirst = "other-contract-first": "Another contract of this candidate takes precedence: the one signed last or, while none is signed, the one sent last.",
    OnlyPrefilled = "only-prefilled": "The mapping only copies this field into new contracts.",
    IdentityOnlyPrefilled = "identity-only-prefilled": "The convention only prefills this; add a `[[field]]` to write it back.",
    OnlyWrittenBack = "only-taken-over": "The mapping only copies this field from contracts to the card.",
    OutOfScope = "out-of-scope": "The mapping limits this to contracts of other template types, or in other workspaces.",
    CandidateEmpty = "candidate-empty": "The candidate has no value for this field.",
    WaitsForCandidateSignature = "waits-for-candidate-signature": "The field is written to the card once the candidate has signed.",
    WaitsForAllSignatures = "waits-for-all-signatures": "The field is written to the card once everyone has signed.",
    ContractIsDraft = "contract-is-draft": "The contract has not been sent yet.",
    ContractDeclined = "contract-declined": "The contract was declined.",
    ContractOverdue = "contract-overdue": "The contract's signing period has expired.",
    ContractGone = "contract-gone": "The contract was deleted, or SmartSync has no access to it.",
    ContractRetired = "contract-retired": "The record of what both sides last agreed on was erased when its retention period ended; nothing more is written back from this contract.",
    ContractStateUnknown = "contract-state-unknown": "This version of SmartSync does not recognise the contract's state.",

    // A new contract.
    NotAcceptedByOneflow = "not-taken-over-by-oneflow": "Oneflow did not put the candidate's value into the new contract; a field that belongs to one of Oneflow's own integrations cannot be filled in from outside.",
    ContractHoldsAnother = "contract-holds-another": "The contract was created by an earlier attempt and does not hold the value on the candidate's card.",

    // Both sides have changed.
    ConflictContractWon = "conflict-contract-won": "The field was changed on both sides; as set in the mapping, the contract's value was used.",
    ConflictCandidateWon = "conflict-candidate-won": "The field was changed on both sides; as set in the mapping, the candidate's value was kept.",
    ConflictHeld = "conflict-held": "The field was changed on both sides; someone has to decide which value is right.",
    FirstSightContractWon = "first-sight-contract-won": "The two sides already differed when the contract was first seen; as set in the mapping, the contract's value was used.",
    FirstSightCandidateWon = "first-sight-candidate-won": "The two sides already differed when the contract was first seen; as set in the mapping, the candidate's value was kept.",
    FirstSightHeld = "first-sight-held": "The two sides already differed when the contract was first seen; someone has to decide which value is right.",
    EditNotProven = "edit-not-proven": "The two sides differ, it is not known what they last agreed on, and the field's timestamps do not show an edit after the contract was sent: it may still hold the value that the contract was created with. Make both sides the same, or set `on_first_sight` in the field's `[[field]]` entry.",
    Cleared = "cleared": "The field was cleared in the contract, so the candidate's value was cleared too.",
    CutOffContractWon = "cut-off-contract-won": "An earlier write of this field was interrupted, so it is not known whether a person has changed the card since; as set in the mapping, the contract's value was used.",
    CutOffHeld = "cut-off-held": "An earlier write of this field was interrupted, so it is not known whether a person has changed the card since; someone has to decide which value is right.",
    DecidedContract = "decided-contract": "Someone has decided that the contract's value is right, so it was used.",
    DecidedCard = "decided-card": "Someone has decided that the candidate's value is right, so it was kept.",
    ChangedMeanwhile = "changed-meanwhile": "The candidate's card or the contract has just changed; the contract will be synced again.",

    LimitReached = "limit-reached": "The limit on overwritten and cleared values has been reached, so this value was left as it is.",

    // Whose contract it is.
    NoCandidate = "no-candidate": "Nothing links the contract to a candidate. If candidates' contracts are also created outside SmartSync, add `email` to `link` and the contracts' `template_types` to `[sync]`, or run smartsync link for this one.",
    LinkUnconfirmed = "link-unconfirmed": "A participant has the candidate's e-mail address, but Oneflow does not show that the contract was sent to that participant as a signatory and that nobody has changed or delegated the participant since; if the contract belongs to the candidate, run smartsync link.",
    SeveralCandidates = "several-candidates": "More than one candidate matches the contract.",
    AddressShared = "address-shared": "Several participants of the contract share the candidate's e-mail address, so it is unclear which of them is the candidate.",
    LinkForged = "link-forged": "The contract's link to a candidate was not signed by SmartSync.",
    LinkOfAnotherContract = "link-of-another-contract": "The contract carries a link that belongs to another contract.",
    LinkDisagrees = "link-disagrees": "The contract now names a different candidate.",
    CandidateGone = "candidate-gone": "The candidate was deleted or merged, or SmartSync has no access to it.",
    CandidateForgotten = "candidate-forgotten": "The candidate was forgotten on request, so nothing more is written.",

    // The mapping and the fields.
    UnknownCustomField = "unknown-custom-field": "Teamtailor has no candidate custom field with this name.",
    UnsupportedFieldType = "unsupported-field-type": "This version of SmartSync does not know the custom field's type; set the `type` of its values in a `[[field]]` entry for it.",
    TypeMismatch = "type-mismatch": "The custom field cannot hold values of the `type` set in its `[[field]]` entry.",
    TwoSources = "two-sources": "Two data fields would write to the same candidate field.",

    // Values.
    ContractValueUnreadable = "contract-value-unreadable": "The contract's text is not a valid value for the field's type.",
    AmbiguousNumber = "ambiguous-number": "The number can be read in two ways, with a decimal point or a decimal comma; set `decimal` in the `locale` of `[sync]` or of the field's `[[field]]` entry.",
    OtherCurrency = "other-currency": "The amount's currency is not the `currency` set in the `locale` of `[sync]` or of the field's `[[field]]` entry.",
    AmbiguousDate = "ambiguous-date": "The date can be read in two ways, day first or month first; set `date_order` in the `locale` of `[sync]` or of the field's `[[field]]` entry.",
    ImplausibleDate = "implausible-date": "The year is not between 1900 and 2199, so one of its digits is probably wrong.",
    HiddenCharacters = "hidden-characters": "The contract's text contains invisible characters, so it is not what it appears to be; type it again instead of pasting it.",
    Markup = "markup": "The contract's text contains markup that a web page could mistake for its own; if it is intended, someone has to type it on the candidate's card.",
    Formula = "formula": "The contract's text starts like a formula, which a spreadsheet would evaluate; if it is intended, someone has to type it on the candidate's card.",
    TurnedText = "turned-text": "The contract's text contains a character that changes the reading direction, so it may not be what it appears to be; someone has to decide whether it belongs on the card.",
    LookAlike = "look-alike": "A word in the contract's text can be mistaken for another one that looks the same; someone has to decide whether it belongs on the card.",
    NotOnLinkedin = "not-on-linkedin": "The address in the contract is not on linkedin.com; someone has to decide whether it belongs on the card.",
    UnknownOption = "unknown-option": "The select has no option with this name.",
    AmbiguousOption = "ambiguous-option": "The text matches two options of the select: it is the name of one, and the name or id of the other.",
    AmbiguousChoices = "ambiguous-choices": "The text can be split into the select's options in more than one way.",
    TooLong = "too-long": "The text is longer than the field allows; it was not shortened.",
    Lossy = "lossy": "The other service cannot store the value without changing it.",
    CandidateValueUnreadable = "candidate-value-unreadable": "The value on the candidate's card is not a valid value for the field's type.",

    // Teamtailor's answers.
    EmailTaken = "email-taken": "Another candidate already has this e-mail address.",
    Refused = "refused": "The service refused the request.",
    RefusedTogether = "refused-together": "Teamtailor refused the update that included this field, and did not say which field was wrong.",
    OptionRefused = "option-refused": "Teamtailor refused the option, which has just been changed or deleted; the options will be read again at the next sync.",
    ClearRefused = "clear-refused": "Teamtailor refused to clear the value.",
    NotAsWritten = "not-as-written": "Teamtailor accepted the value but shows a different one; the contract will be synced again.",
    NotAuthorized = "not-authorized": "The credentials are wrong or lack a required permission.",
    Unavailable = "unavailable": "The service did not answer or was busy; this will be retried.",
    LedgerFailed = "ledger-failed": "SmartSync's ledger could not be read or written; this will be retried.",
    OtherContractUnreadable = "other-contract-unreadable": "Another contract of this candidate could not be read, so it is not known which one takes precedence; the contract will be synced again.",
    AnswerUnreadable = "answer-unreadable": "The service's answer could not be understood; the contract will be synced again.",
    OtherAccount = "other-account": "The credentials belong to a different account from the one SmartSync was set up for, so nothing was written.",
    PlanOfAnotherEngine = "plan-of-another-engine": "The plan was made for other accounts or with another key, so none of it was carried out.",
    NotAttempted = "not-attempted": "An earlier step failed, so this one was not attempted.",

    // The document.
    NotSignedYet = "not-signed-yet": "The document is attached once everyone has signed.",
    DocumentNotWanted = "document-not-wanted": "The mapping does not attach documents.",
    DocumentByAddress = "document-by-address": "Only a participant's e-mail address links the contract to the candidate, so the document is not attached; set `by_email` in `document` of `[sync]`, or run smartsync link.",
    FileNotReady = "file-not-ready": "Oneflow has not created the signed file yet; this will be retried.",
    FileWithoutAddress = "file-without-address": "Oneflow sent the file itself instead of an address that Teamtailor could fetch it from; a document host is needed.",
    FileTooLarge = "file-too-large": "The signed file exceeds the size limit for document hosts.",
    DocumentHostFailed = "document-host-failed": "The document host could not accept the signed file; this will be retried.",
    AddressNotPublic = "address-not-public": "The file's address is not public, so Teamtailor cannot fetch it.",
    DocumentRefused = "document-refused": "Teamtailor refused the file; this will be retried with a fresh address.",
    DocumentNotShown = "document-not-shown": "The document was attached but the card does not show it, or no longer shows it; it will not be attached a second time.",
    UploadUnknown = "upload-unknown": "An earlier upload was interrupted, and the card shows no file from SmartSync; someone has to check whether the document is there before it is uploaded again.",
    UploadsUnknown = "uploads-unknown": "Teamtailor did not say which files the candidate has, so none was added; the contract will be synced again.",
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
