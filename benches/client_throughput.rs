//! Requests per second of `oneflow-client` against bare reqwest and serde, on loopback, with 1 and 64 connections.
//!
//! Both sides read the same contract into the same type. The server runs in this process, on a thread of its own.
//!
//! The client keeps what the yardstick goes without: a timeout, a cap on the size of an answer, retries, and the limiter
//! at work, as large as the documented limit needs it, with a period so short that it never holds a request back.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use oneflow_client::{ContractId, OneflowClient, contracts::Contract};
use smartsync_benches::median;
use smartsync_transport::Limiter;
use tokio::net::TcpListener;

const ROUNDS: usize = 7;
const TOKEN: &str = "0123456789012345678901234567890123456789";

fn main() {
    let address = start_server();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for (connections, requests) in [(1, 2_000), (64, 20_000)] {
            compare(address, connections, requests).await;
        }
    });
}

/// Runs both sides in turns and prints the medians and their ratio.
async fn compare(address: SocketAddr, connections: usize, requests: usize) {
    let bare = Arc::new(Bare::new(address));
    let client = OneflowClient::builder()
        .api_token(TOKEN)
        .base_url(format!("http://{address}/v1").parse().expect("a URL"))
        .limiter(Limiter::new(1_900, Duration::from_millis(1)))
        .build()
        .expect("a client");
    let (mut bare_rates, mut client_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let own = Arc::clone(&bare);
        let bare_rate = rate(connections, requests, move || {
            let bare = Arc::clone(&own);
            async move { bare.contract().await }
        })
        .await;
        let own = client.clone();
        let client_rate = rate(connections, requests, move || {
            let client = own.clone();
            async move { client.contracts().get(ContractId::new(9001)).await.expect("a contract") }
        })
        .await;
        // The first round opens the connections.
        if round > 0 {
            bare_rates.push(bare_rate);
            client_rates.push(client_rate);
            ratios.push(client_rate / bare_rate);
        }
    }
    println!(
        "{connections:>2} connections: bare reqwest {:>6.0}/s, client {:>6.0}/s, ratio {:.3} (goal: at least 0.95)",
        median(&mut bare_rates),
        median(&mut client_rates),
        median(&mut ratios)
    );
}

async fn rate<F: Future<Output = Contract> + Send + 'static>(
    connections: usize,
    requests: usize,
    one: impl Fn() -> F + Clone + Send + 'static,
) -> f64 {
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let one = one.clone();
        tasks.spawn(async move {
            for _ in 0..requests / connections {
                assert_eq!(one().await.id, ContractId::new(9001));
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("every request is answered");
    }
    requests as f64 / begun.elapsed().as_secs_f64()
}

/// The yardstick: what one would write without the client.
struct Bare {
    http: reqwest::Client,
    url: String,
}

impl Bare {
    fn new(address: SocketAddr) -> Self {
        Self { http: reqwest::Client::new(), url: format!("http://{address}/v1/contracts/9001") }
    }

    async fn contract(&self) -> Contract {
        let request = self.http.get(&self.url).header("x-oneflow-api-token", TOKEN);
        let response = request.header("accept", "application/json").send().await.expect("an answer");
        let bytes = response.error_for_status().expect("a good one").bytes().await.expect("a body");
        serde_json::from_slice(&bytes).expect("a contract")
    }
}

fn start_server() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a socket");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).expect("a socket");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                tokio::spawn(
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)),
                );
            }
        });
    });
    address
}

async fn answer(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::new(Bytes::from_static(CONTRACT.as_bytes()))))
}

const CONTRACT: &str = r#"{
    "id": 9001, "state": "pending", "published_time": "2031-02-03T04:05:06+0000",
    "_private": { "name": "Employment contract", "workspace_id": 12 },
    "_private_ownerside": { "created_time": "2031-01-02T03:04:05+0000", "template_id": 1, "template_type_id": 2 },
    "parties": [
        { "id": 1, "my_party": true, "type": "company", "name": "Example AB", "participants": [
            { "id": 11, "name": "Recruiter", "email": "recruiter@example.com", "signatory": true } ] },
        { "id": 2, "my_party": false, "type": "individual", "name": "Ann Sample", "participant":
            { "id": 12, "name": "Ann Sample", "email": "ann@example.com", "signatory": true } } ],
    "data_fields": [
        { "id": 1, "name": "Start date", "value": "2031-05-01", "_private_ownerside": { "custom_id": "oneflow-start-date" } },
        { "id": 2, "name": "Salary", "value": "42000", "_private_ownerside": { "custom_id": "oneflow-salary" } },
        { "id": 3, "name": "Notice", "value": "3 months", "_private_ownerside": { "custom_id": "oneflow-notice" } } ]
}"#;
