//! Holds whatever an engine asks for to the rows of its mapping, as soon as the engine is dropped.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use smartsync_core::Mapping;
use smartsync_transport::{Request, Response, Transport, TransportError};

use crate::support::{
    fence::assert_inside,
    recorder::{Log, Recorder},
};

/// The fence around one engine. Both of its transports share it, so that it is checked when they are gone.
pub(crate) struct Fence {
    mapping: Mapping,
    log: Log,
    has_document_host: AtomicBool,
}

impl Fence {
    pub(crate) fn around(mapping: &Mapping) -> Arc<Self> {
        let has_document_host = AtomicBool::new(false);
        Arc::new(Self { mapping: mapping.clone(), log: Log::default(), has_document_host })
    }

    /// The engine was given a document host: it then fetches files, which the mapping does not say.
    pub(crate) fn open_for_document_host(&self) {
        self.has_document_host.store(true, Ordering::SeqCst);
    }

    pub(crate) fn fenced<T>(self: &Arc<Self>, transport: T) -> Fenced<T> {
        Fenced { recorder: Recorder::new(transport, &self.log), _fence: Arc::clone(self) }
    }
}

/// Whatever a test was about, no request was made and no field written that the mapping has no row for.
impl Drop for Fence {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let has_document_host = self.has_document_host.load(Ordering::SeqCst);
            assert_inside(&self.mapping, has_document_host, &self.log.lock().unwrap());
        }
    }
}

/// A transport of an engine inside a fence.
pub(crate) struct Fenced<T> {
    recorder: Recorder<T>,
    _fence: Arc<Fence>,
}

impl<T: fmt::Debug> fmt::Debug for Fenced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.recorder.fmt(f)
    }
}

#[async_trait]
impl<T: Transport> Transport for Fenced<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.recorder.execute(request).await
    }
}
