//! Several tasks at the same time: one seed, one story.

use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::Method;
use serde_json::Value;
use smartsync_sandbox::{
    Origin, Sandbox, WireFault, WireFaults,
    schedule::{End, Schedule, TaskId, crash, take_turns},
};
use smartsync_transport::{Sleep, Transport, Wait};

use crate::support::{request, sandbox};

fn exactly(seconds: u64) -> Wait {
    let time = Duration::from_secs(seconds);
    Wait { at_least: time, at_most: time }
}

/// What tasks said, in order.
type Said = Arc<Mutex<Vec<String>>>;

fn say(said: &Said, what: impl Into<String>) {
    said.lock().unwrap().push(what.into());
}

/// Two workers with three steps each; what they say.
fn two_workers(seed: u64) -> (String, Vec<String>) {
    let sandbox = sandbox();
    let (schedule, said) = (Schedule::new(seed, &sandbox), Said::default());
    for name in ["a", "b"] {
        let (said, sleep) = (said.clone(), schedule.sleep());
        schedule.spawn(name, async move {
            for step in 0..3 {
                take_turns().await;
                say(&said, format!("{name}{step}"));
                let up_to = Wait { at_least: Duration::ZERO, at_most: Duration::from_secs(5) };
                sleep.sleep(up_to).await;
            }
        });
    }
    assert_eq!(schedule.run(1_000), End::Done);
    let said = said.lock().unwrap().clone();
    (schedule.story(), said)
}

#[test]
fn a_seed_tells_the_same_story_every_time_and_others_tell_others() {
    let mut stories: Vec<_> = (0..20).map(two_workers).collect();
    for (seed, story) in (0..20).zip(&stories) {
        assert_eq!(two_workers(seed), *story);
    }
    stories.dedup();
    assert!(stories.len() > 15, "{}", stories.len());
    let orders = stories.iter().map(|(_, said)| said.clone()).collect::<std::collections::BTreeSet<_>>();
    assert!(orders.len() > 8, "the two come between each other in many ways: {}", orders.len());
}

#[test]
fn time_jumps_to_the_next_moment_only_when_all_wait() {
    let sandbox = sandbox();
    let (schedule, said, begun) = (Schedule::new(1, &sandbox), Said::default(), sandbox.now());
    for seconds in [30, 10, 20] {
        let (said, sleep, sandbox) = (said.clone(), schedule.sleep(), sandbox.clone());
        schedule.spawn(seconds.to_string(), async move {
            sleep.sleep(exactly(seconds)).await;
            say(&said, format!("{} at {}", seconds, sandbox.now().duration_since(begun).as_secs()));
        });
    }
    let busy = schedule.spawn("busy", {
        let sandbox = sandbox.clone();
        async move {
            for _ in 0..50 {
                take_turns().await;
            }
            sandbox.now().duration_since(begun).as_secs()
        }
    });
    assert_eq!(schedule.run(1_000), End::Done);
    assert_eq!(busy.take(), Some(0), "somebody who can go on stops the clock");
    assert_eq!(*said.lock().unwrap(), ["10 at 10", "20 at 20", "30 at 30"]);
}

#[test]
fn time_that_others_let_pass_wakes_those_who_wait_for_it() {
    let sandbox = sandbox();
    let schedule = Schedule::new(1, &sandbox);
    let sleep = schedule.sleep();
    let task = schedule.spawn("sleeper", async move { sleep.sleep(exactly(60)).await });
    assert_eq!(schedule.turn(), Some(task.id()));
    sandbox.advance(Duration::from_secs(90));
    let late = sandbox.now();
    assert_eq!((schedule.run(10), sandbox.now()), (End::Done, late));
}

