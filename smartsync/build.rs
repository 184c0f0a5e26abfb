//! Has the program know its version and, where it is built from its repository, the commit that is checked out there.
//!
//! It asks git and no network. Without git, or elsewhere than in the repository, as from a package, it is the version alone: a package that lies in
//! another repository must not tell that one's commit.

use std::{
    env,
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

/// Where the package lies in its repository.
const PLACE: &str = "smartsync/";

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let mut lines = "cargo:rerun-if-changed=build.rs\n".to_owned();
    for file in moving_files(&folder) {
        writeln!(lines, "cargo:rerun-if-changed={}", file.display()).ok();
    }
    writeln!(lines, "cargo:rustc-env=SMARTSYNC_VERSION={}", told(&version, commit(&folder).as_deref())).ok();
    io::stdout().write_all(lines.as_bytes())
}

/// What `--version` tells.
pub(crate) fn told(version: &str, commit: Option<&str>) -> String {
    commit.map_or_else(|| version.to_owned(), |commit| format!("{version} (commit {commit})"))
}

/// The commit that is checked out, if `folder` is the package in its repository.
pub(crate) fn commit(folder: &Path) -> Option<String> {
    let place = git(folder, &["rev-parse", "--show-prefix"])?;
    let commit = (place == PLACE).then(|| git(folder, &["rev-parse", "--short=12", "HEAD"])).flatten()?;
    commit.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(commit)
}

/// The files of the repository that change when another commit is checked out. Those that are not there are left out: cargo would build anew each
/// time.
pub(crate) fn moving_files(folder: &Path) -> Vec<PathBuf> {
    let branch = git(folder, &["symbolic-ref", "-q", "HEAD"]);
    let names = ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref());
    let paths = names.filter_map(|name| git(folder, &["rev-parse", "--git-path", name]));
    paths.map(|path| folder.join(path)).filter(|path| path.exists()).collect()
}

/// The line that git prints; `None` if it fails, or is not there.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(folder).output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?.trim_end().to_owned();
    (output.status.success() && !line.is_empty()).then_some(line)
}
