//! One request with options of its own.

use std::{fmt, time::Duration};

use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};

use super::{
    ApiClient,
    builder::{OF_THE_MESSAGE, sensitive},
    send::Reply,
};
use crate::{
    build_error::BuildError,
    endpoint::{Endpoint, Service},
    error::Error,
    transport::{Request, Timeout},
};

/// One request with options of its own: see [`ApiClient::request`].
#[must_use = "it is not sent before `send`"]
pub struct ClientRequest<'a, S, E> {
    client: &'a ApiClient<S>,
    endpoint: E,
    options: RequestOptions,
}

/// What one request has otherwise than the client's others.
#[derive(Clone, Default)]
pub(crate) struct RequestOptions {
    headers: Vec<(String, SecretString)>,
    timeout: Option<Duration>,
}

impl RequestOptions {
    pub(super) fn apply(&self, request: &mut Request) -> Result<(), BuildError> {
        for (name, value) in &self.headers {
            let name = name.parse::<HeaderName>().map_err(|_| BuildError::Header)?;
            if OF_THE_MESSAGE.contains(&name) {
                return Err(BuildError::OwnHeader);
            }
            let value = sensitive(value.expose_secret()).ok_or(BuildError::Header)?;
            request.headers_mut().insert(name, value);
        }
        if let Some(timeout) = self.timeout {
            request.extensions_mut().insert(Timeout(timeout));
        }
        Ok(())
    }
}

impl<S: Service> ApiClient<S> {
    /// One request with options of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use smartsync_transport::{ApiClient, Endpoint, Error};
    ///
    /// async fn quick<E: Endpoint>(client: &ApiClient<E::Service>, operation: E) -> Result<E::Output, Error> {
    ///     client.request(operation).timeout(Duration::from_secs(2)).header("x-trace", "4711").send().await
    /// }
    /// ```
    pub fn request<E: Endpoint<Service = S>>(&self, endpoint: E) -> ClientRequest<'_, S, E> {
        ClientRequest { client: self, endpoint, options: RequestOptions::default() }
    }
}

impl<S: Service, E: Endpoint<Service = S>> ClientRequest<'_, S, E> {
    /// Gives up on each try after `timeout`, body included, whatever the client's timeout is.
    ///
    /// The [`Transport`](crate::Transport) keeps it, as a [`Timeout`]: the default one does, one of your own has to look for it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sends this header, in place of the client's of that name if it has one: to act as another user, say. Its value is treated as a
    /// secret. `Host`, `Connection`, `Content-Length` and `Transfer-Encoding` are refused: they belong to the connection.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Sends it: see [`ApiClient::send`].
    ///
    /// # Errors
    ///
    /// [`Error`], also for a header that HTTP does not allow.
    pub async fn send(self) -> Result<E::Output, Error> {
        self.send_full().await.map(|reply| reply.value)
    }

    /// Sends it, with `None` for a 404: see [`ApiClient::send_opt`].
    ///
    /// # Errors
    ///
    /// [`Error`] for everything but a 404.
    pub async fn send_opt(self) -> Result<Option<E::Output>, Error> {
        match self.send().await {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends it, and answers with status and headers: see [`ApiClient::send_full`].
    ///
    /// # Errors
    ///
    /// [`Error`], also for a header that HTTP does not allow.
    pub async fn send_full(self) -> Result<Reply<E::Output>, Error> {
        self.client.exchange(&self.endpoint, None, &self.options).await
    }

    /// The request itself, credentials included: see [`ApiClient::prepare`].
    ///
    /// # Errors
    ///
    /// [`Error`] when the arguments do not make a request.
    pub fn prepare(self) -> Result<Request, Error> {
        self.client.built(&self.endpoint, None, &self.options)
    }
}

/// Without the operation and the headers: both can hold what a person typed.
impl<S: Service, E: Endpoint> fmt::Debug for ClientRequest<'_, S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientRequest")
            .field("service", &S::NAME)
            .field("operation", &E::OPERATION)
            .field("timeout", &self.options.timeout)
            .finish_non_exhaustive()
    }
}
