//! Decisions race with edits on both sides: what was applied is what was shown, always.
//!
//! `RESOLUTIONS=10000 cargo test -p smartsync-core --all-features --test it resolve_races` runs that many, `RESOLUTIONS_SEED=7` one alone.

use std::{
    env, fmt, mem,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use fastrand::Rng;
use smartsync_core::{
    ChangeLimit, Engine, Ledger as _, Mapping, MemoryLedger, Outcome, Plan, Reason, Report,
    engine::Resolved,
    mapping::LinkMethod,
    plan::{Resolution, Take},
};
use smartsync_sandbox::{Sandbox, SandboxSettings, SandboxTransport, WireFault, WireFaults};
use smartsync_transport::{Method, Request, Response, Transport, TransportError};

use crate::support::{
    stage::summary,
    story::{Story, build_between, engine_between},
};

/// How many are among the tests.
const RESOLUTIONS: u64 = 300;

/// A data field, its partner on the card, and what people put there. The last ones of a text would do harm on a card.
struct Pair {
    data_field: &'static str,
    on_card: &'static str,
    texts: &'static [&'static str],
}

const PAIRS: [Pair; 3] = [
    Pair { data_field: "oneflow-salary", on_card: "oneflow-salary", texts: &["42000", "50000", "60000"] },
    Pair {
        data_field: "oneflow-notice",
        on_card: "oneflow-notice",
        texts: &["", "1 month", "2 months", "<b>3 months</b>"],
    },
    // The candidate's own fields have a way of their own.
    Pair { data_field: "first-name", on_card: "first-name", texts: &["Ann", "Anna", "=Ann"] },
];

const HOSTILE: [&str; 2] = ["<b>3 months</b>", "=Ann"];

impl Pair {
    fn target(&self) -> String {
        if self.on_card == "first-name" {
            "first_name".to_owned()
        } else {
            format!("custom:{}", self.on_card)
        }
    }

    fn any(&self, rng: &mut Rng) -> &'static str {
        self.texts[rng.usize(..self.texts.len())]
    }
}

/// What the fields of one side hold, in the order of [`PAIRS`]; nothing is an empty text.
type Values = [String; 3];

fn on_contract(sandbox: &Sandbox, contract: i64) -> Values {
    let paper = sandbox.contract_card(contract).unwrap();
    PAIRS.map(|pair| paper.data_fields.get(pair.data_field).cloned().unwrap_or_default())
}

fn on_card(sandbox: &Sandbox) -> Values {
    let card = sandbox.candidate_card(&sandbox.seeded().candidate).unwrap();
    PAIRS.map(|pair| card.get(pair.on_card).unwrap_or_default().to_owned())
}

/// What somebody does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Fills(usize, &'static str),
    Types(usize, &'static str),
    Waits(u64),
}

impl Deed {
    fn any(rng: &mut Rng) -> Self {
        let pair = rng.usize(..PAIRS.len());
        match rng.u8(..5) {
            0 | 1 => Self::Fills(pair, PAIRS[pair].any(rng)),
            // A recruiter types nothing hostile, and no name is empty.
            2 | 3 => Self::Types(pair, PAIRS[pair].texts[rng.usize(..PAIRS[pair].texts.len() - 1)]),
            _ => Self::Waits(rng.u64(1..50)),
        }
    }

    fn happen(self, sandbox: &Sandbox, contract: i64) {
        let candidate = sandbox.seeded().candidate;
        match self {
            Self::Fills(pair, text) => {
                sandbox.fill_data_field(contract, PAIRS[pair].data_field, text).unwrap();
            }
            Self::Types(pair, text) => {
                let (field, value) = (PAIRS[pair].on_card, Some(text).filter(|text| !text.is_empty()));
                let typed = match field {
                    "first-name" => sandbox.edit_candidate(&candidate, field, value),
                    _ => sandbox.edit_custom_field(&candidate, field, value),
                };
                typed.unwrap();
            }
            Self::Waits(seconds) => sandbox.advance(Duration::from_secs(seconds)),
        }
    }
}

/// What the engine has read and written, in order.
#[derive(Clone, Debug)]
enum Traffic {
    Contract(Values),
    Card(Values),
    Wrote { pair: usize, value: String },
}

/// The wire of both services: keeps what goes over it, and lets others act before a request of some number.
#[derive(Clone)]
struct Wires(Arc<Mutex<Wire>>);

struct Wire {
    sandbox: Arc<Sandbox>,
    contract: i64,
    traffic: Vec<Traffic>,
    requests: usize,
    deeds: Vec<(usize, Deed)>,
}

