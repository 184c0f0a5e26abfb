//! What the tests share.

pub(crate) mod looked_at;
