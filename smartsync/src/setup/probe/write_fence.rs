//! A transport that lets nothing through but the requests of the list that writes, of this run, each as often as the list says.

use std::sync::Arc;

use async_trait::async_trait;
use smartsync_transport::{Request, Response, Transport, TransportError, Url};

use super::{asked::without_slash, mine::Own};
use crate::config::FactService;

#[derive(Debug)]
pub(super) struct WriteFence {
    inner: Arc<dyn Transport>,
    service: FactService,
    base_url: String,
    own: Arc<Own>,
}

impl WriteFence {
    pub(super) fn new(
        inner: Arc<dyn Transport>,
        service: FactService,
        base_url: &Url,
        own: Arc<Own>,
    ) -> Self {
        Self { inner, service, base_url: without_slash(base_url).to_owned(), own }
    }
}

#[async_trait]
impl Transport for WriteFence {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let address = request.uri().to_string();
        let target = address.strip_prefix(&self.base_url);
        let written = target.map(|target| self.own.lets_through(self.service, target, &request));
        // What could not be written down is not asked for.
        let written = written.transpose().map_err(TransportError::refused)?.flatten();
        let Some(written) = written else {
            return Err(TransportError::refused(
                "this request is not in the list of a probe, or was sent before",
            ));
        };
        let response = self.inner.execute(request).await?;
        self.own.learn(written, &response).map_err(TransportError::other)?;
        Ok(response)
    }
}
