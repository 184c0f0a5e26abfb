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
    NotInContract = "not-in-contract": "The contract has no such field.",
    NothingToSay = "nothing-to-say": "The contract's field is empty and has not been filled in yet.",
    CandidateIsNewer = "candidate-is-newer": "The value in the contract is not new, so the candidate's card stays as it is.",
    EmptyKept = "empty-kept": "The field was emptied in the contract; the mapping keeps the candidate's value.",
    OtherContractFirst = "other-contract-first": "Another contract of the candidate comes first: the one signed last or, as long as none is signed, the one sent last.",
    OnlyPrefilled = "only-prefilled": "The mapping sends this field to new contracts only.",
    IdentityOnlyPrefilled = "identity-only-prefilled": "The convention only fills this in; write a `[[field]]` to take it over.",
    OnlyTakenOver = "only-taken-over": "The mapping takes this field from contracts only.",
    OutOfScope = "out-of-scope": "The mapping has this for other contracts only: of another template type, or in another workspace.",
    CandidateEmpty = "candidate-empty": "The candidate has no value for this field.",
    WaitsForCandidateSignature = "waits-for-candidate-signature": "The field is taken over once the candidate has signed.",
    WaitsForAllSignatures = "waits-for-all-signatures": "The field is taken over once everyone has signed.",
    ContractIsDraft = "contract-is-draft": "The contract has not been sent yet.",
    ContractDeclined = "contract-declined": "The contract was declined.",
    ContractOverdue = "contract-overdue": "The contract's signing period is over.",
    ContractGone = "contract-gone": "The contract was deleted, or our user may not see it.",
    ContractRetired = "contract-retired": "What both sides last agreed on was erased, since it is kept for so long only; nothing of the contract is taken over any more.",
    ContractStateUnknown = "contract-state-unknown": "The contract is in a state that this version does not know.",

    // A new contract.
    NotTakenOver = "not-taken-over-by-oneflow": "Oneflow did not take the candidate's value into the new contract; a field of one of Oneflow's own integrations cannot be filled in from outside.",
    ContractHoldsAnother = "contract-holds-another": "The contract was made by an earlier try, and does not hold the value of the candidate's card.",

    // Both sides have changed.
    ConflictContractWon = "conflict-contract-won": "The field was changed on both sides; by the mapping the contract's value was taken.",
    ConflictCandidateWon = "conflict-candidate-won": "The field was changed on both sides; by the mapping the candidate's value stays.",
    ConflictHeld = "conflict-held": "The field was changed on both sides; someone has to decide which value is right.",
    FirstSightContractWon = "first-sight-contract-won": "The sides differed when the contract was seen first; by the mapping the contract's value was taken.",
    FirstSightCandidateWon = "first-sight-candidate-won": "The sides differed when the contract was seen first; by the mapping the candidate's value stays.",
    FirstSightHeld = "first-sight-held": "The sides differed when the contract was seen first; someone has to decide which value is right.",
    EditNotProven = "edit-not-proven": "The sides differ and nobody knows what they last agreed on, and the field's times do not show that it was edited after the contract was sent: it may hold what the contract was made with; let someone make both the same, or write `on_first_sight` in the field's `[[field]]`.",
    Cleared = "cleared": "The field was emptied in the contract, so the candidate's value was cleared.",
    CutOffContractWon = "cut-off-contract-won": "An earlier write of this field was cut off, so nobody can tell whether a person has changed the card since; by the mapping the contract's value was taken.",
    CutOffHeld = "cut-off-held": "An earlier write of this field was cut off, so nobody can tell whether a person has changed the card since; someone has to decide which value is right.",
    ChangedMeanwhile = "changed-meanwhile": "The candidate's card or the contract was changed just now; the contract will be looked at again.",

    LimitReached = "limit-reached": "As many values of cards were overwritten or cleared as the limit allows, so this one was left as it is.",

    // Whose contract it is.
    NoCandidate = "no-candidate": "Nothing links the contract to a candidate. Where others make contracts for candidates, write `email` into `link` and the contracts' `template_types` into `[sync]`, or run smartsync link for this one.",
    LinkUnconfirmed = "link-unconfirmed": "A participant has the candidate's e-mail address, and Oneflow does not show that the contract was sent to that participant as a signatory and that nobody has changed or delegated it since; if the contract is the candidate's, run smartsync link.",
    SeveralCandidates = "several-candidates": "More than one candidate fits the contract.",
    AddressShared = "address-shared": "Several participants of the contract share the candidate's e-mail address, so it is not clear which of them is the candidate.",
    LinkForged = "link-forged": "The contract names a candidate in a link that we did not sign.",
    LinkOfAnotherContract = "link-of-another-contract": "The contract carries the link of another contract.",
    LinkDisagrees = "link-disagrees": "The contract names another candidate than before.",
    CandidateGone = "candidate-gone": "The candidate was deleted or merged, or our key may not see it.",
    CandidateForgotten = "candidate-forgotten": "The candidate was forgotten on request, so nothing is written any more.",

    // The mapping and the fields.
    UnknownCustomField = "unknown-custom-field": "Teamtailor has no candidate custom field of this name.",
    UnsupportedFieldType = "unsupported-field-type": "The custom field has a type that this version does not know; write the type of its values as `type` in a `[[field]]` for it.",
    TypeMismatch = "type-mismatch": "The custom field cannot hold values of the `type` in its `[[field]]`.",
    TwoSources = "two-sources": "Two data fields would write the same candidate field.",

    // Values.
    ContractValueUnreadable = "contract-value-unreadable": "The contract's text is no value of the field's type.",
    AmbiguousNumber = "ambiguous-number": "The number has two readings, with a decimal point and with a decimal comma; write `decimal` in the `locale` of `[sync]` or of the field's `[[field]]`.",
    OtherCurrency = "other-currency": "The amount is in another currency than the `currency` in the `locale` of `[sync]` or of the field's `[[field]]`.",
    AmbiguousDate = "ambiguous-date": "The date has two readings, day first and month first; write `date_order` in the `locale` of `[sync]` or of the field's `[[field]]`.",
    ImplausibleDate = "implausible-date": "The date is not between the years 1900 and 2199, so a digit of the year is probably wrong.",
    HiddenCharacters = "hidden-characters": "The contract's text holds characters that cannot be seen, so it is not what it looks like; type it again instead of pasting it.",
    Markup = "markup": "The contract's text holds markup, which a page could take for its own; if it is meant so, someone has to type it on the candidate's card.",
    Formula = "formula": "The contract's text begins as a formula, which a spreadsheet would compute; if it is meant so, someone has to type it on the candidate's card.",
    TurnedText = "turned-text": "The contract's text holds a character that turns the direction of what is shown, so it may not be what it looks like; someone has to decide.",
    LookAlike = "look-alike": "A word of the contract's text is written so that it can be taken for another that looks alike; someone has to decide.",
    NotOnLinkedin = "not-on-linkedin": "The address in the contract is not on linkedin.com; someone has to decide whether it belongs on the card.",
    UnknownOption = "unknown-option": "The select has no option of this name.",
    AmbiguousOption = "ambiguous-option": "The text has two readings: it is the name of one option of the select, and the name or id of another.",
    AmbiguousChoices = "ambiguous-choices": "The text can be split into options of the select in more than one way.",
    TooLong = "too-long": "The text is longer than the field holds; nothing was cut off.",
    Lossy = "lossy": "The other service cannot hold the value without changing it.",
    CandidateValueUnreadable = "candidate-value-unreadable": "The value on the candidate's card could not be read as the field's type.",

    // Teamtailor's answers.
    EmailTaken = "email-taken": "Another candidate already has this e-mail address.",
    Refused = "refused": "The service refused the request.",
    RefusedTogether = "refused-together": "Teamtailor refused the update that held this field, and did not say which of its fields was wrong.",
    OptionRefused = "option-refused": "Teamtailor refused the option, which was changed or deleted just now; the options are read again at the next look.",
    ClearRefused = "clear-refused": "Teamtailor did not let the value be cleared.",
    NotAsWritten = "not-as-written": "Teamtailor took the value and shows another one; the contract will be looked at again.",
    NotAuthorized = "not-authorized": "The credentials are wrong, or do not suffice.",
    Unavailable = "unavailable": "The service did not answer, or was busy; it is tried again.",
    LedgerFailed = "ledger-failed": "Our own ledger could not be read or written; it is tried again.",
    OtherContractUnreadable = "other-contract-unreadable": "Another contract of the candidate could not be read, so it is not known which of them comes first; the contract will be looked at again.",
    AnswerUnreadable = "answer-unreadable": "The service answered in an unknown form; the contract will be looked at again.",
    OtherAccount = "other-account": "The credentials are those of another account than the one that this was set up for, so nothing was written.",
    PlanOfAnotherEngine = "plan-of-another-engine": "The plan was made for other accounts, or under another key, so nothing of it was done.",
    NotAttempted = "not-attempted": "An earlier step failed, so this one was not tried.",

    // The document.
    NotSignedYet = "not-signed-yet": "The document is attached once everyone has signed.",
    DocumentNotWanted = "document-not-wanted": "The mapping does not attach documents.",
    DocumentByAddress = "document-by-address": "Nothing but a participant's e-mail address says whose contract it is, so the document is not attached; write `by_email` into `document` of `[sync]`, or run smartsync link.",
    FileNotReady = "file-not-ready": "Oneflow has not made the signed file yet; it is tried again.",
    FileWithoutAddress = "file-without-address": "Oneflow sent the file itself and no address that Teamtailor could fetch it from; a document host is needed.",
    FileTooLarge = "file-too-large": "The signed file is larger than a document host is given.",
    DocumentHostFailed = "document-host-failed": "The document host could not take the signed file; it is tried again.",
    AddressNotPublic = "address-not-public": "The file's address is not public, so Teamtailor could not fetch it.",
    DocumentRefused = "document-refused": "Teamtailor refused the file; it is tried again with a fresh address.",
    DocumentNotShown = "document-not-shown": "The document was attached and the card does not show it, or not any more; it is not attached a second time.",
    UploadUnknown = "upload-unknown": "An earlier upload was cut off, and the card shows no file of ours; someone has to look whether the document is there before it is uploaded again.",
    UploadsUnknown = "uploads-unknown": "Teamtailor did not say which files the candidate has, so none was added; the contract will be looked at again.",
}

impl Reason {
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

    /// The reason for which a contract's text cannot be taken over.
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
