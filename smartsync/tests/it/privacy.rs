//! Neither the log nor any file of the database holds a value, a name, an address or a secret.

use std::{fs, process::Stdio, time::Duration};

use rusqlite::{Connection, types::Value as Cell};
use serde_json::Value;
use smartsync::{ContractId, Inbox, Store, store::Setback};
use smartsync_core::Reason;
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    time::timeout,
};

use crate::support::{Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, notification, post, until};

#[tokio::test]
async fn neither_log_nor_database_holds_what_a_person_typed_or_a_secret() {
    for (verbose, filter, format) in
        [("-vv", None, "text"), ("-v", Some("trace"), "text"), ("-vv", Some("trace"), "json")]
    {
        serve_and_search(verbose, filter, format).await;
    }
}

async fn serve_and_search(verbose: &str, filter: Option<&str>, format: &str) {
    let is_json = format == "json";
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let (sandbox, home) = (
        services.sandbox(),
        Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
            .with_contracts_of_others(&services),
    );
    let candidate = sandbox.seeded().candidate;
    let seed = ContractSeed::new(sandbox.seeded().template, "Canary contract")
        .counterparty("Canary Counterparty", "ann@example.com")
        .published();
    let contract = sandbox.add_contract(seed).unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "canary notice").unwrap();
    sandbox.fill_data_field(contract, "oneflow-salary", "canary salary").unwrap();
    sandbox.sign_all(contract).unwrap();

    let mut server = home.command(&["serve", verbose, "--log-format", format]);
    if let Some(filter) = filter {
        server.env("RUST_LOG", filter);
    }
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap();
    let body = notification("one", contract.into());
    let signature = serde_json::from_str::<Value>(&body).unwrap()["signature"].as_str().unwrap().to_owned();
    assert_eq!(post(url, body.clone()).await, 200);
    assert_eq!(post(url, body.replace("\"one\"", "\"canary callback\"")).await, 401);
    let mut stderr = BufReader::new(server.stderr.take().unwrap());
    let mut log = Vec::new();
    let looked = async {
        // Without ANSI colours, since this is no terminal: the last thing that is said about a look.
        let last = if is_json { "\"message\":\"look finished\"" } else { "look finished contract=" };
        while !String::from_utf8_lossy(&log).contains(last) {
            assert!(stderr.read_until(b'\n', &mut log).await.unwrap() > 0, "the server has ended");
        }
    };
    timeout(Duration::from_secs(10), looked).await.expect("the log says what was done");
    assert!(!sandbox.candidate_card(&candidate).unwrap().uploads.is_empty(), "the contract is synced");
    // Another process asks: a store of this one would close the database, and delete its files, while they are read.
    let contract_id = contract.to_string();
    until("the journal has it", async || {
        let looks = home.run(&["history", &contract_id, "--json"]).await.out;
        serde_json::from_str::<Vec<Value>>(&looks).is_ok_and(|looks| !looks.is_empty())
    })
    .await;
    server.start_kill().unwrap();
    stderr.read_to_end(&mut log).await.unwrap();
    if is_json {
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let contract = contract.to_string();
        let of_look = lines.iter().filter(|line| line["contract"] == contract.as_str());
        let answered: Vec<_> = of_look.clone().filter(|line| line["message"] == "answered").collect();
        let has_all = |line: &Value| {
            line["operation"].is_string() && line["status"].is_u64() && line["milliseconds"].is_u64()
        };
        assert!(answered.iter().all(|line| has_all(line)), "{answered:?}");
        assert!(answered.iter().any(|line| line["service"] == "teamtailor"), "{answered:?}");
        let finished = |line: &Value| line["message"] == "look finished" && line["milliseconds"].is_u64();
        assert_eq!(of_look.filter(|line| finished(line)).count(), 1);
    } else {
        let look = format!("DEBUG look{{contract={contract}}}:api_operation{{service=\"teamtailor\"");
        assert!(String::from_utf8_lossy(&log).contains(&look), "each request is logged with its contract");
    }

    let mut files = vec![("log".to_owned(), log)];
    for entry in fs::read_dir(home.folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("state.db") {
            files.push((name.clone(), fs::read(home.folder().join(name)).unwrap()));
        }
    }
    assert!(files.len() >= 4, "log, database, write-ahead log, key");
    let secret =
        ["canary", "Canary", "ann@", "Sample", "+4670", ONEFLOW_TOKEN, TEAMTAILOR_KEY, SIGN_KEY, &signature];
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for word in secret {
            assert!(!text.contains(word), "`{word}` is in {name}");
        }
    }
}

