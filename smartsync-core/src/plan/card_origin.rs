//! Who put the present value on the card: the sync itself, through whichever contract, or a person.

use oneflow_client::ContractId;

use crate::{
    ledger::{CardField, Digest, FieldDigests},
    value::FieldValue,
};

/// Where the card's present value comes from, as far as the ledger can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardOrigin {
    /// The base alone says whether a person has changed it.
    Unknown,
    /// The sync itself has put it there, through this contract or another one.
    Ours,
    /// A write was cut off, and the card holds what it held before, or what such a write was to put there: either nobody has
    /// touched it, or a person has put it back.
    CutOff,
    /// A person has changed it after a write that was cut off had been begun. The contract still holds what was to be written.
    NewerThanContract,
    /// The same, and the contract has changed since as well.
    BothMoved,
}

/// Where the card's `now` comes from, for a contract that holds `contract_value` and not the same.
pub(crate) fn card_origin(
    known: Option<&CardField>,
    contract: ContractId,
    digests: &FieldDigests<'_>,
    contract_value: Option<&FieldValue>,
    now: Option<&FieldValue>,
) -> CardOrigin {
    let Some(known) = known else {
        return CardOrigin::Unknown;
    };
    let is = |digest: &Digest, value| digests.is_of(digest, value) == Some(true);
    let own = known.attempt(contract);
    if own.is_some_and(|own| is(&own.value, now)) {
        return CardOrigin::Ours;
    }
    let mut of_others = known.attempts.iter().filter(|attempt| attempt.contract != contract);
    let is_uncertain = own.is_some_and(|own| is(&own.seen, now))
        || known.late.iter().any(|late| is(late, now))
        || of_others.clone().any(|attempt| is(&attempt.value, now));
    match own {
        _ if is_uncertain => CardOrigin::CutOff,
        // Another contract has written since: a value of ours that was older was forgotten when this write was begun.
        Some(_) if known.ours.as_ref().is_some_and(|ours| is(ours, now)) => CardOrigin::Ours,
        Some(own) if is(&own.value, contract_value) => CardOrigin::NewerThanContract,
        Some(_) => CardOrigin::BothMoved,
        None if !is_ours(known, digests, now) => CardOrigin::Unknown,
        // Another contract was about to write over it: a person may have put it back. A person's value does not become
        // uncertain by that, though: it stays one, whether it was written over or not.
        None if of_others.any(|attempt| is(&attempt.seen, now)) => CardOrigin::CutOff,
        None => CardOrigin::Ours,
    }
}

/// Whether the sync itself has put `value` on the card, or has tried to.
pub(crate) fn is_ours(known: &CardField, digests: &FieldDigests<'_>, value: Option<&FieldValue>) -> bool {
    let attempts = known.attempts.iter().map(|attempt| &attempt.value);
    let mut ours = known.ours.iter().chain(attempts).chain(&known.late);
    ours.any(|digest| digests.is_of(digest, value) == Some(true))
}
