//! The page over a sandbox in which something has happened: some contracts are in step, some fields are held, some contracts are parked. For a look at
//! it, and for pictures of it. A few contracts are looked at; of the others only the journal is written, for Teamtailor allows 50 requests in 10 seconds.
//!
//! ```sh
//! cargo run -p smartsync --example page_over_sandbox
//! ```
//!
//! A second page asks for a token, has two tenants, and no server beside it: what is asked for there waits.
//!
//! It prints the addresses, and ends when its standard input does.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::{
    error::Error,
    fs,
    io::{Read as _, Write as _},
    net::SocketAddr,
    path::Path,
    time::Duration,
};

use oneflow_client::ContractId;
use smartsync::{
    Config, Inbox, Store,
    config::Tenants,
    server,
    store::{
        Due, Item, Journal, Look, LookedField, NextLook, Occasion, Overview, SqliteJournal, SqliteState,
        State as _, Tallied, Tenant, Trigger,
    },
};
use smartsync_core::{
    jiff::{SignedDuration, Timestamp},
    outcome::{BaseState, SideState, SideStates},
};
use smartsync_sandbox::{CandidateSeed, ContractSeed, HttpSandbox, SandboxSettings};
use tokio::{sync::oneshot, task::JoinHandle, time::sleep};

/// So many contracts are looked at.
const CONTRACTS: usize = 4;

/// From this one on, ids of contracts that only the journal has, and how many.
const NOTED: i64 = 880_001;
const MANY: i64 = 60;

/// From this one on, ids of contracts that are parked.
const PARKED: i64 = 990_001;

/// The tenants of the second page, and what it asks for.
const TENANTS: [&str; 2] = ["acme-se", "acme-no"];
const TOKEN: &str = "a token of the second page, for whoever looks at it";

/// A contract of the first tenant, and how many fields it has: more than are shown at once.
const LONG: i64 = 870_001;
const FIELDS: usize = 60;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await?;
    let folder = tempfile::tempdir()?;
    let config = configured(folder.path(), &services)?;
    let database = folder.path().join("state.db");
    park(&database).await?;
    let state = SqliteState::open(&database)?;
    let tenant = Tenant::default();
    note(&*state.journal(&tenant), &*state.overview(&tenant)).await?;
    let sandbox = services.sandbox();
    let mut contracts = Vec::new();
    for number in 0..CONTRACTS {
        let email = format!("candidate{number}@example.com");
        let candidate = sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate"))?;
        let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
            .counterparty("A Candidate", &email)
            .published();
        let contract = sandbox.add_contract(seed)?;
        sandbox.advance(Duration::from_secs(600));
        sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;
        contracts.push((candidate, contract));
    }
    let all: Vec<i64> = contracts.iter().map(|(_, contract)| *contract).collect();
    let (_, stop, first) = look_at(&config, &state, &all).await?;
    drop(stop);
    first.await?;
    let again: Vec<i64> = contracts.iter().take(2).map(|(_, contract)| *contract).collect();
    for (candidate, contract) in contracts.iter().take(2) {
        sandbox.advance(Duration::from_secs(60));
        sandbox.fill_data_field(*contract, "oneflow-notice", "6 months")?;
        sandbox.edit_custom_field(candidate, "oneflow-notice", Some("1 month"))?;
    }
    for (_, contract) in contracts.iter().skip(3) {
        sandbox.sign_all(*contract)?;
    }
    let (address, _stop, _server) = look_at(&config, &state, &again).await?;
    let second = second_page(folder.path(), &services).await?;
    println!(
        "{}",
        serde_json::json!({
            "address": address,
            "held": again[0],
            "parked": PARKED,
            "second": { "address": second, "token": TOKEN, "tenants": TENANTS, "long": LONG },
        })
    );
    std::io::stdout().flush()?;
    // Whoever has begun this ends it by closing what it reads.
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

