//! What a look in process costs, and how much of it is the sandbox: beside it, the same looks with the same answers ready.

use std::{
    collections::VecDeque,
    hint::black_box,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Instant,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::OneflowClient;
use smartsync_benches::median;
use smartsync_core::{Clock, Engine, Mapping, MemoryLedger, SyncKeys, engine::ChangeLimit};
use smartsync_sandbox::{ContractSeed, Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Limiter, Request, Response, RetryPolicy, Transport, TransportError};
use teamtailor_client::TeamtailorClient;

const ROUNDS: usize = 5;
const LOOKS: usize = 400;

type Exchanges = Arc<Mutex<Vec<(Origin, Request, Response)>>>;

/// The way to one service: the sandbox, whose exchanges are kept if that is asked for, or answers that are ready.
#[derive(Debug)]
enum Way {
    Sandbox(Sandbox, Origin),
    Kept(Sandbox, Origin, Exchanges),
    Ready(Mutex<VecDeque<Response>>),
}

#[async_trait]
impl Transport for Way {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        Ok(match self {
            Self::Sandbox(sandbox, origin) => sandbox.handle(*origin, request),
            Self::Kept(sandbox, origin, kept) => {
                let response = sandbox.handle(*origin, request.clone());
                kept.lock().unwrap_or_else(PoisonError::into_inner).push((
                    *origin,
                    request,
                    response.clone(),
                ));
                response
            }
            Self::Ready(answers) => {
                let next = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                next.ok_or_else(|| TransportError::other("no answer is left"))?
            }
        })
    }
}

#[derive(Debug)]
struct Time(Sandbox);

impl Clock for Time {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A sandbox with a contract, and an engine that has never looked.
struct Office {
    sandbox: Sandbox,
    contract: i64,
    engine: Engine,
}

impl Office {
    fn open(way: impl Fn(&Sandbox, Origin) -> Way) -> Self {
        let settings = SandboxSettings::new().oneflow_limit(u32::MAX).teamtailor_limit(u32::MAX);
        let sandbox = Sandbox::new(settings);
        let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
            .counterparty("Ann Sample", "ann@example.com")
            .published();
        let contract = sandbox.add_contract(seed).expect("a contract");
        let oneflow = OneflowClient::builder()
            .api_token(sandbox.oneflow_token())
            .user_email(sandbox.user_email())
            .transport(way(&sandbox, Origin::Oneflow))
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build()
            .expect("a client");
        let teamtailor = TeamtailorClient::builder()
            .api_key(sandbox.teamtailor_key())
            .transport(way(&sandbox, Origin::Teamtailor))
            .retry(RetryPolicy::none())
            .limiter(Limiter::none())
            .build()
            .expect("a client");
        let mapping: Mapping = toml::from_str(&format!(
            "[sync]\nlink = [\"ledger\", \"email\"]\ntemplate_types = [{}]\n",
            sandbox.seeded().template_type
        ))
        .expect("a mapping");
        let keys =
            SyncKeys::new("acme", ["the/first/key/of/the/tenant/acme/0000000000".into()]).expect("keys");
        let engine = Engine::builder(oneflow, teamtailor, mapping, Arc::new(MemoryLedger::new()), keys)
            .clock(Time(sandbox.clone()))
            // Hundreds of writes within a second.
            .change_limit(ChangeLimit::none())
            .build()
            .expect("an engine");
        Self { sandbox, contract, engine }
    }

    /// Somebody fills in a field, and the engine looks: every second look has something to write.
    fn look(&self, number: usize) {
        let notice = ["1 month", "3 months"][number / 2 % 2];
        self.sandbox.fill_data_field(self.contract, "oneflow-notice", notice).expect("a pending contract");
        let plan = now(self.engine.plan(self.contract.into())).expect("a plan");
        black_box(now(self.engine.apply(plan)));
        self.sandbox.clear_request_log();
    }

    /// Microseconds for a look.
    fn looks(&self) -> f64 {
        let begun = Instant::now();
        for number in 0..LOOKS {
            self.look(number);
        }
        each(begun, LOOKS)
    }
}

fn each(begun: Instant, number: usize) -> f64 {
    begun.elapsed().as_secs_f64() * 1e6 / number as f64
}

/// Nothing here ever waits.
fn now<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("it waits"),
    }
}

fn main() {
    let kept = Exchanges::default();
    let office = Office::open(|sandbox, origin| Way::Kept(sandbox.clone(), origin, kept.clone()));
    office.looks();
    let exchanges = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    let requests = exchanges.len() as f64 / LOOKS as f64;

    let (mut looks, mut sandbox, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let office = Office::open(|sandbox, origin| Way::Sandbox(sandbox.clone(), origin));
        office.looks();
        looks.push(office.looks());

        let begun = Instant::now();
        for (origin, request, _) in &exchanges {
            black_box(office.sandbox.handle(*origin, request.clone()));
            office.sandbox.clear_request_log();
        }
        sandbox.push(each(begun, LOOKS));

        let ready = |_: &Sandbox, wanted| {
            let answers = exchanges.iter().filter(|(origin, ..)| *origin == wanted);
            Way::Ready(Mutex::new(answers.map(|(.., response)| response.clone()).collect()))
        };
        rest.push(Office::open(ready).looks());
    }
    println!(
        "a look of {requests:.1} requests: {:.0} µs; with its answers ready {:.0} µs; its requests to the sandbox alone {:.0} µs",
        median(&mut looks),
        median(&mut rest),
        median(&mut sandbox),
    );
}
