//! What every implementation of [`Leases`] must do, as a check that a host runs on its own.

use std::time::Duration;

use super::leases::{Lease, Leases};
use crate::ledger::LedgerError;

/// The rule that leases break.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeaseFault {
    /// A free lease is granted.
    #[error("a free lease was not granted")]
    NotGranted,
    /// A lease that somebody has is granted to nobody else.
    #[error("a lease was granted twice")]
    GrantedTwice,
    /// A lease of one name does not affect other names.
    #[error("a lease of one name affects another name")]
    NamesMixed,
    /// Each grant has a mark of its own.
    #[error("two grants have the same mark")]
    MarkRepeated,
    /// Whoever has a lease can renew it, and it lasts then.
    #[error("a lease that is held could not be renewed")]
    NotRenewed,
    /// A lease that has ended, was released or is another's is not renewed.
    #[error("a lease that has ended, was released or is another's was renewed")]
    RenewedAfterEnd,
    /// A lease ends by itself after its time.
    #[error("a lease does not end after its time")]
    NeverEnds,
    /// A released lease is free; releasing one that is another's changes nothing.
    #[error("releasing does not free the lease, or frees another's")]
    NotReleased,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] LedgerError),
}

/// Checks leases against every rule of [`Leases`], in a test of the host's. It waits for nothing: a lease of no time has ended at
/// once.
///
/// # Errors
///
/// [`LeaseFault`] names the first rule that is broken.
pub async fn leases_conformance(leases: &dyn Leases) -> Result<(), LeaseFault> {
    let (hour, none) = (Duration::from_secs(3_600), Duration::ZERO);
    let (name, other) = ("contract:9001", "contract:90010");
    let first = granted(leases, name, hour).await?;
    refused(leases, name).await?;
    let apart = leases.acquire(other, hour).await?.ok_or(LeaseFault::NamesMixed)?;
    hold(leases.renew(&first, hour).await?, LeaseFault::NotRenewed)?;
    refused(leases, name).await?;

    leases.release(&first).await?;
    hold(!leases.renew(&first, hour).await?, LeaseFault::RenewedAfterEnd)?;
    let second = leases.acquire(name, none).await?.ok_or(LeaseFault::NotReleased)?;
    hold(!leases.renew(&second, hour).await?, LeaseFault::RenewedAfterEnd)?;
    let third = leases.acquire(name, hour).await?.ok_or(LeaseFault::NeverEnds)?;
    let marks = [&first.mark, &second.mark, &third.mark];
    hold(marks[0] != marks[1] && marks[1] != marks[2] && marks[0] != marks[2], LeaseFault::MarkRepeated)?;

    // Whoever has lost it neither renews nor releases that of the next.
    hold(!leases.renew(&second, hour).await?, LeaseFault::RenewedAfterEnd)?;
    leases.release(&second).await?;
    hold(leases.renew(&third, hour).await?, LeaseFault::NotReleased)?;
    refused(leases, name).await?;
    // A renewal may shorten it.
    hold(leases.renew(&third, none).await?, LeaseFault::NotRenewed)?;
    let fourth = leases.acquire(name, hour).await?.ok_or(LeaseFault::NeverEnds)?;

    hold(leases.renew(&apart, hour).await?, LeaseFault::NamesMixed)?;
    leases.release(&fourth).await?;
    leases.release(&apart).await?;
    Ok(())
}

fn hold(condition: bool, fault: LeaseFault) -> Result<(), LeaseFault> {
    if condition { Ok(()) } else { Err(fault) }
}

async fn granted(leases: &dyn Leases, name: &str, time: Duration) -> Result<Lease, LeaseFault> {
    leases.acquire(name, time).await?.ok_or(LeaseFault::NotGranted)
}

async fn refused(leases: &dyn Leases, name: &str) -> Result<(), LeaseFault> {
    hold(leases.acquire(name, Duration::from_secs(3_600)).await?.is_none(), LeaseFault::GrantedTwice)
}
