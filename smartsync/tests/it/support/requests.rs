//! What a test sends to a server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use oneflow_client::{ContractId, SecretString, webhook};
use smartsync_transport::{Body, Request, ReqwestTransport, Transport as _, Url};
use tokio::task::JoinSet;

use super::home::SIGN_KEY;

/// A signed notification, as Oneflow sends it.
pub(crate) fn notification(callback_id: &str, contract: ContractId) -> String {
    signed(callback_id, contract, SIGN_KEY)
}

/// The same by another key.
pub(crate) fn signed(callback_id: &str, contract: ContractId, key: &str) -> String {
    webhook::test_notification(callback_id, contract, &["data_field:update"], &SecretString::from(key))
}

/// The status that the server answers.
pub(crate) async fn post(url: &str, body: impl Into<Vec<u8>>) -> u16 {
    send("POST", url, body.into()).await.expect("the server answers")
}

/// The status that the server answers, if it does.
pub(crate) async fn post_lenient(url: &str, body: impl Into<Vec<u8>>) -> Option<u16> {
    send("POST", url, body.into()).await
}

pub(crate) async fn get(url: &str) -> u16 {
    send("GET", url, Vec::new()).await.expect("the server answers")
}

/// The type and the text of an answer.
pub(crate) async fn get_text(url: &str) -> (String, String) {
    let transport = ReqwestTransport::for_base_url(&Url::parse(url).unwrap()).unwrap();
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = url.parse().unwrap();
    let answer = transport.execute(request).await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (kind, String::from_utf8(answer.into_body().as_bytes().to_vec()).unwrap())
}

/// Sends many notifications to one server over the same connections.
#[derive(Clone)]
pub(crate) struct Sender {
    transport: ReqwestTransport,
    url: String,
}

impl Sender {
    pub(crate) fn to(url: &str) -> Self {
        let transport = ReqwestTransport::for_base_url(&Url::parse(url).unwrap()).unwrap();
        Self { transport, url: url.to_owned() }
    }

    /// The status that the server answers, if it does.
    pub(crate) async fn post(&self, body: impl Into<Vec<u8>>) -> Option<u16> {
        let mut request = Request::new(Body::from(body.into()));
        *request.method_mut() = "POST".parse().unwrap();
        *request.uri_mut() = self.url.parse().unwrap();
        self.transport.execute(request).await.ok().map(|response| response.status().as_u16())
    }

    /// Sends them, 32 at a time. Each is answered with 200.
    pub(crate) async fn post_all(&self, bodies: Vec<String>) {
        let sent = bodies.len();
        assert_eq!(self.post_each(bodies).await, BTreeMap::from([(200, sent)]));
    }

    /// Sends them, 32 at a time. Returns how many were answered with each status.
    pub(crate) async fn post_each(&self, bodies: Vec<String>) -> BTreeMap<u16, usize> {
        let bodies = Arc::new(Mutex::new(bodies.into_iter()));
        let mut senders = JoinSet::new();
        for _ in 0..32 {
            let (sender, bodies) = (self.clone(), Arc::clone(&bodies));
            senders.spawn(async move {
                let mut answers = Vec::new();
                loop {
                    let Some(body) = bodies.lock().unwrap().next() else { return answers };
                    answers.push(sender.post(body).await.unwrap());
                }
            });
        }
        let mut counts = BTreeMap::new();
        for answer in senders.join_all().await.into_iter().flatten() {
            *counts.entry(answer).or_default() += 1;
        }
        counts
    }
}

async fn send(method: &str, url: &str, body: Vec<u8>) -> Option<u16> {
    let transport = ReqwestTransport::for_base_url(&Url::parse(url).unwrap()).unwrap();
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = method.parse().unwrap();
    *request.uri_mut() = url.parse().unwrap();
    transport.execute(request).await.ok().map(|response| response.status().as_u16())
}
