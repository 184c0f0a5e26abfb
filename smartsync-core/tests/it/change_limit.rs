//! How much one mistake can overwrite.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use oneflow_client::OneflowClient;
use serde_json::json;
use smartsync_core::{
    ChangeLimit, Clock as _, Engine, Ledger as _, Mapping, MemoryLedger, Next, Reason, Report, Retry,
    ledger::Overwrites,
};
use smartsync_sandbox::{WireFault, WireFaults};
use smartsync_transport::{Limiter, Method, RetryPolicy};
use teamtailor_client::TeamtailorClient;

use crate::support::{
    card::{Card, Paper},
    fenced::Fence,
    stage::{Hand, contract, keys, summary, token},
};

/// Three texts of the convention, and the two names by entries of their own.
const MAPPING: &str = r#"
    sync = { document = { attach = false } }
    field = [
        { oneflow = "first", teamtailor = "first_name", when = "edited", on_conflict = "contract_wins" },
        { oneflow = "last", teamtailor = "last_name", when = "edited", on_conflict = "contract_wins" },
    ]
"#;

fn card() -> Card {
    let text = |id: &str, name: &str| {
        json!({ "id": id, "type": "custom-fields", "attributes": {
            "name": name, "api-name": name, "field-type": "CustomField::Text" } })
    };
    let fields = [text("34", "oneflow-city"), text("35", "oneflow-note"), text("36", "oneflow-team")];
    let card = Card::new(json!({ "data": fields }));
    card.edit("email", json!("ida@example.com"));
    card
}

/// One contract and one card, and a ledger that outlives the engines.
struct Office {
    card: Card,
    paper: Paper,
    ledger: Arc<MemoryLedger>,
    clock: Hand,
    /// What every write meets.
    fault: Arc<Mutex<Option<WireFault>>>,
}

impl Office {
    /// A card whose fields hold values, and a contract with others in which everything was edited after it was sent.
    fn open(held: &[&str]) -> Self {
        let office = Self {
            card: card(),
            paper: Paper::default(),
            ledger: Arc::default(),
            clock: Hand::default(),
            fault: Arc::default(),
        };
        for field in held {
            office.card.edit(field, json!("old.example"));
        }
        office.writes("new.example");
        office
    }

    /// What the participant types into every field.
    fn writes(&self, text: &str) {
        let fields = ["first", "last", "oneflow-city", "oneflow-note", "oneflow-team"];
        let fields: Vec<(&str, &str)> = fields.into_iter().map(|field| (field, text)).collect();
        self.paper.put(contract("pending", &token("4711", "hire-1"), &fields));
    }

    fn engine(&self, limit: ChangeLimit, has_clock: bool) -> Engine {
        let mapping: Mapping = toml::from_str(MAPPING).unwrap();
        let fence = Fence::around(&mapping);
        let fault = Arc::clone(&self.fault);
        let faults = WireFaults::when(move |_, request| match *request.method() {
            Method::GET => None,
            _ => *fault.lock().unwrap(),
        });
        let oneflow = OneflowClient::builder()
            .api_token("a-token")
            .transport(fence.fenced(self.paper.clone()))
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let teamtailor = TeamtailorClient::builder()
            .api_key("a-key")
            .transport(fence.fenced(faults.on(self.card.clone())))
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build()
            .unwrap();
        let builder = Engine::builder(oneflow, teamtailor, mapping, self.ledger.clone(), keys());
        let builder = if has_clock { builder.clock(self.clock.clone()) } else { builder };
        builder.change_limit(limit).build().unwrap()
    }

    fn meets(&self, fault: Option<WireFault>) {
        *self.fault.lock().unwrap() = fault;
    }

    /// A look by a process of its own.
    async fn look(&self, limit: ChangeLimit) -> Report {
        look(&self.engine(limit, true)).await
    }

    async fn counted(&self) -> u32 {
        self.ledger.load_overwrites().await.unwrap().in_the_hour_before(self.clock.now())
    }
}

async fn look(engine: &Engine) -> Report {
    engine.apply(engine.plan(9001.into()).await.unwrap()).await
}

