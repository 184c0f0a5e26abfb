//! The commands of the README, over HTTP as they stand there.

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::over_http::{json_of, send};

/// A `curl` command of the README: method, path below the control routes, body.
#[derive(Debug)]
struct Command {
    method: Method,
    path: &'static str,
    body: Option<Value>,
}

/// The commands between two headings, in their order.
fn commands(from: &str, to: &str) -> Vec<Command> {
    const README: &str = include_str!("../../README.md");
    let (_, text) = README.split_once(from).unwrap();
    let (text, _) = text.split_once(to).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("curl "));
    lines
        .map(|line| {
            let (rest, is_delete) =
                line.strip_prefix("-X DELETE ").map_or((line, false), |rest| (rest, true));
            let rest = rest.strip_prefix("$S").unwrap();
            let (path, body) = match rest.split_once(" -d '") {
                Some((path, body)) => {
                    (path, Some(serde_json::from_str(body.strip_suffix('\'').unwrap()).unwrap()))
                }
                None => (rest, None),
            };
            let method = match (&body, is_delete) {
                (_, true) => Method::DELETE,
                (Some(_), false) => Method::POST,
                (None, false) => Method::GET,
            };
            Command { method, path, body }
        })
        .collect()
}

async fn run(running: &HttpSandbox, command: &Command) -> Value {
    let url = format!("{}{}", running.control_url(), command.path).parse().unwrap();
    let answer = send(&url, command.method.clone(), &[], command.body.clone()).await;
    let read = json_of(&answer);
    assert_eq!(answer.status(), 200, "{command:?}: {read}");
    read
}

#[tokio::test]
async fn a_candidate_a_contract_what_is_filled_in_a_signature_and_the_card() {
    let running = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let flow = commands("In another terminal", "### Control routes");
    let mut answers = Vec::new();
    for command in &flow {
        answers.push(run(&running, command).await);
    }
    assert_eq!(
        flow.iter().map(|command| command.path).collect::<Vec<_>>(),
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
    let flow = commands("### Faults", "### Seen by others");
    let mut answers = Vec::new();
    for command in &flow {
        answers.push(run(&running, command).await);
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
