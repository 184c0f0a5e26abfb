//! Gives the signed document an address where Oneflow gives none, or where the host prefers its own.

use std::{error, fmt};

use async_trait::async_trait;
use oneflow_client::ContractId;
use smartsync_transport::Body;
use url::Url;

/// A signed document on its way to the candidate's card. `Debug` prints ids and sizes only: a file name can hold a person's.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedDocument {
    /// The contract.
    pub contract: ContractId,
    /// The name that the file gets on the card. It is safe as a name of a file.
    pub file_name: String,
    /// The PDF.
    pub bytes: Body,
}

impl SignedDocument {
    /// A document.
    #[must_use]
    pub fn new(contract: ContractId, file_name: impl Into<String>, bytes: impl Into<Body>) -> Self {
        Self { contract, file_name: file_name.into(), bytes: bytes.into() }
    }
}

impl fmt::Debug for SignedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedDocument")
            .field("contract", &self.contract)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// The document could not be served. `Debug` leaves the host's own error to [`error::Error::source`]: it may name a file.
pub struct DocumentHostError(Box<dyn error::Error + Send + Sync>);

impl DocumentHostError {
    /// Wraps the host's own error.
    pub fn new(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Debug for DocumentHostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentHostError(_)")
    }
}

impl fmt::Display for DocumentHostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the document could not be served")
    }
}

impl error::Error for DocumentHostError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// Serves signed documents for Teamtailor to fetch. Without one, the engine hands over Oneflow's own short-lived address
/// and no byte passes through it.
///
/// ```
/// use smartsync_core::{
///     async_trait, // on wasm32: `#[async_trait(?Send)]`
///     engine::{DocumentHost, DocumentHostError, SignedDocument},
/// };
/// use url::Url;
///
/// /// Puts documents into a bucket, each under a name that nobody guesses.
/// #[derive(Debug)]
/// struct Bucket;
///
/// #[async_trait]
/// impl DocumentHost for Bucket {
///     async fn serve(&self, document: SignedDocument) -> Result<Url, DocumentHostError> {
///         let address = format!("https://files.example.com/8c1f6a/{}.pdf", document.contract);
///         // bucket.put(&address, document.bytes.as_bytes()).await.map_err(DocumentHostError::new)?;
///         address.parse().map_err(DocumentHostError::new)
///     }
/// }
/// ```
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait DocumentHost: fmt::Debug + Send + Sync {
    /// Serves the document and returns its address: https, public, and of neither service. Whoever has the address has the
    /// file, so nobody may guess it. It must work at once, without a cookie or a header, and for an hour: Teamtailor does not
    /// say when it fetches.
    ///
    /// After a crash the same document is served again.
    ///
    /// # Errors
    ///
    /// [`DocumentHostError`] when it cannot be served now. It is tried again at the next look.
    async fn serve(&self, document: SignedDocument) -> Result<Url, DocumentHostError>;

    /// Whether it serves every document, also one for which Oneflow gives an address.
    fn serves_every_document(&self) -> bool {
        false
    }
}