/// Has a server look at these, and returns the address of its page, and what ends it once it is dropped. What is asked for beside a server that is idle would wait for a minute; one that starts begins
/// at once.
async fn look_at(
    config: &Config,
    state: &SqliteState,
    contracts: &[i64],
) -> Result<(SocketAddr, oneshot::Sender<()>, JoinHandle<()>), Box<dyn Error>> {
    let journal = state.journal(&Tenant::default());
    let mut before = Vec::new();
    for contract in contracts {
        before.push(journal.looks((*contract).into(), 100).await?.len());
    }
    let items = contracts.iter().map(|contract| Item::from(ContractId::new(*contract))).collect();
    state.work().enqueue(items, Trigger::Sweep).await?;
    let server = server::bind(config).await?;
    let address = server.page_address().ok_or("there is a page")?;
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server.run(async { stopped.await.unwrap_or_default() }));
    for (contract, before) in contracts.iter().zip(before) {
        while journal.looks((*contract).into(), 100).await?.len() == before {
            sleep(Duration::from_millis(50)).await;
        }
    }
    Ok((address, stop, server))
}

/// Contracts that were given up.
async fn park(database: &Path) -> Result<(), Box<dyn Error>> {
    let store = Store::open(database)?;
    let (inbox, journal) = (Inbox::new(store.clone()), SqliteJournal::new(store));
    for contract in PARKED..PARKED + 30 {
        inbox.accept(&format!("callback {contract}"), ContractId::from(contract)).await?;
        let Due::Now(claim) = inbox.claim_due().await? else { return Err("it is due".into()) };
        let at = Timestamp::now() - SignedDuration::from_mins(300 + contract % 100);
        let occasion = Occasion::new(contract.into(), Trigger::Notification, at);
        journal.record(&Look::without_end(occasion, NextLook::Parked)).await?;
        inbox
            .park(claim, "teamtailor.get_candidate: no answer: the connection was closed".to_owned())
            .await?;
    }
    Ok(())
}

/// Looks over the last month, most of them in the last days, and the notifications that caused them.
async fn note(journal: &dyn Journal, overview: &dyn Overview) -> Result<(), Box<dyn Error>> {
    let now = Timestamp::now();
    for number in (0..MANY).rev() {
        let contract = NOTED + number;
        let hours = number * number / 5 + number % 3;
        let at = now - SignedDuration::from_mins(hours * 60 + 7 * (number % 8));
        let (state, ends) = match number % 5 {
            0 => ("signed", [("written", None), ("unchanged", None)]),
            1 => ("pending", [("held", Some("conflict-held")), ("written", None)]),
            2 => ("pending", [("held", Some("edit-not-proven")), ("unchanged", None)]),
            3 => ("pending", [("skipped", Some("not-signed-yet")), ("unchanged", None)]),
            _ => ("signed", [("failed", Some("refused")), ("written", None)]),
        };
        let mut look =
            Look::without_end(Occasion::new(contract.into(), Trigger::Notification, at), NextLook::None);
        (look.error, look.state, look.drifts) = (None, Some(state.to_owned()), Some(number % 5 == 4));
        let late = SignedDuration::from_secs(if number % 6 == 5 { 45 } else { 3 });
        (look.candidate, look.last_change) = (Some((5_000 + number).to_string().into()), Some(at - late));
        let names = ["notice", "start-date"];
        let field = |(name, (outcome, reason)): (&str, (&str, Option<&str>))| {
            let (data_field, candidate_field) = (format!("oneflow-{name}"), format!("custom:oneflow-{name}"));
            let mut field = LookedField::new(&data_field, &candidate_field, outcome, reason);
            let filled_in = SideStates::new(BaseState::Empty, SideState::Moved, SideState::Differs);
            field.sides = (reason == Some("conflict-held")).then_some(filled_in);
            field
        };
        look.fields = names.into_iter().zip(ends).map(field).collect();
        journal.record(&look).await?;
        let mut notifications = vec![(Tallied::NotificationAccepted, 1)];
        notifications.extend((number % 4 == 1).then_some((Tallied::NotificationRepeated, 1)));
        notifications.extend((number % 7 == 3).then_some((Tallied::RefusedSignature, 2)));
        overview.tally(at, &notifications).await?;
    }
    Ok(())
}