/// Every text in a row, and every key and text of one that is JSON.
fn texts(cell: &str, into: &mut Vec<String>) {
    fn walk(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(key, value)| {
                into.push(key.clone());
                walk(value, into);
            }),
            Value::Array(items) => items.iter().for_each(|item| walk(item, into)),
            Value::String(text) => into.push(text.clone()),
            Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }
    match serde_json::from_str(cell) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => walk(&value, into),
        Ok(_) | Err(_) => into.push(cell.to_owned()),
    }
}

/// The words of the entries themselves, and those of a look: trigger, state of the contract, outcomes, how both sides of a field stood, what comes next. Then
/// those of what is counted in each hour.
const WORDS: &str = "candidate contract template linked_by linked_by_hand email participant_custom_id token ledger bases document \
    uploaded upload intended created released fields ours late attempts seen value is_retired oneflow teamtailor \
    notification retry sweep by_hand pending signed written unchanged held skipped failed attached not_due none left at \
    same moved empty * last-number look-wrote field-written field-unchanged field-skipped";

#[tokio::test]
async fn the_database_holds_ids_names_of_fields_and_creations_digests_times_and_reasons_and_no_other_text() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let (sandbox, seeded) = (services.sandbox(), services.sandbox().seeded());
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what =
        ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
    let made = home.run(&[&what[..], &["--publish", "--json", "--request", "hire-of-spring"]].concat()).await;
    let contract = serde_json::from_str::<Value>(&made.out).unwrap()["contract"].as_i64().unwrap();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "canary notice").unwrap();
    sandbox.sign_all(contract).unwrap();
    assert_eq!(home.run(&["sync", &contract.to_string()]).await.code, 0);
    assert_eq!(home.run(&["forget", "--candidate", "4", "--yes"]).await.code, 0);
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    inbox.accept("a-callback", ContractId::from(contract)).await.unwrap();
    let claim = inbox.claim(ContractId::from(contract)).await.unwrap().unwrap();
    inbox.retry(claim, Setback::new("oneflow-notice: unavailable", Duration::ZERO)).await.unwrap();

    let database = Connection::open(home.database()).unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let mut tables = database.prepare(tables).unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut found = Vec::new();
    for table in &tables {
        let mut rows = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                match row.get(column).unwrap() {
                    Cell::Text(text) => texts(&text, &mut found),
                    // Ids, times and numbers.
                    Cell::Integer(_) | Cell::Null => {}
                    other @ (Cell::Real(_) | Cell::Blob(_)) => panic!("{table}: {other:?}"),
                }
            }
        }
    }
    let is_id = |text: &str| text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_field = |text: &str| {
        let own = ["email", "phone", "first-name", "first_name", "last-name", "last_name"];
        own.contains(&text)
            || text.starts_with("oneflow-")
            || text.strip_prefix("custom:").is_some_and(|name| is_id(name) || name.starts_with("oneflow-"))
    };
    // Version, key, code, and the field that it is for.
    let is_digest = |text: &str| match text.splitn(4, ':').collect::<Vec<_>>()[..] {
        [version, key, code] => version.starts_with('v') && is_hex(key) && is_hex(code),
        [version, key, code, field] => {
            version.starts_with('v') && is_hex(key) && is_hex(code) && is_field(field)
        }
        _ => false,
    };
    let is_key = |text: &str| text.strip_prefix("2:").is_some_and(|name| name.len() == 8 && is_hex(name));
    let named = ["hire-of-spring", "a-callback", "oneflow-notice: unavailable", "FkZsandboxA"];
    let is_reason = |text: &str| Reason::from_code(text).is_some();
    let is_plan = |text: &str| text.len() == 64 && is_hex(text);
    let is_word = |text: &str| WORDS.split_whitespace().any(|word| word == text);
    let others: Vec<&String> = found
        .iter()
        .filter(|text| {
            !(is_id(text)
                || is_key(text)
                || is_digest(text)
                || is_field(text)
                || is_word(text)
                || is_reason(text)
                || is_plan(text)
                || text.is_empty()
                || named.contains(&text.as_str()))
        })
        .collect();
    assert_eq!(others, Vec::<&String>::new(), "say in SECURITY.md that the database holds it, then here");
    for text in named {
        assert!(found.iter().any(|found| found == text), "{text}");
    }
    assert!(found.iter().any(|text| is_plan(text)) && found.iter().any(|text| is_reason(text)), "a look");
    assert!(found.iter().any(|text| is_digest(text)) && found.iter().any(|text| is_key(text)));
}
