//! The conformance check of the journal notices each fault that one may have.

#![cfg(feature = "test-util")]
#![expect(clippy::wildcard_enum_match_arm, reason = "each operation has a few of the faults")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;
use tokio::task::JoinSet;

use super::{
    item::Item,
    journal::{
        Action, Drift, Journal, LAST_SWEEP, Look, MemoryJournal, NextLook, NotedLook, Occasion, Parked,
        ParkedFilter, Seen, Standing, Status, Trigger,
    },
    journal_conformance::{JournalBench, JournalRule, journal_conformance},
    memory_bench::MemoryBench,
    store_error::StoreError,
    tenant::Tenant,
    work::Intake,
    work_conformance::{OpenedWork, WorkBench, tenants::two_tenants},
};

/// What is wrong with a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    LosesAMember,
    NotesTwice,
    LosesTheAction,
    LosesTheDecision,
    LosesTheSides,
    ComesInTheOrderOfNoting,
    KnowsNoLimit,
    ShowsOtherContracts,
    TellsTheLastOneAgain,
    TellsByTheTimeOfALook,
    TellsTheLastBeyondTheLimit,
    GivesANumberAgain,
    ForgetsWhatWasSeen,
    StandsAsAtFirst,
    FailureIsAFinding,
    DriftBeginsAnewWithEachLook,
    StandsByWhatIsNotedLast,
    HoldsOnToATimeAhead,
    TakesActionsForLooks,
    CountsNoDrift,
    NamesTheNewestDrift,
    LosesTheSweep,
    FiltersByPartOfACode,
    RetriesWhatIsNotParked,
    RetriesByANotification,
    DropsBySilence,
    DropsForNobody,
    SetsNothingAside,
    LeavesAloneUntilTheNextRow,
    LeavesAloneForGood,
    ForgetsWhatIsLeftAlone,
    MixesUpWatermarks,
    DropsTheNewest,
    DropsMoreThanAsked,
    KeepsActions,
    ForgetsDrift,
    ErasesByNameOnly,
    ErasesOthers,
    NotesTheForgotten,
    LosesCommits,
    AcknowledgesWhatFailed,
    ShowsOtherTenants,
    RetriesInAllTenants,
    ErasesInAllTenants,
    DropsOldOfAllTenants,
    BuriesInAllTenants,
    TellsWhatIsNewOfAllTenants,
}

use Fault as F;

const FAULTS: [(Fault, JournalRule); 47] = [
    (F::LosesAMember, JournalRule::KeepsLooks),
    (F::NotesTwice, JournalRule::KeepsLooks),
    (F::LosesTheAction, JournalRule::KeepsLooks),
    (F::LosesTheDecision, JournalRule::KeepsLooks),
    (F::LosesTheSides, JournalRule::KeepsLooks),
    (F::ComesInTheOrderOfNoting, JournalRule::NewestFirst),
    (F::KnowsNoLimit, JournalRule::NewestFirst),
    (F::ShowsOtherContracts, JournalRule::NewestFirst),
    (F::TellsTheLastOneAgain, JournalRule::TellsWhatIsNew),
    (F::TellsByTheTimeOfALook, JournalRule::TellsWhatIsNew),
    (F::TellsTheLastBeyondTheLimit, JournalRule::TellsWhatIsNew),
    (F::GivesANumberAgain, JournalRule::TellsWhatIsNew),
    (F::ForgetsWhatWasSeen, JournalRule::KnowsWhatWasSeen),
    (F::StandsAsAtFirst, JournalRule::Stands),
    (F::FailureIsAFinding, JournalRule::Stands),
    (F::DriftBeginsAnewWithEachLook, JournalRule::Drifts),
    (F::StandsByWhatIsNotedLast, JournalRule::KeepsTheNewest),
    (F::HoldsOnToATimeAhead, JournalRule::KeepsTheNewest),
    (F::TakesActionsForLooks, JournalRule::ActionsAreNoLooks),
    (F::CountsNoDrift, JournalRule::Drifts),
    (F::NamesTheNewestDrift, JournalRule::Counts),
    (F::LosesTheSweep, JournalRule::Counts),
    (F::FiltersByPartOfACode, JournalRule::ListsParked),
    (F::RetriesWhatIsNotParked, JournalRule::Retries),
    (F::RetriesByANotification, JournalRule::Retries),
    (F::DropsBySilence, JournalRule::Drops),
    (F::DropsForNobody, JournalRule::Drops),
    (F::SetsNothingAside, JournalRule::SetsAside),
    (F::LeavesAloneUntilTheNextRow, JournalRule::SetsAside),
    (F::LeavesAloneForGood, JournalRule::SetsAside),
    (F::ForgetsWhatIsLeftAlone, JournalRule::SetsAside),
    (F::MixesUpWatermarks, JournalRule::KeepsWatermarks),
    (F::DropsTheNewest, JournalRule::DropsOld),
    (F::DropsMoreThanAsked, JournalRule::DropsOld),
    (F::KeepsActions, JournalRule::DropsOld),
    (F::ForgetsDrift, JournalRule::KeepsDrift),
    (F::ErasesByNameOnly, JournalRule::Erases),
    (F::ErasesOthers, JournalRule::Erases),
    (F::NotesTheForgotten, JournalRule::StaysForgotten),
    (F::LosesCommits, JournalRule::SurvivesACrash),
    (F::AcknowledgesWhatFailed, JournalRule::SaysWhatFails),
    (F::ShowsOtherTenants, JournalRule::TenantsApart),
    (F::RetriesInAllTenants, JournalRule::TenantsApart),
    (F::ErasesInAllTenants, JournalRule::TenantsApart),
    (F::DropsOldOfAllTenants, JournalRule::TenantsApart),
    (F::BuriesInAllTenants, JournalRule::TenantsApart),
    (F::TellsWhatIsNewOfAllTenants, JournalRule::TenantsApart),
];

