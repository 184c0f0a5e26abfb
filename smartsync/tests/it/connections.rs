//! Whoever holds connections open keeps nobody else out, and whoever is refused does not fill the log.

use std::time::Duration;

use oneflow_client::ContractId;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::support::{Home, Serving, get, notification, post};

const CONTRACT: ContractId = ContractId::new(9001);

fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

fn address(server: &Serving) -> String {
    server.url.trim_start_matches("http://").split('/').next().unwrap().to_owned()
}

/// More connections than the server holds, each with this much of a request.
async fn hold(server: &Serving, begun: &str) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..600 {
        let mut stream = TcpStream::connect(address(server)).await.unwrap();
        // One that was ended by now may refuse it.
        stream.write_all(begun.as_bytes()).await.ok();
        held.push(stream);
    }
    held
}

#[tokio::test]
async fn slow_connections_of_one_peer_shut_no_genuine_notification_out() {
    let head = "POST /webhooks/oneflow HTTP/1.1\r\nhost: x\r\n";
    let body = format!("{head}content-length: 400\r\n\r\n{{");
    let idle = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for (what, begun) in
        [("silent", ""), ("half a head", head), ("half a body", &body), ("idle after an answer", idle)]
    {
        let home = home();
        let server = home.serve().await;
        let held = hold(&server, begun).await;
        for round in 0..8 {
            assert_eq!(
                post(&server.url, notification(&format!("{what}-{round}"), CONTRACT)).await,
                200,
                "{what}"
            );
        }
        let log = home.log();
        let told = log.lines().filter(|line| line.contains("a connection was ended to make room")).count();
        assert!((1..=5).contains(&told), "{what}: {told} lines");
        drop(held);
    }
}

#[tokio::test]
async fn the_oldest_that_has_sent_nothing_makes_room() {
    let home = home();
    let server = home.serve().await;
    let mut first = TcpStream::connect(address(&server)).await.unwrap();
    let _others = hold(&server, "").await;
    let mut rest = Vec::new();
    // Long before the ten seconds after which it is closed in any case.
    let ended = timeout(Duration::from_secs(5), first.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the oldest is closed");
}

#[tokio::test]
async fn a_question_that_is_being_answered_makes_no_room() {
    let home = home();
    let server = home.serve().await;
    let other = rusqlite::Connection::open(home.database()).unwrap();
    // `/readyz` writes, so that it has to wait for this.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut asked = TcpStream::connect(address(&server)).await.unwrap();
    asked.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    // By the time that a later one is answered, the server has read it.
    assert_eq!(get(&server.at("/healthz")).await, 200);
    let _others = hold(&server, "").await;
    let mut answer = String::new();
    asked.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer:?}");
}

#[tokio::test]
async fn refusals_are_told_with_the_peer_and_from_the_sixth_on_only_counted() {
    let home = home();
    let server = home.serve().await;
    let forged = notification("one", CONTRACT).replace("\"signature\":\"", "\"signature\":\"0");
    for _ in 0..200 {
        assert_eq!(post(&server.url, forged.clone()).await, 401);
    }
    let told = async || {
        let log = home.log();
        let lines: Vec<String> = log
            .lines()
            .filter(|line| line.contains("a notification was refused"))
            .map(str::to_owned)
            .collect();
        lines
    };
    while told().await.len() < 5 {
        sleep(Duration::from_millis(20)).await;
    }
    let lines = told().await;
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("peer=127.0.0.1:")), "{lines:?}");
}
