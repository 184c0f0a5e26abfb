//! The check of a ledger passes a sound one, and names the rule that a broken one breaks.

#![expect(clippy::wildcard_enum_match_arm, reason = "each place has one or a few of the defects")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, MemoryLedger, RequestId,
    ledger::{CardEntry, Creation, LedgerChange, LedgerRule, Overwrites, Updated, ledger_conformance},
};
use teamtailor_client::CandidateId;

/// What is wrong with a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defect {
    Nothing,
    IsFull,
    MakesUpAnEntry,
    LosesBases,
    LosesTheCandidate,
    MergesBases,
    MixesContracts,
    LosesCards,
    MixesCards,
    BeginsAnew,
    LoadsChangesAndSaves,
    ErasesNoCard,
    LosesCardsWhenClosed,
    KeepsNoCreation,
    KeepsTheFirstCreation,
    KeepsTheCandidateOfACreation,
    FoldsRequestIds,
    ListsNothing,
    ListsOthers,
    ListsTwice,
    ListsByPrefix,
    ListsWhoeverCameFirst,
    ListsOnlyThoseWhoStayed,
    ErasesNoEntry,
    ErasesNoCreation,
    ErasesNoFinishedCreation,
    ErasesEverybody,
    ErasesByPrefix,
    DropsTombstones,
    BuriesOnlyTheKnown,
    BuriesEverybody,
    DigsUpOnTheSecondForgetting,
    BringsEntriesBack,
    BringsCreationsBack,
    RefusesTheForgotten,
    LosesEntriesWhenClosed,
    LosesCreationsWhenClosed,
    LosesTombstonesWhenClosed,
    ForgetsOverwrites,
    CountsEachContractByItself,
    NeverSaysNo,
    ChangesThoughItSaysNo,
    LosesOverwritesWhenClosed,
}

use Defect::*;

#[derive(Debug, Default)]
struct Content {
    entries: BTreeMap<ContractId, LedgerEntry>,
    cards: BTreeMap<CandidateId, CardEntry>,
    creations: BTreeMap<RequestId, Creation>,
    first_candidates: BTreeMap<ContractId, CandidateId>,
    forgotten: BTreeSet<CandidateId>,
    overwrites: Overwrites,
    overwrites_of: BTreeMap<ContractId, Overwrites>,
}

/// A ledger with one defect, over a store that outlives it.
#[derive(Debug)]
struct Broken {
    store: Arc<Mutex<Content>>,
    defect: Defect,
}

impl Broken {
    fn open(store: &Arc<Mutex<Content>>, defect: Defect) -> Self {
        let ledger = Self { store: store.clone(), defect };
        let mut content = ledger.content();
        match defect {
            LosesEntriesWhenClosed => content.entries.clear(),
            LosesCardsWhenClosed => content.cards.clear(),
            LosesCreationsWhenClosed => content.creations.clear(),
            LosesTombstonesWhenClosed => content.forgotten.clear(),
            LosesOverwritesWhenClosed => content.overwrites = Overwrites::default(),
            _ => {}
        }
        drop(content);
        ledger
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.store.lock().unwrap()
    }

    fn has(&self, defect: Defect) -> bool {
        self.defect == defect
    }

    fn contract(&self, contract: ContractId) -> ContractId {
        if self.has(MixesContracts) { 1.into() } else { contract }
    }

    fn candidate(&self, candidate: &CandidateId) -> CandidateId {
        if self.has(MixesCards) { "1".into() } else { candidate.clone() }
    }

    fn request(&self, request: &RequestId) -> RequestId {
        let lower = request.as_str().to_lowercase();
        if self.has(FoldsRequestIds) { lower.parse().unwrap() } else { request.clone() }
    }

    /// Whether what names the candidate is dropped, or even refused.
    fn drops(&self, candidate: Option<&CandidateId>, comes_back: Defect) -> Result<bool, LedgerError> {
        let is_forgotten = candidate.is_some_and(|candidate| self.content().forgotten.contains(candidate));
        if is_forgotten && self.has(RefusesTheForgotten) {
            return Err(LedgerError::new("the candidate was forgotten"));
        }
        Ok(is_forgotten && !self.has(comes_back))
    }
}

