//! What both services, the storage and the outbox hold: data, without the rules of who may change what.

pub(crate) mod oneflow;
pub(crate) mod outbox;
pub(crate) mod storage;
pub(crate) mod teamtailor;