/// A page of two tenants, with a token. Nobody looks at what is asked for there.
async fn second_page(folder: &Path, services: &HttpSandbox) -> Result<SocketAddr, Box<dyn Error>> {
    fs::write(folder.join("page-token"), TOKEN)?;
    let mut text = format!(
        "[store]\nurl = \"sqlite://{}\"\nkey = {{ file = \"key\" }}\n[page]\nlisten = \"127.0.0.1:0\"\ntoken = {{ file = \"page-token\" }}\n",
        folder.join("second.db").display()
    );
    for name in TENANTS {
        text += &format!(
            r#"
[[tenant]]
name = "{name}"
[tenant.oneflow]
base_url = "{oneflow}"
token = {{ file = "oneflow" }}
user_email = "recruiter@example.com"
sign_keys = [{{ file = "sign-key" }}]
[tenant.teamtailor]
base_url = "{teamtailor}"
token = {{ file = "teamtailor" }}
"#,
            oneflow = services.oneflow_url(),
            teamtailor = services.teamtailor_url(),
        );
    }
    let file = folder.join("second.toml");
    fs::write(&file, text)?;
    let page = server::bind_page(Tenants::read(&file)?).await?;
    let state = SqliteState::open(&folder.join("second.db"))?;
    let tenant = TENANTS[0].parse()?;
    let journal = state.journal(&tenant);
    note(&*journal, &*state.overview(&tenant)).await?;
    let occasion = Occasion::new(LONG.into(), Trigger::Notification, Timestamp::now());
    let mut look = Look::without_end(occasion, NextLook::None);
    look.error = None;
    let field = |number| {
        let name = format!("oneflow-field-{number:02}");
        LookedField::new(&name, &format!("custom:{name}"), "unchanged", None)
    };
    look.fields = (0..FIELDS).map(field).collect();
    journal.record(&look).await?;
    let address = page.address();
    tokio::spawn(page.run(std::future::pending()));
    Ok(address)
}

fn configured(folder: &Path, services: &HttpSandbox) -> Result<Config, Box<dyn Error>> {
    let sandbox = services.sandbox();
    for (name, text) in [
        ("oneflow", sandbox.oneflow_token()),
        ("teamtailor", sandbox.teamtailor_key()),
        ("sign-key", "a sign key of thirty-two letters!".to_owned()),
        ("key", "0123456789abcdef".repeat(4)),
    ] {
        fs::write(folder.join(name), text)?;
    }
    let file = folder.join("smartsync.toml");
    let text = format!(
        r#"
[oneflow]
base_url = "{oneflow}"
token = {{ file = "oneflow" }}
user_email = "recruiter@example.com"
sign_keys = [{{ file = "sign-key" }}]
[teamtailor]
base_url = "{teamtailor}"
token = {{ file = "teamtailor" }}
[store]
url = "sqlite://{database}"
key = {{ file = "key" }}
[server]
listen = "127.0.0.1:0"
sweep = "off"
[page]
listen = "127.0.0.1:0"
[sync]
link = ["ledger", "participant_custom_id", "email"]
template_types = [{template_type}]
document.by_email = true
[[field]]
oneflow = "oneflow-notice"
teamtailor = "custom:oneflow-notice"
on_conflict = "hold"
"#,
        oneflow = services.oneflow_url(),
        teamtailor = services.teamtailor_url(),
        database = folder.join("state.db").display(),
        template_type = sandbox.seeded().template_type,
    );
    fs::write(&file, text)?;
    Ok(Config::read(&file)?)
}
