//! Where a contract stands: its last look, kept as one row, so that nobody has to search the looks for it.

use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use teamtailor_client::CandidateId;

use super::{
    look::{Action, Look, Occasion, Trigger},
    rows::{of_words, words},
};
use crate::store::{
    inbox::instant,
    item::{Item, Subject},
    known::becomes_known,
    tenant::Tenant,
};

/// Where a contract stands, by its last look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Standing {
    /// The contract.
    pub contract: ContractId,
    /// The candidate, by the last look that found one.
    pub candidate: Option<CandidateId>,
    /// When the last look began.
    pub looked_at: Timestamp,
    /// Why.
    #[serde(serialize_with = "name")]
    pub trigger: Trigger,
    /// The state of the contract when it was last read.
    pub state: Option<String>,
    /// When the contract had changed last when it was last read, by Oneflow's clock.
    pub last_change: Option<Timestamp>,
    /// How many fields ended so, in the last look that did not fail as a whole.
    pub fields: Counts,
    /// How the document ended in it, and why.
    pub document: Option<(String, Option<String>)>,
    /// The codes of what is left: of fields, of the document, or of a look that failed as a whole.
    pub reasons: Vec<String>,
    /// Since when an agreed value is not on the card.
    pub drifts_since: Option<Timestamp>,
    /// When a person has dropped it from the parked ones, to be left alone until it changes.
    pub left_alone_since: Option<Timestamp>,
    /// The template type of the contract, by the last look that read it.
    pub template_type: Option<TemplateTypeId>,
}

/// What the last look at a contract saw, and whether a pass over all contracts leaves it to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a journal makes it")]
pub struct Seen {
    /// When the look began.
    pub at: Timestamp,
    /// When the contract had changed last, by Oneflow's clock, if it was read and said so.
    pub last_change: Option<Timestamp>,
    /// Since when a person has to see to it (it is parked), or has said to leave it alone. A pass looks at it again once it has changed since.
    pub set_aside: Option<Timestamp>,
}

impl Seen {
    /// By where a contract stands, and when it was parked, if it is. What was parked was looked at, also where nobody knows any more what the look
    /// saw. `None`: it was never looked at.
    #[must_use]
    pub fn of(standing: Option<&Standing>, parked_at: Option<Timestamp>) -> Option<Self> {
        let at = standing.map(|standing| standing.looked_at);
        // It may have changed while the last look at it failed.
        let parked_since = parked_at.map(|parked| at.map_or(parked, |at| at.min(parked)));
        Some(Self {
            at: at.or(parked_at)?,
            last_change: standing.and_then(|standing| standing.last_change),
            set_aside: parked_since.or(standing.and_then(|standing| standing.left_alone_since)),
        })
    }
}

/// How many fields ended so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// The contract's value was written.
    pub written: u32,
    /// Both sides held the same.
    pub unchanged: u32,
    /// Somebody has to decide, or something has to be put right.
    pub held: u32,
    /// There was nothing to write.
    pub skipped: u32,
    /// It could not be written.
    pub failed: u32,
}

fn name<S: serde::Serializer>(trigger: &Trigger, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(trigger.as_str())
}

impl Counts {
    fn of(look: &Look) -> Self {
        let mut counts = Self::default();
        for field in &look.fields {
            let count = match field.outcome.as_str() {
                "written" => &mut counts.written,
                "unchanged" => &mut counts.unchanged,
                "held" => &mut counts.held,
                "skipped" => &mut counts.skipped,
                _ => &mut counts.failed,
            };
            *count += 1;
        }
        counts
    }
}

impl Standing {
    /// Where the contract of a look stands after it. A look that failed as a whole has seen nothing: it leaves the fields, the document and
    /// the drift as they were. What [is no look](Look::is_look) leaves everything, save that a contract that was dropped is left alone from then on: until
    /// a look reads that it has changed, or a person asks for one. `None`: it was never looked at.
    ///
    /// A journal does not ask this of a look that was overtaken ([`Journal::record`](super::Journal::record)).
    #[must_use]
    pub fn after(before: Option<Self>, look: &Look) -> Option<Self> {
        if look.is_look() {
            return Some(Self::after_look(before, look));
        }
        let mut standing = before?;
        if look.action == Some(Action::Dropped) {
            standing.left_alone_since = Some(look.occasion.at);
        }
        Some(standing)
    }

