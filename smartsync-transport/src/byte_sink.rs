//! Takes the bytes of a file as they arrive.

use std::io::{self, Write};

use async_trait::async_trait;

/// Takes the bytes of a file as they arrive: where a download is written to.
///
/// With the feature `reqwest` whatever implements tokio's `AsyncWrite` is one (`tokio::fs::File`, `Vec<u8>`, a socket), without
/// it `Vec<u8>` is. [`BlockingWrite`] makes one of a [`std::io::Write`]. Write your own for anything else:
///
/// ```
/// use smartsync_transport::{ByteSink, async_trait}; // on wasm32: `#[async_trait(?Send)]`
///
/// /// Only counts.
/// struct Length(usize);
///
/// #[async_trait]
/// impl ByteSink for Length {
///     async fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
///         self.0 += bytes.len();
///         Ok(())
///     }
/// }
/// ```
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait ByteSink: Send {
    /// Takes all of `bytes`, in order. The time that it takes is no part of the download's idle timeout.
    ///
    /// # Errors
    ///
    /// Ends the download, which then cannot succeed until something has changed.
    async fn put(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// The file is whole: nothing follows. By default it does nothing.
    ///
    /// # Errors
    ///
    /// What was taken could not be kept.
    async fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "reqwest")]
#[async_trait]
impl<W: tokio::io::AsyncWrite + Unpin + Send + ?Sized> ByteSink for W {
    async fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        tokio::io::AsyncWriteExt::write_all(self, bytes).await
    }

    /// A file of tokio's still holds its last bytes, and the fault of its last write.
    async fn finish(&mut self) -> io::Result<()> {
        tokio::io::AsyncWriteExt::flush(self).await
    }
}

#[cfg(not(feature = "reqwest"))]
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl ByteSink for Vec<u8> {
    async fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// A [`ByteSink`] over a writer that blocks, such as a `std::fs::File`: for a host without an async runtime. On a runtime it holds
/// up the thread for as long as a write takes.
///
/// ```
/// use smartsync_transport::{BlockingWrite, ByteSink};
///
/// let mut out = BlockingWrite(std::io::sink()); // `std::fs::File::create("contract.pdf")?`
/// let sink: &mut dyn ByteSink = &mut out;
/// # let _ = sink;
/// ```
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "a wrapper with one field, made by every caller")]
pub struct BlockingWrite<W>(pub W);

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<W: Write + Send> ByteSink for BlockingWrite<W> {
    async fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    async fn finish(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
