//! A disk that may lose its power: of what was written and not synced, any part is gone then.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use fastrand::Rng;

/// A disk writes so many bytes at once, or none of them.
const SECTOR: usize = 512;

/// Files by their names.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A file, whatever its name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileNumber(usize);

/// One folder: what programs see of it, and what would be left of it.
#[derive(Default)]
pub(crate) struct Disk {
    files: Vec<DiskFile>,
    names: BTreeMap<String, FileNumber>,
    synced_names: BTreeMap<String, FileNumber>,
    unsynced_names: Vec<(String, Option<FileNumber>)>,
}

#[derive(Default)]
struct DiskFile {
    seen: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Change>,
}

enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

/// What a power cut keeps of the sectors that were not synced. Of names, the later of two changes is never kept without the earlier.
#[derive(Clone, Copy)]
enum Fate {
    Nothing,
    Everything,
    /// The first so many, in the order in which they were written.
    First(usize),
    /// All but the first so many.
    Last(usize),
    /// Each with this chance, in eighths, whatever the others do.
    Any(u8),
}

impl Disk {
    /// With these files on it, all of them synced.
    pub(crate) fn with(files: Files) -> Self {
        let mut disk = Self::default();
        for (name, bytes) in files {
            let number = FileNumber(disk.files.len());
            disk.files.push(DiskFile { seen: bytes.clone(), synced: bytes, unsynced: Vec::new() });
            disk.names.insert(name.clone(), number);
            disk.synced_names.insert(name, number);
        }
        disk
    }

    /// What programs see.
    pub(crate) fn files(&self) -> Files {
        self.names.iter().map(|(name, number)| (name.clone(), self.files[number.0].seen.clone())).collect()
    }

    pub(crate) fn find(&self, name: &str) -> Option<FileNumber> {
        self.names.get(name).copied()
    }

    pub(crate) fn create(&mut self, name: &str) -> FileNumber {
        let number = FileNumber(self.files.len());
        self.files.push(DiskFile::default());
        self.names.insert(name.to_owned(), number);
        self.unsynced_names.push((name.to_owned(), Some(number)));
        number
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.names.remove(name);
        self.unsynced_names.push((name.to_owned(), None));
    }

    pub(crate) fn bytes(&self, file: FileNumber) -> &[u8] {
        &self.files[file.0].seen
    }

    pub(crate) fn write(&mut self, file: FileNumber, at: usize, bytes: &[u8]) {
        let file = &mut self.files[file.0];
        put(&mut file.seen, at, bytes);
        file.unsynced.push(Change::Write { at, bytes: bytes.to_vec() });
    }

    pub(crate) fn truncate(&mut self, file: FileNumber, len: usize) {
        let file = &mut self.files[file.0];
        file.seen.truncate(len);
        file.unsynced.push(Change::Truncate(len));
    }

    pub(crate) fn sync(&mut self, file: FileNumber) {
        let file = &mut self.files[file.0];
        file.synced.clone_from(&file.seen);
        file.unsynced.clear();
    }

    /// Syncs the names of the files.
    pub(crate) fn sync_folder(&mut self) {
        self.synced_names.clone_from(&self.names);
        self.unsynced_names.clear();
    }

    /// What is left when the power goes.
    pub(crate) fn cut(&self, rng: &mut Rng) -> Files {
        let sectors: usize = self.files.iter().map(DiskFile::unsynced_sectors).sum();
        let fate = match rng.u8(0..8) {
            0 => Fate::Nothing,
            1 => Fate::Everything,
            2 => Fate::First(rng.usize(0..=sectors)),
            3 => Fate::Last(rng.usize(0..=sectors)),
            _ => Fate::Any(rng.u8(1..8)),
        };
        // The file has grown already, and the bytes are not there yet.
        let leaves_garbage = rng.u8(0..4) == 0;
        let mut number = 0;
        let mut keeps = |rng: &mut Rng| {
            number += 1;
            match fate {
                Fate::Nothing => false,
                Fate::Everything => true,
                Fate::First(count) => number <= count,
                Fate::Last(count) => number > count,
                Fate::Any(eighths) => rng.u8(0..8) < eighths,
            }
        };
        let left: Vec<_> = self.files.iter().map(|file| file.cut(rng, &mut keeps, leaves_garbage)).collect();
        let names = self.cut_names(rng, fate);
        names.into_iter().map(|(name, number)| (name, left[number.0].clone())).collect()
    }

    fn cut_names(&self, rng: &mut Rng, fate: Fate) -> BTreeMap<String, FileNumber> {
        let mut names = self.synced_names.clone();
        for name in self.unsynced_names.iter().map(|(name, _)| name).collect::<BTreeSet<_>>() {
            let changes: Vec<_> = self.unsynced_names.iter().filter(|(changed, _)| changed == name).collect();
            let kept = match fate {
                Fate::Nothing => 0,
                Fate::Everything => changes.len(),
                Fate::First(_) | Fate::Last(_) | Fate::Any(_) => rng.usize(0..=changes.len()),
            };
            match changes[..kept].last() {
                Some((_, Some(number))) => drop(names.insert(name.clone(), *number)),
                Some((_, None)) => drop(names.remove(name)),
                None => {}
            }
        }
        names
    }
}

impl DiskFile {
    fn unsynced_sectors(&self) -> usize {
        self.unsynced.iter().map(Change::parts).sum()
    }

    fn cut(&self, rng: &mut Rng, keeps: &mut impl FnMut(&mut Rng) -> bool, leaves_garbage: bool) -> Vec<u8> {
        let mut left = self.synced.clone();
        for change in &self.unsynced {
            match change {
                Change::Write { at, bytes } => {
                    for sector in sectors(*at, bytes.len()) {
                        if keeps(rng) {
                            put(&mut left, sector.start, &bytes[sector.start - at..sector.end - at]);
                        } else if leaves_garbage && sector.start >= self.synced.len() {
                            let garbage: Vec<_> = sector.clone().map(|_| rng.u8(..)).collect();
                            put(&mut left, sector.start, &garbage);
                        }
                    }
                }
                Change::Truncate(len) => {
                    if keeps(rng) {
                        left.truncate(*len);
                    }
                }
            }
        }
        left
    }
}

impl Change {
    /// How much of it is kept or not, each part for itself.
    fn parts(&self) -> usize {
        match self {
            Self::Truncate(_) => 1,
            Self::Write { at, bytes } => sectors(*at, bytes.len()).len(),
        }
    }
}

/// What is written of each sector.
fn sectors(at: usize, len: usize) -> Vec<Range<usize>> {
    let end = at + len;
    (at / SECTOR..end.div_ceil(SECTOR))
        .map(|sector| (sector * SECTOR).max(at)..((sector + 1) * SECTOR).min(end))
        .collect()
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}
