//! The pause after an error.

use std::time::Duration;

use super::ApiClient;
use crate::{endpoint::Service, retry::Wait};

const REST: Duration = Duration::from_secs(1);

impl<S: Service> ApiClient<S> {
    /// Waits a second, before what has just failed is asked for again. A loop that skips errors then neither spins nor floods a
    /// service that is down. [`Pages`](crate::Pages) does so by itself; a walk of your own calls this.
    ///
    /// It waits by the client's [`Sleep`](crate::Sleep), and not at all without one.
    ///
    /// ```
    /// use smartsync_transport::{ApiClient, Endpoint, Error};
    ///
    /// /// Sends it until it succeeds, or fails for good.
    /// async fn insist<E: Endpoint>(client: &ApiClient<E::Service>, endpoint: &E) -> Result<E::Output, Error> {
    ///     loop {
    ///         match client.send(endpoint).await {
    ///             Err(error) if !error.is_terminal() => client.rest_after_error().await,
    ///             ended => return ended,
    ///         }
    ///     }
    /// }
    /// ```
    pub async fn rest_after_error(&self) {
        if let Some(sleep) = &self.inner.sleep {
            sleep.sleep(Wait { at_least: REST, at_most: REST }).await;
        }
    }
}
