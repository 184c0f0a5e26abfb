#![doc = include_str!("../README.md")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what a match does not name is refused, or needs nothing special"
)]

pub mod api;
mod borrowed;
mod cargo_metadata;
pub mod claims;
pub mod codegen;
pub mod compare;
pub mod components;
mod document;
mod emit;
pub mod licences;
mod line;
mod lower;
mod model;
mod names;
pub mod packages;
pub mod published;
mod refusal;
pub mod site;

pub use self::refusal::Refusal;
