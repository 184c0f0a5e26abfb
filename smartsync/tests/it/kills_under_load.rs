//! A server that is killed at random moments, again and again, under load.

use std::{env, sync::Arc, time::Duration};

use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::Instant,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Gate, Story, Witness, get, pause, sent_contract, tell, until};

/// So many servers are killed, unless `SMARTSYNC_KILLS` says another number.
const KILLS: usize = 5;

/// So many contracts change between two kills: about as many as Teamtailor's limit lets a server through with, in a burst.
const LOAD: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_at_random_moments_under_load_loses_nothing_doubles_nothing_and_looks_once_at_a_time()
{
    let kills = env::var("SMARTSYNC_KILLS").ok().map(|text| text.parse().unwrap());
    let story = Story::begin().await;
    let contracts: Vec<_> =
        (0..kills.unwrap_or(KILLS) * LOAD).map(|number| sent_contract(&story.services, number)).collect();
    story.services.sandbox().advance(Duration::from_secs(600));

    let mut server = story.home.serve().await;
    let (at, url) = watch::channel(server.url.clone());
    let ready = Arc::new(Semaphore::new(0));
    let mut changes = JoinSet::new();
    for &(_, contract) in &contracts {
        let (services, ready, url) = (Arc::clone(&story.services), Arc::clone(&ready), url.clone());
        changes.spawn(async move {
            ready.acquire().await.unwrap().forget();
            let sandbox = services.sandbox();
            sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
            tell(&url, "filled in", contract).await;
            pause(0..=300).await;
            sandbox.sign_all(contract).unwrap();
            tell(&url, "signed", contract).await;
        });
    }
    let mut resumed = Vec::new();
    for _ in 0..kills.unwrap_or(KILLS) {
        ready.add_permits(LOAD);
        pause(0..=1_500).await;
        server.process.kill().await.unwrap();
        let (has_work, connections) = (story.has_work().await, story.witness.connections());
        server = story.home.serve().await;
        let listens = Instant::now();
        at.send_replace(server.url.clone());
        if has_work {
            until("what was cut off is taken up", async || story.resumed(connections).is_some()).await;
            resumed.push(story.resumed(connections).unwrap().saturating_duration_since(listens));
        }
    }
    changes.join_all().await;

    story.settles(&contracts).await;
    server.process.kill().await.unwrap();

    let overlaps = story.witness.overlaps();
    assert!(overlaps.is_empty(), "contracts that were read twice at once: {overlaps:?}");
    assert!((2..=4).contains(&story.witness.most_at_once()), "{}", story.witness.most_at_once());
    let (looks, doubts) = story.nothing_is_doubled(&contracts).await;
    resumed.sort();
    let longest = resumed.last().copied().unwrap_or_default();
    eprintln!(
        "{} kills, {} notifications, {looks} looks that ended, {} contracts at once at most, {doubts} uploads left to a person; \
         resumed {} times, after {:?} in the middle and {longest:?} at most",
        kills.unwrap_or(KILLS),
        contracts.len() * 2,
        story.witness.most_at_once(),
        resumed.len(),
        resumed.get(resumed.len() / 2).copied().unwrap_or_default(),
    );
    // Where nobody asked for a number, the machine may do much else at the same time.
    let limit = Duration::from_secs(if kills.is_some() { 1 } else { 10 });
    assert!(longest < limit, "{longest:?}");
}

#[tokio::test]
async fn the_witness_sees_two_reads_of_one_contract_at_once_and_no_others() {
    let oneflow = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&oneflow).await;
    let gate = Gate::before(&oneflow.uri()).await;
    let witness = Witness::before(&gate.origin).await;
    let mut reads = JoinSet::new();
    let mut read = |contract: u64| {
        let url = format!("{}/v1/contracts/{contract}", witness.origin);
        reads.spawn(async move { get(&url).await });
    };
    read(1);
    read(2);
    until("two are being read", async || witness.most_at_once() == 2).await;
    assert!(witness.overlaps().is_empty(), "of two contracts");
    read(1);
    until("one of them twice", async || witness.overlaps() == [1]).await;
    gate.open();
    assert_eq!(reads.join_all().await, [200; 3]);
    let since = Instant::now();
    assert_eq!(get(&format!("{}/v1/contracts/2", witness.origin)).await, 200);
    assert_eq!((witness.overlaps(), witness.most_at_once()), (vec![1], 2), "one after the other");
    assert!(witness.read_since(2, since).is_some(), "when it was read");
    assert_eq!(witness.read_since(1, since), None, "the other was read before");
}
