//! What can go wrong in the story.

/// Something that goes wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "one for each stage that can break")]
pub enum Mishap {
    /// The Teamtailor key is wrong.
    WrongKey,
    /// The server has another sign key than the webhook.
    WrongSignKey,
    /// Nothing leads from the contract to the candidate any more.
    NoLink,
    /// The field that the participant fills in is not mapped.
    MissingField,
    /// The signed document is not there.
    NoFile,
}
