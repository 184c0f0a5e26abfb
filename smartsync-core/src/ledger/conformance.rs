//! What every ledger must do, as a check that a host runs on its own.

use std::{collections::BTreeSet, fmt, future::poll_fn, sync::Arc, task::Poll};

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde_json::json;
use teamtailor_client::CandidateId;

use super::{
    Ledger, LedgerError, card_entry::CardEntry, digest::Digest, entry::Creation, entry::LedgerEntry,
    ledger_change::LedgerChange, overwrites::Overwrites, overwrites::Places, overwrites::Updated,
    request_id::RequestId,
};

/// Declares the rules, each with its sentence.
macro_rules! rules {
    ( $( $variant:ident = $sentence:literal, )+ ) => {
        /// A rule of [`Ledger`]. `Display` is its sentence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum LedgerRule {
            $( #[doc = $sentence] $variant, )+
        }

        impl LedgerRule {
            /// All of them.
            pub const ALL: &[Self] = &[ $( Self::$variant, )+ ];
        }

        impl fmt::Display for LedgerRule {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $( Self::$variant => $sentence, )+
                })
            }
        }
    };
}

rules! {
    NeverFails = "no operation fails while the store works",
    BeginsEmpty = "an unknown contract or card has the default entry, an unknown creation is `None`, no overwrite is counted, and nobody is forgotten",
    KeepsEntriesWhole = "`load` returns the whole entry as `update` left it",
    ReplacesEntries = "`update` replaces the whole entry: whatever the new one lacks is gone",
    KeepsContractsApart = "changing the entry of one contract does not affect other contracts",
    KeepsCardsWhole = "`load_card` returns the whole entry of a card as `update` left it",
    KeepsCardsApart = "changing the entry of one card does not affect other cards",
    GivesWhatIsThere = "`update` passes to the change what `load` and `load_card` would return",
    UpdatesOneByOne = "concurrent updates are serialised",
    CountsOverwrites = "`update` counts overwrites across all contracts and candidates, and `load_overwrites` returns the count",
    KeepsToTheLimit = "`update` returns what the change returned, and changes nothing once a limit is reached, even by concurrent updates",
    KeepsCreationsWhole = "`load_creation` returns the whole creation that was saved last",
    KeepsRequestsApart = "request ids that differ in one letter, or only in case, name different creations",
    ListsContracts = "`contracts_of` lists each contract whose entry names the candidate exactly once, and no others",
    ErasesEntries = "`forget` erases every entry that names the candidate",
    ErasesCards = "`forget` erases the entry of the candidate's card",
    ErasesCreations = "`forget` erases every creation that names the candidate, whatever its state",
    SparesOthers = "`forget` does not affect other candidates",
    LeavesTombstone = "`is_forgotten` is true for every forgotten candidate, whether seen before or not, and for nobody else",
    ForgetsTwice = "forgetting a candidate again changes nothing",
    StaysForgotten = "an update or a creation for a forgotten candidate succeeds but stores nothing",
    SurvivesReopening = "what was acknowledged is still there after the ledger is reopened",
}

/// The rule that a ledger breaks.
#[derive(Debug, thiserror::Error)]
#[error("the ledger breaks a rule: {rule}")]
#[non_exhaustive]
pub struct LedgerFault {
    /// The rule.
    pub rule: LedgerRule,
    /// What the ledger said, if it failed.
    pub source: Option<LedgerError>,
}

impl From<LedgerRule> for LedgerFault {
    fn from(rule: LedgerRule) -> Self {
        Self { rule, source: None }
    }
}

impl From<LedgerError> for LedgerFault {
    fn from(error: LedgerError) -> Self {
        Self { rule: LedgerRule::NeverFails, source: Some(error) }
    }
}

