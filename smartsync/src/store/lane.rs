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

/// So many contracts that came under one callback id are looked at in their turn, the others after everything else. Oneflow sends
/// one contract under an id; its signature does not cover which.
const MAX_IN_TURN: u32 = 3;

/// Beyond this number of contracts under one callback id it does not matter how many there are.
pub(crate) const MAX_COUNTED: u32 = MAX_IN_TURN + 2;

impl Lane {
    pub(super) const ALL: [Self; 3] = [Self::Asked, Self::Swept, Self::Copies];

    /// Of the contract that came as this one under a callback id. One of which nothing else speaks is a copy from the second on.
    pub(super) fn under_id(contracts: u32, is_known: bool) -> Self {
        let in_turn = if is_known { MAX_IN_TURN } else { 1 };
        if contracts > in_turn { Self::Copies } else { Self::Asked }
    }
}

/// All of them, for SQL.
pub(super) const LANES: &str = "(0, 1, 2)";

impl ToSql for Lane {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Integer(*self as i64)))
    }
}
