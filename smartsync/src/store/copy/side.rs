//! One end of a copy: a database from which, or into which, rows are copied.

use async_trait::async_trait;

use super::tables::CopiedTable;
use crate::store::store_error::StoreError;

/// An open database that nobody else works on for as long as this is there. A row is an array in JSON of its columns, a key one of those of its key; which of
/// both is larger is decided by bytes, so that both databases agree.
#[async_trait]
pub(in crate::store) trait Side: Send {
    /// Where it is, for people.
    fn place(&self) -> &str;

    /// From where an unfinished copy comes that it holds; `None`: it holds none.
    async fn mark(&mut self) -> Result<Option<String>, StoreError>;

    /// Notes that a copy of `source` begins.
    async fn begin(&mut self, source: &str) -> Result<(), StoreError>;

    /// Notes that the copy is whole.
    async fn finish(&mut self) -> Result<(), StoreError>;

    /// The largest key of a table; `None`: it is empty.
    async fn last_key(&mut self, table: &CopiedTable) -> Result<Option<String>, StoreError>;

    /// From now on [`next`](Self::next) gives the rows of a table after a key, or all.
    async fn read(&mut self, table: &'static CopiedTable, after: Option<String>) -> Result<(), StoreError>;

    /// So many more rows at most, in the order of their keys; none at the end.
    async fn next(&mut self, limit: u32) -> Result<Vec<String>, StoreError>;

    /// Adds rows, an array in JSON, in one transaction.
    async fn write(&mut self, table: &CopiedTable, rows: &str) -> Result<(), StoreError>;

    /// Removes all rows of a table.
    async fn clear(&mut self, table: &CopiedTable) -> Result<(), StoreError>;
}
