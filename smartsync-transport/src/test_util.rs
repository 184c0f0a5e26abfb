//! For tests of code that uses a client: answers without the service.
//!
//! | | where the answers come from |
//! |---|---|
//! | [`ScriptedTransport`] | the test writes them |
//! | [`RecordedAnswers`] | the service gave them once, and they were recorded with [`Redaction`] |
//! | [`hostile_answers`] | a service that quotes a person wherever it can, for [`assert_says_nothing`] |

pub use crate::{
    hostile_answers::{assert_says_nothing, hostile_answers},
    recorded_answers::{RecordedAnswers, RecordedAnswersBuilder, Recording},
    redaction::Redaction,
    scripted::ScriptedTransport,
};