struct Racing {
    wire: SandboxTransport,
    wires: Wires,
}

impl fmt::Debug for Racing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Racing")
    }
}

#[async_trait]
impl Transport for Racing {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let (sandbox, contract) = {
            let mut wire = self.wires.0.lock().unwrap();
            let number = wire.requests;
            wire.requests += 1;
            let due: Vec<Deed> =
                wire.deeds.iter().filter(|(at, _)| *at == number).map(|(_, deed)| *deed).collect();
            due.into_iter().for_each(|deed| deed.happen(&wire.sandbox, wire.contract));
            (Arc::clone(&wire.sandbox), wire.contract)
        };
        let path = request.uri().path().to_owned();
        let (is_read, before) = (request.method() == Method::GET, on_card(&sandbox));
        let answer = self.wire.execute(request).await;
        let after = on_card(&sandbox);
        let mut wire = self.wires.0.lock().unwrap();
        if !is_read {
            let wrote = (0..).zip(before.iter().zip(&after)).filter(|(_, (before, after))| before != after);
            let wrote = wrote.map(|(pair, (_, value))| Traffic::Wrote { pair, value: value.clone() });
            wire.traffic.extend(wrote.collect::<Vec<_>>());
        } else if path == format!("/v1/contracts/{contract}") {
            wire.traffic.push(Traffic::Contract(on_contract(&sandbox, contract)));
        } else if path.starts_with("/v1/candidates/") {
            wire.traffic.push(Traffic::Card(after));
        }
        answer
    }
}

impl Wires {
    fn take(&self) -> Vec<Traffic> {
        let mut wire = self.0.lock().unwrap();
        (wire.requests, wire.deeds) = (0, Vec::new());
        mem::take(&mut wire.traffic)
    }

    fn race(&self, deeds: Vec<(usize, Deed)>) {
        self.0.lock().unwrap().deeds = deeds;
    }
}

/// The last values of each side that were read.
fn last_read(traffic: &[Traffic]) -> (Option<&Values>, Option<&Values>) {
    let contract = traffic
        .iter()
        .rev()
        .find_map(|one| if let Traffic::Contract(values) = one { Some(values) } else { None });
    let card = traffic
        .iter()
        .rev()
        .find_map(|one| if let Traffic::Card(values) = one { Some(values) } else { None });
    (contract, card)
}

/// How often which end was met: a run that meets none of a kind shows nothing of it.
#[derive(Debug, Default)]
struct Met {
    stale: u32,
    refused: u32,
    refused_hostile: u32,
    refused_unlinked: u32,
    took_contract: u32,
    kept_card: u32,
    past_the_limit: u32,
    held_after_all: u32,
}

/// One account with a past, in which a person is shown a plan and decides while others act.
struct Trial {
    rng: Rng,
    story: Story,
    ledger: Arc<MemoryLedger>,
    engine: Engine,
    wires: Wires,
    limit: u32,
}

impl Trial {
    async fn begin(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut story = Story::begin(SandboxSettings::new()).await;
        let mut text = "sync = { convention = false, document = { attach = false } }\n".to_owned();
        for pair in &PAIRS {
            let conflict = ["hold", "hold", "contract_wins"][rng.usize(..3)];
            let first_sight = ["proven", "hold"][rng.usize(..2)];
            text += &format!(
                "[[field]]\noneflow = \"{}\"\nteamtailor = \"{}\"\nwhen = \"edited\"\non_conflict = \"{conflict}\"\non_first_sight = \"{first_sight}\"\n",
                pair.data_field,
                pair.target()
            );
        }
        let mut mapping: Mapping = toml::from_str(&text).unwrap();
        match rng.u8(..12) {
            0 => {
                // Nothing but the ledger knew whose contract it is.
                mapping.sync.link = vec![LinkMethod::Ledger];
                story.ledger = Arc::new(MemoryLedger::new());
            }
            1..=3 => story.ledger = Arc::new(MemoryLedger::new()),
            _ => {}
        }
        let wires = Wires(Arc::new(Mutex::new(Wire {
            sandbox: Arc::clone(&story.sandbox),
            contract: story.contract,
            traffic: Vec::new(),
            requests: 0,
            deeds: Vec::new(),
        })));
        let limit = rng.u32(..3);
        let engine = build_between(
            &story.sandbox,
            story.ledger.clone(),
            mapping.clone(),
            |wire| Racing { wire, wires: wires.clone() },
            |builder| builder.change_limit(ChangeLimit::none().per_hour(limit)),
        );
        for _ in 0..rng.u8(..5) {
            for _ in 0..rng.u8(1..4) {
                Deed::any(&mut rng).happen(&story.sandbox, story.contract);
            }
            if rng.bool() {
                engine.sync(story.contract.into()).await.unwrap();
            } else if rng.u8(..3) == 0 {
                let fault = [WireFault::LostAnswer, WireFault::LostRequest][rng.usize(..2)];
                let faults = WireFaults::of_writes(fault);
                let cut = engine_between(&story.sandbox, story.ledger.clone(), mapping.clone(), |wire| {
                    faults.on(wire)
                });
                cut.sync(story.contract.into()).await.unwrap();
            }
        }
        wires.take();
        let ledger = story.ledger.clone();
        Self { rng, story, ledger, engine, wires, limit }
    }

