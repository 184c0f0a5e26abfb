//! Why PostgreSQL did not do what it was asked. What it says of a row is not repeated: it would name what is in it.

use tokio_postgres::error::SqlState;

use crate::store::store_error::StoreError;

/// Why PostgreSQL did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum PostgresError {
    /// It answered that.
    #[error("{text} (SQLSTATE {})", code.code())]
    Answer {
        /// The code.
        code: SqlState,
        /// Of what speaks of no row, the words of the server.
        text: String,
    },
    /// It did not answer, or not as expected.
    #[error(transparent)]
    Driver(tokio_postgres::Error),
    /// It did not answer whether it has committed.
    #[error(transparent)]
    Unanswered(tokio_postgres::Error),
    /// No connection was free, or none could be made.
    #[error(transparent)]
    Pool(deadpool_postgres::PoolError),
    /// It took too long.
    #[error("the database did not answer in time")]
    TooLate,
    /// The connection that claims are bound to is gone, and the claims with it.
    #[error("the connection to the database was lost, and what was claimed with it")]
    SessionLost,
    /// The store refuses to be used, whatever the server would answer: a copy is under way or was cut off.
    #[error(transparent)]
    Refused(StoreError),
    /// A row holds what no version of this program has written.
    #[error("a row of the database cannot be read: {0}")]
    Row(&'static str),
}

/// Classes of codes that speak of the server, the connection or the account, and of no row.
const SPEAKS_OF_NO_ROW: [&str; 9] = ["08", "28", "3D", "3F", "40", "42", "53", "55", "57"];

impl PostgresError {
    /// Whether another transaction has just done what this one was about to do.
    pub(super) fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Answer { code, .. } if *code == SqlState::UNIQUE_VIOLATION)
    }

    /// Why a commit was not confirmed.
    pub(super) fn of_commit(error: tokio_postgres::Error) -> Self {
        if error.as_db_error().is_some() { error.into() } else { Self::Unanswered(error) }
    }
}

impl From<tokio_postgres::Error> for PostgresError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(answer) = error.as_db_error() else { return Self::Driver(error) };
        let code = answer.code().clone();
        let speaks_of_no_row = SPEAKS_OF_NO_ROW.iter().any(|class| code.code().starts_with(class));
        let text = if speaks_of_no_row { answer.message() } else { "the database refused it" };
        Self::Answer { text: text.to_owned(), code }
    }
}

impl From<deadpool_postgres::PoolError> for PostgresError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        if let deadpool_postgres::PoolError::Backend(error) = error {
            error.into()
        } else {
            Self::Pool(error)
        }
    }
}

impl From<PostgresError> for StoreError {
    fn from(error: PostgresError) -> Self {
        match error {
            PostgresError::Refused(error) => error,
            PostgresError::Unanswered(error) => Self::Unanswered(std::sync::Arc::new(error)),
            error @ (PostgresError::Answer { .. }
            | PostgresError::Driver(_)
            | PostgresError::Pool(_)
            | PostgresError::TooLate
            | PostgresError::SessionLost
            | PostgresError::Row(_)) => Self::other(error),
        }
    }
}
