//! Counts the bytes of a file.

use std::io;

use async_trait::async_trait;

use crate::byte_sink::ByteSink;

/// Counts what is written through it.
pub(crate) struct Counted<'a> {
    pub(crate) sink: &'a mut dyn ByteSink,
    pub(crate) bytes: u64,
}

impl<'a> Counted<'a> {
    pub(crate) fn new(sink: &'a mut dyn ByteSink) -> Self {
        Self { sink, bytes: 0 }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl ByteSink for Counted<'_> {
    async fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sink.put(bytes).await?;
        self.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    async fn finish(&mut self) -> io::Result<()> {
        self.sink.finish().await
    }
}
