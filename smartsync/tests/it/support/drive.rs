//! SQLite on a [`Disk`] whose power fails at a moment that the test has chosen.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs, io, mem,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use sqlite_vfs::{
    DatabaseHandle, LockKind, OpenAccess, OpenKind, OpenOptions, Vfs,
    wip::{WalIndex, WalIndexLock},
};
use tempfile::TempDir;

use super::disk::{Disk, FileNumber, Files};

/// The drives by their folders.
static DRIVES: LazyLock<Mutex<BTreeMap<PathBuf, Arc<Drive>>>> = LazyLock::new(Mutex::default);

/// From now on, whoever opens a database in this process does so on a [`Drive`].
pub(crate) fn replace_file_system() {
    sqlite_vfs::register("drives", Drives, true).unwrap();
}

/// Removes the folders of all drives. Whoever uses one has to be gone, or about to.
pub(crate) fn discard_drives() {
    // Whoever closes a database looks for its drive.
    let drives: Vec<_> = DRIVES.lock().unwrap().values().cloned().collect();
    drives.iter().for_each(|drive| drive.until_closed());
    DRIVES.lock().unwrap().clear();
}

/// A folder on a disk. In the real folder there are files with these names as well, since the host looks for them; nothing is in them.
pub(crate) struct Drive {
    folder: TempDir,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    disk: Disk,
    power: Power,
    /// What was under way when it went.
    cut_in: Option<&'static str>,
    syncs: Syncs,
    hold: Hold,
    open_files: usize,
    is_connected: bool,
}

/// How long the power lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Power {
    For {
        /// So many changes; it goes before the last of them.
        changes: u64,
    },
    /// As long, from the first write to the database itself on: what is in the log is brought over.
    FromWriteToDatabase {
        changes: u64,
    },
    Always,
}

const OFF: Power = Power::For { changes: 0 };

/// What the disk does when it is told to sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syncs {
    Kept,
    /// It says that it has, and has not.
    Forgotten,
}

/// Whether the next write waits.
#[derive(PartialEq, Eq)]
enum Hold {
    None,
    Next,
    Held,
}

impl Drive {
    /// With these files, and with power for so many changes.
    pub(crate) fn new(files: Files, power: Power, syncs: Syncs) -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        for name in files.keys() {
            stand_in(&folder.path().join(name));
        }
        let state = State {
            disk: Disk::with(files),
            power,
            cut_in: None,
            syncs,
            hold: Hold::None,
            open_files: 0,
            is_connected: false,
        };
        let drive = Arc::new(Self { folder, state: Mutex::new(state), changed: Condvar::new() });
        DRIVES.lock().unwrap().insert(drive.folder.path().to_owned(), Arc::clone(&drive));
        drive
    }

    /// Where a file of this name is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What programs see.
    pub(crate) fn files(&self) -> Files {
        self.state().disk.files()
    }

    /// The power goes now, if it is still there; what is left, and in what it went.
    pub(crate) fn cut(&self, rng: &mut fastrand::Rng) -> (Files, &'static str) {
        let mut state = self.state();
        state.power = OFF;
        self.changed.notify_all();
        (state.disk.cut(rng), state.cut_in.unwrap_or("nothing"))
    }

    /// From now on, the power lasts so long.
    pub(crate) fn limit(&self, power: Power) {
        self.state().power = power;
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.state().power == OFF
    }

    /// Has the next write wait until [`Drive::release`].
    pub(crate) fn hold_next_write(&self) {
        self.state().hold = Hold::Next;
    }

    /// Returns once a write waits, or the power is off.
    pub(crate) fn until_held(&self) {
        let state = self.state();
        drop(self.changed.wait_while(state, |state| state.hold == Hold::Next && state.power != OFF));
    }

    pub(crate) fn release(&self) {
        self.state().hold = Hold::None;
        self.changed.notify_all();
    }

    /// Returns once nobody has a file open.
    pub(crate) fn until_closed(&self) {
        drop(self.changed.wait_while(self.state(), |state| state.open_files > 0));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Does this, unless the power is off or goes just before.
    fn change<T>(&self, what: &'static str, change: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        let mut state = self.state();
        if state.hold == Hold::Next && what.starts_with("a write") {
            state.hold = Hold::Held;
            self.changed.notify_all();
            state = self.changed.wait_while(state, |state| state.hold == Hold::Held).unwrap();
        }
        if let Power::FromWriteToDatabase { changes } = state.power
            && what == DATABASE_WRITTEN
        {
            state.power = Power::For { changes };
        }
        if let Power::For { changes } = &mut state.power {
            if *changes == 0 {
                return Err(off());
            }
            *changes -= 1;
            if *changes == 0 {
                state.cut_in = Some(what);
                self.changed.notify_all();
                return Err(off());
            }
        }
        Ok(change(&mut state))
    }

    fn read<T>(&self, read: impl FnOnce(&Disk) -> T) -> io::Result<T> {
        let state = self.state();
        if state.power == OFF { Err(off()) } else { Ok(read(&state.disk)) }
    }
}