#[async_trait]
impl Ledger for Broken {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        let known = self.content().entries.get(&self.contract(contract)).cloned();
        let mut made_up = LedgerEntry::default();
        made_up.candidate = Some("4711".into()).filter(|_| self.has(MakesUpAnEntry));
        Ok(known.unwrap_or(made_up))
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        Ok(self.content().cards.get(&self.candidate(candidate)).cloned().unwrap_or_default())
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        let content = self.content();
        Ok(if self.has(ForgetsOverwrites) { Overwrites::default() } else { content.overwrites.clone() })
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        if self.has(IsFull) {
            return Err(LedgerError::new("no room left"));
        }
        if self.drops(Some(change.candidate()), BringsEntriesBack)? {
            return Ok(Updated::Done);
        }
        let mut entry = self.load(change.contract()).await?;
        let mut card = self.load_card(change.candidate()).await?;
        if self.has(BeginsAnew) {
            (entry, card) = Default::default();
        }
        let before = entry.clone();
        if self.has(LoadsChangesAndSaves) {
            tokio::task::yield_now().await;
        }
        let mut counted = self.content().overwrites.clone();
        if self.has(CountsEachContractByItself) {
            counted = self.content().overwrites_of.get(&change.contract()).cloned().unwrap_or_default();
        }
        let updated = change.apply(&mut entry, &mut card, &mut counted);
        if updated != Updated::Done && self.has(ChangesThoughItSaysNo) {
            change.apply(&mut entry, &mut card, &mut Overwrites::default());
        }
        let (contract, candidate) = (self.contract(change.contract()), self.candidate(change.candidate()));
        let mut content = self.content();
        match self.defect {
            LosesBases => entry.bases.clear(),
            LosesTheCandidate => entry.candidate = None,
            MergesBases => entry.bases.extend(before.bases),
            LosesCards => card = CardEntry::default(),
            _ => {}
        }
        if let Some(candidate) = &entry.candidate {
            content.first_candidates.entry(contract).or_insert_with(|| candidate.clone());
        }
        content.entries.insert(contract, entry);
        content.cards.insert(candidate, card);
        content.overwrites_of.insert(contract, counted.clone());
        content.overwrites = counted;
        Ok(if self.has(NeverSaysNo) { Updated::Done } else { updated })
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        Ok(self.content().creations.get(&self.request(request)).cloned())
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        if self.has(KeepsNoCreation) || self.drops(Some(creation.candidate()), BringsCreationsBack)? {
            return Ok(());
        }
        let request = self.request(request);
        let mut content = self.content();
        let known = content.creations.get(&request).map(Creation::candidate);
        let is_kept = self.has(KeepsTheFirstCreation) && known.is_some()
            || self.has(KeepsTheCandidateOfACreation)
                && known.is_some_and(|known| known != creation.candidate());
        if !is_kept {
            content.creations.insert(request, creation.clone());
        }
        Ok(())
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        let content = self.content();
        let is_its = |(contract, entry): &(&ContractId, &LedgerEntry)| match (&entry.candidate, self.defect) {
            (_, ListsNothing) => false,
            (_, ListsOthers) => true,
            (_, ListsWhoeverCameFirst) => content.first_candidates.get(contract) == Some(candidate),
            (held, ListsOnlyThoseWhoStayed) => {
                held.as_ref() == Some(candidate) && content.first_candidates.get(contract) == Some(candidate)
            }
            (Some(held), ListsByPrefix) => held.as_str().starts_with(candidate.as_str()),
            (held, _) => held.as_ref() == Some(candidate),
        };
        let listed: Vec<_> = content.entries.iter().filter(is_its).map(|(contract, _)| *contract).collect();
        Ok(if self.has(ListsTwice) { [listed.clone(), listed].concat() } else { listed })
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        let mut content = self.content();
        let is_its = |held: &CandidateId| match self.defect {
            ErasesEverybody => true,
            ErasesByPrefix => held.as_str().starts_with(candidate.as_str()),
            _ => held == candidate,
        };
        let is_known = content.entries.values().any(|entry| entry.candidate.as_ref() == Some(candidate));
        let digs_up = self.has(DigsUpOnTheSecondForgetting) && content.forgotten.contains(candidate);
        if !self.has(ErasesNoEntry) {
            content.entries.retain(|_, entry| !entry.candidate.as_ref().is_some_and(is_its));
        }
        if !self.has(ErasesNoCard) {
            content.cards.retain(|held, _| !is_its(held));
        }
        content.creations.retain(|_, creation| {
            let is_finished = matches!(creation, Creation::Created { .. });
            let is_spared = is_finished && self.has(ErasesNoFinishedCreation);
            is_spared || self.has(ErasesNoCreation) || !is_its(creation.candidate())
        });
        if digs_up {
            content.forgotten.remove(candidate);
        } else if !(self.has(DropsTombstones) || self.has(BuriesOnlyTheKnown) && !is_known) {
            content.forgotten.insert(candidate.clone());
        }
        Ok(())
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        let content = self.content();
        let anybody = self.has(BuriesEverybody) && !content.forgotten.is_empty();
        Ok(anybody || content.forgotten.contains(candidate))
    }
}

