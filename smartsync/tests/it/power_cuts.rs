//! The power fails again and again, at moments that a seed chooses, under the real store of the host: what was acknowledged is there after
//! each cut, what was not is there as a whole or not at all, and the database is sound.
//!
//! `SMARTSYNC_CUTS=1000 cargo test -p smartsync --test it power_cuts -- --nocapture` makes so many cuts, `SMARTSYNC_CUTS_SEED=7` those of one story.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, mem,
    process::{Command, Output},
};

use fastrand::Rng;

use crate::support::{
    Answer, Ask, Ending, Files, Host, Power, Said, Syncs, discard_drives, replace_file_system,
};

/// So many cuts in a run of all tests.
const CUTS: u64 = 80;

/// One database goes through so many cuts, one after the other.
const CUTS_OF_A_STORY: u64 = 20;

/// Set in the process that cuts the power: whether its disk keeps what it has synced.
const DISK: &str = "SMARTSYNC_CUTS_DISK";

/// Said of what must never be lost.
const LOST: &str = "a notification that was acknowledged is lost";

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_power_fails() {
    match env::var(DISK).as_deref() {
        Ok("forgets") => tell_stories(Syncs::Forgotten),
        Ok(_) => tell_stories(Syncs::Kept),
        Err(_) => {
            let told = in_a_process_of_its_own("keeps", None);
            let told = (told.status.success(), String::from_utf8(told.stderr).unwrap());
            eprint!("{}", told.1);
            assert!(told.0, "see above");
        }
    }
}

#[test]
fn a_disk_that_forgets_what_it_has_synced_is_found_out() {
    let told = in_a_process_of_its_own("forgets", Some("80"));
    let text = String::from_utf8(told.stderr).unwrap();
    assert!(!told.status.success() && text.contains(LOST), "{text}");
}

/// SQLite has one file system for a whole process, and the other tests of this one want the machine's.
fn in_a_process_of_its_own(disk: &str, cuts: Option<&str>) -> Output {
    let test = "power_cuts::nothing_that_was_acknowledged_is_lost_when_the_power_fails";
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(DISK, disk);
    if let Some(cuts) = cuts {
        command.env("SMARTSYNC_CUTS", cuts).env_remove("SMARTSYNC_CUTS_SEED");
    }
    command.output().unwrap()
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap())
}

fn tell_stories(syncs: Syncs) {
    replace_file_system();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut tally = Tally::default();
    let mut found = 0;
    let cuts = number("SMARTSYNC_CUTS").unwrap_or(CUTS);
    let seeds = match number("SMARTSYNC_CUTS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..cuts.div_ceil(CUTS_OF_A_STORY),
    };
    for seed in seeds {
        if let Err(fault) = runtime.block_on(Story::begin(seed, syncs).tell(&mut tally)) {
            found += 1;
            eprintln!("SMARTSYNC_CUTS_SEED={seed}: {fault}");
        }
        discard_drives();
    }
    eprintln!("{tally}");
    assert_eq!(found, 0, "stories with a fault");
    if cuts >= CUTS && number("SMARTSYNC_CUTS_SEED").is_none() {
        for moment in ["a write to the log", "a sync of the log", "a write to the database"] {
            assert!(tally.cuts.contains_key(moment), "no cut was in {moment}");
        }
    }
}

/// One database, from its making through all cuts.
struct Story {
    rng: Rng,
    syncs: Syncs,
    /// Whether the store is closed in good order, now and then. Otherwise its log grows long.
    closes: bool,
    /// What the last cut left.
    left: Files,
    /// Another store, of which the power never fails. It is asked what was acknowledged, and nothing else.
    spared: Host,
    minute: i64,
    callbacks: u64,
    noted: BTreeSet<(String, i64)>,
    /// Contracts with an acknowledged notification whose look has not ended.
    owed: BTreeSet<i64>,
    /// Contracts that are being looked at, and of which no notification has come since.
    looked_at: BTreeSet<i64>,
}

