//! The whole story on this machine: a contract is filled in from a candidate, edited, signed, and synced back.
//!
//! Everything goes over real HTTP on loopback: a sandbox of both services, the server's own entry point with a
//! configuration file, webhooks that are delivered. No account is needed.

mod error;
mod installation;
mod mishap;
mod people;
mod story;

use std::{io, time::Duration};

use oneflow_client::contracts::PublishMessage;
use smartsync_core::{ContractRequest, CreatedContract, Report};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::sync::{mpsc, oneshot};

pub use self::{
    error::DemoError,
    mishap::Mishap,
    people::{CandidateCard, MadeRequest},
    story::Story,
};
use self::{installation::Installation, people::People};
use crate::{server, setup::Registration};

/// How the story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DemoSettings {
    /// How long to wait for the candidate's card after everyone has signed.
    pub patience: Duration,
    /// Something that goes wrong on purpose, so that a test sees the story fail.
    pub mishap: Option<Mishap>,
}

impl Default for DemoSettings {
    fn default() -> Self {
        Self { patience: Duration::from_secs(4), mishap: None }
    }
}

/// What the participant changes: a field that was filled in from the card.
const EDITED: (&str, &str) = ("oneflow-salary", "45500");

/// What the participant adds: a field that is empty on the card.
const FILLED: (&str, &str) = ("oneflow-notice", "3 months");

/// Tells the story and returns what happened.
///
/// # Errors
///
/// [`DemoError`] names the step that failed, or what the candidate's card lacks in the end.
pub async fn run(settings: DemoSettings) -> Result<Story, DemoError> {
    let sandbox = HttpSandbox::start(SandboxSettings::new()).await?;
    let seeded = sandbox.sandbox().seeded();
    let people = People::new(&sandbox)?;
    let installation = Installation::new(&sandbox, settings.mishap)?;
    let config = installation.config()?;
    let before = people.card(&seeded.candidate).await?;

    let (reports, mut looks) = mpsc::unbounded_channel();
    let server = server::bind(&config).await?.without_startup_check().on_report(move |report: &Report| {
        // The story may be over before the last look is.
        reports.send(report.clone()).ok();
    });
    let url = format!("http://{}{}", server.address(), config.server.path.as_str());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async {
        // Also when the story breaks off and drops the sender.
        stopped.await.ok();
    }));
    installation.after_start(settings.mishap)?;
    let url = url.parse().map_err(|_| DemoError::Person(format!("{url} is not a valid URL")))?;
    Registration::new(url).register(&config).await?;

    let request = ContractRequest::new(
        "demo".parse().map_err(|error| DemoError::Person(format!("{error}")))?,
        seeded.candidate.as_str().into(),
        seeded.template.into(),
        seeded.workspace.into(),
    )
    .name("Employment of Ann Sample")
    .publish(PublishMessage::new("Your contract", "Please read the contract and sign it."));
    let engine = config.engine(&config.store.open().await?).await?;
    let plan = engine.plan_contract(&request).await?;
    let CreatedContract { contract, outcomes: filled_in, .. } = engine.create(plan).await?;

    match settings.mishap {
        Some(Mishap::NoLink) => people.change_email(&seeded.candidate, "ann.sample@example.org").await?,
        Some(Mishap::NoFile) => people.lose_file(contract).await?,
        Some(Mishap::WrongKey | Mishap::WrongSignKey | Mishap::MissingField) | None => {}
    }
    people.fill_in(contract, EDITED).await?;
    people.fill_in(contract, FILLED).await?;
    people.sign_all(contract).await?;

    let expected = before.with(&[EDITED, FILLED]);
    let after = people.wait_for(&seeded.candidate, contract, &expected, settings.patience).await?;
    let requests = people.requests().await?;
    // The server ends its last look first, so that its report is told as well.
    stop.send(()).ok();
    server.await.map_err(|error| DemoError::SetUp(io::Error::other(error)))?;
    let mut reports = Vec::new();
    while let Some(report) = looks.recv().await {
        reports.push(report);
    }
    Ok(Story { contract, before, after, filled_in, reports, requests })
}
