//! `--version` tells the commit where there is one to tell. What the build script does is tried on repositories of this test's own.

use std::{fs, path::Path, process::Command};

use crate::support::Home;

#[path = "../../build.rs"]
#[expect(dead_code, reason = "its `main` is for cargo")]
mod build;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let author =
        ["-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(author).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_commit_is_that_of_the_repository_and_of_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("smartsync");
    fs::create_dir(&package).unwrap();
    assert_eq!(
        (build::commit(&package), build::moving_files(&package)),
        (None, vec![]),
        "there is no repository"
    );
    git(folder.path(), &["init", "-q"]);
    assert_eq!(build::commit(&package), None, "there is no commit");
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "one"]);
    let head = git(folder.path(), &["rev-parse", "HEAD"]);
    let commit = build::commit(&package).unwrap();
    assert!(commit.len() >= 12 && head.starts_with(&commit), "{commit}");
    let moving = build::moving_files(&package);
    assert!(moving.len() == 2 && moving.iter().all(|file| file.exists()), "{moving:?}");

    // As a package lies in the repository of somebody else.
    let vendored = folder.path().join("vendor/smartsync");
    fs::create_dir_all(&vendored).unwrap();
    assert_eq!(build::commit(&vendored), None);
    assert_eq!(build::told("0.1.0", None), "0.1.0");
    assert_eq!(build::told("0.1.0", Some("3f2a9c0d11e8")), "0.1.0 (commit 3f2a9c0d11e8)");
}

#[tokio::test]
async fn the_program_tells_the_version_that_was_built() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let ended = home.run(&["--version"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let version = ended.out.trim_end().strip_prefix("smartsync ").unwrap();
    let (number, commit) = version.split_once(' ').unwrap_or((version, ""));
    assert_eq!(number, env!("CARGO_PKG_VERSION"));
    let digits = commit.strip_prefix("(commit ").and_then(|rest| rest.strip_suffix(')'));
    let is_commit = |digits: &str| digits.len() >= 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(commit.is_empty() || digits.is_some_and(is_commit), "{version}");
}