    fn acts(&mut self, most: u8) -> usize {
        let deeds = self.rng.u8(..=most);
        for _ in 0..deeds {
            Deed::any(&mut self.rng).happen(&self.story.sandbox, self.story.contract);
        }
        deeds.into()
    }

    /// What a person decides: mostly on what is left to them, and now and then on anything.
    fn decisions(&mut self, plan: &Plan) -> Vec<(usize, Resolution)> {
        let is_left = |pair: &Pair| {
            let mut fields = plan.outcomes().iter();
            let field = fields.find(|field| field.data_field == pair.data_field);
            field.is_some_and(|field| field.may_be_decided() || field.outcome == Outcome::Written)
        };
        let is_any = self.rng.u8(..6) == 0;
        let mut places: Vec<usize> =
            (0..).zip(&PAIRS).filter(|(_, pair)| is_any || is_left(pair)).map(|(place, _)| place).collect();
        if places.is_empty() {
            places = vec![0];
        }
        self.rng.shuffle(&mut places);
        places.truncate(self.rng.usize(1..3));
        let take = |place: usize| Resolution::new(PAIRS[place].target(), Take::ALL[self.rng.usize(..2)]);
        let takes: Vec<Resolution> = places.iter().copied().map(take).collect();
        places.into_iter().zip(takes).collect()
    }

    async fn remembered(&self) -> (String, String) {
        let entry = self.ledger.load(self.story.contract.into()).await.unwrap();
        let card = self.ledger.load_card(&self.story.sandbox.seeded().candidate.into()).await.unwrap();
        (serde_json::to_string(&entry).unwrap(), serde_json::to_string(&card).unwrap())
    }

    async fn run(mut self, met: &mut Met) {
        let contract = self.story.contract.into();
        // What a person is shown is what was read for the plan.
        let plan = self.engine.plan(contract).await.unwrap();
        let reading = self.wires.take();
        let (shown_contract, shown_card) = last_read(&reading);
        let shown_contract = shown_contract.unwrap().clone();
        let shown_card = shown_card.cloned();
        let hash = plan.hash().to_owned();
        let most = if self.rng.u8(..3) == 0 { 2 } else { 0 };
        let acted_before = self.acts(most);

        let resolutions = self.decisions(&plan);
        let races = if self.rng.bool() { self.rng.usize(1..5) } else { 0 };
        let deeds = (0..races).map(|_| (self.rng.usize(..12), Deed::any(&mut self.rng))).collect();
        let before = self.remembered().await;
        self.wires.race(deeds);
        let only: Vec<Resolution> = resolutions.iter().map(|(_, resolution)| resolution.clone()).collect();
        let resolved = self.engine.resolve(contract, &only, Some(&hash)).await.unwrap();
        let traffic = self.wires.take();

        // Whatever came of it: what was written was shown, and so was what it was written over.
        let mut read = Vec::new();
        for one in &traffic {
            if let Traffic::Wrote { pair, value } = one {
                let (now_contract, now_card) = last_read(&read);
                assert_eq!(value, &shown_contract[*pair], "what was written is what was shown");
                assert_eq!(now_contract.map(|now| &now[*pair]), Some(value), "the contract as it was shown");
                let shown = shown_card.as_ref().map(|shown| &shown[*pair]);
                assert_eq!(now_card.map(|now| &now[*pair]), shown, "the card as it was shown");
                assert!(!HOSTILE.contains(&value.as_str()), "what may do harm is written for nobody");
            }
            read.push(one.clone());
        }
        let wrote = |place: usize| {
            traffic.iter().any(|one| matches!(one, Traffic::Wrote { pair, .. } if *pair == place))
        };
        let has_written = (0..PAIRS.len()).any(wrote);
        let undisturbed = acted_before == 0 && races == 0;
        match resolved {
            Resolved::Stale(_) => {
                assert!(!undisturbed, "nothing has changed");
                assert!(!has_written, "what was not seen is not written");
                assert_eq!(self.remembered().await, before, "nor noted");
                met.stale += 1;
            }
            Resolved::Refused(plan) => {
                assert!(!has_written && self.remembered().await == before, "nothing is done by halves");
                met.refused += 1;
                let reasons: Vec<Reason> =
                    plan.outcomes().iter().filter_map(|field| field.outcome.reason()).collect();
                met.refused_hostile += u32::from(
                    reasons.iter().any(|reason| matches!(reason, Reason::Markup | Reason::Formula)),
                );
                met.refused_unlinked += u32::from(reasons.contains(&Reason::NoCandidate));
            }
            Resolved::Applied { report, .. } => {
                let shown_card = shown_card.expect("a card was shown");
                for (place, resolution) in &resolutions {
                    self.judge(*place, resolution.take, &report, undisturbed, wrote(*place), met);
                    assert!(
                        !HOSTILE.contains(&shown_contract[*place].as_str()),
                        "what may do harm is not decided"
                    );
                }
                self.looks_again(&resolutions, &report, &shown_contract, &shown_card).await;
            }
        }
    }

