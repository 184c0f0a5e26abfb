//! Fetches a file from an address that the service gave.

use url::Url;

use super::ApiClient;
use crate::{
    body::Body,
    build_error::BuildError,
    byte_sink::ByteSink,
    counted::Counted,
    endpoint::Service,
    error::{Error, Kind},
    transport::{OperationName, Request, TransportError},
};

const DOWNLOAD: &str = "download";

impl<S: Service> ApiClient<S> {
    /// Fetches a file from an address that the service gave, without credentials, and writes it to `sink`. Returns the
    /// number of bytes.
    ///
    /// The address is checked before anything is sent: https (plain http only where the base URL itself is), another
    /// origin than the service's, no user name in it. It may take any time, as long as bytes come: see the transport's idle timeout.
    ///
    /// # Errors
    ///
    /// [`Error`] when the address is refused, the file is larger than `max_bytes` ([`Error::is_too_large`]), `sink` fails
    /// ([`Error::is_sink`]), or there is no good answer. [`Error::bytes_written`] says how many bytes are in `sink` then. Nothing
    /// is tried a second time.
    pub async fn download(
        &self,
        address: &Url,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<u64, Error> {
        let request = self.file_request(address).map_err(|error| failed::<S>(Kind::Build(error)))?;
        let mut counted = Counted::new(sink);
        let answer = self.inner.transport.execute_into(request, &mut counted, max_bytes).await;
        let response = match answer {
            Ok(response) => response,
            Err(error) => return Err(counted.failed::<S>(error)),
        };
        if response.status().is_success() {
            counted.finished::<S>().await
        } else {
            Err(failed::<S>(Kind::Status { response, problems: Vec::new() }))
        }
    }

    /// Writes a file that came as the answer itself to `sink`, as [`ApiClient::download`] writes one from an address.
    ///
    /// # Errors
    ///
    /// [`Error`] when the file is larger than `max_bytes`, or `sink` fails.
    pub async fn write_file(
        &self,
        file: &Body,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<u64, Error> {
        let mut counted = Counted::new(sink);
        if u64::try_from(file.len()).unwrap_or(u64::MAX) > max_bytes {
            return Err(counted.failed::<S>(TransportError::too_large(max_bytes)));
        }
        match counted.put(file.as_bytes()).await {
            Ok(()) => counted.finished::<S>().await,
            Err(error) => Err(counted.failed::<S>(TransportError::sink(error))),
        }
    }

    fn file_request(&self, address: &Url) -> Result<Request, BuildError> {
        let base_url = &self.inner.base_url;
        let is_plain = base_url.scheme() == "http" && address.scheme() == "http";
        let has_user = !address.username().is_empty() || address.password().is_some();
        if !(address.scheme() == "https" || is_plain) || has_user || address.origin() == base_url.origin() {
            return Err(BuildError::FileAddress);
        }
        let request = http::Request::get(address.as_str()).extension(OperationName::new(S::NAME, DOWNLOAD));
        request.body(Body::empty()).map_err(|_| BuildError::Url)
    }
}

fn failed<S: Service>(kind: Kind) -> Error {
    Error::new(S::NAME, DOWNLOAD, kind)
}

impl Counted<'_> {
    async fn finished<S: Service>(self) -> Result<u64, Error> {
        match self.sink.finish().await {
            Ok(()) => Ok(self.bytes),
            Err(error) => Err(self.failed::<S>(TransportError::sink(error))),
        }
    }

    fn failed<S: Service>(&self, error: TransportError) -> Error {
        failed::<S>(match error.was_never_sent() {
            true => Kind::Transport(error),
            false => Kind::Download { error, written: self.bytes },
        })
    }
}
