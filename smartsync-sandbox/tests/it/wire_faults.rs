//! What goes wrong on the program's own end of the wire.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use http::Method;
use serde_json::json;
use smartsync_sandbox::{FaultyTransport, Origin, Sandbox, SandboxTransport, WireFault, WireFaults};
use smartsync_transport::{Request, Response, Transport, TransportError};

use crate::support::{pending_contract, request, sandbox};

/// A write to the notice period of a contract.
fn write(sandbox: &Sandbox, contract: i64, value: &str) -> Request {
    let (token, email) = (sandbox.oneflow_token(), sandbox.user_email());
    let headers = [
        ("x-oneflow-api-token", token.as_str()),
        ("x-oneflow-user-email", email.as_str()),
        ("content-type", "application/json"),
    ];
    let target = format!("/v1/contracts/{contract}/data_fields/c::oneflow-notice");
    request(Origin::Oneflow, Method::PUT, &target, &headers, Some(json!({ "value": value })))
}

/// How an exchange ended: its status and the length of its body, an error, or not at all.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Answered(u16, usize),
    NeverSent,
    NoAnswer,
    Never,
}

fn poll<T>(work: impl Future<Output = T>) -> Option<T> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

fn ended(result: Option<Result<Response, TransportError>>) -> Ended {
    match result {
        None => Ended::Never,
        Some(Ok(answer)) => Ended::Answered(answer.status().as_u16(), answer.body().len()),
        Some(Err(error)) if error.was_never_sent() => Ended::NeverSent,
        Some(Err(_)) => Ended::NoAnswer,
    }
}

#[test]
fn each_fault_does_what_it_says_before_the_effect_or_after_it() {
    let whole = {
        let sandbox = sandbox();
        let contract = pending_contract(&sandbox);
        let sent = write(&sandbox, contract, "written");
        poll(sandbox.oneflow_transport().execute(sent)).unwrap().unwrap().body().len()
    };
    use WireFault as F;
    let table = [
        (F::NoConnection, false, Ended::NeverSent),
        (F::LostRequest, false, Ended::NoAnswer),
        (F::LostAnswer, true, Ended::NoAnswer),
        (F::Truncated, true, Ended::Answered(200, whole / 2)),
        (F::Garbage, true, Ended::Answered(200, 44)),
        (F::Status(503), false, Ended::Answered(503, 21)),
        (F::StatusAfter(502), true, Ended::Answered(502, 21)),
        (F::Throttled(1), false, Ended::Answered(429, 0)),
        (F::CrashBefore, false, Ended::Never),
        (F::CrashAfter, true, Ended::Never),
    ];
    assert_eq!(table.each_ref().map(|(fault, ..)| *fault), F::EACH);
    for (fault, takes_effect, end) in table {
        let sandbox = sandbox();
        let contract = pending_contract(&sandbox);
        let wire = WireFaults::at(0, fault).on(sandbox.oneflow_transport());
        let got = ended(poll(wire.execute(write(&sandbox, contract, "written"))));
        let value = sandbox.contract_card(contract).unwrap().data_fields["oneflow-notice"].clone();
        assert_eq!((value == "written", got), (takes_effect, end), "{fault:?}");
        let next = poll(wire.execute(write(&sandbox, contract, "again"))).unwrap().unwrap();
        assert_eq!(next.status(), 200, "{fault:?}: the next one passes");
    }
}

#[test]
fn a_429_says_how_long_to_wait() {
    let sandbox = sandbox();
    let wire = WireFaults::at(0, WireFault::Throttled(55)).on(sandbox.oneflow_transport());
    let answer = poll(wire.execute(write(&sandbox, 1, "x"))).unwrap().unwrap();
    assert_eq!(answer.headers()["retry-after"], "55");
}

