//! For each diagnostic, a mapping that has it.

use super::DiagnosticCode;

impl DiagnosticCode {
    /// A mapping in TOML that has it, against the account of `docs/diagnostics.md`. `None` where the mapping is not what is wrong.
    #[must_use]
    pub fn example(self) -> Option<&'static str> {
        let example = match self {
            Self::UnknownKey => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
on_conflct = "hold"
"#
            }
            Self::WrongType => {
                r#"[sync]
link = "email"
"#
            }
            Self::UnknownWord => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
when       = "signed"
"#
            }
            Self::MissingKey => {
                r#"[[field]]
oneflow    = "notes"
"#
            }
            Self::EmptyKey => {
                r#"[[field]]
oneflow    = " "
teamtailor = "custom:notes"
"#
            }
            Self::UnknownCandidateField => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "start-date"
"#
            }
            Self::CustomFieldWithoutName => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:"
"#
            }
            Self::InvalidId => {
                r#"[sync]
workspaces = [0]
"#
            }
            Self::FileNameWithoutId => {
                r#"[sync]
document = { file_name = "contract.pdf" }
"#
            }
            Self::UnknownPlaceholder => {
                r#"[sync]
document = { file_name = "{candidate} ({contract_id}).pdf" }
"#
            }
            Self::NoLink => {
                r#"[sync]
link = []
"#
            }
            Self::NoLinkDataField => {
                r#"[sync]
link = ["data_field"]
"#
            }
            Self::LinkDataFieldUnused => {
                r#"[sync]
link_data_field = "candidate-link"
"#
            }
            Self::LinkDataFieldMapped => {
                r#"[sync]
link            = ["data_field"]
link_data_field = "notes"

[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
"#
            }
            Self::RepeatedItem => {
                r#"[sync]
link = ["email", "ledger", "email"]
"#
            }
            Self::DuplicateEntry => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"

[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
on_conflict = "hold"
"#
            }
            Self::DataFieldTwice => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"

[[field]]
oneflow    = "notes"
teamtailor = "pitch"
"#
            }
            Self::TwoSources => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"

[[field]]
oneflow    = "car"
teamtailor = "custom:notes"
"#
            }
            Self::WrongDefaultFieldType => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "pitch"
type       = "date"
"#
            }
            Self::TypeMismatch => {
                r#"[[field]]
oneflow    = "salary"
teamtailor = "custom:salary"
type       = "date"
"#
            }
            Self::UnknownFieldType => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:video"
"#
            }
            Self::LossyBoth => {
                r#"[[field]]
oneflow    = "salary"
teamtailor = "custom:notes"
type       = "number"
"#
            }
            Self::SelectWithoutOptions => {
                r#"[[field]]
oneflow    = "kind"
teamtailor = "custom:empty-select"
"#
            }
            Self::TwoReadings => {
                r#"[[field]]
oneflow    = "salary"
teamtailor = "custom:salary"
"#
            }
            Self::UnknownContractProperty => {
                r#"[[field]]
oneflow    = "contract:value"
teamtailor = "custom:notes"
"#
            }
            Self::StateDirection => {
                r#"[[field]]
oneflow    = "contract:state"
teamtailor = "custom:notes"
"#
            }
            Self::StateType => {
                r#"[[field]]
oneflow    = "contract:state"
teamtailor = "custom:has-car"
direction  = "to_teamtailor"
"#
            }
            Self::StateWithoutOption => {
                r#"[[field]]
oneflow    = "contract:state"
teamtailor = "custom:contract-kind"
direction  = "to_teamtailor"
"#
            }
            Self::RuleWithoutEffect => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
direction  = "to_oneflow"
when       = "all_signed"
"#
            }
            Self::UnusedLocale => {
                r#"[[field]]
oneflow    = "salary"
teamtailor = "custom:salary"
locale     = { decimal = "comma", date_order = "dmy" }
"#
            }
            Self::UnusedFileName => {
                r#"[sync]
document = { attach = false, file_name = "({contract_id}).pdf" }
"#
            }
            Self::OutsideSync => {
                r#"[sync]
template_types = [4711]

[[field]]
oneflow        = "rate"
teamtailor     = "custom:notes"
template_types = [4712]
"#
            }
            Self::NothingMapped => {
                r#"[sync]
convention = false
document   = { attach = false }
"#
            }
            Self::UnsupportedSchemas => return None,
            Self::UnknownTemplateType => {
                r#"[sync]
template_types = [4713]
"#
            }
            Self::UnknownWorkspace => {
                r#"[sync]
workspaces = [15]
"#
            }
            Self::UnknownDataField => {
                r#"[[field]]
oneflow    = "ntoes"
teamtailor = "custom:notes"
"#
            }
            Self::DataFieldElsewhere => {
                r#"[[field]]
oneflow        = "rate"
teamtailor     = "custom:notes"
template_types = [4711]
"#
            }
            Self::DataFieldInactive => {
                r#"[[field]]
oneflow    = "retired"
teamtailor = "custom:notes"
"#
            }
            Self::DataFieldOfSystem => {
                r#"[[field]]
oneflow    = "employee-number"
teamtailor = "custom:notes"
"#
            }
            Self::UnknownCustomField => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:note"
"#
            }
            Self::CustomFieldOfJobs => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:budget"
"#
            }
            Self::AmbiguousCustomField => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:twin"
"#
            }
            Self::ConventionReplaced => {
                r#"[[field]]
oneflow    = "oneflow-city"
teamtailor = "custom:notes"
"#
            }
            Self::ConventionRepeated => {
                r#"[[field]]
oneflow    = "oneflow-city"
teamtailor = "custom:oneflow-city"
"#
            }
            Self::ConventionOfSystem => return None,
            Self::EmailNotCleared => {
                r#"[[field]]
oneflow        = "notes"
teamtailor     = "email"
allow_identity = true
on_empty       = "clear"
"#
            }
            Self::UnknownCountry => {
                r#"[sync]
locale = { country = "Sweden" }
"#
            }
            Self::UnknownCurrency => {
                r#"[sync]
locale = { currency = "kr" }
"#
            }
            Self::FileNameTooLong => {
                r#"[sync]
document = { file_name = "Employment contract and everything that belongs to it Employment contract and everything that belongs to it Employment contract and everything that belongs to it Employment contract and everything that belongs to it Employment contract and everything that belongs to it ({contract_id}).pdf" }
"#
            }
            Self::LinkDataFieldNotOnAll => {
                r#"[sync]
link            = ["data_field", "email"]
link_data_field = "candidate-link"
"#
            }
            Self::TypesDiffer => {
                r#"[[field]]
oneflow        = "salary"
teamtailor     = "custom:notes"
type           = "number"
template_types = [4711]

[[field]]
oneflow        = "salary-text"
teamtailor     = "custom:notes"
template_types = [4712]
"#
            }
            Self::EmailWithoutScope => {
                r#"[sync]
link = ["ledger", "participant_custom_id", "email"]
"#
            }
            Self::ByEmailUnused => {
                r#"[sync]
document = { by_email = true }
"#
            }
            Self::IdentityNotAllowed => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "email"
"#
            }
            Self::ClearedUnsigned => {
                r#"[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
on_empty   = "clear"
"#
            }
        };
        Some(example)
    }
}
