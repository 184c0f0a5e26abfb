//! Keeps what the engine remembers in a store of one's own: here a folder of JSON files.
//!
//! The ledger is checked against every rule that holds for one, then used for a sync, then told to forget the
//! candidate. What it holds is printed in between. The services are the sandbox, so no account is needed.
//!
//! ```sh
//! cargo run -p smartsync-core --features test-util --example own_ledger
//! ```
#![expect(
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a host has a terminal and files; the core has not"
)]

use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use oneflow_client::{ContractId, OneflowClient, TemplateTypeId};
use serde::{Serialize, de::DeserializeOwned};
use smartsync_core::{
    CandidateId, Engine, Ledger, LedgerEntry, LedgerError, Mapping, RequestId, SyncKeys, async_trait,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated, ledger_conformance},
    mapping::LinkMethod,
};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use teamtailor_client::TeamtailorClient;

/// Four folders: `entries`, `cards`, `creations` and `forgotten`, with a file for each.
///
/// A host whose disk is slow would do this on a thread for blocking work.
#[derive(Debug)]
struct FolderLedger {
    folder: PathBuf,
    /// Keeps a candidate from being forgotten between the look for a tombstone and the write behind it.
    writing: Mutex<()>,
}

#[async_trait]
impl Ledger for FolderLedger {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        Ok(read(&self.file("entries", &contract.to_string()))?.unwrap_or_default())
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        Ok(read(&self.file("cards", candidate.as_str()))?.unwrap_or_default())
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        Ok(read(&self.file("counts", "overwrites"))?.unwrap_or_default())
    }

    // ANCHOR: update
    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        let _writing = self.write_alone();
        if self.has_tombstone(change.candidate()) {
            return Ok(Updated::Done);
        }
        let entry_file = self.file("entries", &change.contract().to_string());
        let card_file = self.file("cards", change.candidate().as_str());
        let mut entry: LedgerEntry = read(&entry_file)?.unwrap_or_default();
        let mut card: CardEntry = read(&card_file)?.unwrap_or_default();
        let overwrites_file = self.file("counts", "overwrites");
        let mut overwrites: Overwrites = read(&overwrites_file)?.unwrap_or_default();
        let updated = change.apply(&mut entry, &mut card, &mut overwrites);
        // Three files are no transaction. In this order a crash in between costs a place of the limit or a question to a person, and
        // no edit.
        write(&overwrites_file, &overwrites)?;
        write(&entry_file, &entry)?;
        write(&card_file, &card)?;
        Ok(updated)
    }
    // ANCHOR_END: update

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        read(&self.file("creations", request.as_str()))
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        let _writing = self.write_alone();
        if self.has_tombstone(creation.candidate()) {
            return Ok(());
        }
        write(&self.file("creations", request.as_str()), creation)
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        let entries = self.all::<LedgerEntry>("entries")?.into_iter();
        let its = entries.filter(|(_, entry)| entry.candidate.as_ref() == Some(candidate));
        its.map(|(file, _)| name_of(&file)?.parse().map_err(LedgerError::new)).collect()
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        let _writing = self.write_alone();
        // The tombstone first: if the rest fails, forgetting again finishes it.
        write(&self.file("forgotten", candidate.as_str()), &())?;
        let entries = self.all::<LedgerEntry>("entries")?.into_iter();
        let entries = entries.filter(|(_, entry)| entry.candidate.as_ref() == Some(candidate));
        let creations = self.all::<Creation>("creations")?.into_iter();
        let creations = creations.filter(|(_, creation)| creation.candidate() == candidate);
        let card = Some(self.file("cards", candidate.as_str())).filter(|file| file.exists());
        let mut files = entries.map(|(file, _)| file).chain(creations.map(|(file, _)| file)).chain(card);
        files.try_for_each(|file| fs::remove_file(file).map_err(LedgerError::new))
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        Ok(self.has_tombstone(candidate))
    }
}

impl FolderLedger {
    fn open(folder: &Path) -> io::Result<Self> {
        for kind in ["entries", "cards", "creations", "counts", "forgotten"] {
            fs::create_dir_all(folder.join(kind))?;
        }
        Ok(Self { folder: folder.to_owned(), writing: Mutex::new(()) })
    }

    /// Ids are hex in file names: some file systems take `A` for `a`, and `..` would be the folder above.
    fn file(&self, kind: &str, id: &str) -> PathBuf {
        self.folder.join(kind).join(hex::encode(id)).with_extension("json")
    }

