//! Sends operations: base URL, credentials, retry and errors, once for every service and every host.

mod builder;
mod client_request;
mod download;
mod permit;
mod request;
mod rest;
mod send;

use std::{fmt, marker::PhantomData, sync::Arc};

use http::HeaderMap;
use url::Url;

use crate::{
    endpoint::Service, limiter::Limiter, retry::RetryPolicy, retry_quota::RetryQuota, sleep::Sleep,
    transport::Transport,
};

pub use self::{builder::ApiClientBuilder, client_request::ClientRequest, permit::RatePermit, send::Reply};

/// Sends the operations of one service. Cheap to clone: all clones share one transport.
pub struct ApiClient<S> {
    inner: Arc<Inner>,
    service: PhantomData<fn() -> S>,
}

struct Inner {
    base_url: Url,
    headers: HeaderMap,
    transport: Arc<dyn Transport>,
    sleep: Option<Arc<dyn Sleep>>,
    retry: RetryPolicy,
    quota: RetryQuota,
    limiter: Limiter,
    allows_foreign_links: bool,
}

impl<S: Service> ApiClient<S> {
    /// The base URL of the service.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.inner.base_url
    }
}

impl<S> Clone for ApiClient<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), service: PhantomData }
    }
}

impl<S: Service> fmt::Debug for ApiClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient")
            .field("service", &S::NAME)
            .field("base_url", &self.inner.base_url.origin().ascii_serialization())
            .finish_non_exhaustive()
    }
}