fn held(report: &Report) -> Vec<String> {
    let lines = summary(&report.outcomes).into_iter();
    lines.filter_map(|line| line.strip_suffix(" held limit-reached").map(str::to_owned)).collect()
}

fn per_hour(values: u32) -> ChangeLimit {
    ChangeLimit::none().per_hour(values)
}

/// The reasons of a look that found no room.
pub(crate) async fn limit_reached() -> Vec<Reason> {
    let report = Office::open(&["34"]).look(per_hour(0)).await;
    report.outcomes.iter().filter_map(|field| field.outcome.reason()).collect()
}

#[tokio::test]
async fn what_would_overwrite_more_than_is_allowed_is_held_and_what_is_filled_in_is_not() {
    // How much is allowed, and what is held: of the two names, which go out in one request, those beyond the room.
    let all = ["first-name", "last-name", "34", "35"];
    for (limit, expected) in [
        (0, &["first", "last", "oneflow-city", "oneflow-note"][..]),
        (1, &["last", "oneflow-city", "oneflow-note"]),
        (2, &["oneflow-city", "oneflow-note"]),
        (3, &["oneflow-note"]),
        (4, &[]),
    ] {
        let office = Office::open(&all);
        let report = office.look(per_hour(limit)).await;
        assert_eq!(held(&report), expected, "{limit}");
        assert_eq!(office.card.value("36"), json!("new.example"), "{limit}: an empty field is filled in");
        assert_eq!(office.counted().await, limit);
        let after = (!expected.is_empty()).then(|| Duration::from_secs(61 * 60));
        let next = after.map_or(Next::Done, |_| report.next);
        assert_eq!(report.next, next);
        let Next::Retry(Retry { after: told, waits_for_limit, is_common, .. }) = report.next else {
            continue;
        };
        assert_eq!((told, waits_for_limit, is_common), (after, true, false), "{limit}");
    }
}

#[tokio::test]
async fn the_hour_is_counted_in_the_ledger_slides_and_what_was_held_is_written_when_there_is_room() {
    let office = Office::open(&["34", "35"]);
    assert_eq!(held(&office.look(per_hour(1)).await), ["oneflow-note"]);
    office.clock.advance(60 * 60 - 1);
    assert_eq!(held(&office.look(per_hour(1)).await), ["oneflow-note"], "another process");
    assert_eq!(held(&office.look(per_hour(2)).await), Vec::<String>::new(), "it was raised");
    office.writes("newer.example");
    assert_eq!(held(&office.look(per_hour(2)).await).len(), 5, "neither place is free yet");
    office.clock.advance(61 * 60);
    assert_eq!(held(&office.look(per_hour(5)).await), Vec::<String>::new());
    assert_eq!(
        office.counted().await,
        5,
        "the names and the city were filled in first, and are overwritten now"
    );
}

/// What the sync itself has written counts as well: it does not know which mistake it is that goes on.
#[tokio::test]
async fn one_participant_who_types_again_and_again_uses_up_the_hour() {
    let office = Office::open(&["34"]);
    assert_eq!(
        held(&office.look(per_hour(6)).await),
        Vec::<String>::new(),
        "one is overwritten, four are filled in"
    );
    office.writes("newer.example");
    assert_eq!(held(&office.look(per_hour(6)).await), Vec::<String>::new());
    office.writes("newest.example");
    assert_eq!(held(&office.look(per_hour(6)).await).len(), 5);
    assert_eq!(office.counted().await, 6);
}

#[tokio::test]
async fn what_is_filled_in_is_not_counted_and_goes_on_where_more_was_overwritten_than_is_allowed_now() {
    let empty = Office::open(&[]);
    assert_eq!(held(&empty.look(per_hour(0)).await), Vec::<String>::new());
    assert_eq!(empty.ledger.load_overwrites().await.unwrap(), Overwrites::default(), "nothing is counted");

    let office = Office::open(&["34", "35"]);
    assert_eq!(held(&office.look(per_hour(2)).await), Vec::<String>::new());
    office.card.edit("36", json!(null));
    office.writes("newer.example");
    let overwrites = ["first", "last", "oneflow-city", "oneflow-note"];
    assert_eq!(held(&office.look(per_hour(1)).await), overwrites, "it was lowered");
    assert_eq!(office.card.value("36"), json!("newer.example"));
}