    fn judge(
        &self,
        place: usize,
        take: Take,
        report: &Report,
        undisturbed: bool,
        wrote: bool,
        met: &mut Met,
    ) {
        let end = &report.outcomes[self.place_in(report, place)];
        match (take, end.reason()) {
            (Take::Contract, Some(Reason::DecidedContract)) => {
                met.took_contract += 1;
                met.past_the_limit += u32::from(self.limit == 0);
            }
            (Take::Card, Some(Reason::DecidedCard)) => {
                assert!(!wrote, "the card stays as it is");
                met.kept_card += 1;
            }
            (_, other) => {
                assert!(!undisturbed, "what was decided is done: {other:?}");
                met.held_after_all += 1;
            }
        }
    }

    fn place_in(&self, report: &Report, place: usize) -> usize {
        report.outcomes.iter().position(|field| field.data_field == PAIRS[place].data_field).unwrap()
    }

    /// What was decided does not come back while both sides hold what was shown.
    async fn looks_again(
        &self,
        resolutions: &[(usize, Resolution)],
        report: &Report,
        shown_contract: &Values,
        shown_card: &Values,
    ) {
        for _ in 0..2 {
            let (contract, card) =
                (on_contract(&self.story.sandbox, self.story.contract), on_card(&self.story.sandbox));
            let later = self.engine.sync(self.story.contract.into()).await.unwrap();
            let lines = summary(&later.outcomes);
            for (place, _) in resolutions {
                let end = report.outcomes[self.place_in(report, *place)].reason();
                let is_as_shown = contract[*place] == shown_contract[*place];
                let line = &lines[self.place_in(&later, *place)];
                if end == Some(Reason::DecidedCard) && is_as_shown && card[*place] == shown_card[*place] {
                    assert!(line.ends_with("skipped candidate-is-newer"), "it comes back: {line}");
                }
                if end == Some(Reason::DecidedContract) && is_as_shown && card[*place] == contract[*place] {
                    assert!(line.ends_with("unchanged"), "it comes back: {line}");
                }
            }
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how many, says whoever runs the test")]
fn what_was_applied_is_what_was_shown_whoever_edits_meanwhile() {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let alone = number("RESOLUTIONS_SEED");
    let seeds = alone.map_or(0..number("RESOLUTIONS").unwrap_or(RESOLUTIONS), |seed| seed..seed + 1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut met = Met::default();
    for seed in seeds {
        let run = std::panic::AssertUnwindSafe(|| {
            runtime.block_on(async {
                let trial = Box::pin(Trial::begin(seed)).await;
                Box::pin(trial.run(&mut met)).await;
            });
        });
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("RESOLUTIONS_SEED={seed}: shows it again");
            std::panic::resume_unwind(panic);
        }
    }
    if alone.is_none() {
        let Met { stale, refused, refused_hostile, refused_unlinked, .. } = met;
        let Met { took_contract, kept_card, past_the_limit, held_after_all, .. } = met;
        for count in
            [stale, refused, refused_hostile, refused_unlinked, took_contract, kept_card, past_the_limit]
        {
            assert!(count > 2, "too few of a kind: {met:?}");
        }
        println!("{met:?}, of which {held_after_all} held after all");
    }
}
