//! Whether the card has the signed document already.

use teamtailor_client::UploadId;

use crate::{
    candidate::{CandidateSnapshot, CardFile},
    keys::DocumentMark,
    ledger::{DocumentRecord, LedgerEntry},
    outcome::{DocumentOutcome, Reason},
};

/// How the document of a signed contract ends, by what the ledger knows of it and what the card shows; and a file that is the
/// document and that the ledger does not know yet.
///
/// An upload that the ledger knows is never repeated: a service may show it late, or a person has removed it. Where an upload
/// was begun and its end is not known, only a file with our mark tells that it has arrived. A name proves nothing. Where the ledger
/// knows nothing of the contract and was perhaps lost, all names must be known before the document counts as missing. Where it knows
/// the contract and of no upload, none was begun: then a file without a name is a stranger's, and keeps nothing away.
pub(crate) fn document_on_card(
    known: &LedgerEntry,
    candidate: &CandidateSnapshot,
    mark: &DocumentMark,
) -> (DocumentOutcome, Option<UploadId>) {
    let (record, files) = (known.document.as_ref(), candidate.files.as_deref());
    if let Some(DocumentRecord::Uploaded { upload }) = record {
        let is_there = |files: &[CardFile]| files.iter().any(|file| file.id == *upload);
        let outcome = if files.is_some_and(|files| !is_there(files)) {
            DocumentOutcome::NotDue(Reason::DocumentNotShown)
        } else {
            DocumentOutcome::AlreadyThere
        };
        return (outcome, None);
    }
    let Some(files) = files else {
        return (DocumentOutcome::Later(Reason::UploadsUnknown), None);
    };
    let marked = files.iter().find(|file| file.name.as_deref().is_some_and(|name| mark.is_in(name)));
    let has_nameless = files.iter().any(|file| file.name.is_none());
    match (marked, record) {
        (Some(file), _) => (DocumentOutcome::AlreadyThere, Some(file.id.clone())),
        (None, Some(_)) => (DocumentOutcome::Later(Reason::UploadUnknown), None),
        // A file of which nobody knows the name may be the document: rather none than two.
        (None, None) if has_nameless && known.candidate.is_none() => {
            (DocumentOutcome::Later(Reason::UploadsUnknown), None)
        }
        (None, None) => (DocumentOutcome::Attached, None),
    }
}
