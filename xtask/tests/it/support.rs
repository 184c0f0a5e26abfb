//! What the tests share.

pub(crate) mod looked_at;
pub(crate) mod zoo;
