//! An installation from an empty folder: what a person is asked, each answer tried at once, and the files that come of it.
//!
//! Until [`Draft::write`] nothing is written. What is asked and in which order is decided here; who answers is a [`Front`]: a terminal, or
//! options of a command line.

mod document;
mod found;
mod init_error;
mod interview;
mod pairs;
mod question;
mod trial;
mod writing;

pub use self::{
    init_error::InitError,
    interview::{Start, prepare},
    pairs::{Likeness, Proposal, ProposedPair},
    question::{Answer, Front, MAX_QUESTIONS, Question, Unanswered},
    writing::{Draft, WriteError, Written},
};
