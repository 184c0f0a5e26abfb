//! Puts the signed document on the candidate's card: by Oneflow's own address, or through a document host.

use oneflow_client::{ContractId, FileAddress, FileId, OneflowClient, files::GetFileAddress};
use smartsync_transport::{Body, Error};
use teamtailor_client::{
    CandidateId, TeamtailorClient,
    uploads::{CreateUpload, NewUpload},
};
use url::Url;

use super::{
    apply_progress::ApplyProgress, before_write::BeforeWrite, document_host::DocumentHost,
    document_host::SignedDocument, public_address::may_be_fetched, read_candidate::read_candidate,
    refusal::Refusal, refusal::had_no_effect, refusal::points_at, report::Next, report::Retry,
    trust::MOST_TRIES,
};
use crate::{
    keys::{DocumentMark, SyncKeys},
    ledger::{DocumentRecord, Ledger, LedgerChange},
    outcome::Reason,
    plan::document_on_card,
};

/// The signed contract is always this file.
const CONTRACT_FILE: FileId = FileId::new(1);
/// Documents up to this size are given to a document host, unless the engine is told otherwise: 25 MiB.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 25 * 1024 * 1024;

/// Why a document is not attached, and what the worker does next.
type Ended = (Reason, Next);

/// Puts signed documents on cards.
pub(crate) struct Documents<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) teamtailor: &'a TeamtailorClient,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
    pub(crate) host: Option<&'a dyn DocumentHost>,
    pub(crate) max_bytes: usize,
    pub(crate) before: &'a BeforeWrite<'a>,
}