/// A journal with a fault.
#[derive(Debug)]
struct Planted {
    fault: Fault,
    journal: MemoryJournal,
    /// That of another tenant.
    other: MemoryJournal,
    store: Arc<MemoryBench>,
}

impl Planted {
    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn name<'a>(&self, watermark: &'a str) -> &'a str {
        if self.is(F::MixesUpWatermarks) && watermark != LAST_SWEEP { "one" } else { watermark }
    }

    /// As if the last look at it had been long ago, and had found nothing that is worth keeping.
    async fn drop_standing(&self, contract: ContractId) -> Result<(), StoreError> {
        let occasion = Occasion::new(contract, Trigger::Sweep, Timestamp::MIN);
        let mut calm = Look::without_end(occasion, NextLook::None);
        calm.drifts = Some(false);
        self.journal.stands(Standing::after(None, &calm));
        self.journal.drop_older(Timestamp::MIN + Duration::from_secs(1), 1).await?;
        Ok(())
    }
}

#[async_trait]
impl Journal for Planted {
    async fn record(&self, look: &Look) -> Result<(), StoreError> {
        let mut look = look.clone();
        let contract = look.occasion.contract;
        let before = self.journal.standing(contract).await?;
        match self.fault {
            F::LosesAMember => look.fields.iter_mut().for_each(|field| field.member = None),
            F::NotesTwice => self.journal.record(&look).await?,
            F::LosesTheAction => look.action = None,
            F::LosesTheDecision => look.decided = None,
            F::LosesTheSides => look.fields.iter_mut().for_each(|field| field.sides = None),
            F::StandsAsAtFirst if before.is_some() && look.is_look() => {
                self.journal.keep(&look);
                return Ok(());
            }
            F::FailureIsAFinding if look.drifts.is_none() && look.is_look() => {
                let mut found = look.clone();
                found.drifts = Some(false);
                self.journal.stands(Standing::after(before, &found));
                self.journal.keep(&look);
                return Ok(());
            }
            F::DriftBeginsAnewWithEachLook => {
                self.journal.record(&look).await?;
                let mut after = self.journal.standing(contract).await?;
                for since in after.iter_mut().filter_map(|after| after.drifts_since.as_mut()) {
                    *since = look.occasion.at;
                }
                self.journal.stands(after);
                return Ok(());
            }
            F::StandsByWhatIsNotedLast => look.occasion.begun_after = None,
            F::HoldsOnToATimeAhead if before.as_ref().is_some_and(|it| it.looked_at > look.occasion.at) => {
                self.journal.keep(&look);
                return Ok(());
            }
            F::TakesActionsForLooks if !look.is_look() => {
                let mut seen = look.clone();
                seen.action = None;
                self.journal.stands(Standing::after(before, &seen));
            }
            F::NotesTheForgotten => {
                let before = self.journal.all().len();
                self.journal.record(&look).await?;
                if self.journal.all().len() == before {
                    self.journal.keep(&look);
                }
                return Ok(());
            }
            F::LosesCommits => self.journal.lose_commits(1),
            _ => {}
        }
        let noted = self.journal.record(&look).await;
        if self.is(F::AcknowledgesWhatFailed) { Ok(()) } else { noted }
    }

    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError> {
        match self.fault {
            F::ComesInTheOrderOfNoting => {
                let all = self.journal.all().into_iter().rev();
                let of_contract = all.filter(|look| look.occasion.contract == contract);
                Ok(of_contract.take(usize::try_from(limit).unwrap()).collect())
            }
            F::KnowsNoLimit => self.journal.looks(contract, u32::MAX).await,
            F::ShowsOtherTenants => {
                let looks = self.journal.looks(contract, limit).await?;
                if looks.is_empty() { self.other.looks(contract, limit).await } else { Ok(looks) }
            }
            F::ShowsOtherContracts if contract == 33 => self.journal.looks(2.into(), limit).await,
            _ => self.journal.looks(contract, limit).await,
        }
    }

