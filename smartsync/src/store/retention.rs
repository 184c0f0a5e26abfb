//! How long the digests of a contract are kept in which nothing changes any more, and how long looks are.

use std::time::Duration;

use oneflow_client::ContractId;
use rusqlite::{Connection, params};
use serde::Deserialize;

use super::tenant::Tenant;

/// `[store] keep_bases`: `"forever"`, or a number of days such as `"730d"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct KeepBases(Option<Duration>);

/// `[server] journal`: `"forever"`, or a number of days such as `"90d"`, which is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct KeepLooks(Option<Duration>);

const DAY: u64 = 24 * 60 * 60;

/// Fewer would retire contracts that are still being signed.
const MIN_DAYS_OF_BASES: u64 = 30;

/// A hundred years, which no sum of times gets into trouble with.
const MAX_DAYS: u64 = 36_500;

/// For so many days at least; `None` for ever.
fn duration(text: &str, min_days: u64) -> Option<Option<Duration>> {
    if text == "forever" {
        return Some(None);
    }
    let days: u64 = text.strip_suffix('d')?.parse().ok()?;
    (min_days..=MAX_DAYS).contains(&days).then(|| Some(Duration::from_secs(days * DAY)))
}

impl KeepBases {
    /// For so long after the last change; `None` for ever.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        self.0
    }
}

impl TryFrom<String> for KeepBases {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        duration(&text, MIN_DAYS_OF_BASES)
            .map(Self)
            .ok_or("write \"forever\", or a number of days after the last change, from \"30d\" to \"36500d\"")
    }
}

impl KeepLooks {
    /// For so long; `None` for ever.
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        self.0
    }
}

impl Default for KeepLooks {
    fn default() -> Self {
        Self(Some(Duration::from_secs(90 * DAY)))
    }
}

impl TryFrom<String> for KeepLooks {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        duration(&text, 1)
            .map(Self)
            .ok_or("write \"forever\", or a number of days, from \"1d\" to \"36500d\"")
    }
}

/// Erases the digests of contracts of a tenant whose entry has not changed for so long, and those of the cards of candidates who have no other. What
/// stays is whose contract it is, the id of its document, and that it is retired: its fields are never written again, since without
/// digests an edit of a recruiter could not be told from what was agreed on. The contract that is about to change is left alone. `now` is in
/// seconds.
pub(crate) fn retire(
    tx: &Connection,
    tenant: &Tenant,
    keep: KeepBases,
    but: ContractId,
    now: i64,
) -> rusqlite::Result<()> {
    let Some(keep) = keep.duration() else { return Ok(()) };
    // Once retired, an entry is passed over until it changes.
    let retired = tx
        .prepare_cached(
            "UPDATE ledger SET changed_at = ?2, entry = json_set(json_remove(entry, '$.bases'), '$.is_retired', json('true'))
             WHERE tenant = ?5 AND changed_at < ?4 - ?1 AND contract_id <> ?3",
        )?
        .execute(params![keep.as_secs().cast_signed(), i64::MAX, but.get(), now, tenant])?;
    if retired > 0 {
        tx.execute(
            "DELETE FROM cards WHERE tenant = ?1 AND candidate_id NOT IN (
                 SELECT entry ->> '$.candidate' FROM ledger
                 WHERE tenant = ?1 AND entry ->> '$.candidate' IS NOT NULL AND entry ->> '$.is_retired' IS NULL)",
            [tenant],
        )?;
    }
    Ok(())
}
