//! The program under drill: the engine, its ledger, and the way in for notifications.

use std::{io, sync::Arc};

use oneflow_client::{
    ContractId, OneflowClient,
    contracts::PublishMessage,
    webhook::{Verifier, WebhookError},
};
use secrecy::SecretString;
use smartsync_core::{
    ChangeLimit, ContractRequest, Engine, EngineError, Ledger, Mapping, MemoryLedger, SyncKeys,
    permissions::{Fence, Fenced},
};
use smartsync_sandbox::{Origin, Sandbox};
use smartsync_transport::{CauseChain, Request, Transport as _};
use teamtailor_client::TeamtailorClient;
use tempfile::TempDir;

use super::{
    error::DrillError,
    fence::Errand,
    stage::{SandboxClock, Stage},
    wire::{Inside, Wire},
};
use crate::{
    store::{Inbox, SqliteLedger, Store},
    words::commands::{drill_deeds as deeds, drill_rules as broken},
};

/// The key that signs notifications.
pub(super) const SIGN_KEY: &str = "the sign key of the drill, known to Oneflow and to us";
/// The key of digests, tokens and marks.
const KEY: &str = "6b65792d6f662d7468652d6472696c6c2d33322d62797465732d6c6f6e672121";

/// The program under drill.
pub(super) struct Host {
    engine: Engine,
    ledger: Arc<dyn Ledger>,
    verifier: Verifier,
    database: Option<Database>,
    stage: Arc<Stage>,
    /// The way to Teamtailor, for a program that has a fault.
    fenced: Fenced<Wire>,
}

struct Database {
    inbox: Inbox,
    _folder: TempDir,
}

/// What became of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intake {
    /// The contract is looked at.
    Taken(i64),
    Refused(&'static str),
}

impl Host {
    pub(super) fn new(
        stage: &Arc<Stage>,
        sandbox: &Sandbox,
        mapping: Mapping,
        limit: Option<u32>,
        has_store: bool,
    ) -> Result<Self, DrillError> {
        let (ledger, database): (Arc<dyn Ledger>, _) = if has_store {
            let folder = tempfile::tempdir()?;
            let store = Store::open(&folder.path().join("drill.db"))?;
            let ledger = Arc::new(SqliteLedger::new(store.clone()));
            (ledger, Some(Database { inbox: Inbox::new(store), _folder: folder }))
        } else {
            (Arc::new(MemoryLedger::new()), None)
        };
        // As the clients have them.
        let url = |origin| {
            let mut url = sandbox.base_url(origin).ok_or_else(|| io::Error::other("no base URL"))?;
            url.set_path("/v1");
            Ok::<_, io::Error>(url)
        };
        let fence = Fence::new(mapping.permissions(&url(Origin::Oneflow)?, &url(Origin::Teamtailor)?));
        let wire = |origin| fence.around(Wire { stage: Arc::clone(stage), sandbox: sandbox.clone(), origin });
        let oneflow = OneflowClient::builder()
            .api_token(sandbox.oneflow_token())
            .user_email(sandbox.user_email())
            .transport(Inside { stage: Arc::clone(stage), fenced: wire(Origin::Oneflow) })
            .sleep(sandbox.sleep())
            .build()
            .map_err(DrillError::set_up)?;
        let teamtailor = TeamtailorClient::builder()
            .api_key(sandbox.teamtailor_key())
            .transport(Inside { stage: Arc::clone(stage), fenced: wire(Origin::Teamtailor) })
            .sleep(sandbox.sleep())
            .build()
            .map_err(DrillError::set_up)?;
        let keys = SyncKeys::new("drill", [SecretString::from(KEY)]).map_err(DrillError::set_up)?;
        let engine = Engine::builder(oneflow, teamtailor, mapping, Arc::clone(&ledger), keys)
            .clock(SandboxClock(sandbox.clone()))
            .change_limit(
                limit.map_or_else(ChangeLimit::default, |limit| ChangeLimit::none().per_hour(limit)),
            )
            .build()
            .map_err(DrillError::set_up)?;
        let verifier = Verifier::new([SecretString::from(SIGN_KEY)]).map_err(DrillError::set_up)?;
        let fenced = wire(Origin::Teamtailor);
        Ok(Self { engine, ledger, verifier, database, stage: Arc::clone(stage), fenced })
    }

    /// A notification arrives.
    pub(super) async fn receive(&self, body: &[u8]) -> Result<Intake, DrillError> {
        let verified = match self.verifier.verify(body) {
            Ok(verified) => verified,
            Err(WebhookError::Signature) => return Ok(Intake::Refused(deeds::SIGNATURE_REFUSED)),
            Err(WebhookError::Unsigned) => return Ok(Intake::Refused(deeds::NOT_SIGNED)),
            Err(_) => return Ok(Intake::Refused(deeds::NO_NOTIFICATION)),
        };
        if let Some(database) = &self.database {
            database.inbox.accept(verified.callback_id(), verified.contract()).await?;
        }
        Ok(Intake::Taken(verified.contract().get()))
    }

    /// Looks at a contract, as a worker does.
    pub(super) async fn look(&self, contract: i64) -> Result<Option<smartsync_core::Report>, DrillError> {
        let id = ContractId::new(contract);
        let claim = match &self.database {
            Some(database) => database.inbox.claim(id).await?,
            None => None,
        };
        self.stage.lock().begin(Errand::Look, Some(contract));
        let planned = self.engine.plan(id).await;
        let report = match planned {
            Ok(plan) => Some(self.engine.apply(plan).await),
            Err(error) => {
                // Both services answer all the time.
                let why = CauseChain(&error).to_string();
                self.stage.lock().accuse(broken::LOOK_INTERRUPTED, why);
                None
            }
        };
        if let Some(report) = &report {
            self.stage.lock().reported(contract, report);
        }
        self.stage.lock().end();
        if let (Some(database), Some(claim)) = (&self.database, claim) {
            database.inbox.done(claim).await?;
        }
        Ok(report)
    }

    /// Makes a contract from a candidate's card, and sends it.
    pub(super) async fn create(
        &self,
        request: &str,
        candidate: &str,
        (template, workspace): (i64, i64),
        is_sent: bool,
    ) -> Result<Option<i64>, DrillError> {
        let request = request.parse().map_err(DrillError::set_up)?;
        let mut made = ContractRequest::new(request, candidate.into(), template.into(), workspace.into())
            .name("Employment");
        if is_sent {
            made = made.publish(PublishMessage::new("Your contract", "Please sign."));
        }
        self.stage.lock().begin(Errand::Creation, None);
        let made = match self.engine.plan_contract(&made).await {
            Ok(plan) => self.engine.create(plan).await,
            Err(error) => Err(error),
        };
        let made = match made {
            Ok(made) => Some(made.contract.get()),
            // Of a forgotten candidate, no contract is made.
            Err(EngineError::Preflight(_)) => None,
            Err(error) => {
                let why = CauseChain(&error).to_string();
                self.stage.lock().accuse(broken::NOT_CREATED, why);
                None
            }
        };
        self.stage.lock().end();
        Ok(made)
    }

    /// Sends something that the program would only send by a fault. Returns whether the fence stopped it.
    pub(super) async fn break_out(&self, request: Request) -> bool {
        self.stage.lock().begin(Errand::Nothing, None);
        let result = self.fenced.execute(request).await;
        self.stage.lock().end();
        result.is_err()
    }

    /// Forgets a candidate.
    pub(super) async fn forget(&self, candidate: &str) -> Result<(), DrillError> {
        self.ledger.forget(&candidate.into()).await.map_err(DrillError::set_up)
    }
}
