//! What a service answers is shown without anything that a terminal acts on, and cannot look like lines of our own.

use std::time::Duration;

use serde_json::{Value, json};
use smartsync_sandbox::{ContractSeed, Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Body, Request};
use tokio::time::{sleep, timeout};
use wiremock::{Mock, MockServer, Request as Asked, Respond, ResponseTemplate, matchers::any};

use crate::support::{Ended, Home, looks, mock_services, notification, post};

/// What a terminal acts on, and a line that looks like one of ours.
const HOSTILE: &str = "\u{1b}[31m\u{7}\u{9b}2J\u{202e}\u{2028}\r\nerror: FORGED";

/// What a name goes on with, far beyond what is shown of it.
const ENDLESS: &str = "endless";

/// A person whom a service quotes.
const PERSON: &str = "Kanarienvogel <kanarienvogel@example.com>";

/// Members whose text a person chose.
const CHOSEN: [&str; 6] = ["name", "custom_id", "api-name", "callback_url", "title", "subject"];

/// A service of the sandbox whose people have chosen hostile texts.
struct Hostile(Sandbox, Origin);

impl Respond for Hostile {
    fn respond(&self, asked: &Asked) -> ResponseTemplate {
        let mut request = Request::new(Body::from(asked.body.clone()));
        *request.method_mut() = asked.method.clone();
        *request.uri_mut() = asked.url[url::Position::BeforePath..].parse().unwrap();
        *request.headers_mut() = asked.headers.clone();
        let response = self.0.handle(self.1, request);
        let mut answer: Value = serde_json::from_slice(response.body().as_bytes()).unwrap_or_default();
        spoil(&mut answer);
        let template = ResponseTemplate::new(response.status().as_u16());
        template.set_body_raw(answer.to_string(), "application/json")
    }
}

