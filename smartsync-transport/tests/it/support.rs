//! What the tests share.

pub(crate) mod recording_service;
pub(crate) mod service;
