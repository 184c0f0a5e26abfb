//! After what else an item is looked at.

use rusqlite::{
    ToSql,
    types::{ToSqlOutput, Value},
};

/// What is in an earlier lane is looked at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    /// What somebody waits for.
    #[default]
    Asked = 0,
    /// What a pass over all has found.
    Swept = 1,
    /// What may be an altered copy: one a second.
    Copies = 2,
}

impl Lane {
    pub(super) const ALL: [Self; 3] = [Self::Asked, Self::Swept, Self::Copies];
}

/// All of them, for SQL.
pub(super) const LANES: &str = "(0, 1, 2)";

impl ToSql for Lane {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Integer(*self as i64)))
    }
}
