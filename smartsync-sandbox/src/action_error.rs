//! Why a person cannot do something.

/// Why a person cannot do something in the sandbox. It names no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActionError {
    /// There is no such contract.
    #[error("there is no such contract")]
    Contract,
    /// The contract has no such participant, or none who can do this.
    #[error("the contract has no such participant, or nobody who still has to sign")]
    Participant,
    /// The contract, or the template type, has no data field with this `custom_id`.
    #[error("there is no such data field")]
    DataField,
    /// The contract is in a state in which this cannot be done.
    #[error("the contract is not in a state in which this can be done")]
    State,
    /// There is no such template, or it is not active, or it lacks one of the fields.
    #[error("there is no such active template, or it lacks one of the given fields")]
    Template,
    /// There is no such template type.
    #[error("there is no such template type")]
    TemplateType,
    /// There is no such candidate.
    #[error("there is no such candidate")]
    Candidate,
    /// There is no such attribute or custom field of a candidate.
    #[error("candidates have no such field")]
    Field,
    /// The custom field has no such option.
    #[error("the field has no such option")]
    Option,
    /// Another field or option has this name.
    #[error("another has this name")]
    Taken,
    /// The value is not valid for the field.
    #[error("the value does not suit the field")]
    Value,
}
