//! Whose contract it is.

mod email;
mod link_token;
mod signer;

use std::collections::BTreeSet;

use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

pub use self::link_token::{InvalidLinkToken, LinkToken};
pub(crate) use self::{
    email::SentTo,
    signer::{folded, has_candidate_signed, lost_of_signers},
};
use crate::{
    candidate::CandidateSnapshot,
    contract::ContractSnapshot,
    keys::SyncKeys,
    ledger::{Creation, LedgerEntry, RequestId},
    mapping::{LinkMethod, SyncSettings},
    outcome::Reason,
};

/// What the ledger and the contract's own tokens say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The candidate that the ledger has bound, and what says so: the ledger, or else a token; [`LinkMethod::Email`] if an
    /// address is all that is known.
    Bound(CandidateId, LinkMethod),
    /// The candidate of a token of ours, and where the token stands; to be checked against the creation that it names.
    Token(LinkToken, LinkMethod),
    /// To be looked for by e-mail address.
    ByEmail,
    /// Nothing may be written.
    Held(Reason),
}

/// The first link that the configured methods yield. A forged token, and one that disagrees with what is known, is held:
/// no other method stands in for it. What is bound counts as known even where the ledger is not configured as a method, since
/// the bases beside it are that candidate's. What a person has bound outranks all of it.
pub(crate) fn link(
    contract: &ContractSnapshot,
    entry: &LedgerEntry,
    sync: &SyncSettings,
    keys: &SyncKeys,
) -> Link {
    let known = entry.candidate.as_ref();
    let followed = |bound: &CandidateId| {
        let proof = proof(contract, entry, bound, keys);
        Link::Bound(bound.clone(), proof.unwrap_or(LinkMethod::Email))
    };
    if let Some(bound) = known.filter(|_| entry.linked_by_hand) {
        return followed(bound);
    }
    let bound = known.filter(|_| sync.link.contains(&LinkMethod::Ledger));
    let is_settled = known.is_some_and(|known| {
        let by_token = sync.link.contains(&LinkMethod::ParticipantCustomId)
            && owner_side_tokens(contract, keys).any(|token| token.candidate == *known);
        by_token || bound.is_some() && entry.is_proven()
    });
    let mut by_method = Vec::new();
    // A link that could not be read is a link: no other method stands in for it.
    if bound.is_none() && sync.link.iter().any(|method| is_lost(*method, contract, sync)) {
        return Link::Held(Reason::AnswerUnreadable);
    }
    for method in &sync.link {
        // Participants can edit it: it shakes nothing that the ledger or the owner side proves.
        if is_settled && *method == LinkMethod::DataField {
            continue;
        }
        for text in texts(*method, contract, sync) {
            match LinkToken::verify(text, keys) {
                None => {}
                // A bound contract stays readable when the key of its token is retired.
                Some(Err(forged)) if bound.is_some() && forged.claimed.as_ref() == bound => {}
                Some(Err(_)) => return Link::Held(Reason::LinkForged),
                Some(Ok(token)) if known.is_some_and(|known| *known != token.candidate) => {
                    return Link::Held(Reason::LinkDisagrees);
                }
                Some(Ok(token)) => by_method.push((*method, token)),
            }
        }
    }
    if by_method.iter().any(|(_, token)| token.candidate != by_method[0].1.candidate) {
        return Link::Held(Reason::SeveralCandidates);
    }
    for method in &sync.link {
        match method {
            LinkMethod::Ledger => {
                if let Some(bound) = bound {
                    return followed(bound);
                }
            }
            // What is bound or signed outranks an address, wherever it stands in the order.
            LinkMethod::Email if by_method.is_empty() && bound.is_none() => return Link::ByEmail,
            LinkMethod::Email => {}
            LinkMethod::ParticipantCustomId | LinkMethod::DataField => {
                if let Some((_, token)) = by_method.iter().find(|(found_by, _)| found_by == method) {
                    // Nor does it raise what is bound already.
                    if let Some(known) = known.filter(|_| *method == LinkMethod::DataField) {
                        return followed(known);
                    }
                    return Link::Token(token.clone(), *method);
                }
            }
        }
    }
    Link::Held(Reason::NoCandidate)
}

/// Whether something could not be read in which this method may find a link.
fn is_lost(method: LinkMethod, contract: &ContractSnapshot, sync: &SyncSettings) -> bool {
    let of_signers = |member| {
        contract.lost("parties").is_some()
            || contract.signers.iter().any(|signer| signer.unreadable.contains(member))
    };
    match method {
        LinkMethod::Ledger => false,
        LinkMethod::ParticipantCustomId => of_signers("custom_id"),
        LinkMethod::Email => of_signers("email"),
        LinkMethod::DataField => sync.token_field().is_some_and(|key| match contract.data_fields.get(key) {
            Some(field) => field.unreadable.contains("value"),
            None => contract.lost("data_fields").is_some(),
        }),
    }
}

