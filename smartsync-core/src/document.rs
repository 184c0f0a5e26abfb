//! Puts the signed document on the candidate's card: by Oneflow's own address, or through a document host.

use std::io::{self, Write};

use oneflow_client::{ContractId, FileAddress, FileId, GetFileAddress};
use smartsync_transport::{Body, Error};
use teamtailor_client::{CandidateId, CreateUpload, NewUpload};
use url::Url;

use crate::{
    DocumentHost, DocumentOutcome, Engine, Next, Reason, Retry, SignedDocument,
    public_address::may_be_fetched,
    refusal::{Refusal, points_at},
};

/// The signed contract is always this file.
const CONTRACT_FILE: FileId = FileId::new(1);
/// Documents up to this size are given to a document host, unless the engine is told otherwise: 25 MiB.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 25 * 1024 * 1024;

/// How a document ended, and what the worker does next.
type Ended = (DocumentOutcome, Next);

impl Engine {
    /// Hands an address of the file to Teamtailor, which fetches it.
    pub(crate) async fn attach(
        &self,
        contract: ContractId,
        candidate: &CandidateId,
        file_name: &str,
    ) -> Ended {
        let address = match self.document_address(contract, file_name).await {
            Ok(address) => address,
            Err(ended) => return ended,
        };
        if !self.may_be_fetched(&address) {
            return failed(Reason::AddressNotPublic);
        }
        let upload = NewUpload::new(address.as_str(), file_name, candidate.clone());
        match self.teamtailor.send(&CreateUpload::new(upload)).await {
            Ok(_) => (DocumentOutcome::Attached, Next::Done),
            Err(error) if error.is_not_found() || points_at(&error, "candidate") => {
                failed(Reason::CandidateGone)
            }
            Err(error) if error.is_validation() => failed(Reason::DocumentRefused),
            Err(error) => refused(&error),
        }
    }

    /// Where the file can be fetched: where Oneflow says, or where the document host puts it.
    async fn document_address(&self, contract: ContractId, file_name: &str) -> Result<Url, Ended> {
        let file = match self.oneflow.send(&GetFileAddress::new(contract, CONTRACT_FILE)).await {
            Ok(file) => file,
            Err(error) if error.is_not_found() => return Err(later(Reason::FileNotReady)),
            Err(error) => return Err(refused(&error)),
        };
        let host = self.document_host.as_deref();
        let (host, bytes) = match (file, host) {
            (FileAddress::Address(address), Some(host)) if host.serves_every_document() => {
                (host, self.fetch(&address).await?)
            }
            (FileAddress::Address(address), _) => return Ok(address),
            (FileAddress::Bytes(bytes), Some(host)) => (host, bytes),
            (_, _) => return Err(failed(Reason::FileWithoutAddress)),
        };
        self.serve(host, SignedDocument::new(contract, file_name, bytes)).await
    }

    fn may_be_fetched(&self, address: &Url) -> bool {
        may_be_fetched(address, self.oneflow.base_url(), self.teamtailor.base_url())
    }

    async fn serve(&self, host: &dyn DocumentHost, document: SignedDocument) -> Result<Url, Ended> {
        if document.bytes.len() > self.max_document_bytes {
            return Err(failed(Reason::FileTooLarge));
        }
        host.serve(document).await.map_err(|_| later(Reason::DocumentHostFailed))
    }

    /// The bytes of the file. The storage is no service of ours: its refusals say nothing about our credentials.
    async fn fetch(&self, address: &Url) -> Result<Body, Ended> {
        if !self.may_be_fetched(address) {
            return Err(failed(Reason::AddressNotPublic));
        }
        let mut sink = Capped { bytes: Vec::new(), room: self.max_document_bytes, is_over: false };
        // The sink itself keeps the limit, so that a file over it can be told from a connection that broke.
        match self.oneflow.download(address, &mut sink, u64::MAX).await {
            Ok(_) => Ok(Body::from(sink.bytes)),
            Err(_) if sink.is_over => Err(failed(Reason::FileTooLarge)),
            Err(error) if error.was_never_sent() && error.is_terminal() => {
                Err(failed(Reason::AddressNotPublic))
            }
            Err(_) => Err(later(Reason::Unavailable)),
        }
    }
}

/// A buffer that takes so many bytes and no more.
struct Capped {
    bytes: Vec<u8>,
    room: usize,
    is_over: bool,
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.room {
            self.is_over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.room -= bytes.len();
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(reason: Reason) -> Ended {
    (DocumentOutcome::Failed(reason), Next::Done)
}

fn later(reason: Reason) -> Ended {
    (DocumentOutcome::Later(reason), Next::Retry(Retry::default()))
}

fn refused(error: &Error) -> Ended {
    let refusal = Refusal::of(error);
    let outcome = match refusal.next {
        Next::Retry(_) => DocumentOutcome::Later(refusal.reason),
        Next::Done | Next::Park(_) => DocumentOutcome::Failed(refusal.reason),
    };
    (outcome, refusal.next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_come_in_pieces_that_have_room_together() {
        let mut sink = Capped { bytes: Vec::new(), room: 8, is_over: false };
        sink.write_all(b"%PDF").unwrap();
        sink.write_all(b"-1.7").unwrap();
        assert!(!sink.is_over);
        sink.write_all(b".").unwrap_err();
        assert!(sink.is_over);
        assert_eq!(sink.bytes, b"%PDF-1.7");
    }
}