/// Checks a ledger against every rule of [`Ledger`], in a test of the host's own.
///
/// `open` opens the ledger over one store, which is empty at the first call. It is called again, after the previous
/// ledger is dropped, to see that what was acknowledged is still there.
///
/// # Errors
///
/// [`LedgerFault`] names the first rule that is broken.
///
/// ```
/// use std::sync::Arc;
/// use smartsync_core::{Ledger, MemoryLedger, ledger::ledger_conformance};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// // A real one would open the same file or database in each call.
/// let store = Arc::new(MemoryLedger::new());
/// ledger_conformance(async || store.clone() as Arc<dyn Ledger>).await
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn ledger_conformance(open: impl AsyncFn() -> Arc<dyn Ledger>) -> Result<(), LedgerFault> {
    let samples = Samples::new()?;
    let ledger = open().await;
    samples.begins_empty(&*ledger).await?;
    samples.keeps_entries(&*ledger).await?;
    samples.keeps_cards(&*ledger).await?;
    samples.changes_what_is_there(&*ledger).await?;
    samples.counts_overwrites(&*ledger).await?;
    samples.keeps_creations(&*ledger).await?;
    samples.lists_contracts(&*ledger).await?;
    drop(ledger);

    let ledger = open().await;
    survives(samples.holds_entries(&*ledger).await)?;
    survives(samples.holds_cards(&*ledger).await)?;
    survives(samples.holds_overwrites(&*ledger).await)?;
    survives(samples.holds_creations(&*ledger).await)?;
    survives(samples.lists(&*ledger).await)?;
    samples.forgets(&*ledger).await?;
    drop(ledger);

    let ledger = open().await;
    survives(samples.is_erased(&*ledger).await)?;
    survives(samples.spares_others(&*ledger).await)?;
    samples.stays_forgotten(&*ledger).await?;
    drop(ledger);

    survives(samples.is_erased(&*open().await).await)
}

/// A check that passed before the ledger was opened again.
fn survives(result: Result<(), LedgerFault>) -> Result<(), LedgerFault> {
    breaks(LedgerRule::SurvivesReopening, result)
}

fn hold(condition: bool, rule: LedgerRule) -> Result<(), LedgerFault> {
    if condition { Ok(()) } else { Err(rule.into()) }
}

/// How many values may be overwritten in an hour.
const MOST: u32 = 6;

/// Contracts, creations and candidates whose ids begin alike.
struct Samples {
    /// Who is forgotten: two contracts, and a creation in each state.
    leaving: CandidateId,
    /// Who stays.
    staying: CandidateId,
    /// Forgotten without ever having been seen.
    unseen: CandidateId,
    /// Whose card is changed with an entry that names nobody.
    nameless: CandidateId,
    entries: Vec<(ContractId, LedgerEntry)>,
    cards: Vec<(CandidateId, CardEntry)>,
    creations: Vec<(RequestId, Creation)>,
}