#[tokio::test]
async fn a_clock_that_is_set_back_frees_nothing_and_holds_nothing_for_longer_than_an_hour() {
    let office = Office::open(&["34", "35"]);
    assert_eq!(held(&office.look(per_hour(1)).await), ["oneflow-note"]);
    office.clock.advance(-24 * 60 * 60);
    assert_eq!(held(&office.look(per_hour(1)).await), ["oneflow-note"]);
    office.clock.advance(61 * 60);
    assert_eq!(held(&office.look(per_hour(1)).await), Vec::<String>::new());
}

#[tokio::test]
async fn a_write_without_effect_gives_its_place_back_and_one_that_was_cut_off_is_counted_once() {
    let office = Office::open(&["34"]);
    assert_eq!(held(&office.look(per_hour(0)).await), ["oneflow-city"], "everything else is filled in");
    let engine = office.engine(per_hour(1), true);
    office.meets(Some(WireFault::Status(422)));
    assert_eq!(held(&look(&engine).await), Vec::<String>::new());
    assert_eq!(office.counted().await, 0, "it was refused");
    office.meets(Some(WireFault::Status(500)));
    for _ in 0..3 {
        assert_eq!(held(&look(&office.engine(per_hour(1), true)).await), Vec::<String>::new());
        assert_eq!(office.counted().await, 0, "the card shows what it held before");
    }
    office.meets(Some(WireFault::LostRequest));
    for _ in 0..3 {
        let report = look(&office.engine(per_hour(1), true)).await;
        assert_eq!(held(&report), Vec::<String>::new(), "the same write is tried again");
        assert_eq!(office.counted().await, 1, "it may have arrived, and is counted once");
    }
    office.meets(None);
    assert_eq!(held(&look(&engine).await), Vec::<String>::new());
    assert_eq!((office.card.value("34"), office.counted().await), (json!("new.example"), 1));
}

#[tokio::test]
async fn one_engine_has_a_limit_of_its_own_and_without_a_clock_that_of_the_hour_is_its() {
    let none = ChangeLimit::none();
    for (limit, has_clock, counted) in [
        (none.per_engine(1), true, 1),
        (none.per_hour(9).per_engine(1), true, 1),
        (none.per_hour(1), false, 0),
        (none.per_hour(9).per_engine(1), false, 0),
    ] {
        let office = Office::open(&["34", "35"]);
        let engine = office.engine(limit, has_clock);
        let report = look(&engine).await;
        assert_eq!(held(&report), ["oneflow-note"], "{limit:?}");
        assert_eq!(report.retry_after().and_then(|retry| retry.after), None, "nobody knows when");
        office.clock.advance(61 * 60);
        assert_eq!(held(&look(&engine).await), ["oneflow-note"], "{limit:?}: as long as it lives");
        assert_eq!(held(&look(&office.engine(limit, has_clock)).await), Vec::<String>::new(), "{limit:?}");
        assert_eq!(office.counted().await, counted, "the hour knows of it, where there is a clock");
    }
}

#[tokio::test]
async fn an_embedder_who_says_nothing_has_a_limit_of_fifty() {
    let office = Office::open(&["34"]);
    let mapping: Mapping = toml::from_str(MAPPING).unwrap();
    let oneflow = OneflowClient::builder()
        .api_token("a-token")
        .transport(office.paper.clone())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none());
    let teamtailor = TeamtailorClient::builder()
        .api_key("a-key")
        .transport(office.card.clone())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none());
    let (oneflow, teamtailor) = (oneflow.build().unwrap(), teamtailor.build().unwrap());
    let builder = Engine::builder(oneflow, teamtailor, mapping, office.ledger.clone(), keys());
    let engine = builder.clock(office.clock.clone()).build().unwrap();
    for round in 0..51 {
        office.writes(&format!("city{round}.example"));
        let report = look(&engine).await;
        assert_eq!(!held(&report).is_empty(), office.counted().await == 50, "{round}");
    }
}
