//! A server says at its start what of the mapping does not fit the services, and starts all the same.

use std::{process::Stdio, time::Duration};

use oneflow_client::ContractId;
use smartsync::server;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStderr},
    sync::oneshot,
    time::timeout,
};
use wiremock::{Mock, ResponseTemplate, matchers::any};

use crate::support::{Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, get, mock_services, notification, post};

const CONTRACT: ContractId = ContractId::new(9001);

/// A server, where it receives notifications, and its log up to the line that tells to check, without the times.
async fn log_of(home: &Home) -> (Child, String, Vec<String>) {
    let mut process = home.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(process.stdout.take().unwrap()).lines();
    let url = out.next_line().await.unwrap().unwrap().replace("listening on ", "");
    let log = until_advice(process.stderr.take().unwrap());
    let log = timeout(Duration::from_secs(20), log).await.expect("the log tells to check");
    (process, url, log)
}

async fn until_advice(stderr: ChildStderr) -> Vec<String> {
    let (mut lines, mut log) = (BufReader::new(stderr).lines(), Vec::new());
    while let Some(line) = lines.next_line().await.unwrap() {
        let is_advice = line.contains("`smartsync check`") || line.contains("matches both services");
        log.extend(line.split_once('Z').map(|(_, said)| said.trim().to_owned()));
        if is_advice {
            return log;
        }
    }
    panic!("the server has ended: {log:?}");
}

async fn services() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    (services, home)
}

#[tokio::test]
async fn a_field_that_a_service_lacks_is_logged_and_the_server_answers() {
    let (_services, home) = services().await;
    home.append(
        "\n[sync]\nconvention = false\n\n[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notise\"\n\
         \n[[field]]\noneflow = \"oneflow-salary\"\nteamtailor = \"custom:oneflow-salary\"\nwhen = \"all_signed\"\n",
    );
    let (_server, url, log) = log_of(&home).await;
    let hash = home.config().permissions().unwrap().hash();
    assert_eq!(log[0], format!("INFO starting permissions={hash}"), "the first line says what it is held to");
    assert_eq!(
        log[2..],
        [
            "ERROR Teamtailor has no candidate custom field `oneflow-notise` code=SM0041 place=field[0].teamtailor line=23 help=\"write `custom:oneflow-notice`\"",
            "ERROR the mapping does not match both services, so not everything is synced: run `smartsync check` errors=1 warnings=0",
        ]
    );
    assert_eq!(post(&url, notification("one", CONTRACT)).await, 200);
}

#[tokio::test]
async fn a_mapping_that_fits_is_one_line() {
    let (_services, home) = services().await;
    let (_server, _, log) = log_of(&home).await;
    assert_eq!(log.last().unwrap(), "INFO the mapping matches both services");
    assert!(log.iter().all(|line| line.starts_with("INFO")), "{log:?}");
}

#[tokio::test]
async fn services_that_are_down_are_a_warning() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let (_server, url, log) = log_of(&home).await;
    let hash = home.config().permissions().unwrap().hash();
    assert_eq!(log[0], format!("INFO starting permissions={hash}"), "the first line says what it is held to");
    assert_eq!(post(&url, notification("one", CONTRACT)).await, 200);
    let said = log.last().unwrap();
    assert!(said.starts_with("WARN the services' fields cannot be read"), "{said}");
    assert!(said.contains("error=oneflow.list_template_types: "), "{said}");
    for secret in [ONEFLOW_TOKEN, TEAMTAILOR_KEY, SIGN_KEY] {
        assert!(!log.concat().contains(secret), "{log:?}");
    }
}

#[tokio::test]
async fn services_that_take_their_time_delay_neither_the_answer_nor_the_end() {
    let services = mock_services().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(any()).respond_with(slow).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    let server = server::bind(&home.config()).await.unwrap();
    let origin = format!("http://{}", server.address());
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
    let asked = async {
        while services.received_requests().await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), asked).await.expect("the services are asked");
    let answered = timeout(Duration::from_secs(2), get(&format!("{origin}/readyz"))).await;
    assert_eq!(answered.expect("the server answers meanwhile"), 200);
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), server).await.expect("the server ends meanwhile").unwrap();
}