impl Documents<'_> {
    /// Hands an address of the file to Teamtailor, which fetches it. Each try has an address of its own, read after the wait for
    /// Teamtailor's rate limit and used at once, since Oneflow's are short-lived.
    ///
    /// That an upload is begun is in the ledger before it goes out, and its id after. Where its end is not known, it is never
    /// begun again.
    pub(crate) async fn attach(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        let Some(file_name) = progress.plan.file_name.clone() else { return };
        let contract = progress.plan.contract;
        for tries in 1..=MOST_TRIES {
            if !progress.is_document_due() {
                return;
            }
            let permit = match self.teamtailor.acquire_permit().await {
                Ok(permit) => permit,
                Err(error) => {
                    let (reason, next) = refused(&error);
                    return progress.end_document(reason, next);
                }
            };
            self.before.may_write(progress, candidate).await;
            if !progress.is_document_due() {
                return;
            }
            // After all other reading, which takes its time: Oneflow's addresses are short-lived.
            let address = match self.document_address(contract, &file_name).await {
                Ok(address) => address,
                Err((reason, next)) => return progress.end_document(reason, next),
            };
            if !self.may_be_fetched(&address) {
                return progress.end_document(Reason::AddressNotPublic, Next::Retry(Retry::default()));
            }
            let checked = self.before.clock.now();
            self.before.check_ledger(progress, candidate).await;
            if !progress.is_document_due() {
                return;
            }
            let record = |record| LedgerChange::new(contract, candidate.clone()).document(record);
            let intended = record(Some(DocumentRecord::Intended)).bind(progress.plan.linked_by);
            if progress.save(self.ledger, &intended).await.is_err() {
                return progress.end_document(Reason::LedgerFailed, Next::Retry(Retry::default()));
            }
            // The ledger took its time, or the process stood still: another may have the contract by now.
            if self.before.is_long_ago(checked) {
                if self.before.may_take_back().await
                    && progress.save(self.ledger, &record(None)).await.is_err()
                {
                    progress.was_not_saved();
                }
                if tries == MOST_TRIES {
                    return progress.end_document(Reason::LedgerFailed, Next::Retry(Retry::default()));
                }
                continue;
            }
            let may_wait = permit.is_managed() && tries < MOST_TRIES;
            let upload = CreateUpload::new(NewUpload::new(address.as_str(), &file_name, candidate.clone()));
            let error = match self.teamtailor.send_with_permit(permit, &upload).await {
                Ok(answer) => {
                    let uploaded = DocumentRecord::Uploaded { upload: answer.data.id };
                    if progress.save(self.ledger, &record(Some(uploaded))).await.is_err() {
                        progress.was_not_saved();
                    }
                    return;
                }
                Err(error) => error,
            };
            if !had_no_effect(&error) {
                return self.find_upload(progress, candidate).await;
            }
            if progress.save(self.ledger, &record(None)).await.is_err() {
                progress.was_not_saved();
            }
            if !(error.is_rate_limited() && may_wait) {
                let (reason, next) = refused_upload(&error);
                return progress.end_document(reason, next);
            }
        }
    }

    /// Sees whether an upload has arrived whose answer was lost.
    async fn find_upload(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        let retry = Next::Retry(Retry::default());
        let Ok(Some(card)) = read_candidate(self.teamtailor, candidate).await else {
            return progress.end_document(Reason::UploadUnknown, retry);
        };
        let mark = DocumentMark::new(self.keys, progress.plan.contract, candidate);
        let (_, Some(upload)) = document_on_card(&progress.plan.remembered.0, &card, &mark) else {
            return progress.end_document(Reason::UploadUnknown, retry);
        };
        let uploaded = DocumentRecord::Uploaded { upload };
        let change = LedgerChange::new(progress.plan.contract, candidate.clone()).document(Some(uploaded));
        if progress.save(self.ledger, &change).await.is_err() {
            progress.was_not_saved();
        }
    }

    /// Where the file can be fetched: where Oneflow says, or where the document host puts it.
    async fn document_address(&self, contract: ContractId, file_name: &str) -> Result<Url, Ended> {
        let file = match self.oneflow.send(&GetFileAddress::new(contract, CONTRACT_FILE)).await {
            Ok(file) => file,
            Err(error) if error.is_not_found() => return Err(later(Reason::FileNotReady)),
            Err(error) => return Err(refused(&error)),
        };
        let host = self.host;
        let (host, bytes) = match (file, host) {
            (FileAddress::Address(address), Some(host)) if host.serves_every_document() => {
                (host, self.fetch(&address).await?)
            }
            (FileAddress::Address(address), _) => return Ok(address),
            (FileAddress::Bytes(bytes), Some(host)) => (host, bytes),
            (_, _) => return Err(later(Reason::FileWithoutAddress)),
        };
        self.serve(host, SignedDocument::new(contract, file_name, bytes)).await
    }

    fn may_be_fetched(&self, address: &Url) -> bool {
        may_be_fetched(address, self.oneflow.base_url(), self.teamtailor.base_url())
    }

    async fn serve(&self, host: &dyn DocumentHost, document: SignedDocument) -> Result<Url, Ended> {
        if document.bytes.len() > self.max_bytes {
            return Err(later(Reason::FileTooLarge));
        }
        host.serve(document).await.map_err(|_| later(Reason::DocumentHostFailed))
    }

    /// The bytes of the file. The storage is no service of ours: its refusals say nothing about our credentials.
    async fn fetch(&self, address: &Url) -> Result<Body, Ended> {
        if !self.may_be_fetched(address) {
            return Err(later(Reason::AddressNotPublic));
        }
        let (mut bytes, max_bytes) = (Vec::new(), u64::try_from(self.max_bytes).unwrap_or(u64::MAX));
        match self.oneflow.download(address, &mut bytes, max_bytes).await {
            Ok(_) => Ok(Body::from(bytes)),
            Err(error) if error.is_too_large() => Err(later(Reason::FileTooLarge)),
            Err(error) if error.was_never_sent() && error.is_terminal() => {
                Err(later(Reason::AddressNotPublic))
            }
            Err(_) => Err(later(Reason::Unavailable)),
        }
    }
}

fn later(reason: Reason) -> Ended {
    (reason, Next::Retry(Retry::default()))
}

fn refused(error: &Error) -> Ended {
    let refusal = Refusal::of(error);
    (refusal.reason, refusal.next)
}

/// What a refused upload means.
fn refused_upload(error: &Error) -> Ended {
    if error.is_not_found() || points_at(error, "candidate") {
        later(Reason::CandidateGone)
    } else if error.is_validation() {
        // The address may have been too old, or the storage too slow.
        later(Reason::DocumentRefused)
    } else {
        refused(error)
    }
}
