//! The candidate among the signers of a contract.

use crate::{CandidateSnapshot, ContractSnapshot, DefaultField, LinkToken, Signer, SyncKeys};

/// Whether the candidate has signed. It is the signer with its token, else with its e-mail address, else the only one.
/// Where several could be meant, all of them must have signed.
pub(crate) fn has_candidate_signed(
    contract: &ContractSnapshot,
    candidate: &CandidateSnapshot,
    keys: &SyncKeys,
) -> bool {
    let has_token = |text: &String| matches!(LinkToken::verify(text, keys), Some(Ok(token)) if token.candidate == candidate.id);
    let email = candidate.defaults.get(&DefaultField::Email);
    let has_email = |text: &String| email.is_some_and(|email| folded(email) == folded(text));
    let by_token = |signer: &&Signer| signer.custom_id.as_ref().is_some_and(has_token);
    let by_email = |signer: &&Signer| signer.email.as_ref().is_some_and(has_email);
    let have_signed = |signers: &[&Signer]| signers.iter().all(|signer| signer.has_signed);
    let with_token: Vec<&Signer> = contract.signers.iter().filter(by_token).collect();
    let with_email: Vec<&Signer> = contract.signers.iter().filter(by_email).collect();
    contract.is_signed()
        || match (with_token.as_slice(), with_email.as_slice(), contract.signers.as_slice()) {
            ([], [], [only]) => only.has_signed,
            ([], [], _) => false,
            ([], signers, _) | (signers, _, _) => have_signed(signers),
        }
}

/// What could not be read of the signers and decides which of them is the candidate, and whether it has signed.
pub(crate) fn lost_of_signers(contract: &ContractSnapshot) -> Option<&'static str> {
    let of_signers = || contract.signers.iter().find_map(|signer| signer.unreadable.iter().next());
    contract.lost("parties").or_else(of_signers)
}

/// An e-mail address as it is compared.
pub(crate) fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}
