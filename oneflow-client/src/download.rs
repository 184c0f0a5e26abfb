//! The bytes of a file.

use std::io::{self, Write};

use smartsync_transport::{Body, Error};

use crate::{
    client::OneflowClient,
    file_address::FileAddress,
    files::GetFileAddress,
    ids::{ContractId, FileId},
};

/// Why a file did not come, or not whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// A request failed. `get_file_address`: Oneflow has no such file (a 404, also for a moment after something changed).
    /// `download`: the address is refused, the storage gives no good answer, or breaks off beyond the size limit.
    #[error(transparent)]
    Request(#[from] Error),
    /// Oneflow gave the file itself, and it is larger than allowed.
    #[error("the file has {bytes} bytes, more than the {max_bytes} allowed")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// The bytes could not be written.
    #[error("the file could not be written")]
    Sink(#[source] io::Error),
}

impl OneflowClient {
    /// Fetches a file of a contract and writes it to `sink`. Returns the number of bytes. The document itself is the file 1.
    ///
    /// It asks Oneflow for the address ([`GetFileAddress`]) and fetches the file from there **without** the token. An address
    /// that is not https, or that leads back to the API, is refused before anything is sent; a test server on plain http
    /// may give plain http addresses. With `max_bytes`, a file of any size cannot fill the disk.
    ///
    /// ```
    /// # use oneflow_client::{DownloadError, OneflowClient};
    /// # async fn fetch(oneflow: &OneflowClient) -> Result<(), DownloadError> {
    /// let mut pdf = Vec::new();
    /// oneflow.download_file(9001, 1, &mut pdf, 50 * 1024 * 1024).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`DownloadError`]. Some bytes may have been written then.
    pub async fn download_file(
        &self,
        contract: impl Into<ContractId>,
        file: impl Into<FileId>,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<u64, DownloadError> {
        match self.send(&GetFileAddress::new(contract, file)).await? {
            FileAddress::Address(address) => Ok(self.download(&address, sink, max_bytes).await?),
            FileAddress::Bytes(body) => write(&body, sink, max_bytes),
        }
    }
}

fn write(body: &Body, sink: &mut (dyn Write + Send), max_bytes: u64) -> Result<u64, DownloadError> {
    let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if bytes > max_bytes {
        return Err(DownloadError::TooLarge { bytes, max_bytes });
    }
    sink.write_all(body.as_bytes()).map_err(DownloadError::Sink)?;
    Ok(bytes)
}
