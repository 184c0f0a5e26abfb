//! The codes of diagnostics: a closed list.

use std::fmt;

use serde::{Serialize, Serializer};

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a caller decides on each")]
pub enum Severity {
    /// The mapping cannot be used.
    Error,
    /// The mapping can be used, but does something other than it appears to.
    Warning,
    /// Something to know.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Declares the codes, each with its number, its severity and its title.
macro_rules! codes {
    ( $( $variant:ident = $number:literal, $severity:ident: $title:literal, )+ ) => {
        /// Which diagnostic it is. The number is stable; `docs/diagnostics.md` has a section for each.
        ///
        /// ```
        /// use smartsync_core::diagnostic::{DiagnosticCode, Severity};
        ///
        /// assert_eq!(DiagnosticCode::UnknownKey.to_string(), "SM0001");
        /// assert_eq!(DiagnosticCode::UnknownKey.severity(), Severity::Error);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum DiagnosticCode {
            $( #[doc = $title] $variant, )+
        }

        impl DiagnosticCode {
            /// All of them, by number.
            pub const ALL: &[Self] = &[ $( Self::$variant, )+ ];

            /// The stable number: `SM0001`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $number, )+
                }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $( Self::$variant => Severity::$severity, )+
                }
            }

            /// What it is about, in one sentence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $( Self::$variant => $title, )+
                }
            }
        }
    };
}

codes! {
    // The form of the file.
    UnknownKey = "SM0001", Error: "Unknown key.",
    WrongType = "SM0002", Error: "A value has the wrong type: a string where a list is expected, for example.",
    UnknownWord = "SM0003", Error: "A value is not one of those that the key accepts.",
    MissingKey = "SM0004", Error: "A pair of fields is missing one of its sides.",
    EmptyKey = "SM0005", Error: "The name of a data field is empty.",
    UnknownCandidateField = "SM0006", Error: "Unknown candidate field.",
    CustomFieldWithoutName = "SM0007", Error: "`custom:` is not followed by a name.",
    InvalidId = "SM0008", Error: "Invalid id.",
    FileNameWithoutId = "SM0009", Error: "The document's file name does not contain the contract's id.",
    UnknownPlaceholder = "SM0010", Error: "The document's file name has an unknown placeholder.",

    // Finding the candidate.
    NoLink = "SM0011", Error: "There is no way to find a contract's candidate.",
    NoLinkDataField = "SM0012", Error: "The data field for the link is needed but not named.",
    LinkDataFieldUnused = "SM0013", Warning: "A data field for the link is named but not used.",
    LinkDataFieldMapped = "SM0014", Error: "The data field for the link is also mapped.",
    RepeatedItem = "SM0015", Warning: "A list contains the same item twice.",

    // Entries against each other.
    DuplicateEntry = "SM0016", Error: "The same pair of fields is mapped twice.",
    DataFieldTwice = "SM0017", Error: "One data field is paired with two candidate fields.",
    TwoSources = "SM0018", Error: "Two data fields would write to the same candidate field.",

    // Types.
    WrongDefaultFieldType = "SM0019", Error: "A default field is given the wrong type.",
    TypeMismatch = "SM0020", Error: "A custom field cannot hold values of the type set in the mapping.",
    UnknownFieldType = "SM0021", Error: "A custom field has a type that this version does not know.",
    LossyBoth = "SM0022", Warning: "Values would be copied both ways but would not come back unchanged.",
    SelectWithoutOptions = "SM0023", Warning: "A select has no options.",
    TwoReadings = "SM0024", Note: "Numbers or dates may be ambiguous.",

    // The state of the contract.
    UnknownContractProperty = "SM0025", Error: "A contract has no such property.",
    StateDirection = "SM0026", Error: "The contract's state can only be copied to the card.",
    StateType = "SM0027", Error: "The field cannot hold the contract's state.",
    StateWithoutOption = "SM0028", Warning: "The select has no options for some of the contract's states.",

    // Settings that do nothing.
    RuleWithoutEffect = "SM0029", Warning: "A rule has no effect in its entry.",
    UnusedLocale = "SM0030", Warning: "A locale setting has no effect on the values of its entry.",
    UnusedFileName = "SM0031", Warning: "A file name is given, but no document is attached.",
    OutsideSync = "SM0032", Error: "An entry applies only to contracts that are not synced.",
    NothingMapped = "SM0033", Warning: "Nothing is synced.",

    // The two services.
    UnsupportedSchemas = "SM0034", Error: "The saved schemas are in a different version of the format.",
    UnknownTemplateType = "SM0035", Error: "Oneflow has no such template type.",
    UnknownWorkspace = "SM0036", Error: "Oneflow has no such workspace.",
    UnknownDataField = "SM0037", Error: "Oneflow has no such data field.",
    DataFieldElsewhere = "SM0038", Error: "A data field exists only on other template types.",
    DataFieldInactive = "SM0039", Error: "A data field is inactive.",
    DataFieldOfSystem = "SM0040", Error: "Oneflow would ignore values written to a data field.",
    UnknownCustomField = "SM0041", Error: "Teamtailor has no such custom field.",
    CustomFieldOfJobs = "SM0042", Error: "A custom field belongs to jobs, not to candidates.",
    AmbiguousCustomField = "SM0043", Error: "Several custom fields have the same api-name.",

    // The convention.
    ConventionReplaced = "SM0044", Note: "An entry replaces a pair of the convention.",
    ConventionRepeated = "SM0045", Warning: "An entry repeats what the convention already does.",
    ConventionOfSystem = "SM0046", Note: "The convention pairs data fields that cannot be prefilled.",

    // What Teamtailor refuses.
    EmailNotCleared = "SM0047", Warning: "Teamtailor does not allow an e-mail address to be cleared.",

    // The form of the file, once more.
    UnknownCountry = "SM0048", Error: "Unknown country code.",
    UnknownCurrency = "SM0049", Error: "Unknown currency code.",
    FileNameTooLong = "SM0050", Error: "The document's file name is too long.",

    // Finding the candidate, once more.
    LinkDataFieldNotOnAll = "SM0051", Warning: "The data field for the link does not exist on all template types.",

    // The entries beside each other, once more.
    TypesDiffer = "SM0052", Error: "A candidate field is written with two different types.",

    // Finding the candidate by address.
    EmailWithoutScope = "SM0053", Error: "E-mail addresses would link contracts of every kind.",
    ByEmailUnused = "SM0054", Warning: "A setting for contracts linked by e-mail address has no effect.",
    // What a participant could do.
    IdentityNotAllowed = "SM0055", Error: "An e-mail address would be written back without explicit consent in the mapping.",
    ClearedUnsigned = "SM0056", Error: "A value would be cleared before everyone has signed.",
}

/// The number.
impl fmt::Display for DiagnosticCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The number.
impl Serialize for DiagnosticCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