/// The texts in which a token may stand.
fn texts<'a>(method: LinkMethod, contract: &'a ContractSnapshot, sync: &SyncSettings) -> Vec<&'a str> {
    match method {
        LinkMethod::ParticipantCustomId => {
            contract.signers.iter().filter_map(|signer| signer.custom_id.as_deref()).collect()
        }
        LinkMethod::DataField => {
            let field = sync.token_field().and_then(|key| contract.data_fields.get(key));
            field.map(|field| field.text.as_str()).into_iter().collect()
        }
        LinkMethod::Ledger | LinkMethod::Email => Vec::new(),
    }
}

/// The candidate whom the contract belongs to by what is known of it, if anything is: bound in the ledger, else named by a
/// token that a key of ours signed.
pub(crate) fn known_candidate(
    contract: &ContractSnapshot,
    entry: &LedgerEntry,
    sync: &SyncSettings,
    keys: &SyncKeys,
) -> Option<CandidateId> {
    entry.candidate.clone().or_else(|| tokens(contract, sync, keys).next().map(|(_, token)| token.candidate))
}

/// What more than an address says that the contract is the candidate's: the ledger, where a person or a token of ours has told
/// it or the contract was made here, or such a token on the owner side: a data field holds what participants type. What was bound by nobody
/// knows what, in an earlier version, may have been bound by an address.
pub(crate) fn proof(
    contract: &ContractSnapshot,
    entry: &LedgerEntry,
    candidate: &CandidateId,
    keys: &SyncKeys,
) -> Option<LinkMethod> {
    if entry.is_proven() && entry.candidate.as_ref() == Some(candidate) {
        return Some(LinkMethod::Ledger);
    }
    let is_named = owner_side_tokens(contract, keys).any(|token| token.candidate == *candidate);
    is_named.then_some(LinkMethod::ParticipantCustomId)
}

/// The tokens of ours that no participant can edit.
pub(crate) fn owner_side_tokens(
    contract: &ContractSnapshot,
    keys: &SyncKeys,
) -> impl Iterator<Item = LinkToken> {
    let texts = contract.signers.iter().filter_map(|signer| signer.custom_id.as_deref());
    texts.filter_map(|text| LinkToken::verify(text, keys)?.ok())
}

/// The creations that texts in the contract name, whoever signed them. What they made, and for whom, the ledger says.
pub(crate) fn claimed_creations(contract: &ContractSnapshot, sync: &SyncSettings) -> BTreeSet<RequestId> {
    let method = [LinkMethod::ParticipantCustomId, LinkMethod::DataField].into_iter();
    let texts = method.flat_map(|method| texts(method, contract, sync));
    texts.filter_map(LinkToken::claimed_request).collect()
}

/// The tokens in the contract that a key of ours signed, and where each stands.
fn tokens(
    contract: &ContractSnapshot,
    sync: &SyncSettings,
    keys: &SyncKeys,
) -> impl Iterator<Item = (LinkMethod, LinkToken)> {
    let method = [LinkMethod::ParticipantCustomId, LinkMethod::DataField].into_iter();
    let texts =
        method.flat_map(|method| texts(method, contract, sync).into_iter().map(move |text| (method, text)));
    texts.filter_map(|(method, text)| Some((method, LinkToken::verify(text, keys)?.ok()?)))
}

/// Whether the candidate who is bound needs no other word: it is noted by what, or proven. What an earlier version has bound, it may
/// have bound by an address that it asked nothing more of.
pub(crate) fn is_confirmed(contract: &ContractSnapshot, entry: &LedgerEntry, keys: &SyncKeys) -> bool {
    let bound = entry.candidate.as_ref();
    bound.is_some_and(|bound| entry.linked_by.is_some() || proof(contract, entry, bound, keys).is_some())
}

/// Checks a candidate found by address against the one that is bound.
pub(crate) fn check_known(entry: &LedgerEntry, candidate: &CandidateSnapshot) -> Result<(), Reason> {
    match &entry.candidate {
        Some(known) if *known != candidate.id => Err(Reason::LinkDisagrees),
        Some(_) | None => Ok(()),
    }
}

/// Checks a token against the creation it names: it must not have been moved from another contract.
///
/// A token does not say which contract it is in, so only a ledger that knows the contract of the creation can tell. One that
/// knows nothing of it may have been lost. One that knows of an intent may never have heard the answer. And one that takes
/// the creation for released may be a copy from before another try: no contract carries the token unless that try, or the
/// refused one after all, has made it. In each case the token is signed, and it is followed.
pub(crate) fn check_creation(
    contract: ContractId,
    token: &LinkToken,
    creation: Option<&Creation>,
) -> Result<(), Reason> {
    match creation {
        Some(Creation::Created { contract: created, .. }) if *created != contract => {
            Err(Reason::LinkOfAnotherContract)
        }
        Some(creation) if *creation.candidate() != token.candidate => Err(Reason::LinkDisagrees),
        Some(_) | None => Ok(()),
    }
}
