//! `smartsync tail`: what it prints of looks beside a running server, as text and as JSON, and how it ends.

use std::{process::Stdio, time::Duration};

use jiff::Timestamp;
use serde_json::Value;
use smartsync::{
    Store,
    store::{Action, Journal, Look, LookedField, NextLook, Occasion, SqliteJournal, Trigger},
};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout},
    time::timeout,
};

use crate::support::{Ended, Home, signal};

/// Far more than the poll of a second, on a machine that is busy.
const SOON: Duration = Duration::from_secs(30);

/// No service is there: the command asks none.
fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_930_000_000 + seconds).unwrap()
}

fn failed(contract: i64, seconds: i64) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Retry(2), at(seconds));
    Look::without_end(occasion.cost(Duration::from_millis(1250), 7), NextLook::Parked)
}

fn seen(contract: i64, seconds: i64, outcomes: &[(&str, Option<&str>)]) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Notification, at(seconds));
    let occasion = occasion.cost(Duration::from_millis(350), 4);
    let mut look = Look::without_end(occasion, NextLook::At(at(seconds + 5)));
    (look.error, look.candidate, look.drifts) = (None, Some("4711".into()), Some(false));
    look.state = Some("pending".to_owned());
    let field = |(outcome, reason): &(&str, Option<&str>)| {
        LookedField::new("oneflow-city", "custom:oneflow-city", outcome, *reason)
    };
    look.fields = outcomes.iter().map(field).collect();
    look.document = Some(("not_due".to_owned(), Some("not-signed-yet".to_owned())));
    look
}

const HELD: &[(&str, Option<&str>)] =
    &[("held", Some("conflict-held")), ("written", None), ("held", Some("conflict-held"))];

/// The command while it runs.
struct Tail {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    out: String,
}

impl Tail {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut command = home.command(arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines, out: String::new() }
    }

    /// Waits for so many more lines.
    async fn lines(&mut self, count: usize) {
        for _ in 0..count {
            let line = timeout(SOON, self.lines.next_line()).await.expect("a line comes").unwrap();
            self.out.push_str(&(line.expect("it goes on") + "\n"));
        }
    }

    /// Ends it, and returns all that it has printed.
    async fn end(mut self, name: &str) -> Ended {
        signal(&self.process, name).await;
        while let Some(line) = timeout(SOON, self.lines.next_line()).await.expect("it ends").unwrap() {
            self.out.push_str(&(line + "\n"));
        }
        let output = timeout(SOON, self.process.wait_with_output()).await.expect("it ends").unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        Ended { code: output.status.code().unwrap(), out: self.out, err }
    }
}

#[tokio::test]
async fn tail_prints_each_look_on_a_line_as_it_is_noted_and_a_signal_ends_it_with_0() {
    for name in ["-INT", "-TERM"] {
        let home = home();
        let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
        journal.record(&seen(9001, 0, HELD)).await.unwrap();
        let mut tail = Tail::start(&home, &["tail"]);
        tail.lines(1).await;
        // Beside it, by another process; one began earlier than what was shown already.
        journal.record(&failed(9002, -60)).await.unwrap();
        let linked = Look::by_hand(Action::Linked, 9002.into(), at(70), Some("4712".into()));
        journal.record(&linked).await.unwrap();
        let mut attached = seen(9003, 80, &[]);
        attached.document = Some(("attached".to_owned(), None));
        attached.next = NextLook::None;
        journal.record(&attached).await.unwrap();
        tail.lines(3).await;
        let ended = tail.end(name).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
        let expected = "\
2031-02-27T23:06:40Z 9001 notification: 1 written, 2 held (conflict-held, not-signed-yet); next look 2031-02-27T23:06:45Z; 0.3 s
2031-02-27T23:05:40Z 9002 retry 2: failed as a whole (took-too-long); parked; 1.2 s
2031-02-27T23:07:50Z 9002 by hand: linked to candidate 4712
2031-02-27T23:08:00Z 9003 notification: no fields, document attached; nothing left to do; 0.3 s
";
        assert_eq!(ended.out, expected);
    }
}

#[tokio::test]
async fn tail_as_json_prints_one_object_on_a_line_as_history_has_it() {
    let home = home();
    let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
    for number in 0..12 {
        journal.record(&seen(9001, number, HELD)).await.unwrap();
    }
    let mut tail = Tail::start(&home, &["tail", "--json", "--last", "2"]);
    tail.lines(2).await;
    let ended = tail.end("-INT").await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let lines: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let history = home.run(&["history", "9001", "--json", "--limit", "2"]).await;
    let mut looks: Vec<Value> = serde_json::from_str(&history.out).unwrap();
    looks.reverse();
    assert_eq!(lines, looks);
}