async fn fault(defect: Defect) -> Option<LedgerRule> {
    let store = Arc::default();
    let open = async || Arc::new(Broken::open(&store, defect)) as Arc<dyn Ledger>;
    ledger_conformance(open).await.err().map(|fault| fault.rule)
}

#[tokio::test]
async fn the_ledger_in_memory_keeps_every_rule() {
    let ledger = Arc::new(MemoryLedger::new());
    ledger_conformance(async || ledger.clone() as Arc<dyn Ledger>).await.unwrap();
}

#[tokio::test]
async fn a_broken_ledger_is_caught_and_the_rule_is_named() {
    assert_eq!(fault(Nothing).await, None, "what is caught below is the defect");
    use LedgerRule::*;
    let table = [
        (IsFull, NeverFails),
        (MakesUpAnEntry, BeginsEmpty),
        (LosesBases, KeepsEntriesWhole),
        (LosesTheCandidate, KeepsEntriesWhole),
        (MergesBases, ReplacesEntries),
        (MixesContracts, KeepsContractsApart),
        (LosesCards, KeepsCardsWhole),
        (MixesCards, KeepsCardsApart),
        (BeginsAnew, GivesWhatIsThere),
        (LoadsChangesAndSaves, UpdatesOneByOne),
        (ErasesNoCard, ErasesCards),
        (LosesCardsWhenClosed, SurvivesReopening),
        (KeepsNoCreation, KeepsCreationsWhole),
        (KeepsTheFirstCreation, KeepsCreationsWhole),
        (FoldsRequestIds, KeepsRequestsApart),
        (ListsNothing, ListsContracts),
        (ListsOthers, ListsContracts),
        (ListsTwice, ListsContracts),
        (ListsByPrefix, ListsContracts),
        (ListsWhoeverCameFirst, ListsContracts),
        (ListsOnlyThoseWhoStayed, ListsContracts),
        (ErasesNoEntry, ErasesEntries),
        (ErasesNoCreation, ErasesCreations),
        (ErasesNoFinishedCreation, ErasesCreations),
        (ErasesEverybody, SparesOthers),
        (ErasesByPrefix, SparesOthers),
        (DropsTombstones, LeavesTombstone),
        (BuriesOnlyTheKnown, LeavesTombstone),
        (BuriesEverybody, LeavesTombstone),
        (DigsUpOnTheSecondForgetting, ForgetsTwice),
        (BringsEntriesBack, StaysForgotten),
        (BringsCreationsBack, StaysForgotten),
        (RefusesTheForgotten, NeverFails),
        (LosesEntriesWhenClosed, SurvivesReopening),
        (LosesCreationsWhenClosed, SurvivesReopening),
        (LosesTombstonesWhenClosed, SurvivesReopening),
        (ForgetsOverwrites, CountsOverwrites),
        (CountsEachContractByItself, CountsOverwrites),
        (NeverSaysNo, KeepsToTheLimit),
        (ChangesThoughItSaysNo, KeepsToTheLimit),
        (LosesOverwritesWhenClosed, SurvivesReopening),
    ];
    let mut caught: Vec<LedgerRule> = Vec::new();
    for (defect, rule) in table {
        assert_eq!(fault(defect).await, Some(rule), "{defect:?}");
        caught.push(rule);
    }
    let all: BTreeSet<_> = caught.into_iter().collect();
    assert_eq!(all.len(), LedgerRule::ALL.len(), "every rule is broken by one of them");
}

#[tokio::test]
async fn a_creation_need_not_change_its_candidate() {
    assert_eq!(fault(KeepsTheCandidateOfACreation).await, None, "the engine refuses such a request id");
}

#[tokio::test]
async fn a_fault_says_the_rule_and_what_the_ledger_said() {
    let store = Arc::default();
    let open = async || Arc::new(Broken::open(&store, IsFull)) as Arc<dyn Ledger>;
    let fault = ledger_conformance(open).await.unwrap_err();
    assert_eq!(
        smartsync_transport::CauseChain(&fault).to_string(),
        "the ledger breaks a rule: no operation fails while the store works: \
         the ledger could not be read or written: no room left"
    );
}
