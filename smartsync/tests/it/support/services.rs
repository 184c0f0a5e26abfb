//! Services that answer as a test wants, and what was asked of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use oneflow_client::Oneflow;
use serde_json::json;
use smartsync_transport::{Endpoint, ReqwestTransport, Transport as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::home::Home;

/// Services that answer nothing but whose the credentials are: the accounts of the sandbox.
pub(crate) async fn mock_services() -> MockServer {
    let services = MockServer::start().await;
    mock_accounts(&services).await;
    services
}

pub(crate) async fn mock_accounts(services: &MockServer) {
    for (at, answer) in [
        ("/v1/accounts/me", json!({ "id": 101 })),
        ("/v1/company", json!({ "data": { "id": "FkZsandboxA", "type": "companies" } })),
    ] {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(path(at)).respond_with(answer).with_priority(1).mount(services).await;
    }
}

/// The paths that a server asked of the services to look at contracts. It also asks once which fields they have.
pub(crate) async fn looks(services: &MockServer) -> Vec<String> {
    let requests = services.received_requests().await.unwrap();
    let paths = requests.iter().map(|request| request.url.path().to_owned());
    paths.filter(|path| path.starts_with("/v1/contracts/")).collect()
}

/// Has `between` answer `operation` as Oneflow does now.
pub(crate) async fn pass<E: Endpoint<Service = Oneflow>>(between: &MockServer, home: &Home, operation: &E) {
    let client = home.config().oneflow_client().unwrap();
    let request = client.prepare(operation).unwrap();
    let at = request.uri().path().to_owned();
    let transport = ReqwestTransport::for_base_url(client.base_url()).unwrap();
    let answer = transport.execute(request).await.unwrap();
    assert!(answer.status().is_success(), "{at}");
    let answer = ResponseTemplate::new(200).set_body_raw(answer.into_body().as_bytes(), "application/json");
    Mock::given(path(at)).respond_with(answer).mount(between).await;
}

/// Lets requests through to a service, those that write only after a while. Returns its address, and how many of these have come.
pub(crate) async fn slow_to_write(target: &str, delay: Duration) -> (String, Arc<AtomicUsize>) {
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&writes);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let target: Arc<str> = target.trim_start_matches("http://").trim_end_matches('/').into();
    tokio::spawn(async move {
        while let Ok((from, _)) = listener.accept().await {
            let to = TcpStream::connect(&*target).await.unwrap();
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let ((mut requests, mut back), (mut answers, mut on)) = (from.into_split(), to.into_split());
                tokio::spawn(async move { copy(&mut answers, &mut back).await });
                let mut bytes = [0; 65536];
                while let Ok(count @ 1..) = requests.read(&mut bytes).await {
                    if bytes.starts_with(b"PATCH ") || bytes.starts_with(b"POST ") {
                        counted.fetch_add(1, Ordering::SeqCst);
                        sleep(delay).await;
                    }
                    on.write_all(&bytes[..count]).await.unwrap();
                }
            });
        }
    });
    (origin, writes)
}
