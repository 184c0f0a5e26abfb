//! Fetches a file from an address that the service gave.

use std::io::Write;

use url::Url;

use super::ApiClient;
use crate::{
    body::Body,
    build_error::BuildError,
    endpoint::Service,
    error::{Error, Kind},
    transport::Request,
};

impl<S: Service> ApiClient<S> {
    /// Fetches a file from an address that the service gave, without credentials, and writes it to `sink`. Returns the
    /// number of bytes.
    ///
    /// The address is checked before anything is sent: https (plain http only where the base URL itself is), another
    /// origin than the service's, no user name in it.
    ///
    /// # Errors
    ///
    /// [`Error`] when the address is refused, the file is larger than `max_bytes`, or there is no good answer. Some bytes
    /// may have been written to `sink` then.
    pub async fn download(
        &self,
        address: &Url,
        sink: &mut (dyn Write + Send),
        max_bytes: u64,
    ) -> Result<u64, Error> {
        let failed = |kind| Error::new(S::NAME, "download", kind);
        let request = self.file_request(address).map_err(|error| failed(Kind::Build(error)))?;
        let mut counted = Counted { sink, bytes: 0 };
        let answer = self.inner.transport.execute_into(request, &mut counted, max_bytes).await;
        let response = answer.map_err(|error| failed(Kind::Transport(error)))?;
        if response.status().is_success() {
            Ok(counted.bytes)
        } else {
            Err(failed(Kind::Status { response, problems: Vec::new() }))
        }
    }

    fn file_request(&self, address: &Url) -> Result<Request, BuildError> {
        let base_url = &self.inner.base_url;
        let is_plain = base_url.scheme() == "http" && address.scheme() == "http";
        let has_user = !address.username().is_empty() || address.password().is_some();
        if !(address.scheme() == "https" || is_plain) || has_user || address.origin() == base_url.origin() {
            return Err(BuildError::FileAddress);
        }
        http::Request::get(address.as_str()).body(Body::empty()).map_err(|_| BuildError::Url)
    }
}

/// Counts what is written through it.
struct Counted<'a> {
    sink: &'a mut (dyn Write + Send),
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.bytes += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush()
    }
}
