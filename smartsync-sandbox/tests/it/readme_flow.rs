//! The commands of the README and of the program, over HTTP as they stand there.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command as Process, Stdio},
};

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::over_http::{json_of, send};

/// A `curl` command: method, path below the control routes, body.
#[derive(Debug)]
struct Command {
    method: Method,
    path: String,
    body: Option<Value>,
}

/// The commands of the README between two headings, in their order.
fn of_readme(from: &str, to: &str) -> Vec<Command> {
    const README: &str = include_str!("../../README.md");
    let (_, text) = README.split_once(from).unwrap();
    commands(text.split_once(to).unwrap().0)
}

fn commands(text: &str) -> Vec<Command> {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("curl "));
    lines.filter(|line| line.contains("$S")).map(command).collect()
}

fn command(line: &str) -> Command {
    let line = line.split_once("   #").map_or(line, |(line, _)| line);
    let (rest, is_delete) = line.strip_prefix("-X DELETE ").map_or((line, false), |rest| (rest, true));
    let rest = rest.strip_prefix("$S").unwrap();
    let (path, body) = match rest.split_once(" -d '") {
        Some((path, body)) => (path, Some(serde_json::from_str(body.strip_suffix('\'').unwrap()).unwrap())),
        None => (rest, None),
    };
    let method = match (&body, is_delete) {
        (_, true) => Method::DELETE,
        (Some(_), false) => Method::POST,
        (None, false) => Method::GET,
    };
    Command { method, path: path.to_owned(), body }
}

async fn run(control: &str, command: &Command) -> Value {
    let url = format!("{control}{}", command.path).parse().unwrap();
    let answer = send(&url, command.method.clone(), &[], command.body.clone()).await;
    let read = json_of(&answer);
    assert_eq!(answer.status(), 200, "{command:?}: {read}");
    read
}

#[tokio::test]
async fn a_candidate_a_contract_what_is_filled_in_a_signature_and_the_card() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let flow = of_readme("In another terminal", "### Control routes");
    let mut answers = Vec::new();
    for command in &flow {
        answers.push(run(running.control_url().as_str(), command).await);
    }
    assert_eq!(
        flow.iter().map(|command| command.path.as_str()).collect::<Vec<_>>(),
        [
            "/candidates",
            "/contracts",
            "/publish",
            "/data-field",
            "/sign",
            "/contracts/9001",
            "/candidates/4712"
        ]
    );
    assert_eq!((&answers[0]["candidate"], &answers[1]["contract"]), (&json!("4712"), &json!(9001)));
    let contract = &answers[5];
    assert_eq!(
        (&contract["state"], &contract["data_fields"]["oneflow-salary"]),
        (&json!("signed"), &json!("45500"))
    );
    let card = &answers[6];
    assert_eq!(
        (&card["fields"]["first-name"], &card["custom_fields"]["oneflow-salary"]),
        (&json!("Eva"), &json!("42000"))
    );
    // Each is later than the one before, in whole seconds.
    let times: Vec<&str> = answers.iter().filter_map(|answer| answer["now"].as_str()).collect();
    assert_eq!(times.len(), 5);
    assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
}

#[tokio::test]
async fn the_faults_of_the_readme_are_taken_listed_and_cleared() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let flow = of_readme("### Faults", "### Seen by others");
    let mut answers = Vec::new();
    for command in &flow {
        answers.push(run(running.control_url().as_str(), command).await);
    }
    assert_eq!(flow.len(), 7);
    let ids: Vec<i64> = answers.iter().filter_map(|answer| answer["fault"].as_i64()).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    let listed = answers[4].as_array().unwrap();
    assert_eq!(listed.len(), 4);
    assert_eq!(
        listed[0],
        json!({
            "id": 1, "met": 0, "service": "oneflow", "operation": "get_contract", "skip": 0, "times": 2,
            "fault": { "status": { "code": 503, "body": "<html>down</html>" } },
        })
    );
    assert_eq!(running.sandbox().faults(), []);
}

/// The program, until it is dropped.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test]
async fn the_commands_that_the_program_prints_work() {
    let mut program = Process::new(env!("CARGO_BIN_EXE_smartsync-sandbox"));
    program.args(["--oneflow-port", "0", "--teamtailor-port", "0", "--storage-port", "0"]);
    program.args(["--bare-webhook-list", "--candidate-lists-with-values-fail", "--stage-delay", "30"]);
    let mut program = Program(program.stdout(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(program.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let lines: Vec<String> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
    let control = lines.iter().find_map(|line| line.strip_prefix("  S=")).unwrap();
    let flow = commands(&lines.join("\n"));
    assert_eq!(flow.len(), 9);
    let mut answers = Vec::new();
    for command in &flow {
        answers.push(run(control, command).await);
    }
    assert_eq!((&answers[0]["candidate"], &answers[1]["contract"]), (&json!("4712"), &json!(9001)));
    let contract = Command { method: Method::GET, path: "/contracts/9001".to_owned(), body: None };
    assert_eq!(run(control, &contract).await["state"], "signed");
}