impl Samples {
    fn new() -> Result<Self, LedgerFault> {
        let (leaving, staying, unseen) =
            (CandidateId::from("4711"), CandidateId::from("47110"), CandidateId::from("471"));
        let bases = json!({
            "oneflow-city": "v1:0a1b2c3d:00ff", "": "v1:0a1b2c3d:00fe", "a \"quoted\" / key: \u{e5}": "v1:0a1b2c3d:00fd"
        });
        let entry = |value| serde_json::from_value::<LedgerEntry>(value).map_err(LedgerError::new);
        let card = |field: u32| {
            let attempt =
                json!({ "contract": 9001, "seen": "v1:0a1b2c3d:00fa", "value": "v1:0a1b2c3d:00fb" });
            let known =
                json!({ "ours": "v1:0a1b2c3d:00ff", "attempts": [attempt], "late": ["v1:0a1b2c3d:00fc"] });
            let fields = json!({ format!("custom:{field}"): known, "email": { "ours": "v1:0a1b2c3d:00fe" } });
            serde_json::from_value::<CardEntry>(json!({ "fields": fields })).map_err(LedgerError::new)
        };
        let request = |name: &str| name.parse::<RequestId>().map_err(LedgerError::new);
        let template = 88.into();
        let creations = [
            ("hire-1", Creation::Intended { candidate: leaving.clone(), template }),
            ("hire-10", Creation::Released { candidate: leaving.clone(), template }),
            ("HIRE-1", Creation::Created { candidate: leaving.clone(), contract: 9001.into() }),
            ("hire-2", Creation::Intended { candidate: staying.clone(), template }),
            ("hire-2.", Creation::Released { candidate: staying.clone(), template }),
            ("..", Creation::Created { candidate: staying.clone(), contract: 900.into() }),
        ];
        let creations = creations.into_iter().map(|(name, creation)| Ok((request(name)?, creation)));
        Ok(Self {
            entries: vec![
                (
                    9001.into(),
                    entry(
                        json!({ "candidate": leaving, "bases": bases, "document": { "uploaded": { "upload": "77" } } }),
                    )?,
                ),
                (9002.into(), entry(json!({ "candidate": leaving }))?),
                (900.into(), entry(json!({ "candidate": staying, "bases": bases }))?),
                (90010.into(), entry(json!({ "bases": { "oneflow-city": "v1:0a1b2c3d:00ff" } }))?),
            ],
            cards: vec![(leaving.clone(), card(31)?), (staying.clone(), card(310)?), ("47".into(), card(3)?)],
            nameless: "47".into(),
            creations: creations.collect::<Result<_, LedgerError>>()?,
            leaving,
            staying,
            unseen,
        })
    }