    async fn looks_after(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, StoreError> {
        let mut noted = match self.fault {
            F::TellsTheLastOneAgain => {
                self.journal.looks_after(after.map(|after| after.saturating_sub(1)), limit).await?
            }
            F::TellsTheLastBeyondTheLimit => {
                let mut all = self.journal.looks_after(after, u32::MAX).await?;
                all.drain(..all.len().saturating_sub(usize::try_from(limit).unwrap()));
                all
            }
            // As a table that numbers its rows by what is left in it.
            F::GivesANumberAgain => {
                let mut all = self.journal.looks_after(None, u32::MAX).await?;
                (1..).zip(&mut all).for_each(|(number, noted)| noted.number = number);
                all.retain(|noted| after.is_none_or(|after| noted.number > after));
                match after {
                    Some(_) => all.truncate(usize::try_from(limit).unwrap()),
                    None => drop(all.drain(..all.len().saturating_sub(usize::try_from(limit).unwrap()))),
                }
                all
            }
            _ => self.journal.looks_after(after, limit).await?,
        };
        if self.is(F::TellsWhatIsNewOfAllTenants) {
            noted.extend(self.other.looks_after(after, limit).await?);
        }
        if self.is(F::TellsByTheTimeOfALook) {
            noted.sort_by_key(|noted| noted.look.occasion.at);
        }
        Ok(noted)
    }

    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError> {
        let mut seen = self.journal.seen(contracts).await?;
        for (contract, seen) in &mut seen {
            let rows = self.journal.looks(*contract, u32::MAX).await?;
            let is_drop = |row: &&Look| row.action == Some(Action::Dropped);
            let dropped = rows.iter().find(is_drop).map(|row| row.occasion.at);
            match self.fault {
                F::ForgetsWhatWasSeen => seen.last_change = None,
                F::SetsNothingAside => seen.set_aside = None,
                F::LeavesAloneUntilTheNextRow if dropped.is_some() => {
                    seen.set_aside = rows.first().filter(is_drop).map(|row| row.occasion.at);
                }
                F::LeavesAloneForGood => seen.set_aside = seen.set_aside.or(dropped),
                _ => {}
            }
        }
        Ok(seen)
    }

    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError> {
        self.journal.standing(contract).await
    }

    async fn status(&self, now: Timestamp) -> Result<Status, StoreError> {
        let mut status = self.journal.status(now).await?;
        match self.fault {
            F::CountsNoDrift => status.drift = Drift::default(),
            F::NamesTheNewestDrift if status.drift.contracts > 1 => {
                status.drift.oldest = status.drift.oldest.map(|mut oldest| {
                    oldest.contract = 6.into();
                    oldest
                });
            }
            F::LosesTheSweep => status.last_sweep = None,
            _ => {}
        }
        Ok(status)
    }

    async fn parked(&self, which: &ParkedFilter) -> Result<Vec<Parked>, StoreError> {
        match which {
            ParkedFilter::Reason(code) if self.is(F::FiltersByPartOfACode) => {
                let mut all = self.journal.parked(&ParkedFilter::All).await?;
                all.retain(|parked| parked.codes.iter().any(|known| known.contains(code)));
                Ok(all)
            }
            which => self.journal.parked(which).await,
        }
    }

    async fn retry_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        let retried = self.journal.retry_parked(contracts, now).await?;
        match self.fault {
            F::RetriesWhatIsNotParked => Ok(contracts.to_owned()),
            F::RetriesInAllTenants => {
                self.other.retry_parked(contracts, now).await?;
                Ok(retried)
            }
            F::RetriesByANotification => {
                let intake = self.store.work();
                for contract in &retried {
                    Intake::accept(&intake, "a retry", (*contract).into()).await?;
                }
                Ok(retried)
            }
            _ => Ok(retried),
        }
    }