fn off() -> io::Error {
    io::Error::other("the power is off")
}

fn stand_in(path: &Path) {
    fs::write(path, "what is in this file is on a drive of the test").unwrap();
}

struct Drives;

/// A file that SQLite has open.
pub(crate) enum Handle {
    OnDrive {
        drive: Arc<Drive>,
        file: FileNumber,
        kind: OpenKind,
        lock: LockKind,
        syncs_folder: bool,
    },
    /// Nobody finds it again: what is spilled out of memory.
    Temporary(Vec<u8>),
}

const TEMPORARY: &str = "temporary";

const DATABASE_WRITTEN: &str = "a write to the database";

/// The drive of a file, and its name there. None for what has no name.
fn locate(path: &str) -> io::Result<(Arc<Drive>, &str)> {
    let (folder, name) = path.rsplit_once('/').ok_or(io::ErrorKind::InvalidInput)?;
    let drive = DRIVES.lock().unwrap().get(Path::new(folder)).cloned().ok_or(io::ErrorKind::NotFound)?;
    Ok((drive, name))
}

impl Vfs for Drives {
    type Handle = Handle;

    fn open(&self, path: &str, options: OpenOptions) -> io::Result<Handle> {
        if path == TEMPORARY {
            return Ok(Handle::Temporary(Vec::new()));
        }
        let (drive, name) = locate(path)?;
        let is_made = matches!(options.access, OpenAccess::Create | OpenAccess::CreateNew);
        let file = match drive.read(|disk| disk.find(name))? {
            Some(file) => file,
            None if is_made => {
                stand_in(Path::new(path));
                drive.change("the making of a file", |state| state.disk.create(name))?
            }
            None => return Err(io::ErrorKind::NotFound.into()),
        };
        {
            let mut state = drive.state();
            // Locks and the index of the log are those of one connection.
            if options.kind == OpenKind::MainDb && mem::replace(&mut state.is_connected, true) {
                return Err(io::Error::other("a drive has one connection"));
            }
            state.open_files += 1;
        }
        // As SQLite's file system for Unix does: the first sync of a log that may be new is one of its folder, too.
        let syncs_folder = is_made && matches!(options.kind, OpenKind::MainJournal | OpenKind::Wal);
        Ok(Handle::OnDrive { drive, file, kind: options.kind, lock: LockKind::None, syncs_folder })
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        if path == TEMPORARY {
            return Ok(());
        }
        let (drive, name) = locate(path)?;
        drive.read(|disk| disk.find(name))?.ok_or(io::ErrorKind::NotFound)?;
        drive.change("the removal of a file", |state| state.disk.remove(name))?;
        fs::remove_file(path)
    }

    /// As SQLite's file system for Unix does: an empty log is none.
    fn exists(&self, path: &str) -> io::Result<bool> {
        let (drive, name) = locate(path)?;
        drive.read(|disk| disk.find(name).is_some_and(|file| !disk.bytes(file).is_empty()))
    }

    fn temporary_name(&self) -> String {
        TEMPORARY.to_owned()
    }

    fn random(&self, buffer: &mut [i8]) {
        buffer.fill_with(|| fastrand::i8(..));
    }

    fn sleep(&self, duration: Duration) -> Duration {
        thread::sleep(duration);
        duration
    }

    fn full_pathname<'a>(&self, path: &'a str) -> io::Result<Cow<'a, str>> {
        Ok(path.into())
    }
}

impl DatabaseHandle for Handle {
    type WalIndex = Index;

    fn size(&self) -> io::Result<u64> {
        let len = match self {
            Self::OnDrive { drive, file, .. } => drive.read(|disk| disk.bytes(*file).len())?,
            Self::Temporary(bytes) => bytes.len(),
        };
        Ok(len as u64)
    }

