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

/// Declares the codes, each with its number and its severity. What is said of them is in `words`.
macro_rules! codes {
    ( $( $variant:ident = $number:literal, $severity:ident, )+ ) => {
        /// Which diagnostic it is. The number is stable; `docs/diagnostics.md` has a section for each.
        ///
        /// ```
        /// use smartsync_core::diagnostic::{DiagnosticCode, Severity};
        ///
        /// assert_eq!(DiagnosticCode::UnknownKey.to_string(), "SM0001");
        /// assert_eq!(DiagnosticCode::UnknownKey.severity(), Severity::Error);
        /// assert_eq!(DiagnosticCode::UnknownKey.title(), "Unknown key.");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum DiagnosticCode {
            $( #[doc = concat!("`", $number, "`")] $variant, )+
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

            /// The one with this [number](Self::as_str), if this version has it.
            #[must_use]
            pub fn from_code(number: &str) -> Option<Self> {
                Self::ALL.iter().find(|code| code.as_str() == number).copied()
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $( Self::$variant => Severity::$severity, )+
                }
            }
        }
    };
}

codes! {
    // The form of the file.
    UnknownKey = "SM0001", Error,
    WrongType = "SM0002", Error,
    UnknownWord = "SM0003", Error,
    MissingKey = "SM0004", Error,
    EmptyKey = "SM0005", Error,
    UnknownCandidateField = "SM0006", Error,
    CustomFieldWithoutName = "SM0007", Error,
    InvalidId = "SM0008", Error,
    FileNameWithoutId = "SM0009", Error,
    UnknownPlaceholder = "SM0010", Error,

    // Finding the candidate.
    NoLink = "SM0011", Error,
    NoLinkDataField = "SM0012", Error,
    LinkDataFieldUnused = "SM0013", Warning,
    LinkDataFieldMapped = "SM0014", Error,
    RepeatedItem = "SM0015", Warning,

    // Entries against each other.
    DuplicateEntry = "SM0016", Error,
    DataFieldTwice = "SM0017", Error,
    TwoSources = "SM0018", Error,

    // Types.
    WrongDefaultFieldType = "SM0019", Error,
    TypeMismatch = "SM0020", Error,
    UnknownFieldType = "SM0021", Error,
    LossyBoth = "SM0022", Warning,
    SelectWithoutOptions = "SM0023", Warning,
    TwoReadings = "SM0024", Note,

    // The state of the contract.
    UnknownContractProperty = "SM0025", Error,
    StateDirection = "SM0026", Error,
    StateType = "SM0027", Error,
    StateWithoutOption = "SM0028", Warning,

    // Settings that do nothing.
    RuleWithoutEffect = "SM0029", Warning,
    UnusedLocale = "SM0030", Warning,
    UnusedFileName = "SM0031", Warning,
    OutsideSync = "SM0032", Error,
    NothingMapped = "SM0033", Warning,

    // The two services.
    UnsupportedSchemas = "SM0034", Error,
    UnknownTemplateType = "SM0035", Error,
    UnknownWorkspace = "SM0036", Error,
    UnknownDataField = "SM0037", Error,
    DataFieldElsewhere = "SM0038", Error,
    DataFieldInactive = "SM0039", Error,
    DataFieldOfSystem = "SM0040", Error,
    UnknownCustomField = "SM0041", Error,
    CustomFieldOfJobs = "SM0042", Error,
    AmbiguousCustomField = "SM0043", Error,

    // The convention.
    ConventionReplaced = "SM0044", Note,
    ConventionRepeated = "SM0045", Warning,
    ConventionOfSystem = "SM0046", Note,

    // What Teamtailor refuses.
    EmailNotCleared = "SM0047", Warning,

    // The form of the file, once more.
    UnknownCountry = "SM0048", Error,
    UnknownCurrency = "SM0049", Error,
    FileNameTooLong = "SM0050", Error,

    // Finding the candidate, once more.
    LinkDataFieldNotOnAll = "SM0051", Warning,

    // The entries beside each other, once more.
    TypesDiffer = "SM0052", Error,

    // Finding the candidate by address.
    EmailWithoutScope = "SM0053", Error,
    ByEmailUnused = "SM0054", Warning,
    // What a participant could do.
    IdentityNotAllowed = "SM0055", Error,
    ClearedUnsigned = "SM0056", Error,
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