    async fn begins_empty(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, _) in &self.entries {
            hold(ledger.load(*contract).await? == LedgerEntry::default(), LedgerRule::BeginsEmpty)?;
        }
        for (request, _) in &self.creations {
            hold(ledger.load_creation(request).await?.is_none(), LedgerRule::BeginsEmpty)?;
        }
        for candidate in [&self.leaving, &self.staying, &self.unseen] {
            hold(ledger.load_card(candidate).await? == CardEntry::default(), LedgerRule::BeginsEmpty)?;
            hold(!ledger.is_forgotten(candidate).await?, LedgerRule::BeginsEmpty)?;
            hold(ledger.contracts_of(candidate).await?.is_empty(), LedgerRule::BeginsEmpty)?;
        }
        hold(ledger.load_overwrites().await? == Overwrites::default(), LedgerRule::BeginsEmpty)
    }

    /// Stores the entry of a contract, and with it the entry of the card that it names.
    async fn put(
        &self,
        ledger: &dyn Ledger,
        contract: ContractId,
        entry: &LedgerEntry,
    ) -> Result<(), LedgerFault> {
        let (candidate, card) = self.card_of(entry);
        done(ledger.update(&LedgerChange::set(contract, candidate.clone(), entry.clone(), card)).await?)
    }

    /// The candidate of an entry, and the entry of the card.
    fn card_of<'a>(&'a self, entry: &'a LedgerEntry) -> (&'a CandidateId, CardEntry) {
        let candidate = entry.candidate.as_ref().unwrap_or(&self.nameless);
        let card = self.cards.iter().find(|(known, _)| known == candidate);
        (candidate, card.map(|(_, card)| card.clone()).unwrap_or_default())
    }

    async fn keeps_cards(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, entry) in &self.entries {
            self.put(ledger, *contract, entry).await?;
            let (candidate, card) = self.card_of(entry);
            hold(ledger.load_card(candidate).await? == card, LedgerRule::KeepsCardsWhole)?;
        }
        breaks(LedgerRule::KeepsCardsApart, self.holds_cards(ledger).await)?;
        let Some((contract, entry)) = self.entries.first() else { return Ok(()) };
        let change = |card| LedgerChange::set(*contract, self.leaving.clone(), entry.clone(), card);
        done(ledger.update(&change(CardEntry::default())).await?)?;
        hold(ledger.load_card(&self.leaving).await? == CardEntry::default(), LedgerRule::KeepsCardsWhole)?;
        self.put(ledger, *contract, entry).await?;
        breaks(LedgerRule::KeepsCardsApart, self.holds_cards(ledger).await)
    }

    async fn holds_cards(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (candidate, card) in &self.cards {
            hold(ledger.load_card(candidate).await? == *card, LedgerRule::KeepsCardsWhole)?;
        }
        Ok(())
    }

    /// Changes what is stored, several times at once, and restores it.
    async fn changes_what_is_there(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        let Some((contract, entry)) = self.entries.first() else { return Ok(()) };
        let digest: Digest = serde_json::from_value(json!("v1:0a1b2c3d:00f0")).map_err(LedgerError::new)?;
        let change = |number: u32| {
            LedgerChange::new(*contract, self.leaving.clone())
                .base(&format!("field-{number}"), digest.clone())
                .put(format!("custom:{number}"), digest.clone())
        };
        let (mut expected, mut card) = (entry.clone(), ledger.load_card(&self.leaving).await?);
        let changes: Vec<LedgerChange> = (0..8).map(change).collect();
        if let Some(first) = changes.first() {
            first.apply_parts(&mut expected, &mut card);
            done(ledger.update(first).await?)?;
        }
        let holds = async |rule, expected: &LedgerEntry, card: &CardEntry| {
            hold(ledger.load(*contract).await? == *expected, rule)?;
            hold(ledger.load_card(&self.leaving).await? == *card, rule)
        };
        holds(LedgerRule::GivesWhatIsThere, &expected, &card).await?;
        changes.iter().for_each(|change| change.apply_parts(&mut expected, &mut card));
        at_once(changes.iter().map(|change| ledger.update(change))).await?.into_iter().try_for_each(done)?;
        holds(LedgerRule::UpdatesOneByOne, &expected, &card).await?;
        self.put(ledger, *contract, entry).await
    }

    /// Reserves overwrites for contracts of several candidates, one after the other and at once, and gives one back.
    async fn counts_overwrites(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        let at = |count| Places { count, at: Timestamp::UNIX_EPOCH, limit: Some(MOST) };
        let of = |number: usize| {
            let (contract, entry) = &self.entries[number % self.entries.len()];
            LedgerChange::new(*contract, self.card_of(entry).0.clone())
        };
        let counts = LedgerRule::CountsOverwrites;
        for number in 0..2 {
            hold(ledger.update(&of(number).take(Some(at(2)))).await? == Updated::Done, counts)?;
        }
        hold(ledger.update(&of(2).give_back(at(1))).await? == Updated::Done, counts)?;
        hold(ledger.load_overwrites().await?.in_the_hour_before(Timestamp::UNIX_EPOCH) == 3, counts)?;
        // Each would also change the entry of its contract.
        let digest: Digest = serde_json::from_value(json!("v1:0a1b2c3d:00f0")).map_err(LedgerError::new)?;
        let field = |number: usize| format!("overwrites-{number}");
        let changes: Vec<LedgerChange> =
            (0..8).map(|number| of(number).take(Some(at(1))).base(&field(number), digest.clone())).collect();
        let ended = at_once(changes.iter().map(|change| ledger.update(change))).await?;
        let mut granted = 0;
        for (number, (change, updated)) in changes.iter().zip(ended).enumerate() {
            granted += u32::from(updated == Updated::Done);
            let is_changed = ledger.load(change.contract()).await?.bases.contains_key(&field(number));
            hold(is_changed == (updated == Updated::Done), LedgerRule::KeepsToTheLimit)?;
        }
        hold(granted == MOST - 3, LedgerRule::KeepsToTheLimit)?;
        breaks(counts, self.holds_overwrites(ledger).await)?;
        for (contract, entry) in &self.entries {
            self.put(ledger, *contract, entry).await?;
        }
        breaks(counts, self.holds_overwrites(ledger).await)
    }

    async fn holds_overwrites(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        let expected: Overwrites =
            serde_json::from_value(json!({ "minutes": { "0": MOST } })).map_err(LedgerError::new)?;
        hold(ledger.load_overwrites().await? == expected, LedgerRule::CountsOverwrites)
    }

    async fn keeps_entries(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, entry) in &self.entries {
            self.put(ledger, *contract, entry).await?;
            hold(ledger.load(*contract).await? == *entry, LedgerRule::KeepsEntriesWhole)?;
        }
        // One base fewer, another candidate, nothing at all, and the first entry again.
        let Some((contract, entry)) = self.entries.first() else { return Ok(()) };
        let mut fewer = entry.clone();
        fewer.bases.remove("oneflow-city");
        let mut moved = fewer.clone();
        moved.candidate = Some(self.staying.clone());
        for changed in [&fewer, &moved, &LedgerEntry::default(), entry] {
            self.put(ledger, *contract, changed).await?;
            hold(ledger.load(*contract).await? == *changed, LedgerRule::ReplacesEntries)?;
        }
        breaks(LedgerRule::KeepsContractsApart, self.holds_entries(ledger).await)
    }

    async fn holds_entries(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, entry) in &self.entries {
            hold(ledger.load(*contract).await? == *entry, LedgerRule::KeepsEntriesWhole)?;
        }
        Ok(())
    }

    async fn keeps_creations(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (request, creation) in &self.creations {
            // Through every state that a creation may have been in before.
            for (_, other) in
                self.creations.iter().filter(|(_, other)| other.candidate() == creation.candidate())
            {
                ledger.save_creation(request, other).await?;
            }
            ledger.save_creation(request, creation).await?;
            let kept = ledger.load_creation(request).await?;
            hold(kept.as_ref() == Some(creation), LedgerRule::KeepsCreationsWhole)?;
        }
        breaks(LedgerRule::KeepsRequestsApart, self.holds_creations(ledger).await)
    }

    async fn holds_creations(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (request, creation) in &self.creations {
            let kept = ledger.load_creation(request).await?;
            hold(kept.as_ref() == Some(creation), LedgerRule::KeepsCreationsWhole)?;
        }
        Ok(())
    }

    async fn lists_contracts(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        self.lists(ledger).await?;
        // An entry that is reassigned to another candidate, and back.
        let Some((contract, entry)) = self.entries.first() else { return Ok(()) };
        let mut moved = entry.clone();
        moved.candidate = Some(self.staying.clone());
        self.put(ledger, *contract, &moved).await?;
        let old = ledger.contracts_of(&self.leaving).await?;
        let new = ledger.contracts_of(&self.staying).await?;
        hold(!old.contains(contract) && new.contains(contract), LedgerRule::ListsContracts)?;
        self.put(ledger, *contract, entry).await?;
        self.lists(ledger).await
    }

    async fn lists(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for candidate in [&self.leaving, &self.staying, &self.unseen] {
            let entries =
                self.entries.iter().filter(|(_, entry)| entry.candidate.as_ref() == Some(candidate));
            let expected: BTreeSet<ContractId> = entries.map(|(contract, _)| *contract).collect();
            let listed = ledger.contracts_of(candidate).await?;
            let is_each_once = listed.len() == expected.len();
            hold(
                is_each_once && listed.into_iter().collect::<BTreeSet<_>>() == expected,
                LedgerRule::ListsContracts,
            )?;
        }
        Ok(())
    }

    async fn forgets(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for candidate in [&self.leaving, &self.unseen] {
            ledger.forget(candidate).await?;
        }
        self.is_erased(ledger).await?;
        self.spares_others(ledger).await?;
        ledger.forget(&self.leaving).await?;
        breaks(LedgerRule::ForgetsTwice, self.is_erased(ledger).await)?;
        breaks(LedgerRule::ForgetsTwice, self.spares_others(ledger).await)
    }

    async fn is_erased(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, _) in
            self.entries.iter().filter(|(_, entry)| entry.candidate.as_ref() == Some(&self.leaving))
        {
            hold(ledger.load(*contract).await? == LedgerEntry::default(), LedgerRule::ErasesEntries)?;
        }
        hold(ledger.contracts_of(&self.leaving).await?.is_empty(), LedgerRule::ErasesEntries)?;
        hold(ledger.load_card(&self.leaving).await? == CardEntry::default(), LedgerRule::ErasesCards)?;
        for (request, _) in
            self.creations.iter().filter(|(_, creation)| *creation.candidate() == self.leaving)
        {
            hold(ledger.load_creation(request).await?.is_none(), LedgerRule::ErasesCreations)?;
        }
        for candidate in [&self.leaving, &self.unseen] {
            hold(ledger.is_forgotten(candidate).await?, LedgerRule::LeavesTombstone)?;
        }
        hold(!ledger.is_forgotten(&self.staying).await?, LedgerRule::LeavesTombstone)
    }

    async fn spares_others(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, entry) in
            self.entries.iter().filter(|(_, entry)| entry.candidate.as_ref() != Some(&self.leaving))
        {
            hold(ledger.load(*contract).await? == *entry, LedgerRule::SparesOthers)?;
        }
        for (candidate, card) in self.cards.iter().filter(|(candidate, _)| *candidate != self.leaving) {
            hold(ledger.load_card(candidate).await? == *card, LedgerRule::SparesOthers)?;
        }
        for (request, creation) in
            self.creations.iter().filter(|(_, creation)| *creation.candidate() != self.leaving)
        {
            hold(ledger.load_creation(request).await?.as_ref() == Some(creation), LedgerRule::SparesOthers)?;
        }
        Ok(())
    }

    async fn stays_forgotten(&self, ledger: &dyn Ledger) -> Result<(), LedgerFault> {
        for (contract, entry) in &self.entries {
            self.put(ledger, *contract, entry).await?;
        }
        for (request, creation) in &self.creations {
            ledger.save_creation(request, creation).await?;
        }
        let places = Places { count: 1, at: Timestamp::UNIX_EPOCH, limit: None };
        let change = LedgerChange::new(ContractId::new(9001), self.leaving.clone()).take(Some(places));
        hold(ledger.update(&change).await? == Updated::Done, LedgerRule::StaysForgotten)?;
        breaks(LedgerRule::StaysForgotten, self.holds_overwrites(ledger).await)?;
        breaks(LedgerRule::StaysForgotten, self.is_erased(ledger).await)?;
        self.spares_others(ledger).await
    }
}