    async fn drop_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        match self.fault {
            F::DropsBySilence => self.store.work().take_parked(&Tenant::default(), contracts, None),
            F::DropsForNobody => {
                let dropped = self.store.work().take_parked(&Tenant::default(), contracts, None)?;
                for contract in &dropped {
                    self.journal.record(&Look::by_hand(Action::Dropped, *contract, now, None)).await?;
                }
                Ok(dropped)
            }
            _ => self.journal.drop_parked(contracts, now).await,
        }
    }

    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.journal.watermark(self.name(name)).await
    }

    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        if self.is(F::LosesCommits) {
            self.journal.lose_commits(1);
        }
        self.journal.set_watermark(self.name(name), value).await
    }

    async fn erase(&self, candidate: &CandidateId) -> Result<usize, StoreError> {
        match self.fault {
            F::ErasesByNameOnly => Ok(self.journal.retain(|look| look.candidate.as_ref() != Some(candidate))),
            F::ErasesInAllTenants => {
                self.other.erase(candidate).await?;
                self.journal.erase(candidate).await
            }
            F::ErasesOthers => {
                self.journal.retain(|look| look.occasion.contract != 2);
                self.journal.erase(candidate).await
            }
            _ => self.journal.erase(candidate).await,
        }
    }

    async fn drop_older(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        match self.fault {
            F::DropsTheNewest => {
                let mut old = self.journal.all();
                old.retain(|look| look.occasion.at < before);
                old.sort_by_key(|look| std::cmp::Reverse(look.occasion.at));
                old.truncate(usize::try_from(limit).unwrap());
                Ok(self.journal.retain(|look| !old.contains(look)))
            }
            F::DropsOldOfAllTenants => {
                self.other.drop_older(before, limit).await?;
                self.journal.drop_older(before, limit).await
            }
            F::DropsMoreThanAsked => self.journal.drop_older(before, u32::MAX).await,
            F::KeepsActions => {
                let kept: Vec<Look> = self.journal.all().into_iter().filter(|look| !look.is_look()).collect();
                let dropped = self.journal.drop_older(before, limit).await?;
                let gone = |look: &&Look| !self.journal.all().contains(look);
                let back = kept.iter().filter(gone).map(|look| self.journal.keep(look)).count();
                Ok(dropped - back)
            }
            F::ForgetsDrift => {
                let dropped = self.journal.drop_older(before, limit).await?;
                let drifting = self.journal.status(before).await?.drift.oldest;
                if let Some(drifting) = drifting.filter(|drifting| drifting.since < before) {
                    self.drop_standing(drifting.contract).await?;
                }
                Ok(dropped)
            }
            F::ForgetsWhatIsLeftAlone => {
                let dropped = self.journal.drop_older(before, limit).await?;
                if self.journal.standing(2.into()).await?.is_some_and(|two| two.left_alone_since.is_some()) {
                    self.drop_standing(2.into()).await?;
                }
                Ok(dropped)
            }
            _ => self.journal.drop_older(before, limit).await,
        }
    }
}

struct Bench {
    fault: Fault,
    store: Arc<MemoryBench>,
}

#[async_trait]
impl WorkBench for Bench {
    async fn open(&self) -> OpenedWork {
        self.store.open().await
    }

    async fn reopen(&self) -> OpenedWork {
        self.store.reopen().await
    }

    async fn pass(&self, time: Duration) {
        self.store.pass(time).await;
    }

    async fn is_of(&self, item: Item, candidate: CandidateId) {
        self.store.is_of(item, candidate).await;
    }
}

#[async_trait]
impl JournalBench for Bench {
    async fn journal_of(&self, tenant: &Tenant) -> Arc<dyn Journal> {
        let [north, south] = two_tenants();
        let other = if *tenant == north { south } else { north };
        Arc::new(Planted {
            fault: self.fault,
            journal: self.store.memory_journal_of(tenant),
            other: self.store.memory_journal_of(&other),
            store: Arc::clone(&self.store),
        })
    }

    async fn forget(&self, tenant: &Tenant, candidate: CandidateId) {
        if self.fault == F::BuriesInAllTenants {
            for tenant in two_tenants() {
                self.store.forget(&tenant, candidate.clone()).await;
            }
        }
        self.store.forget(tenant, candidate).await;
    }

    fn now(&self) -> Timestamp {
        self.store.now()
    }

    fn fail_next_record(&self) -> bool {
        self.store.fail_next_record()
    }
}

#[tokio::test]
async fn each_fault_of_a_journal_is_noticed() {
    // All at the same time: most of it is waiting for a look that does not come.
    let mut checks = JoinSet::new();
    for (fault, rule) in FAULTS {
        checks.spawn(async move {
            let bench = Bench { fault, store: Arc::default() };
            let noticed = journal_conformance(&bench).await.err().map(|noticed| noticed.rule);
            (fault, noticed, rule)
        });
    }
    while let Some(check) = checks.join_next().await {
        let (fault, noticed, rule) = check.unwrap();
        assert_eq!(noticed, Some(rule), "{fault:?}");
    }
}

#[test]
fn every_rule_of_the_journal_has_a_fault_that_breaks_it() {
    let planted = |rule: &JournalRule| FAULTS.iter().any(|(_, broken)| broken == rule);
    // The first is a journal that fails, the last a store that `work_conformance` finds.
    let without = JournalRule::ALL.iter().filter(|rule| !planted(rule));
    let without: Vec<_> = without.copied().collect();
    assert_eq!(without, [JournalRule::NeverFails, JournalRule::KeepsTheRulesOfTheWork]);
}