#[test]
fn a_wait_is_drawn_from_its_range_and_a_sleep_of_no_time_is_a_turn() {
    let drawn: Vec<i64> = (0..30)
        .map(|seed| {
            let sandbox = sandbox();
            let (schedule, begun) = (Schedule::new(seed, &sandbox), sandbox.now());
            let sleep = schedule.sleep();
            schedule.spawn("sleeper", async move {
                sleep.sleep(Wait { at_least: Duration::from_secs(2), at_most: Duration::from_secs(8) }).await;
            });
            assert_eq!(schedule.run(10), End::Done);
            i64::try_from(sandbox.now().duration_since(begun).as_millis()).unwrap()
        })
        .collect();
    assert!(drawn.iter().all(|wait| (2_000..=8_000).contains(wait)), "{drawn:?}");
    assert!(drawn.iter().any(|wait| *wait < 4_000) && drawn.iter().any(|wait| *wait > 6_000), "{drawn:?}");

    let sandbox = sandbox();
    let (schedule, before) = (Schedule::new(1, &sandbox), sandbox.now());
    let sleep = schedule.sleep();
    let task = schedule.spawn("sleeper", async move { sleep.sleep(exactly(0)).await });
    assert_eq!((schedule.run(10), schedule.turns(task.id()), sandbox.now()), (End::Done, 2, before));
}

#[test]
fn the_sleep_tells_the_time_of_the_sandbox() {
    let sandbox = sandbox();
    let sleep = Schedule::new(1, &sandbox).sleep();
    let before = sleep.now().unwrap();
    sandbox.advance(Duration::from_millis(1_500));
    assert_eq!(sleep.now().unwrap() - before, Duration::from_millis(1_500));
}

/// Says when it is dropped.
struct Held(Said);

impl Drop for Held {
    fn drop(&mut self) {
        say(&self.0, "dropped");
    }
}

fn three_steps(said: &Said) -> impl Future<Output = ()> + use<> {
    let said = said.clone();
    async move {
        let _held = Held(said.clone());
        for step in 1..=3 {
            say(&said, step.to_string());
            take_turns().await;
        }
    }
}

#[test]
fn a_task_dies_at_each_of_its_awaits_and_drops_what_it_holds() {
    let calm = {
        let (sandbox, said) = (sandbox(), Said::default());
        let schedule = Schedule::new(1, &sandbox);
        let task = schedule.spawn("calm", three_steps(&said));
        assert_eq!(schedule.run(100), End::Done);
        assert_eq!(task.take(), Some(()));
        schedule.turns(task.id())
    };
    assert_eq!(calm, 4, "three awaits");
    for wait in 1..calm {
        let (sandbox, said) = (sandbox(), Said::default());
        let schedule = Schedule::new(1, &sandbox);
        let task = schedule.spawn("crashed", three_steps(&said));
        schedule.crash_at(task.id(), wait);
        assert_eq!(schedule.run(100), End::Done);
        let mut expected: Vec<String> = (1..=wait).map(|step| step.to_string()).collect();
        expected.push("dropped".to_owned());
        assert_eq!((task.take(), said.lock().unwrap().clone()), (None, expected), "{wait}");
        assert!(schedule.is_over(task.id()));
    }
}

#[test]
#[should_panic(expected = "cannot be dropped at 0")]
fn a_crash_that_would_never_come_is_refused() {
    let sandbox = sandbox();
    let schedule = Schedule::new(1, &sandbox);
    let task = schedule.spawn("task", pending::<()>());
    schedule.crash_at(task.id(), 0);
}

#[test]
fn who_dies_by_itself_or_by_a_fault_is_dropped_at_once_and_the_others_go_on() {
    let (sandbox, said) = (sandbox(), Said::default());
    let schedule = Schedule::new(1, &sandbox);
    let first = schedule.spawn("by itself", {
        let held = Held(said.clone());
        async move {
            let _held = held;
            crash::<()>().await;
        }
    });
    let wire = WireFaults::at(0, WireFault::CrashAfter).on(sandbox.oneflow_transport());
    let second = schedule.spawn("by a fault", {
        let held = Held(said.clone());
        async move {
            let _held = held;
            wire.execute(request(Origin::Oneflow, Method::GET, "/v1/ping", &[], None)).await.is_ok()
        }
    });
    let other = schedule.spawn("other", async { 7 });
    assert_eq!(schedule.run(100), End::Done);
    assert_eq!((first.take(), second.take(), other.take()), (None, None, Some(7)));
    assert_eq!(*said.lock().unwrap(), ["dropped", "dropped"]);
    assert_eq!(sandbox.request_log().len(), 1, "it took effect");
}

