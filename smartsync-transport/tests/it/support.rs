//! What the tests share.

#[cfg(feature = "serialize")]
pub(crate) mod comes_back;
pub(crate) mod limited_service;
pub(crate) mod recording_service;
pub(crate) mod service;