    fn has_tombstone(&self, candidate: &CandidateId) -> bool {
        self.file("forgotten", candidate.as_str()).exists()
    }

    fn write_alone(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every file of a kind with what is in it.
    fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(PathBuf, T)>, LedgerError> {
        let mut all = Vec::new();
        for file in fs::read_dir(self.folder.join(kind)).map_err(LedgerError::new)? {
            let file = file.map_err(LedgerError::new)?.path();
            // What a crash left half-written has another ending.
            if file.extension().is_some_and(|ending| ending == "json")
                && let Some(content) = read(&file)?
            {
                all.push((file, content));
            }
        }
        Ok(all)
    }
}

/// The id in a file's name.
fn name_of(file: &Path) -> Result<String, LedgerError> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let bytes = hex::decode(&*stem).map_err(LedgerError::new)?;
    String::from_utf8(bytes).map_err(LedgerError::new)
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<Option<T>, LedgerError> {
    match fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(LedgerError::new),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LedgerError::new(error)),
    }
}

/// Written aside, put on the disk and then renamed, so that a crash leaves the old file or the new one.
fn write(file: &Path, value: &impl Serialize) -> Result<(), LedgerError> {
    let aside = file.with_extension("new");
    let write = || {
        let mut open = fs::File::create(&aside)?;
        serde_json::to_writer(&mut open, value)?;
        open.sync_all()?;
        fs::rename(&aside, file)?;
        // The new name has to be on the disk as well. Only Unix can open a folder for that.
        #[cfg(unix)]
        file.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())?;
        Ok::<(), io::Error>(())
    };
    write().map_err(LedgerError::new)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let checked = tempfile::tempdir()?;
    // ANCHOR: conformance
    // Opened again and again, as after a restart.
    ledger_conformance(async || {
        Arc::new(FolderLedger::open(checked.path()).expect("the folder can be made")) as Arc<dyn Ledger>
    })
    .await?;
    // ANCHOR_END: conformance
    println!("the ledger keeps every rule\n");

    let sandbox = Sandbox::new(SandboxSettings::new());
    let contract = sandbox.add_contract(
        ContractSeed::new(sandbox.seeded().template, "Employment contract")
            .counterparty("Ann Sample", "ann@example.com")
            .value("oneflow-salary", "42000")
            .published(),
    )?;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;

    let home = tempfile::tempdir()?;
    let ledger = Arc::new(FolderLedger::open(home.path())?);
    let engine = engine(&sandbox, ledger.clone())?;
    look(&engine, contract).await?;
    println!("what is remembered: ids and keyed digests");
    print_files(home.path())?;

    ledger.forget(&sandbox.seeded().candidate.into()).await?;
    println!("what is remembered once the candidate is forgotten");
    print_files(home.path())?;

    sandbox.fill_data_field(contract, "oneflow-notice", "6 months")?;
    look(&engine, contract).await
}

fn engine(sandbox: &Sandbox, ledger: Arc<FolderLedger>) -> Result<Engine, Box<dyn Error>> {
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .transport(sandbox.oneflow_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    // Somebody else made the contract, so it is found by a participant's address, which is only looked for in contracts of
    // this template type.
    let mut mapping = Mapping::default();
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(sandbox.seeded().template_type));
    Ok(Engine::builder(oneflow, teamtailor, mapping, ledger, keys).build()?)
}

/// Looks at the contract and prints how its notice period ended.
async fn look(engine: &Engine, contract: i64) -> Result<(), Box<dyn Error>> {
    let report = engine.sync(ContractId::new(contract)).await?;
    for field in report.outcomes.iter().filter(|field| field.data_field == "oneflow-notice") {
        let reason = field.reason().map_or("", |reason| reason.sentence());
        println!("{}: {} {reason}\n", field.data_field, field.outcome.as_str());
    }
    Ok(())
}

fn print_files(folder: &Path) -> io::Result<()> {
    for kind in ["entries", "cards", "creations", "forgotten"] {
        for file in fs::read_dir(folder.join(kind))? {
            let file = file?.path();
            let id = name_of(&file).map_err(io::Error::other)?;
            println!("  {kind}/{id}: {}", fs::read_to_string(&file)?);
        }
    }
    println!();
    Ok(())
}
