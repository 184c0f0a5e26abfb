//! Where a test keeps its state: what has to be so in one store has to be so in each.

use super::home::Home;
#[cfg(unix)]
#[cfg(feature = "postgres")]
use super::postgres_server::{Database, PostgresServer};

/// A database that is empty at first.
pub(crate) enum Kept {
    /// The file of a [`Home`].
    InSqlite,
    #[cfg(unix)]
    #[cfg(feature = "postgres")]
    InPostgres(Database),
}

impl Kept {
    /// One of each kind. The kind that a test had come to is the last that is told.
    pub(crate) async fn in_each() -> impl Iterator<Item = Self> {
        let each = [
            ("SQLite", Self::InSqlite),
            #[cfg(unix)]
            #[cfg(feature = "postgres")]
            ("PostgreSQL", Self::InPostgres(PostgresServer::shared().database().await)),
        ];
        each.into_iter().map(|(kind, kept)| {
            eprintln!("in {kind}:");
            kept
        })
    }

    /// Has it keep what an installation keeps, which is configured for its own file.
    #[cfg_attr(
        not(all(unix, feature = "postgres")),
        expect(unused_variables, reason = "only a file is there")
    )]
    pub(crate) fn keep(&self, home: &Home) {
        match self {
            Self::InSqlite => {}
            #[cfg(unix)]
            #[cfg(feature = "postgres")]
            Self::InPostgres(database) => home.keep_in(database),
        }
    }
}
