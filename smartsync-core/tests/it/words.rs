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
    let expected = format!("{intro}{rest}");
    if env::var("UPDATE_PAGES").is_ok() {
        fs::write(&path, expected).unwrap();
    } else {
        let first = page.lines().zip(expected.lines()).find(|(is, ought)| is != ought);
        assert!(
            page == expected,
            "{}: `UPDATE_PAGES=1 cargo test -p smartsync-core --test it words` writes it anew: {first:?}",
            path.display()
        );
    }
}

/// A section for each diagnostic.
fn diagnostics() -> String {
    let sections = DiagnosticCode::ALL.iter().map(|code| {
        let severity = match code.severity() {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Note => "Note",
        };
        let example = code.example().map(|text| format!("```toml\n{text}```\n\n")).unwrap_or_default();
        let (title, explanation, advice) = (code.title(), code.explanation(), code.advice());
        format!("\n## {code}: {title}\n\n{severity}. {explanation}\n\n{example}{advice}\n")
    });
    sections.collect()
}

/// A row for each reason.
fn reasons() -> String {
    let rows = Reason::ALL.iter().map(|reason| {
        let cell = |text: &str| text.replace('|', "\\|");
        let (sentence, advice) = (cell(reason.sentence()), cell(reason.advice().unwrap_or("-")));
        format!("| `{}` | {sentence} | {advice} |\n", reason.code())
    });
    "| code | what it says | what to do |\n|---|---|---|\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn the_pages_say_what_the_catalogue_says() {
    is_page("../docs/diagnostics.md", "\n## SM", &diagnostics());
    is_page("../docs/reasons.md", "| code |", &reasons());
    is_page("guide/reasons.md", "| code |", &reasons());
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
