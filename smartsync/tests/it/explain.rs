//! `smartsync explain`: what it says of a code, as text and as JSON, and of one that there is not.

use std::{collections::BTreeSet, env, fs, path::Path};

use serde_json::{Value, json};
use smartsync::store::LookFailure;
use smartsync_core::{Reason, diagnostic::DiagnosticCode};

use crate::support::Home;

/// The command reads no configuration: the file is not even good.
fn home() -> Home {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.write("this is no configuration");
    home
}

#[tokio::test]
async fn explain_says_of_a_reason_what_it_means_and_what_to_do() {
    let home = home();
    let ended = home.run(&["explain", "contract-is-draft"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
contract-is-draft (a reason)

The contract has not been sent yet.

What to do: Send the contract from Oneflow.
";
    assert_eq!(ended.out, expected);
    // As people type it.
    for code in ["Contract-Is-Draft", "contract_is_draft", " contract-is-draft "] {
        assert_eq!(home.run(&["explain", code]).await.out, expected, "{code}");
    }
    let ended = home.run(&["explain", "waits-for-all-signatures"]).await;
    assert!(ended.code == 0 && ended.out.ends_with("\nThere is nothing to do.\n"), "{}", ended.out);
    let ended = home.run(&["explain", "took-too-long"]).await;
    assert!(
        ended.out.starts_with("took-too-long (why a look failed as a whole)\n\nThe look "),
        "{}",
        ended.out
    );
}

#[tokio::test]
async fn explain_says_of_a_diagnostic_what_the_page_says() {
    let ended = home().run(&["explain", "sm0014"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
SM0014: The data field for the link is also mapped.

Error. The data field holds a signed token that names the candidate. Any other
value in it would break the link.

    [sync]
    link            = [\"data_field\"]
    link_data_field = \"notes\"
    
    [[field]]
    oneflow    = \"notes\"
    teamtailor = \"custom:notes\"

Write: another data field, on either side.
";
    assert_eq!(ended.out, expected.replace("    \n", "\n"));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = words(include_str!("../../../docs/diagnostics.md"));
    for paragraph in ended.out.split("\n\n").filter(|paragraph| !paragraph.starts_with("    ")) {
        assert!(page.contains(&words(paragraph)), "{paragraph}");
    }
}

#[tokio::test]
async fn explain_as_json_has_every_code_with_its_texts() {
    let home = home();
    let ended = home.run(&["explain", "conflict-held", "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let held: Value = serde_json::from_str(&ended.out).unwrap();
    let expected = json!({
        "code": "conflict-held", "kind": "reason", "sentence": Reason::ConflictHeld.sentence(),
        "next": Reason::ConflictHeld.advice(),
    });
    assert_eq!(held, expected);

    let ended = home.run(&["explain", "--json"]).await;
    assert_eq!(ended.code, 0);
    let all: Vec<Value> = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(all.len(), Reason::ALL.len() + LookFailure::ALL.len() + DiagnosticCode::ALL.len());
    assert!(all.contains(&held));
    let clash = all.iter().find(|one| one["code"] == "SM0014").unwrap();
    assert_eq!((&clash["kind"], &clash["severity"]), (&json!("diagnostic"), &json!("error")));
    assert_eq!(clash["explanation"], DiagnosticCode::LinkDataFieldMapped.explanation());

    let text = home.run(&["explain"]).await;
    let lines: Vec<&str> = text.out.lines().collect();
    assert_eq!((text.code, lines.len()), (0, all.len() + 1));
    for (line, one) in lines[1..].iter().zip(&all) {
        assert_eq!(line.split_whitespace().next(), one["code"].as_str());
    }
}

#[tokio::test]
async fn explain_names_the_nearest_codes_of_one_that_there_is_not_and_does_not_repeat_it() {
    let home = home();
    for (typed, nearest) in [
        ("conflict-hold", "`conflict-held`"),
        ("SM9014", "`SM0014`"),
        ("not-in-contact", "`not-in-contract`"),
    ] {
        let ended = home.run(&["explain", typed]).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{typed}");
        assert!(
            ended.err.starts_with("error: there is no such code\n next: the nearest are "),
            "{}",
            ended.err
        );
        assert!(ended.err.contains(nearest) && !ended.err.contains(typed), "{}", ended.err);
    }
    let ended = home.run(&["explain", "ida@example.com", "--json"]).await;
    assert_eq!(ended.code, 1);
    assert!(!ended.out.contains("example.com") && ended.out.contains("\"error\""), "{}", ended.out);
}

/// Those of the core are written by its own test (`smartsync-core/tests/it/words.rs`).
#[tokio::test]
async fn each_code_has_a_page_that_says_what_explain_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for failure in LookFailure::ALL {
        let path = docs.join("reasons").join(failure.code()).with_extension("md");
        let expected = format!(
            "# `{}`\n\n{}\n\n**What to do:** {}\n\n[All reasons](../reasons.md)\n",
            failure.code(),
            failure.sentence(),
            failure.advice(),
        );
        if env::var("UPDATE_PAGES").is_ok() {
            fs::write(&path, &expected).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), expected, "{}", path.display());
    }
    let ended = home().run(&["explain", "--json"]).await;
    let all: Vec<Value> = serde_json::from_str(&ended.out).unwrap();
    let mut pages = BTreeSet::new();
    for one in &all {
        let code = one["code"].as_str().unwrap();
        let folder = if one["kind"] == "diagnostic" { "diagnostics" } else { "reasons" };
        let page = fs::read_to_string(docs.join(folder).join(code).with_extension("md")).unwrap();
        for said in ["code", "sentence", "explanation", "example", "next"] {
            assert!(page.contains(one[said].as_str().unwrap_or_default()), "{said} of {code}");
        }
        pages.extend((folder == "reasons").then(|| format!("{code}.md")));
    }
    let there = fs::read_dir(docs.join("reasons")).unwrap();
    let there: BTreeSet<String> =
        there.map(|page| page.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(there, pages, "a code that is gone has no page");
}
