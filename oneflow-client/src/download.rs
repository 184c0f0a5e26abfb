//! The bytes of a file.

use smartsync_transport::{ByteSink, Error};

use crate::{
    client::OneflowClient,
    file_address::FileAddress,
    files::GetFileAddress,
    ids::{ContractId, FileId},
};

impl OneflowClient {
    /// Fetches a file of a contract and writes it to `sink`. Returns the number of bytes. The document itself is the file 1.
    ///
    /// It asks Oneflow for the address ([`GetFileAddress`]) and fetches the file from there **without** the token. An address
    /// that is not https, or that leads back to the API, is refused before anything is sent; a test server on plain http
    /// may give plain http addresses. With `max_bytes`, a file of any size cannot fill the disk. It may take any time, as long as
    /// bytes come: after 30 seconds without one it ends (`OneflowClientBuilder::idle_timeout`).
    ///
    /// ```
    /// # use oneflow_client::{Error, OneflowClient};
    /// # async fn fetch(oneflow: &OneflowClient) -> Result<(), Error> {
    /// let mut pdf = Vec::new(); // or a `tokio::fs::File`, or any other `ByteSink`
    /// oneflow.download_file(9001, 1, &mut pdf, 50 * 1024 * 1024).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`]: of the operation `get_file_address` where Oneflow has no such file (a 404, also for a moment after something
    /// changed), of `download` where the address is refused, the file is larger than `max_bytes` ([`Error::is_too_large`]), `sink`
    /// fails ([`Error::is_sink`]), or the storage gives no good answer. [`Error::bytes_written`] says how many bytes are in `sink`.
    pub async fn download_file(
        &self,
        contract: impl Into<ContractId>,
        file: impl Into<FileId>,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<u64, Error> {
        match self.send(&GetFileAddress::new(contract, file)).await? {
            FileAddress::Address(address) => self.download(&address, sink, max_bytes).await,
            FileAddress::Bytes(body) => self.write_file(&body, sink, max_bytes).await,
        }
    }
}