    /// What is behind the end is zero: SQLite wants it so.
    fn read_exact_at(&mut self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        let mut fill = |bytes: &[u8]| {
            let there = bytes.get(at as usize..).unwrap_or_default();
            let len = there.len().min(buffer.len());
            buffer[..len].copy_from_slice(&there[..len]);
            buffer[len..].fill(0);
            len
        };
        let len = match self {
            Self::OnDrive { drive, file, .. } => drive.read(|disk| fill(disk.bytes(*file)))?,
            Self::Temporary(bytes) => fill(bytes),
        };
        if len < buffer.len() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    fn write_all_at(&mut self, bytes: &[u8], at: u64) -> io::Result<()> {
        let at = at as usize;
        match self {
            Self::OnDrive { drive, file, kind, .. } => {
                drive.change(write_of(*kind), |state| state.disk.write(*file, at, bytes))
            }
            Self::Temporary(all) => {
                all.resize(all.len().max(at + bytes.len()), 0);
                all[at..at + bytes.len()].copy_from_slice(bytes);
                Ok(())
            }
        }
    }

    fn sync(&mut self, _data_only: bool) -> io::Result<()> {
        let Self::OnDrive { drive, file, kind, syncs_folder, .. } = self else { return Ok(()) };
        drive.change(sync_of(*kind), |state| {
            if state.syncs == Syncs::Kept {
                state.disk.sync(*file);
            }
        })?;
        if mem::take(syncs_folder) {
            drive.change("a sync of the folder", |state| {
                if state.syncs == Syncs::Kept {
                    state.disk.sync_folder();
                }
            })?;
        }
        Ok(())
    }

    /// A file that is to grow does so when it is written: the same file system takes no notice of the hint, either.
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        let is_shorter = len < self.size()?;
        match self {
            Self::OnDrive { drive, file, .. } if is_shorter => {
                drive.change("the shortening of a file", |state| state.disk.truncate(*file, len as usize))
            }
            Self::Temporary(bytes) if is_shorter => {
                bytes.truncate(len as usize);
                Ok(())
            }
            Self::OnDrive { .. } | Self::Temporary(_) => Ok(()),
        }
    }

    /// There is one connection, so every lock is free.
    fn lock(&mut self, to: LockKind) -> io::Result<bool> {
        if let Self::OnDrive { lock, .. } = self {
            *lock = to;
        }
        Ok(true)
    }

    fn reserved(&mut self) -> io::Result<bool> {
        Ok(matches!(self.current_lock()?, LockKind::Reserved | LockKind::Pending | LockKind::Exclusive))
    }

    fn current_lock(&self) -> io::Result<LockKind> {
        match self {
            Self::OnDrive { lock, .. } => Ok(*lock),
            Self::Temporary(_) => Ok(LockKind::None),
        }
    }

    fn wal_index(&self, _readonly: bool) -> io::Result<Index> {
        Ok(Index)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Self::OnDrive { drive, kind, .. } = self {
            let mut state = drive.state();
            state.open_files -= 1;
            state.is_connected &= *kind != OpenKind::MainDb;
            drop(state);
            drive.changed.notify_all();
        }
    }
}

fn write_of(kind: OpenKind) -> &'static str {
    match kind {
        OpenKind::Wal => "a write to the log",
        OpenKind::MainDb => DATABASE_WRITTEN,
        OpenKind::MainJournal
        | OpenKind::TempDb
        | OpenKind::TempJournal
        | OpenKind::TransientDb
        | OpenKind::SubJournal
        | OpenKind::SuperJournal => "a write to the journal",
    }
}

fn sync_of(kind: OpenKind) -> &'static str {
    match kind {
        OpenKind::Wal => "a sync of the log",
        OpenKind::MainDb => "a sync of the database",
        OpenKind::MainJournal
        | OpenKind::TempDb
        | OpenKind::TempJournal
        | OpenKind::TransientDb
        | OpenKind::SubJournal
        | OpenKind::SuperJournal => "a sync of the journal",
    }
}

/// The index of the log: memory that is gone with the process in any case.
pub(crate) struct Index;

impl WalIndex for Index {
    fn map(&mut self, _region: u32) -> io::Result<[u8; 32768]> {
        Ok([0; 32768])
    }

    fn lock(&mut self, _locks: Range<u8>, _lock: WalIndexLock) -> io::Result<bool> {
        Ok(true)
    }

    fn delete(self) -> io::Result<()> {
        Ok(())
    }
}