    fn is_left_alone_after(&self, look: &Look) -> bool {
        let is_unchanged = look.drifts.is_none() || look.last_change == self.last_change;
        is_unchanged && look.occasion.trigger != Trigger::ByHand
    }

    fn after_look(before: Option<Self>, look: &Look) -> Self {
        let Occasion { contract, trigger, at, .. } = look.occasion;
        let reasons = look.reasons().into_iter().map(str::to_owned).collect();
        let left_alone_since = before
            .as_ref()
            .filter(|before| before.is_left_alone_after(look))
            .and_then(|before| before.left_alone_since);
        let Some(drifts) = look.drifts else {
            return match before {
                Some(before) => Self { looked_at: at, trigger, reasons, left_alone_since, ..before },
                None => Self {
                    contract,
                    candidate: None,
                    looked_at: at,
                    trigger,
                    state: None,
                    last_change: None,
                    fields: Counts::default(),
                    document: None,
                    reasons,
                    drifts_since: None,
                    left_alone_since,
                    template_type: None,
                },
            };
        };
        let drifted_since = before.and_then(|before| before.drifts_since);
        Self {
            contract,
            candidate: look.candidate.clone(),
            looked_at: at,
            trigger,
            state: look.state.clone(),
            last_change: look.last_change,
            fields: Counts::of(look),
            document: look.document.clone(),
            reasons,
            drifts_since: drifts.then(|| drifted_since.unwrap_or(at)),
            left_alone_since,
            template_type: look.template_type,
        }
    }
}

/// Notes where a contract stands.
pub(super) fn note(tx: &Connection, tenant: &Tenant, after: &Standing) -> rusqlite::Result<()> {
    let (document, document_reason) = after.document.as_ref().map(|(end, why)| (end, why.as_ref())).unzip();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO standing (tenant, contract_id, candidate_id, looked_at, cause, failures, state,
             written, unchanged, held, skipped, failed, document, document_reason, reasons, drifts_since, last_change,
             left_alone_since, template_type)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )?
    .execute(params![
        tenant,
        after.contract.get(),
        after.candidate.as_ref().map(CandidateId::as_str),
        after.looked_at.as_millisecond(),
        after.trigger.as_str(),
        after.trigger.failures(),
        after.state,
        after.fields.written,
        after.fields.unchanged,
        after.fields.held,
        after.fields.skipped,
        after.fields.failed,
        document,
        document_reason.flatten(),
        words(&after.reasons),
        after.drifts_since.map(Timestamp::as_millisecond),
        after.last_change.map(Timestamp::as_millisecond),
        after.left_alone_since.map(Timestamp::as_millisecond),
        after.template_type.map(TemplateTypeId::get),
    ])?;
    let item = Item::of(tenant.clone(), Subject::Contract(after.contract));
    if after.state.is_some() { becomes_known(tx, &item) } else { Ok(()) }
}

/// Where a contract stands; `None` if it was never looked at.
pub(super) fn standing(
    tx: &Connection,
    tenant: &Tenant,
    contract: ContractId,
) -> rusqlite::Result<Option<Standing>> {
    tx.prepare_cached("SELECT * FROM standing WHERE tenant = ?1 AND contract_id = ?2")?
        .query_row(params![tenant, contract.get()], of_row)
        .optional()
}

/// Where the contract of a row stands.
pub(crate) fn of_row(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let cause: String = row.get("cause")?;
    let document: Option<String> = row.get("document")?;
    let reason: Option<String> = row.get("document_reason")?;
    Ok(Standing {
        contract: ContractId::new(row.get("contract_id")?),
        candidate: row.get::<_, Option<String>>("candidate_id")?.map(CandidateId::from),
        looked_at: instant(row.get("looked_at")?),
        trigger: Trigger::of_row(&cause, row.get("failures")?),
        state: row.get("state")?,
        last_change: row.get::<_, Option<i64>>("last_change")?.map(instant),
        fields: Counts {
            written: row.get("written")?,
            unchanged: row.get("unchanged")?,
            held: row.get("held")?,
            skipped: row.get("skipped")?,
            failed: row.get("failed")?,
        },
        document: document.map(|document| (document, reason)),
        reasons: of_words(&row.get::<_, String>("reasons")?),
        drifts_since: row.get::<_, Option<i64>>("drifts_since")?.map(instant),
        left_alone_since: row.get::<_, Option<i64>>("left_alone_since")?.map(instant),
        template_type: row.get::<_, Option<i64>>("template_type")?.map(TemplateTypeId::new),
    })
}