#[tokio::test]
async fn tail_shows_only_what_all_of_its_filters_let_through() {
    let home = home();
    let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
    let refused = [("failed", Some("email-taken")), ("written", None)];
    let mut signed = seen(4, 3, &[("unchanged", None)]);
    (signed.state, signed.template_type) = (Some("signed".to_owned()), Some(12.into()));
    for look in [seen(1, 0, HELD), seen(2, 1, &refused), failed(3, 2), signed] {
        journal.record(&look).await.unwrap();
    }
    for (filters, shown) in [
        (&["--outcome", "held"][..], &["1"][..]),
        (&["--outcome", "failed"], &["2", "3"]),
        (&["--outcome", "held", "--outcome", "unchanged"], &["1", "4"]),
        (&["--outcome", "written", "--reason", "email-taken"], &["2"]),
        (&["--reason", "took-too-long"], &["3"]),
        // One that failed as a whole has read neither.
        (&["--state", "pending"], &["1", "2"]),
        (&["--state", "signed", "--state", "pending", "--outcome", "unchanged"], &["4"]),
        (&["--template-type", "12"], &["4"]),
        (&["--template-type", "12", "--template-type", "13", "--state", "signed"], &["4"]),
        (&["--reason", "not-signed-yet", "--contract", "4", "--contract", "2"], &["2", "4"]),
    ] {
        let mut tail = Tail::start(&home, &[&["tail"], filters].concat());
        tail.lines(shown.len()).await;
        let ended = tail.end("-INT").await;
        assert_eq!(ended.code, 0, "{filters:?}: {}", ended.err);
        let contracts: Vec<&str> = ended.out.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
        assert_eq!(contracts, shown, "{filters:?}");
    }
    // Of those that come later as well.
    let mut tail = Tail::start(&home, &["tail", "--last", "0", "--contract", "9"]);
    for look in [seen(8, 10, HELD), seen(9, 11, HELD)] {
        journal.record(&look).await.unwrap();
    }
    journal.record(&seen(8, 12, HELD)).await.unwrap();
    // Whether or not it had begun to follow before they came: one more is sure to be new.
    let later = timeout(SOON, async {
        loop {
            journal.record(&seen(9, 13, HELD)).await.unwrap();
            if let Ok(line) = timeout(Duration::from_secs(2), tail.lines.next_line()).await {
                break line.unwrap().unwrap();
            }
        }
    });
    assert!(later.await.unwrap().contains("Z 9 notification: "));
    assert_eq!(tail.end("-INT").await.code, 0);
}

#[tokio::test]
async fn tail_follows_all_tenants_and_names_them_or_the_one_that_was_named() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::of_tenants(&[("acme-se", &services), ("acme-no", &services)]);
    let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
    let of = |name: &str| journal.for_tenant(&name.parse().unwrap());
    of("acme-se").record(&failed(1, 0)).await.unwrap();
    let (mut both, mut one) =
        (Tail::start(&home, &["tail"]), Tail::start(&home, &["tail", "--tenant", "acme-no", "--json"]));
    both.lines(1).await;
    of("acme-no").record(&failed(1, 5)).await.unwrap();
    both.lines(1).await;
    one.lines(1).await;
    let (both, one) = (both.end("-INT").await, one.end("-INT").await);
    assert_eq!((both.code, one.code), (0, 0));
    let named: Vec<&str> = both.out.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(named, ["acme-se", "acme-no"]);
    let line: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!((&line["tenant"], &line["contract"]), (&"acme-no".into(), &1.into()));
}

#[tokio::test]
async fn tail_ends_when_nobody_reads_any_more_and_fails_without_a_database() {
    let home = home();
    let ended = home.run(&["tail"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{}", ended.err);
    assert!(!home.database().exists(), "none was made");

    let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
    journal.record(&failed(1, 0)).await.unwrap();
    let mut tail = Tail::start(&home, &["tail"]);
    tail.lines(1).await;
    let Tail { process, lines, .. } = tail;
    drop(lines);
    journal.record(&failed(2, 0)).await.unwrap();
    let output = timeout(SOON, process.wait_with_output()).await.expect("it ends").unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tail_follows_a_postgresql_database_too() {
    use smartsync::store::{PostgresJournal, PostgresStore};

    use crate::support::PostgresServer;

    let home = home();
    let database = PostgresServer::shared().database().await;
    home.keep_in(&database);
    let store = PostgresStore::open(&database.address, Some(&database.password)).await.unwrap();
    let journal = PostgresJournal::new(store);
    journal.record(&failed(1, 0)).await.unwrap();
    let mut tail = Tail::start(&home, &["tail"]);
    tail.lines(1).await;
    journal.record(&seen(2, -5, HELD)).await.unwrap();
    tail.lines(1).await;
    let ended = tail.end("-INT").await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let contracts: Vec<&str> = ended.out.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(contracts, ["1", "2"]);
}
