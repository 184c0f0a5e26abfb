//! A sentence without a proof is told, whatever keeps it from having one.

use std::{fs, path::Path};

use tempfile::TempDir;
use xtask::claims::{self, MOST_STATEMENTS, sentences};

const DOCUMENT: &str = "\
# Security

It writes no contract. [S1] Ever (and it is `true. Really`)! [S2]

- An item
  in two lines: [S3]
- Another. [S4]
";

const TABLE: &str = "\
[S1]
tests = [\"room/tests/it/writes.rs::nothing_is_written\", \"room/src/lib.rs::inside\"]
[S2]
gate = [\"licences, bans, sources\"]
[S3]
tests = [\"room/tests/it/writes.rs::for_all\"]
[S4]
statement = \"an invitation\"
";

const WRITES: &str = "\
#[test]
fn nothing_is_written() {}
#[tokio::test(start_paused = true)]
#[ignore = \"slow\"]
async fn ignored() {}
fn a_helper() {}
proptest! {
    #[test]
    fn for_all(x in 0..3) {}
    #[test]
    #[ignore]
    fn for_none(x in 0..3) {}
}
";

const LIB: &str = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn inside() {}\n}\n";

/// A repository of one room, whose sentences are all proved.
fn repository() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("SECURITY.md", DOCUMENT),
        ("docs/security-claims.toml", TABLE),
        (".ci/run", "step \"format\"\nstep \"licences, bans, sources\"\n"),
        ("room/src/lib.rs", LIB),
        ("room/tests/it/main.rs", "mod writes;\n"),
        ("room/tests/it/writes.rs", WRITES),
        ("room/tests/it/orphan.rs", "#[test]\nfn of_nobody() {}\n"),
    ] {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn faults(root: &TempDir) -> Vec<String> {
    claims::run(root.path()).unwrap()
}

/// What is told once `from` stands no more in the file, but `to`.
fn faults_with(file: &str, from: &str, to: &str) -> Vec<String> {
    let root = repository();
    let path = root.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
    faults(&root)
}

#[test]
fn every_sentence_of_this_repository_is_proved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let faults = claims::run(&root).unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_document_whose_sentences_are_proved_is_well() {
    assert_eq!(faults(&repository()), Vec::<String>::new());
    let (found, _) = sentences(DOCUMENT);
    let found: Vec<_> = found.iter().map(|one| (one.line, one.id.as_str(), one.text.as_str())).collect();
    assert_eq!(
        found,
        [
            (3, "S1", "It writes no contract."),
            (3, "S2", "Ever (and it is `true. Really`)!"),
            (5, "S3", "An item in two lines:"),
            (7, "S4", "Another."),
        ]
    );
}

#[test]
fn what_is_no_sentence_with_an_id_is_told() {
    const DOCUMENT: &str = "SECURITY.md";
    for (from, to, told) in [
        (" [S1]", "", "SECURITY.md, line 3: no id behind the sentence \"It writes no contract.\""),
        (" [S2]", "", "SECURITY.md, line 3: no id behind \"Ever (and it is `true. Really`)!\""),
        (" [S4]", " [S]", "SECURITY.md, line 7: no id behind \"Another. [S]\""),
        ("Another.", "Another. And one more.", "line 7: no id behind the sentence \"Another.\""),
        ("Another.", "Another? **And one more.**", "line 7: no id behind the sentence \"Another?\""),
        ("Another.", "Another", "line 7: S4 stands behind no whole sentence: \"Another\""),
        ("Another.", "", "line 7: S4 stands behind no whole sentence: \"\""),
        ("[S4]", "[S4] [S5]", "line 7: S5 stands behind no whole sentence: \"\""),
        ("[S4]", "[S1]", "SECURITY.md, line 7: S1 is the id of two sentences"),
        ("- Another.", "| Another. |", "line 7: only headings, paragraphs and lists may stand here"),
        ("- Another.", "> Another.", "line 7: only headings, paragraphs and lists may stand here"),
        ("- Another.", "```\nAnother.\n```", "line 7: only headings, paragraphs and lists may stand here"),
        ("- Another.", "<p>Another.</p>", "line 7: only headings, paragraphs and lists may stand here"),
    ] {
        let faults = faults_with(DOCUMENT, from, to);
        assert!(faults.iter().any(|fault| fault.contains(told)), "{from} -> {to}: {faults:#?}");
    }
    let root = repository();
    fs::write(root.path().join(DOCUMENT), "# Security\n").unwrap();
    assert_eq!(faults(&root)[0], "SECURITY.md says nothing");
}

#[test]
fn an_id_without_a_proof_and_a_proof_without_a_sentence_are_told() {
    const TABLE: &str = "docs/security-claims.toml";
    const NOTHING: &str = "room/tests/it/writes.rs::nothing_is_written";
    for (from, to, told) in [
        (
            "[S4]\nstatement = \"an invitation\"\n",
            "",
            "line 7: S4 has no entry in docs/security-claims.toml: \"Another.\"",
        ),
        ("statement = \"an invitation\"", "", "line 7: S4: it has neither a test nor a step of the gate"),
        ("\"an invitation\"", "\" \"", "line 7: S4: it does not say why nothing can check it"),
        (
            "gate =",
            "statement = \"so\"\ngate =",
            "line 3: S2: what has a test or a step of the gate is no mere statement",
        ),
        ("[S4]", "[S5]\nstatement = \"so\"\n[S4]", "no sentence of SECURITY.md has the id S5"),
        ("[S4]", "[S1]", "docs/security-claims.toml: "),
        ("statement", "remark", "docs/security-claims.toml: "),
        ("licences, bans, sources", "licences", "line 3: S2: the gate has no step \"licences\""),
        (
            NOTHING,
            "room/tests/it/writes.rs::something",
            "`room/tests/it/writes.rs` has no function `something`",
        ),
        (NOTHING, "room/tests/it/writes.rs::a_helper", "`a_helper` in `room/tests/it/writes.rs` is no test"),
        (
            NOTHING,
            "room/tests/it/writes.rs::ignored",
            "the test `ignored` in `room/tests/it/writes.rs` is ignored",
        ),
        (
            NOTHING,
            "room/tests/it/writes.rs::for_none",
            "the test `for_none` in `room/tests/it/writes.rs` is ignored",
        ),
        (NOTHING, "room/tests/it/writes.rs::for", "`room/tests/it/writes.rs` has no function `for`"),
        (NOTHING, "room/tests/it/gone.rs::one", "`room/tests/it/gone.rs` is no file of Rust"),
        (
            NOTHING,
            "room/tests/it/orphan.rs::of_nobody",
            "`room/tests/it/orphan.rs` belongs to no test that is built",
        ),
        (NOTHING, "nothing_is_written", "`nothing_is_written` names no test"),
    ] {
        let faults = faults_with(TABLE, from, to);
        assert!(faults.iter().any(|fault| fault.contains(told)), "{from} -> {to}: {faults:#?}");
    }
}

#[test]
fn a_document_that_mostly_asks_for_belief_is_told() {
    let root = repository();
    let numbers = 10..10 + MOST_STATEMENTS;
    let more: String = numbers.clone().map(|number| format!("\nBelieve it. [S{number}]\n")).collect();
    let table: String = numbers.map(|number| format!("[S{number}]\nstatement = \"so\"\n")).collect();
    fs::write(root.path().join("SECURITY.md"), DOCUMENT.to_owned() + &more).unwrap();
    fs::write(root.path().join("docs/security-claims.toml"), TABLE.to_owned() + &table).unwrap();
    let expected = format!("{} mere statements", MOST_STATEMENTS + 1);
    assert!(faults(&root).iter().any(|fault| fault.contains(&expected)), "{:#?}", faults(&root));
}
