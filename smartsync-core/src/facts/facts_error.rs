//! What is wrong with a file of facts.

/// What is wrong with a file of facts: the first thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// It is no TOML, or has other keys.
    #[error("the file of facts cannot be read: {0}")]
    Form(String),
    /// An id is something else than words of small letters with dashes between them.
    #[error("`{id}` is no id: write words of small letters with dashes between them")]
    Id {
        /// What stands there.
        id: String,
    },
    /// Two facts, or two answers of one, have the same id.
    #[error("the id `{id}` is given twice")]
    Twice {
        /// The id; that of an answer behind its fact's.
        id: String,
    },
    /// A text says nothing.
    #[error("`{key}` of the fact `{fact}` is empty")]
    Empty {
        /// The fact.
        fact: String,
        /// The key.
        key: &'static str,
    },
    /// There is nothing to find out.
    #[error("the fact `{fact}` has fewer than two answers")]
    OneAnswer {
        /// The fact.
        fact: String,
    },
    /// What is assumed is none of the answers.
    #[error("the fact `{fact}` assumes `{answer}`, which is none of its answers")]
    UnknownAnswer {
        /// The fact.
        fact: String,
        /// What is assumed.
        answer: String,
    },
    /// A mark is in two facts, or twice in one.
    #[error("the mark `{mark}` is named twice: one fact settles it")]
    MarkTwice {
        /// The mark.
        mark: String,
    },
    /// A question is said to be unused twice, or is named by a fact as well.
    #[error("question {question} is unused and named elsewhere as well")]
    Question {
        /// Its number.
        question: u32,
    },
    /// A question is said to be unused, and not why.
    #[error("question {question} is unused without a reason")]
    NoReason {
        /// Its number.
        question: u32,
    },
}