#[test]
fn a_latency_takes_time_after_the_effect_and_needs_a_sleep() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let latency = WireFault::Latency(Duration::from_millis(1_500));
    let without = WireFaults::at(0, latency).on(sandbox.oneflow_transport());
    let error = poll(without.execute(write(&sandbox, contract, "x"))).unwrap().unwrap_err();
    assert!(error.is_refused() && format!("{error:?}").contains("WireFaults::sleep"), "{error:?}");
    assert_eq!(sandbox.request_log(), []);
    let before = sandbox.now();
    let with = WireFaults::at(0, latency).sleep(sandbox.sleep()).on(sandbox.oneflow_transport());
    assert_eq!(poll(with.execute(write(&sandbox, contract, "x"))).unwrap().unwrap().status(), 200);
    assert_eq!(sandbox.now().duration_since(before).as_millis(), 1_500);
}

#[test]
fn one_count_is_shared_and_a_closure_sees_it_and_the_request() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let seen = Arc::new(AtomicUsize::new(0));
    let log = Arc::clone(&seen);
    let faults = WireFaults::when(move |number, request| {
        assert_eq!((request.method(), log.fetch_add(1, Ordering::SeqCst)), (&Method::PUT, number));
        (number == 1).then_some(WireFault::NoConnection)
    });
    let wires: [FaultyTransport<SandboxTransport>; 2] =
        [faults.on(sandbox.oneflow_transport()), faults.on(sandbox.transport())];
    let sent = |wire: &FaultyTransport<_>| ended(poll(wire.execute(write(&sandbox, contract, "x"))));
    assert!(matches!(sent(&wires[0]), Ended::Answered(200, _)));
    assert_eq!(sent(&wires[1]), Ended::NeverSent);
    assert!(matches!(sent(&wires[1]), Ended::Answered(200, _)));
    assert_eq!((faults.seen(), seen.load(Ordering::SeqCst)), (3, 3));
}

#[test]
fn a_seed_decides_by_the_number_alone_and_draws_about_as_many_as_asked() {
    let sandbox = sandbox();
    let request = write(&sandbox, 1, "x");
    let drawn = |seed, one_in| {
        let faults = WireFaults::seeded(seed, one_in, WireFault::EACH);
        (0..1_000).map(|_| faults.meet(&request)).collect::<Vec<_>>()
    };
    assert_eq!(drawn(7, 10), drawn(7, 10));
    assert_ne!(drawn(7, 10), drawn(8, 10));
    let met = drawn(7, 10).into_iter().flatten().collect::<Vec<_>>();
    assert!((60..140).contains(&met.len()), "{}", met.len());
    assert!(WireFault::EACH.iter().all(|fault| met.contains(fault)), "each kind is drawn");
    assert_eq!(drawn(7, 1).iter().flatten().count(), 1_000);
    assert_eq!(drawn(7, 0).iter().flatten().count(), 0);
    let none = WireFaults::seeded(7, 1, []);
    assert_eq!(none.meet(&request), None);
}

#[test]
fn everybody_else_gets_a_turn_before_a_request_and_before_its_answer() {
    let sandbox = sandbox();
    let contract = pending_contract(&sandbox);
    let wire = WireFaults::none().taking_turns().on(sandbox.oneflow_transport());
    let mut work = pin!(wire.execute(write(&sandbox, contract, "x")));
    let mut context = Context::from_waker(Waker::noop());
    let arrived = || sandbox.request_log().len();
    assert!(work.as_mut().poll(&mut context).is_pending() && arrived() == 0);
    assert!(work.as_mut().poll(&mut context).is_pending() && arrived() == 1);
    assert!(work.as_mut().poll(&mut context).is_ready());
}

#[test]
fn one_transport_reaches_all_three_hosts_and_no_other() {
    let sandbox = sandbox();
    let all = sandbox.transport();
    for origin in [Origin::Oneflow, Origin::Teamtailor, Origin::Storage] {
        assert!(poll(all.execute(request(origin, Method::GET, "/", &[], None))).unwrap().is_ok());
        assert_eq!(sandbox.request_log().last().unwrap().origin, origin);
    }
    let mut elsewhere = request(Origin::Oneflow, Method::GET, "/", &[], None);
    *elsewhere.uri_mut() = "https://example.com/".parse().unwrap();
    assert!(poll(all.execute(elsewhere)).unwrap().unwrap_err().was_never_sent());
    let other = request(Origin::Teamtailor, Method::GET, "/", &[], None);
    assert!(poll(sandbox.oneflow_transport().execute(other)).unwrap().is_err());
}
