//! Why the story did not end as it should.

use std::io;

use smartsync_core::EngineError;
use smartsync_transport::TransportError;

use crate::{
    config::ConfigError, engine::OpenError, server::ServeError, setup::RegisterError, store::StoreError,
};

/// Why the story did not end as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A folder, a file or a port could not be had.
    #[error("the demo could not be set up")]
    SetUp(#[from] io::Error),
    /// The configuration that the demo wrote is not accepted.
    #[error("the demo's configuration")]
    Config(#[from] ConfigError),
    /// The server did not start.
    #[error("the server did not start")]
    Serve(#[from] ServeError),
    /// The database failed.
    #[error("the database")]
    Store(#[from] StoreError),
    /// The engine cannot be had.
    #[error("the contract was not created")]
    Open(#[from] OpenError),
    /// The webhook was not registered.
    #[error("the webhook was not registered")]
    Register(#[from] RegisterError),
    /// The contract was not created.
    #[error("the contract was not created")]
    Create(#[from] EngineError),
    /// The sandbox did not answer.
    #[error("the sandbox did not answer")]
    Sandbox(#[from] TransportError),
    /// A person could not do what the story tells.
    #[error("{0}")]
    Person(String),
    /// The candidate's card is not what the story says.
    #[error("the candidate's card is not as expected: {}", .0.join(", "))]
    Card(Vec<String>),
}
