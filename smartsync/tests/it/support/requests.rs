//! What a test sends to a server.

use oneflow_client::{ContractId, SecretString, webhook};
use smartsync_transport::{Body, Request, ReqwestTransport, Transport as _, Url};

use super::home::SIGN_KEY;

/// A signed notification, as Oneflow sends it.
pub(crate) fn notification(callback_id: &str, contract: ContractId) -> String {
    webhook::test_notification(callback_id, contract, &["data_field:update"], &SecretString::from(SIGN_KEY))
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

async fn send(method: &str, url: &str, body: Vec<u8>) -> Option<u16> {
    let transport = ReqwestTransport::for_base_url(&Url::parse(url).unwrap()).unwrap();
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = method.parse().unwrap();
    *request.uri_mut() = url.parse().unwrap();
    transport.execute(request).await.ok().map(|response| response.status().as_u16())
}