fn spoil(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                spoil(member);
                if let (Value::String(text), true) = (member, CHOSEN.contains(&name.as_str())) {
                    text.push_str(HOSTILE);
                    text.push_str(&ENDLESS.repeat(200));
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(spoil),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_shown_safely(what: &str, text: &str) {
    let acts = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(acts), "{what}: {:?}", text);
    assert!(!text.lines().any(|line| line.trim_start().starts_with("error: FORGED")), "{what}: {text}");
}

fn is_clean(arguments: &[&str], ended: &Ended) {
    is_shown_safely(&format!("{arguments:?}, output"), &ended.out);
    is_shown_safely(&format!("{arguments:?}, errors"), &ended.err);
}

/// No name is shown to its end.
fn is_cut(ended: &Ended) {
    let endless = ENDLESS.repeat(12);
    assert!(!ended.out.contains(&endless) && !ended.err.contains(&endless), "{}{}", ended.out, ended.err);
}

async fn service(answers: impl Respond + 'static) -> MockServer {
    let service = mock_services().await;
    Mock::given(any()).respond_with(answers).mount(&service).await;
    service
}

#[tokio::test]
async fn no_command_and_no_log_passes_on_what_a_terminal_acts_on() {
    let sandbox = Sandbox::new(SandboxSettings::new());
    let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
        .counterparty("Ann Sample", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let oneflow = service(Hostile(sandbox.clone(), Origin::Oneflow)).await;
    let teamtailor = service(Hostile(sandbox.clone(), Origin::Teamtailor)).await;
    let home = Home::new(&format!("{}/v1", oneflow.uri()), &teamtailor.uri());
    home.append("\n[[field]]\noneflow = \"oneflow-ntice\"\nteamtailor = \"custom:oneflow-notcie\"\n");
    let registered = home.run(&["webhook", "register", "https://sync.example.com/webhooks/oneflow"]).await;
    assert_eq!(registered.code, 0, "{}", registered.err);

    let number = contract.to_string();
    let seeded = sandbox.seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let create =
        ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
    let mut has_met_it = 0;
    for arguments in [
        &["check"][..],
        &["webhook", "list"],
        &["webhook", "remove", "1"],
        &["schema", "save"],
        &["permissions"],
        &["check", "--offline"],
        &["permissions", "--offline"],
        &["plan", &number],
        &["sync", &number],
        &["sync", "--all"],
        &create,
    ] {
        let ended = home.run(arguments).await;
        is_clean(arguments, &ended);
        if arguments[0] == "check" {
            is_cut(&ended);
        }
        has_met_it += usize::from(ended.out.contains("FORGED") || ended.err.contains("FORGED"));
    }
    assert!(has_met_it >= 4, "the texts are shown, without what they should do: {has_met_it}");

    let mut server = home.serve().await;
    let before = looks(&oneflow).await.len();
    assert_eq!(post(&server.url, notification("one", contract.into())).await, 200);
    let looked = async {
        while looks(&oneflow).await.len() == before || !home.log().contains("`smartsync check`") {
            sleep(Duration::from_millis(50)).await;
        }
        // The look is finished, and told, before the server ends.
        let pid = server.process.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        server.process.wait().await.unwrap();
    };
    timeout(Duration::from_secs(20), looked).await.unwrap_or_else(|_| panic!("{}", home.log()));
    is_shown_safely("the log", &home.log());

    // A help that lists template types and workspaces by their names.
    home.append("\n[sync]\ntemplate_types = [999999999]\nworkspaces = [999999999]\n");
    let ended = home.run(&["check"]).await;
    assert!(ended.out.contains("use the id of a template type"), "{}", ended.out);
    assert!(ended.out.contains("use the id of a workspace"), "{}", ended.out);
    is_clean(&["check"], &ended);
    is_cut(&ended);
}

/// A service that refuses everything, and quotes a person wherever an error has a place for it.
fn refusal(status: u16) -> ResponseTemplate {
    let (title, code) = (format!("{PERSON}{HOSTILE}"), format!("4000{PERSON}{HOSTILE}"));
    let problem = json!({ "title": title, "code": code, "status": "422", "detail": title, "source": { "pointer": title } });
    let body = json!({
        "errors": [problem],
        "error_code": code,
        "title": title,
        "detail": title,
        "request_id": title,
        "parameter_problems": { PERSON: [title] },
    });
    let answer = ResponseTemplate::new(status).insert_header("x-request-id", PERSON);
    answer.set_body_raw(body.to_string(), "application/json")
}

fn quotes_nobody(what: &str, text: &str) {
    assert!(!text.to_lowercase().contains("kanarienvogel"), "{what}: {text}");
}

#[tokio::test]
async fn a_refusal_of_a_service_is_told_on_one_line_and_quotes_nobody() {
    let problem = refusal;
    // Those that are not tried again, which takes its time.
    for status in [400, 401, 403, 404, 406, 422] {
        let (oneflow, teamtailor) = (service(problem(status)).await, service(problem(status)).await);
        let home = Home::new(&format!("{}/v1", oneflow.uri()), &teamtailor.uri());
        let create = ["create", "--candidate", "4711", "--template", "88", "--workspace", "12"];
        for arguments in [
            &["check"][..],
            &["check", "--json"],
            &["plan", "9001"],
            &["sync", "9001", "--json"],
            &["sync", "--all"],
            &create,
            &["link", "9001", "--candidate", "4711"],
            &["permissions"],
            &["webhook", "list"],
            &["webhook", "register", "https://sync.example.com/webhooks/oneflow"],
            &["webhook", "remove", "1", "--yes"],
            &["schema", "save"],
        ] {
            let ended = home.run(arguments).await;
            assert!(ended.code == 1 || ended.code == 2, "{status} {arguments:?}: {}", ended.out);
            is_clean(arguments, &ended);
            quotes_nobody(&format!("{status} {arguments:?}"), &format!("{}{}", ended.out, ended.err));
        }
    }
}

/// What a look ended with is in the log, and in the database for as long as it waits.
#[tokio::test]
async fn neither_the_log_nor_the_database_quotes_whom_a_service_quotes() {
    for status in [403, 422] {
        let (oneflow, teamtailor) = (service(refusal(status)).await, service(refusal(status)).await);
        let home = Home::new(&format!("{}/v1", oneflow.uri()), &teamtailor.uri());
        let mut server = home.serve().await;
        assert_eq!(post(&server.url, notification("one", 9001.into())).await, 200);
        let told = async {
            while !home.log().contains(&format!("oneflow.get_contract: the service answered {status}")) {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(20), told).await.unwrap_or_else(|_| panic!("{}", home.log()));
        // What has begun is noted before the server ends.
        let pid = server.process.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        server.process.wait().await.unwrap();
        quotes_nobody("the log", &home.log());
        for entry in std::fs::read_dir(home.folder()).unwrap() {
            let path = entry.unwrap().path();
            quotes_nobody(
                &path.display().to_string(),
                &String::from_utf8_lossy(&std::fs::read(&path).unwrap()),
            );
        }
    }
}
