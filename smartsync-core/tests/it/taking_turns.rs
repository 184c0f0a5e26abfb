//! Looks at one contract at the same time in one process, in orders that a seed decides; one of them dies at any await.

use std::sync::Arc;

use smartsync_core::{Engine, Mapping, Report};
use smartsync_sandbox::{
    WireFaults,
    schedule::{End, Schedule},
};

use crate::support::{
    slow_sandbox::{counts, signed},
    story::{Story, build_between},
};

/// A contract that is signed and was never looked at, and an engine that lets others go on before each request and after it.
struct Office {
    story: Story,
    engine: Arc<Engine>,
    schedule: Schedule,
}

impl Office {
    async fn open(seed: u64) -> Self {
        let story = signed().await;
        let (schedule, faults) = (Schedule::new(seed, &story.sandbox), WireFaults::none().taking_turns());
        let (ledger, mapping) = (story.ledger.clone(), Mapping::default());
        let engine =
            build_between(&story.sandbox, ledger, mapping, |wire| faults.on(wire), |builder| builder);
        Self { story, engine: Arc::new(engine), schedule }
    }

    fn look(&self) -> impl Future<Output = Report> + use<> {
        let (engine, contract) = (Arc::clone(&self.engine), self.story.contract);
        async move {
            let plan = engine.plan(contract.into()).await.unwrap();
            engine.apply(plan).await
        }
    }

    /// How often the value was written and the document attached.
    fn done(&self) -> (usize, usize) {
        let (_, values, uploads) = counts(&self.story);
        (values, uploads)
    }
}

#[tokio::test]
async fn two_looks_in_any_order_write_and_attach_once() {
    let run = async |seed| {
        let office = Office::open(seed).await;
        let looks = ["look 1", "look 2"].map(|name| office.schedule.spawn(name, office.look()));
        assert_eq!(office.schedule.run(1_000), End::Done, "{seed}");
        assert!(looks.iter().all(|look| look.take().is_some()), "{seed}");
        assert_eq!(office.done(), (1, 1), "{seed}");
        office.schedule.story()
    };
    let mut stories = Vec::new();
    for seed in 0..20 {
        stories.push(run(seed).await);
    }
    assert_eq!(run(7).await, stories[7], "one seed, one story");
    stories.sort();
    stories.dedup();
    assert!(stories.len() > 10, "{}", stories.len());
}

/// A look that finds another at work leaves it alone. The one after it must not find a dead one at work.
#[tokio::test]
async fn a_look_that_dies_at_any_await_holds_up_no_later_one_and_nothing_is_done_twice() {
    let mut deaths = 0;
    for seed in 0..6 {
        for wait in 1.. {
            let office = Office::open(seed).await;
            let first = office.schedule.spawn("look 1", office.look());
            let second = office.schedule.spawn("look 2", office.look());
            office.schedule.crash_at(first.id(), wait);
            assert_eq!(office.schedule.run(1_000), End::Done, "{seed}, {wait}");
            assert!(second.take().is_some(), "{seed}, {wait}");
            if first.take().is_some() {
                break;
            }
            office.schedule.spawn("look 3", office.look());
            assert_eq!(office.schedule.run(1_000), End::Done, "{seed}, {wait}");
            let (values, uploads) = office.done();
            let notice = office.story.field("oneflow-notice");
            assert_eq!(notice.as_deref(), Some("3 months"), "{seed}, {wait}: {}", office.schedule.story());
            // Of a file whose upload may be on its way there is none rather than two.
            assert!(values == 1 && uploads <= 1, "{seed}, {wait}: {}", office.schedule.story());
            deaths += 1;
        }
    }
    assert!(deaths > 40, "{deaths}");
}
