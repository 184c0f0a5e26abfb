//! For tests of code that uses a client: answers without the service.
//!
//! | | where the answers come from |
//! |---|---|
//! | [`ScriptedTransport`] | the test writes them |
//! | [`RecordedAnswers`] | the service gave them once, and they were recorded with [`Redaction`] |
//! | [`hostile_answers`] | a service that quotes a person wherever it can, for [`assert_says_nothing`] |
//!
//! [`MemoryBudget`] is a limit that clients keep together as if each was in a process of its own.

pub use crate::{
    hostile_answers::{assert_says_nothing, hostile_answers},
    recorded_answers::{RecordedAnswers, RecordedAnswersBuilder, Recording},
    redaction::Redaction,
    scripted::ScriptedTransport,
    shared_budget::MemoryBudget,
};