/// Polls all of them until all have ended, so that each is under way while the others are.
async fn at_once<'a>(
    updates: impl Iterator<Item = impl Future<Output = Result<Updated, LedgerError>> + 'a>,
) -> Result<Vec<Updated>, LedgerError> {
    let mut updates: Vec<_> = updates.map(|update| (Some(Box::pin(update)), Updated::Done)).collect();
    poll_fn(|context| {
        for (update, ended) in &mut updates {
            match update.as_mut().map(|update| update.as_mut().poll(context)) {
                Some(Poll::Ready(Ok(updated))) => (*update, *ended) = (None, updated),
                Some(Poll::Ready(Err(error))) => return Poll::Ready(Err(error)),
                Some(Poll::Pending) | None => {}
            }
        }
        if updates.iter().all(|(update, _)| update.is_none()) { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await?;
    Ok(updates.into_iter().map(|(_, ended)| ended).collect())
}

/// No limit is reached where nothing is overwritten.
fn done(updated: Updated) -> Result<(), LedgerFault> {
    hold(updated == Updated::Done, LedgerRule::KeepsToTheLimit)
}

/// A check that shows, where it fails, that another rule is broken.
fn breaks(rule: LedgerRule, result: Result<(), LedgerFault>) -> Result<(), LedgerFault> {
    result.map_err(|fault| if fault.source.is_some() { fault } else { rule.into() })
}
