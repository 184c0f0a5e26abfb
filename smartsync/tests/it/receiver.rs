//! What the server answers over a real socket, and that a bad notification has no effect.

use std::time::Duration;

use oneflow_client::{ContractId, SecretString, webhook};
use smartsync::{Inbox, Store, server};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Home, get, looks, mock_services, notification, post};

const CONTRACT: ContractId = ContractId::new(9001);

/// A server in this process, over services that count what they are asked and answer nothing useful.
struct Rig {
    services: MockServer,
    home: Home,
    origin: String,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Rig {
    async fn start() -> Self {
        let services = mock_services().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount(&services).await;
        let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
        let server = server::bind(&home.config()).await.unwrap();
        let origin = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
        Self { services, home, origin, stop, server }
    }

    fn webhook(&self) -> String {
        format!("{}/webhooks/oneflow", self.origin)
    }

    /// Stops the server and opens its database, which is there as long as its home.
    async fn inbox(self) -> (Home, Inbox) {
        self.stop.send(()).unwrap();
        timeout(Duration::from_secs(5), self.server).await.expect("the server ends soon").unwrap();
        let inbox = Inbox::new(Store::open(&self.home.database()).unwrap());
        (self.home, inbox)
    }
}

#[tokio::test]
async fn a_bad_notification_is_refused_and_causes_no_look() {
    let rig = Rig::start().await;
    let forged = notification("one", CONTRACT).replace("\"signature\":\"", "\"signature\":\"0");
    let stolen = notification("one", CONTRACT).replace("\"one\"", "\"two\"");
    let unsigned = r#"{"callback_id":"one","contract":{"id":9001},"events":[]}"#.to_owned();
    let cases = [
        ("no JSON", "not json".to_owned(), 400),
        ("empty", String::new(), 400),
        ("another format", r#"{"hello":"world"}"#.to_owned(), 400),
        ("unsigned", unsigned, 401),
        ("wrong signature", forged, 401),
        ("signature of another notification", stolen, 401),
        ("too large", " ".repeat(64 * 1024 + 1), 413),
    ];
    for (what, body, status) in cases {
        assert_eq!(post(&rig.webhook(), body).await, status, "{what}");
    }
    assert_eq!(get(&rig.webhook()).await, 405);
    assert_eq!(post(&format!("{}/elsewhere", rig.origin), notification("one", CONTRACT)).await, 404);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(looks(&rig.services).await, [""; 0]);
    let (_home, inbox) = rig.inbox().await;
    assert!(inbox.waiting().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_accepted_notification_is_on_the_disk_and_is_looked_at_within_two_seconds() {
    let rig = Rig::start().await;
    assert_eq!(post(&rig.webhook(), notification("one", CONTRACT)).await, 200);
    let on_disk: i64 = rusqlite::Connection::open(rig.home.database())
        .unwrap()
        .query_row("SELECT id FROM inbox WHERE callback_id = 'one'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(on_disk, CONTRACT.get());
    let asked = async {
        while looks(&rig.services).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(2), asked).await.expect("the contract is looked at");
    assert_eq!(looks(&rig.services).await[0], "/v1/contracts/9001");
    assert_eq!(
        post(&rig.webhook(), notification("one", CONTRACT)).await,
        200,
        "a repeated one is answered as well"
    );
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_ends_and_keeps_what_failed() {
    let rig = Rig::start().await;
    assert_eq!(post(&rig.webhook(), notification("one", CONTRACT)).await, 200);
    let (_home, inbox) = rig.inbox().await;
    assert_eq!(inbox.waiting().await.unwrap(), [CONTRACT]);
}

#[tokio::test]
async fn the_health_checks_answer() {
    let rig = Rig::start().await;
    assert_eq!(get(&format!("{}/healthz", rig.origin)).await, 200);
    assert_eq!(get(&format!("{}/readyz", rig.origin)).await, 200);
}

#[tokio::test]
async fn half_a_head_does_not_hold_a_connection_for_ever() {
    let rig = Rig::start().await;
    let mut stream = TcpStream::connect(rig.origin.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"POST /webhooks/oneflow HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let mut rest = Vec::new();
    let closed = timeout(Duration::from_secs(15), stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "the server closes the connection");
}

#[tokio::test]
async fn half_a_body_is_answered_with_a_timeout() {
    let rig = Rig::start().await;
    let mut stream = TcpStream::connect(rig.origin.trim_start_matches("http://")).await.unwrap();
    stream
        .write_all(b"POST /webhooks/oneflow HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        .await
        .unwrap();
    let mut answer = [0; 12];
    timeout(Duration::from_secs(15), stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_server_without_sign_keys_does_not_start() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let key = format!("sign_keys = [{{ file = \"{}/sign-key\" }}]", home.folder().display());
    home.replace(&key, "");
    let error = server::bind(&home.config()).await.unwrap_err();
    assert!(matches!(error, server::ServeError::NoSignKeys), "{error}");
}

#[tokio::test]
async fn a_second_server_on_the_same_database_does_not_start() {
    let rig = Rig::start().await;
    let error = server::bind(&rig.home.config()).await.unwrap_err();
    assert!(error.to_string().starts_with("another `smartsync serve` is running on the database"), "{error}");
}

#[tokio::test]
async fn during_a_rotation_each_of_the_keys_is_accepted() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.secret("new-key", "the key that comes next");
    let folder = home.folder().display().to_string();
    home.replace("sign_keys = [", &format!("sign_keys = [{{ file = \"{folder}/new-key\" }}, "));
    let server = home.serve().await;
    assert_eq!(post(&server.url, notification("one", CONTRACT)).await, 200);
    let next = SecretString::from("the key that comes next");
    assert_eq!(post(&server.url, webhook::test_notification("two", CONTRACT, &[], &next)).await, 200);
    let other = SecretString::from("a key of somebody else");
    assert_eq!(post(&server.url, webhook::test_notification("three", CONTRACT, &[], &other)).await, 401);
}
