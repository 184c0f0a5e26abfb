//! Whether a file is for the user of this process alone, and what can be done where it is not.

use std::{
    fs::{self, Metadata},
    path::Path,
};

use crate::{
    setup::finding::{Finding, Subject},
    words::commands::machine as words,
};

const SUBJECT: Subject = Subject::Machine;
/// Below it systemd shows the credentials of services.
const CREDENTIALS: &str = "/run/credentials";
const ROOT: u32 = 0;

/// Who has put a file where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// This program.
    Ours,
    /// Somebody else, or whatever runs the service or its container.
    Given,
}

/// What the system says of a file.
#[derive(Clone, Copy)]
struct Facts {
    /// The nine bits of the permissions; none on a system that has no such bits.
    mode: u32,
    owner: Option<u32>,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// Others may read or write it.
    Open,
    /// The same, and only root can change that.
    OpenByRoot,
    /// It belongs to somebody else.
    Foreign,
}

/// Whether others may read or write the file, or it belongs to somebody else than us.
pub(super) fn findings(what: &str, path: &Path, our: Option<u32>, origin: Origin) -> Vec<Finding> {
    let Ok(metadata) = fs::metadata(path) else { return Vec::new() };
    let is_credential = path.starts_with(CREDENTIALS);
    let wrong = judge(Facts::of(&metadata), our, origin, is_credential);
    wrong.into_iter().map(|wrong| finding(wrong, what, path, origin)).collect()
}

fn judge(facts: Facts, our: Option<u32>, origin: Origin, is_credential: bool) -> Vec<Wrong> {
    let is_open = facts.mode & 0o077 != 0;
    // What root has put there for us stays root's, and we read it as one of its group. Of a credential, the bits of the group
    // are the mask of a list that names our user alone.
    let is_given_by_root = origin == Origin::Given
        && facts.owner == Some(ROOT)
        && (is_credential || our.is_some_and(|our| our != ROOT));
    if is_given_by_root {
        let is_for_its_group = facts.mode & 0o037 == 0;
        return if is_for_its_group { Vec::new() } else { vec![Wrong::OpenByRoot] };
    }
    let is_foreign = facts.owner.zip(our).is_some_and(|(owner, our)| owner != our);
    let found = [(is_open, Wrong::Open), (is_foreign, Wrong::Foreign)];
    found.into_iter().filter_map(|(is, wrong)| is.then_some(wrong)).collect()
}

fn finding(wrong: Wrong, what: &str, path: &Path, origin: Origin) -> Finding {
    let name = path.display();
    let (text, next) = match wrong {
        Wrong::Open | Wrong::OpenByRoot => {
            let text = words::open_to_others(what, &name);
            let next = match (wrong, origin) {
                (Wrong::OpenByRoot, _) => words::OPEN_BY_ROOT_NEXT.to_owned(),
                (_, Origin::Ours) => words::open_next(name),
                (_, Origin::Given) => words::open_given_next(name),
            };
            (text, next)
        }
        Wrong::Foreign => (words::foreign(what, name), words::FOREIGN_NEXT.to_owned()),
    };
    Finding::warning(SUBJECT, text, next)
}

impl Facts {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        Self { mode, owner: owner(metadata) }
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Self {
        Self { mode: 0, owner: None }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no such number")]
pub(super) fn owner(metadata: &Metadata) -> Option<u32> {
    Some(std::os::unix::fs::MetadataExt::uid(metadata))
}

#[cfg(not(unix))]
pub(super) fn owner(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: u32 = 1000;

    fn wrong(mode: u32, owner: u32, our: u32, is_credential: bool) -> Vec<Wrong> {
        judge(Facts { mode, owner: Some(owner) }, Some(our), Origin::Given, is_credential)
    }

    /// systemd shows a credential of a service with `User=` as root's, with mode 0440, whoever looks.
    #[test]
    fn a_credential_of_systemd_is_as_it_should_be() {
        for our in [US, ROOT] {
            assert_eq!(wrong(0o440, ROOT, our, true), [], "{our}");
            assert_eq!(wrong(0o400, ROOT, our, true), [], "{our}");
            assert_eq!(wrong(0o444, ROOT, our, true), [Wrong::OpenByRoot], "{our}");
        }
        assert_eq!(wrong(0o400, US, US, true), [], "of a service of the user's own");
        assert_eq!(
            wrong(0o440, US + 1, US, true),
            [Wrong::Open, Wrong::Foreign],
            "nobody but root puts one there"
        );
    }

    #[test]
    fn of_a_file_that_root_gives_us_nothing_is_advised_that_only_root_can_do() {
        assert_eq!(wrong(0o640, ROOT, US, false), []);
        for mode in [0o644, 0o444, 0o660, 0o602] {
            assert_eq!(wrong(mode, ROOT, US, false), [Wrong::OpenByRoot], "{mode:o}");
        }
        let told = finding(Wrong::OpenByRoot, "the file", Path::new("/run/secrets/key"), Origin::Given);
        assert!(!told.next.unwrap().contains("chmod"));
    }

    #[test]
    fn any_other_file_is_for_its_owner_alone() {
        assert_eq!(wrong(0o600, US, US, false), []);
        assert_eq!(wrong(0o640, US, US, false), [Wrong::Open]);
        assert_eq!(wrong(0o640, ROOT, ROOT, false), [Wrong::Open], "root can");
        assert_eq!(wrong(0o600, US + 1, US, false), [Wrong::Foreign]);
        let database = Facts { mode: 0o640, owner: Some(ROOT) };
        assert_eq!(judge(database, Some(US), Origin::Ours, false), [Wrong::Open, Wrong::Foreign]);
    }
}
