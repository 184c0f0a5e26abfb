//! How many requests some work sends to the services.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use async_trait::async_trait;
use smartsync_transport::{ByteSink, OperationName, Request, Response, Transport, TransportError};

use super::upstream_requests::UpstreamRequests;

tokio::task_local! {
    static REQUESTS: RequestCount;
}

/// How many requests some work has sent to both services so far, repeated ones included. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct RequestCount(Arc<AtomicU32>);

impl RequestCount {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does `work`, and counts its requests.
    pub async fn watch<F: Future>(&self, work: F) -> F::Output {
        REQUESTS.scope(self.clone(), work).await
    }

    /// So many were sent.
    #[must_use]
    pub fn get(&self) -> u32 {
        self.0.load(Relaxed)
    }
}

/// A transport whose requests are counted: for whoever does the work, and for whoever watches the server.
#[derive(Debug)]
pub(crate) struct Counted<T> {
    pub(crate) inner: T,
    pub(crate) requests: UpstreamRequests,
}

impl<T> Counted<T> {
    fn count() {
        // Whoever sends a request that belongs to no work does not count.
        REQUESTS.try_with(|requests| requests.0.fetch_add(1, Relaxed)).ok();
    }
}

#[async_trait]
impl<T: Transport> Transport for Counted<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        Self::count();
        let name = name(&request);
        let answer = self.inner.execute(request).await;
        self.requests.note(name, &answer);
        answer
    }

    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        Self::count();
        let name = name(&request);
        let answer = self.inner.execute_into(request, sink, max_bytes).await;
        self.requests.note(name, &answer);
        answer
    }
}

fn name(request: &Request) -> Option<OperationName> {
    request.extensions().get().copied()
}

#[cfg(test)]
mod tests {
    use smartsync_transport::Body;

    use super::*;

    #[derive(Debug)]
    struct Refuses;

    #[async_trait]
    impl Transport for Refuses {
        async fn execute(&self, _: Request) -> Result<Response, TransportError> {
            Err(TransportError::refused("this one sends nothing"))
        }
    }

    #[tokio::test]
    async fn the_requests_of_each_work_are_counted_apart_and_those_that_fail_as_well() {
        let transport = Counted { inner: Refuses, requests: UpstreamRequests::default() };
        let send = async |times: u32| {
            for _ in 0..times {
                transport.execute(Request::new(Body::empty())).await.unwrap_err();
            }
        };
        let (one, other) = (RequestCount::new(), RequestCount::new());
        tokio::join!(one.watch(send(2)), other.watch(send(3)), send(4));
        assert_eq!((one.get(), other.get()), (2, 3));
    }
}