#[test]
fn who_waits_in_vain_is_named_and_can_be_dropped() {
    let sandbox = sandbox();
    let schedule = Schedule::new(1, &sandbox);
    let done = schedule.spawn("done", async {});
    let stuck = schedule.spawn("stuck", pending::<()>());
    assert_eq!(schedule.run(100), End::Stalled);
    assert_eq!(schedule.unfinished(), [stuck.id()]);
    schedule.crash(stuck.id());
    schedule.crash(done.id());
    assert_eq!((schedule.run(100), schedule.unfinished()), (End::Done, Vec::<TaskId>::new()));
}

#[test]
fn who_is_dropped_while_it_sleeps_holds_up_no_time() {
    let sandbox = sandbox();
    let (schedule, before) = (Schedule::new(1, &sandbox), sandbox.now());
    let sleep = schedule.sleep();
    let task = schedule.spawn("sleeper", async move { sleep.sleep(exactly(3_600)).await });
    schedule.turn();
    schedule.crash(task.id());
    assert_eq!((schedule.run(10), sandbox.now()), (End::Done, before));
}

#[test]
fn turns_have_a_limit() {
    let sandbox = sandbox();
    let schedule = Schedule::new(1, &sandbox);
    schedule.spawn("endless", async {
        loop {
            take_turns().await;
        }
    });
    assert_eq!(schedule.run(100), End::OutOfTurns);
    assert_eq!(schedule.story().lines().count(), 100);
}

#[test]
fn a_task_spawns_others() {
    let sandbox = sandbox();
    let schedule = std::rc::Rc::new(Schedule::new(1, &sandbox));
    let spawner = std::rc::Rc::clone(&schedule);
    let task = schedule.spawn("parent", async move {
        let child = spawner.spawn("child", async { 7 });
        while !spawner.is_over(child.id()) {
            take_turns().await;
        }
        child.take()
    });
    assert_eq!((schedule.run(100), task.take()), (End::Done, Some(Some(7))));
}

/// A client that is throttled and sleeps, beside a recruiter: all of it, and what is left in both services.
fn story_of(sandbox: &Sandbox, seed: u64) -> (String, Vec<Value>) {
    let schedule = Schedule::new(seed, sandbox);
    let faults =
        WireFaults::seeded(seed, 3, [WireFault::Status(503), WireFault::Latency(Duration::from_secs(2))]);
    let faults = faults.sleep(schedule.sleep()).taking_turns();
    for name in ["worker 1", "worker 2"] {
        let wire = faults.on(sandbox.teamtailor_transport());
        let sleep = schedule.sleep();
        schedule.spawn(name, async move {
            for _ in 0..5 {
                let _ =
                    wire.execute(request(Origin::Teamtailor, Method::GET, "/v1/company", &[], None)).await;
                sleep.sleep(Wait { at_least: Duration::ZERO, at_most: Duration::from_secs(1) }).await;
            }
        });
    }
    let recruiter = sandbox.clone();
    let sleep = schedule.sleep();
    schedule.spawn("recruiter", async move {
        for number in 0..3 {
            sleep.sleep(exactly(1)).await;
            recruiter.edit_custom_field("4711", "shirt-size", Some(&number.to_string())).unwrap();
        }
    });
    assert_eq!(schedule.run(1_000), End::Done);
    let card = serde_json::to_value(sandbox.candidate_card("4711")).unwrap();
    (schedule.story(), vec![card, serde_json::to_value(sandbox.request_log()).unwrap()])
}

#[test]
fn a_fork_of_a_world_tells_the_same_story_under_the_same_seed_and_another_one_under_another() {
    let prepared = sandbox();
    prepared.edit_custom_field("4711", "shirt-size", Some("L")).unwrap();
    for seed in 0..10 {
        let (first, second) = (prepared.fork(), prepared.fork());
        assert_eq!(story_of(&first, seed), story_of(&second, seed));
        assert_ne!(story_of(&prepared.fork(), seed).0, story_of(&prepared.fork(), seed + 100).0);
    }
    assert_eq!(prepared.candidate_card("4711").unwrap().get("shirt-size"), Some("L"));
    assert_eq!(prepared.request_log(), []);
}
