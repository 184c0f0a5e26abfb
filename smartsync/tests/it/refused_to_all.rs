//! What is refused to every contract, by whichever answer, parks none of them, and is done once it is taken.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use oneflow_client::ContractId;
use smartsync::{Backoff, Inbox, Store, server};
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Method, Request};
use tokio::{
    sync::oneshot,
    task::{JoinHandle, JoinSet, LocalSet},
};
use wiremock::{Mock, MockServer, Request as Asked, Respond, ResponseTemplate, matchers::any};

use crate::support::{Home, mock_services, until};

/// The sandbox's Teamtailor, which answers this to every write as long as there is an answer, and counts how often it did.
#[derive(Clone)]
struct Faulty(Sandbox, Arc<Mutex<(Option<ResponseTemplate>, usize)>>);

impl Faulty {
    fn set(&self, answer: Option<ResponseTemplate>) {
        self.1.lock().unwrap().0 = answer;
    }

    fn count(&self) -> usize {
        self.1.lock().unwrap().1
    }
}

impl Respond for Faulty {
    fn respond(&self, asked: &Asked) -> ResponseTemplate {
        let mut fault = self.1.lock().unwrap();
        if let (Some(answer), true) = (fault.0.clone(), asked.method != Method::GET) {
            fault.1 += 1;
            return answer;
        }
        let mut request = Request::new(Body::from(asked.body.clone()));
        *request.method_mut() = asked.method.clone();
        *request.uri_mut() = asked.url[url::Position::BeforePath..].parse().unwrap();
        *request.headers_mut() = asked.headers.clone();
        let response = self.0.handle(Origin::Teamtailor, request);
        ResponseTemplate::new(response.status().as_u16())
            .set_body_raw(response.body().as_bytes().to_vec(), "application/json")
    }
}

/// Three candidates with a contract each, of which the server is told before it starts. It parks after the third failure of a contract's own.
struct Office {
    services: HttpSandbox,
    home: Home,
    work: Vec<(String, ContractId)>,
    _teamtailor: MockServer,
    faulty: Faulty,
}

impl Office {
    async fn open(is_signed: bool) -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let sandbox = services.sandbox();
        let faulty = Faulty(sandbox.clone(), Arc::default());
        let teamtailor = mock_services().await;
        Mock::given(any()).respond_with(faulty.clone()).mount(&teamtailor).await;
        let home =
            Home::new(services.oneflow_url().as_str(), &teamtailor.uri()).with_contracts_of_others(&services);
        let inbox = Inbox::new(Store::open(&home.database()).unwrap());
        let mut work = Vec::new();
        for number in 0..3 {
            let email = format!("candidate{number}@example.com");
            let candidate = sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate")).unwrap();
            let seed = ContractSeed::new(sandbox.seeded().template, "Employment");
            let contract =
                sandbox.add_contract(seed.counterparty("A Candidate", &email).published()).unwrap();
            sandbox.advance(Duration::from_secs(600));
            sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
            if is_signed {
                sandbox.sign_all(contract).unwrap();
            }
            inbox.accept(&email, ContractId::from(contract)).await.unwrap();
            work.push((candidate, contract.into()));
        }
        Self { services, home, work, _teamtailor: teamtailor, faulty }
    }

    /// The server, until told to stop.
    async fn serve(&self) -> (oneshot::Sender<()>, JoinHandle<()>) {
        let mut backoff = Backoff::default();
        (backoff.base, backoff.attempts) = (Duration::ZERO, 3);
        let server = server::bind(&self.home.config()).await.unwrap().backoff(backoff);
        let (stop, stopped) = oneshot::channel();
        (stop, tokio::spawn(server.run(async { stopped.await.unwrap_or_default() })))
    }

    async fn nothing_is_parked(&self, what: &str) {
        let inbox = Inbox::new(Store::open(&self.home.database()).unwrap());
        assert_eq!(inbox.parked().await.unwrap(), [], "{what}");
        assert_eq!(inbox.waiting().await.unwrap().len(), 3, "{what}");
    }

    fn asked(&self, operation: &str) -> usize {
        self.services.sandbox().request_log().iter().filter(|asked| asked.operation == operation).count()
    }

    fn have_all(&self, is_done: impl Fn(&Sandbox, &str) -> bool) -> bool {
        self.work.iter().all(|(candidate, _)| is_done(self.services.sandbox(), candidate))
    }
}

#[tokio::test]
async fn writes_that_are_refused_to_all_are_done_once_they_are_taken() {
    let page = ResponseTemplate::new(200).set_body_raw("<html>We will be back soon</html>", "text/html");
    let status = |status| (status, ResponseTemplate::new(status).insert_header("retry-after", "0"));
    let (local, mut tries) = (LocalSet::new(), JoinSet::new());
    for (status, answer) in
        [301, 401, 402, 403, 404, 405, 409, 501].map(status).into_iter().chain([(200, page)])
    {
        tries.spawn_local_on(writes_are_done_after(status, answer), &local);
    }
    local.run_until(tries.join_all()).await;
}

async fn writes_are_done_after(status: u16, answer: ResponseTemplate) {
    let office = Office::open(false).await;
    office.faulty.set(Some(answer));
    let (stop, server) = office.serve().await;
    until(&format!("each was tried often: {status}"), async || office.faulty.count() > 12).await;
    office.nothing_is_parked(&status.to_string()).await;
    office.faulty.set(None);
    let has_notice = |sandbox: &Sandbox, candidate: &str| {
        sandbox.candidate_card(candidate).unwrap().get("oneflow-notice") == Some("3 months")
    };
    until(&format!("all are written: {status}"), async || office.have_all(has_notice)).await;
    stop.send(()).unwrap();
    server.await.unwrap();
}

#[tokio::test]
async fn signed_documents_that_are_refused_to_all_are_attached_once_they_are_taken() {
    let office = Office::open(true).await;
    office.services.sandbox().refuse_uploads(u32::MAX);
    let (stop, server) = office.serve().await;
    until("each was tried often", async || office.asked("create_upload") > 12).await;
    office.nothing_is_parked("refused").await;
    office.services.sandbox().refuse_uploads(0);
    are_attached(&office).await;
    stop.send(()).unwrap();
    server.await.unwrap();
}

#[tokio::test]
async fn signed_documents_of_which_no_file_is_ready_are_attached_once_there_are_files() {
    let office = Office::open(true).await;
    let missing = |is_missing| {
        for (_, contract) in &office.work {
            office.services.sandbox().set_file_missing(contract.get(), is_missing).unwrap();
        }
    };
    missing(true);
    let (stop, server) = office.serve().await;
    until("each was tried often", async || office.asked("get_contract") > 12).await;
    office.nothing_is_parked("not ready").await;
    missing(false);
    are_attached(&office).await;
    stop.send(()).unwrap();
    server.await.unwrap();
}

async fn are_attached(office: &Office) {
    let has_one =
        |sandbox: &Sandbox, candidate: &str| sandbox.candidate_card(candidate).unwrap().uploads.len() == 1;
    until("all are attached", async || office.have_all(has_one)).await;
}