impl Story {
    fn begin(seed: u64, syncs: Syncs) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            syncs,
            closes: !seed.is_multiple_of(4),
            left: Files::new(),
            spared: Host::open(Files::new(), Power::Always, Syncs::Kept).1.unwrap(),
            minute: 0,
            callbacks: 0,
            noted: BTreeSet::new(),
            owed: BTreeSet::new(),
            looked_at: BTreeSet::new(),
        }
    }

    async fn tell(mut self, tally: &mut Tally) -> Result<(), String> {
        for cut in 1..=CUTS_OF_A_STORY {
            let unanswered =
                self.run_until_cut(tally).await.map_err(|fault| format!("before cut {cut}: {fault}"))?;
            self.check(unanswered).await.map_err(|fault| format!("cut {cut}: {fault}"))?;
        }
        Ok(())
    }

    /// Starts the store on what is left, works with it until the power fails, and returns what was asked at last and not acknowledged.
    async fn run_until_cut(&mut self, tally: &mut Tally) -> Result<Vec<Ask>, String> {
        let soon = |rng: &mut Rng| Power::For { changes: rng.u64(1..80) };
        let (power, turns) = match self.rng.u8(0..4) {
            0 => (soon(&mut self.rng), 4),
            // A log that has grown long is brought over into the database within a commit.
            1 => (Power::FromWriteToDatabase { changes: self.rng.u64(1..40) }, 30),
            _ => (Power::Always, 10),
        };
        let (drive, host) = Host::open(mem::take(&mut self.left), power, self.syncs);
        self.looked_at.clear();
        let mut unanswered = Vec::new();
        let mut host = match host {
            Ok(host) => Some(host),
            Err(_) if drive.is_cut() => None,
            Err(error) => return Err(format!("the database cannot be opened: {error}")),
        };
        let last = self.rng.u64(0..turns);
        for turn in 0.. {
            let Some(running) = &mut host else { break };
            let asked = if turn == 0 { vec![Ask::Resume] } else { self.draw(running.claims.len()) };
            self.minute += 1;
            let answers = running.ask(&asked, self.minute).await;
            if answers.iter().all(Result::is_ok) {
                for answer in self.spared.ask(&asked, self.minute).await {
                    answer.map_err(|error| format!("refused with the power on: {error}"))?;
                }
            } else if answers.iter().any(Result::is_ok) {
                return Err("answered in part".to_owned());
            } else if drive.is_cut() {
                unanswered = asked;
            } else {
                return Err("refused with the power on".to_owned());
            }
            for answer in answers.into_iter().flatten() {
                tally.acknowledged += 1;
                self.acknowledge(answer, tally);
            }
            if turn == last && !drive.is_cut() {
                match self.rng.u8(0..8) {
                    0 => break,
                    // In good order: all of the log is brought over.
                    1..=3 if self.closes => {
                        drive.limit(Power::For { changes: self.rng.u64(1..40) });
                        if let Some(host) = host.take() {
                            host.close();
                        }
                    }
                    _ => drive.limit(soon(&mut self.rng)),
                }
            } else if drive.is_cut() {
                break;
            }
        }
        let (left, moment) = drive.cut(&mut self.rng);
        self.left = left;
        *tally.cuts.entry(moment).or_default() += 1;
        Ok(unanswered)
    }

    /// What is asked next, all at once.
    fn draw(&mut self, mut claims: usize) -> Vec<Ask> {
        let rng = &mut self.rng;
        let (mut asked, mut may_claim) = (Vec::new(), 4_usize.saturating_sub(claims));
        for _ in 0..rng.u8(1..=12) {
            let contract = rng.i64(9000..9060);
            asked.push(match rng.u8(0..16) {
                0..=2 if may_claim > 0 => {
                    may_claim -= 1;
                    Ask::Claim
                }
                3..=5 if claims > 0 => {
                    let endings =
                        [Ending::Done, Ending::Done, Ending::Parked, Ending::Again, Ending::Released];
                    let (claim, ending) = (rng.usize(0..claims), rng.choice(endings).unwrap_or(Ending::Done));
                    claims -= 1;
                    Ask::End { claim, ending }
                }
                6 | 7 => Ask::Remember { contract, upload: rng.u64(..) },
                8 | 9 => Ask::Record { contract },
                10 => Ask::Mark(rng.u64(..)),
                // Oneflow says it again.
                11 if self.callbacks > 0 => Ask::Note { callback: rng.u64(0..self.callbacks), contract },
                _ => {
                    self.callbacks += 1;
                    Ask::Note { callback: self.callbacks, contract }
                }
            });
        }
        asked
    }

    fn acknowledge(&mut self, answer: Answer, tally: &mut Tally) {
        match answer {
            Answer::Noted { contract, pair } => {
                tally.notifications += 1;
                self.noted.insert(pair);
                self.owed.insert(contract);
                self.looked_at.remove(&contract);
            }
            Answer::Claimed(contract) => drop(self.looked_at.insert(contract)),
            Answer::Ended { contract, is_over } => {
                tally.ends += u64::from(is_over);
                if self.looked_at.remove(&contract) && is_over {
                    self.owed.remove(&contract);
                }
            }
            Answer::Else => {}
        }
    }

    /// Whether what is left is what was acknowledged, with or without what was asked at last: that is one transaction.
    async fn check(&mut self, unanswered: Vec<Ask>) -> Result<(), String> {
        Said::by(&self.left)?;
        let (drive, host) = Host::open(self.left.clone(), Power::Always, Syncs::Kept);
        let host = host.map_err(|error| format!("the database cannot be opened: {error}"))?;
        let said = Said::by(&drive.files())?.ok_or("there is no database")?;
        if let Some((callback, contract)) = self.noted.difference(&said.noted).next() {
            return Err(format!("{LOST}: {callback} for contract {contract}"));
        }
        let before = Said::by(&self.spared.drive.files())?.ok_or("there is no database")?;
        if said != before {
            for answer in self.spared.ask(&unanswered, self.minute).await {
                answer.map_err(|error| format!("refused with the power on: {error}"))?;
            }
            let after = Said::by(&self.spared.drive.files())?.ok_or("there is no database")?;
            if said != after {
                return Err(format!("other than it was acknowledged: {}", said.difference(&before)));
            }
        } else if let Some(contract) = self.owed.difference(&said.waiting).next() {
            return Err(format!("{LOST}: nobody looks at contract {contract}"));
        }
        // What was not answered, and has happened all the same, may have been the end of a look.
        self.owed.retain(|contract| said.waiting.contains(contract));
        self.spared = host;
        Ok(())
    }
}

/// What happened in all stories.
#[derive(Default)]
struct Tally {
    cuts: BTreeMap<&'static str, u64>,
    acknowledged: u64,
    notifications: u64,
    ends: u64,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (all, notifications) = (self.cuts.values().sum::<u64>(), self.notifications);
        writeln!(
            f,
            "{all} power cuts, {} transactions acknowledged, {notifications} of them new notifications and {} ends of looks; the cuts were in",
            self.acknowledged, self.ends
        )?;
        self.cuts.iter().try_for_each(|(moment, count)| writeln!(f, "{count:6} {moment}"))
    }
}
