//! The catalogue of texts, and the pages that are made from it.

#![expect(clippy::disallowed_methods, reason = "it reads, and on request writes, pages of the repository")]

use std::{collections::BTreeSet, env, fs, path::Path};

use smartsync_core::{
    Reason,
    diagnostic::{DiagnosticCode, Severity},
};

/// The page that begins as it does, and goes on as given. With `UPDATE_PAGES=1` it is written so.
fn is_page(path: &str, ends_before: &str, rest: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let page = fs::read_to_string(&path).unwrap();
    let (intro, _) = page.split_once(ends_before).unwrap();
    is_whole_page(&path, &format!("{intro}{rest}"));
}

/// The page as it is to be. With `UPDATE_PAGES=1` it is written so.
fn is_whole_page(path: &Path, expected: &str) {
    let page = fs::read_to_string(path).unwrap_or_default();
    if env::var("UPDATE_PAGES").is_ok() {
        fs::write(path, expected).unwrap();
    } else {
        let first = page.lines().zip(expected.lines()).find(|(is, ought)| is != ought);
        assert!(
            page == expected,
            "{}: `UPDATE_PAGES=1 cargo test -p smartsync-core --test it words` writes it anew: {first:?}",
            path.display()
        );
    }
}

/// What is said of a diagnostic, below its title.
fn diagnostic(code: DiagnosticCode) -> String {
    let severity = match code.severity() {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    let example = code.example().map(|text| format!("```toml\n{text}```\n\n")).unwrap_or_default();
    format!("{severity}. {}\n\n{example}{}\n", code.explanation(), code.advice())
}

/// A section for each diagnostic.
fn diagnostics() -> String {
    let sections = DiagnosticCode::ALL
        .iter()
        .map(|code| format!("\n## {code}: {}\n\n{}", code.title(), diagnostic(*code)));
    sections.collect()
}

/// A row for each reason, whose code is written as given.
fn reasons(code: impl Fn(&str) -> String) -> String {
    let rows = Reason::ALL.iter().map(|reason| {
        let cell = |text: &str| text.replace('|', "\\|");
        let (sentence, advice) = (cell(reason.sentence()), cell(reason.advice().unwrap_or("-")));
        format!("| {} | {sentence} | {advice} |\n", code(reason.code()))
    });
    "| code | what it says | what to do |\n|---|---|---|\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn the_pages_say_what_the_catalogue_says() {
    is_page("../docs/diagnostics.md", "\n## SM", &diagnostics());
    let linked = |code: &str| format!("[`{code}`](reasons/{code}.md)");
    is_page("../docs/reasons.md", "| code |", &reasons(linked));
    is_page("guide/reasons.md", "| code |", &reasons(|code| format!("`{code}`")));
}

/// Where a line of the program leads that names a code. The two codes of the host's own have theirs from `smartsync/tests/it/explain.rs`.
#[test]
fn each_code_has_a_page_that_says_what_the_catalogue_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for reason in Reason::ALL {
        let (code, sentence) = (reason.code(), reason.sentence());
        let advice = reason
            .advice()
            .map_or("There is nothing to do.".to_owned(), |advice| format!("**What to do:** {advice}"));
        let page = format!("# `{code}`\n\n{sentence}\n\n{advice}\n\n[All reasons](../reasons.md)\n");
        is_whole_page(&docs.join("reasons").join(code).with_extension("md"), &page);
    }
    for code in DiagnosticCode::ALL {
        let (title, text) = (code.title(), diagnostic(*code));
        let about = if code.example().is_some() { ", and the account of the example" } else { "" };
        let page = format!("# {code}: {title}\n\n{text}\n[All diagnostics](../diagnostics.md){about}\n");
        is_whole_page(&docs.join("diagnostics").join(code.as_str()).with_extension("md"), &page);
    }
    let pages: BTreeSet<String> = fs::read_dir(docs.join("diagnostics"))
        .unwrap()
        .map(|page| page.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let codes: BTreeSet<String> = DiagnosticCode::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(pages, codes, "a code that is gone has no page");
}

#[test]
fn each_text_is_in_full_sentences_and_no_two_codes_say_the_same() {
    let ends = |text: &str| text.ends_with(['.', ')']) && !text.contains('\n') && !text.contains("  ");
    let mut said = BTreeSet::new();
    for reason in Reason::ALL {
        let (code, sentence) = (reason.code(), reason.sentence());
        assert!(ends(sentence) && reason.advice().is_none_or(ends), "{code}");
        assert!(said.insert(sentence), "{code}");
        assert_ne!(reason.advice(), Some(sentence), "{code}");
    }
    // A reason and the diagnostic of what leads to it may well say the same.
    said.clear();
    for code in DiagnosticCode::ALL {
        assert!(ends(code.title()) && ends(code.explanation()) && ends(code.advice()), "{code}");
        assert!(code.advice().starts_with("Write: ") && said.insert(code.title()), "{code}");
        assert_eq!(DiagnosticCode::from_code(code.as_str()), Some(*code));
    }
    assert_eq!(DiagnosticCode::from_code("SM9999"), None);
}
