//! A transport that lets nothing through but the requests of the list, each once.

use std::{collections::BTreeSet, sync::Mutex};

use async_trait::async_trait;
use smartsync_transport::{Request, Response, Transport, TransportError, Url, http::Method};

use super::asked::{ASKED, without_slash};
use crate::config::FactService;

#[derive(Debug)]
pub(super) struct ProbeFence<T> {
    inner: T,
    service: FactService,
    base_url: String,
    sent: Mutex<BTreeSet<&'static str>>,
}

impl<T> ProbeFence<T> {
    pub(super) fn new(inner: T, service: FactService, base_url: &Url) -> Self {
        Self { inner, service, base_url: without_slash(base_url).to_owned(), sent: Mutex::default() }
    }

    /// Whether the request is one of the list that was not sent yet. It counts as sent from now on.
    fn lets_through(&self, request: &Request) -> bool {
        let address = request.uri().to_string();
        let Some(target) = address.strip_prefix(&self.base_url) else { return false };
        if request.method() != Method::GET || !request.body().as_bytes().is_empty() {
            return false;
        }
        let Ok(mut sent) = self.sent.lock() else { return false };
        // Several of the list may differ by nothing but whose id they have.
        let mut fitting = ASKED.iter().filter(|asked| asked.service == self.service && asked.is(target));
        fitting.any(|asked| sent.insert(asked.name))
    }
}

#[async_trait]
impl<T: Transport> Transport for ProbeFence<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if self.lets_through(&request) {
            self.inner.execute(request).await
        } else {
            Err(TransportError::refused("this request is not in the list of a probe, or was sent before"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use smartsync_transport::Body;

    use super::*;

    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);

    #[async_trait]
    impl Transport for Counting {
        async fn execute(&self, _: Request) -> Result<Response, TransportError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Response::new(Body::empty()))
        }
    }

    fn request(method: Method, address: &str, body: &'static str) -> Request {
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = address.parse().unwrap();
        request
    }

    #[tokio::test]
    async fn nothing_gets_through_that_is_not_in_the_list_and_nothing_twice() {
        let base_url = Url::parse("https://one.example/v1").unwrap();
        let fence = ProbeFence::new(Counting::default(), FactService::Oneflow, &base_url);
        for (method, address, body) in [
            (Method::POST, "https://one.example/v1/contracts/7", ""),
            (Method::DELETE, "https://one.example/v1/contracts/7", ""),
            (Method::GET, "https://one.example/v1/contracts/7", "a body"),
            (Method::GET, "https://other.example/v1/contracts/7", ""),
            (Method::GET, "https://one.example/v2/contracts/7", ""),
            (Method::GET, "https://one.example/v1/users", ""),
            (Method::GET, "https://one.example/v1/contracts?limit=100", ""),
            // Of the other service.
            (Method::GET, "https://one.example/v1/company", ""),
        ] {
            let refused = fence.execute(request(method, address, body)).await;
            assert!(refused.is_err_and(|error| error.is_refused()), "{address}");
        }
        assert_eq!(fence.inner.0.load(Ordering::Relaxed), 0);
        let webhooks = || request(Method::GET, "https://one.example/v1/webhooks", "");
        assert!(fence.execute(webhooks()).await.is_ok());
        assert!(fence.execute(webhooks()).await.is_err());
        assert_eq!(fence.inner.0.load(Ordering::Relaxed), 1);
        // As often as the list has one of this form.
        let contract = || request(Method::GET, "https://one.example/v1/contracts/7", "");
        for _ in 0..3 {
            assert!(fence.execute(contract()).await.is_ok());
        }
        assert!(fence.execute(contract()).await.is_err());
    }
}
