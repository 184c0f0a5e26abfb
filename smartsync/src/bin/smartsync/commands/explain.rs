//! `smartsync explain`: a code in words. Reads nothing but where the documentation is, and asks nobody.

use std::io::{self, Write};

use serde::Serialize;
use smartsync::store::LookFailure;
use smartsync::words::commands::explain as words;
use smartsync_core::{
    Reason,
    diagnostic::{DiagnosticCode, Severity},
};

use crate::{
    cli::Explain,
    commands::{Exit, Named},
    docs_pages::docs,
    failure::Failure,
    output::{Output, folded, table},
};

/// As far as a line of prose goes.
const PROSE: usize = 80;

/// How many codes are suggested in place of one that there is not.
const SUGGESTIONS: usize = 3;

/// What is said of a code.
#[derive(Serialize)]
struct Explained {
    code: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    /// What it says.
    sentence: &'static str,
    /// Why that is so; `None` where the sentence tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'static str>,
    /// A mapping that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<&'static str>,
    /// What to do.
    next: Option<&'static str>,
}

impl From<Reason> for Explained {
    fn from(reason: Reason) -> Self {
        let (severity, explanation, example) = (None, None, None);
        let (code, sentence, next) = (reason.code(), reason.sentence(), reason.advice());
        Self { code, kind: "reason", severity, sentence, explanation, example, next }
    }
}

impl From<LookFailure> for Explained {
    fn from(failure: LookFailure) -> Self {
        let (severity, explanation, example) = (None, None, None);
        let (code, sentence, next) = (failure.code(), failure.sentence(), Some(failure.advice()));
        Self { code, kind: "look", severity, sentence, explanation, example, next }
    }
}

impl From<DiagnosticCode> for Explained {
    fn from(code: DiagnosticCode) -> Self {
        Self {
            code: code.as_str(),
            kind: "diagnostic",
            severity: Some(code.severity()),
            sentence: code.title(),
            explanation: Some(code.explanation()),
            example: code.example(),
            next: Some(code.advice()),
        }
    }
}

fn all() -> Vec<Explained> {
    let reasons = Reason::ALL.iter().copied().map(Explained::from);
    let looks = LookFailure::ALL.into_iter().map(Explained::from);
    let diagnostics = DiagnosticCode::ALL.iter().copied().map(Explained::from);
    reasons.chain(looks).chain(diagnostics).collect()
}

pub(crate) fn run(named: &Named, arguments: &Explain, output: &mut Output) -> Result<Exit, Failure> {
    let mut all = all();
    let Some(asked) = &arguments.code else {
        let rows = all.iter().map(|one| [one.code.to_owned(), one.sentence.to_owned()]);
        let table = table(words::COLUMNS, rows);
        output.result(&all, |out| writeln!(out, "{table}"))?;
        return Ok(Exit::Success);
    };
    // As people type it: `sm0014`, `conflict_held`.
    let wanted = asked.trim().to_lowercase().replace('_', "-");
    let Some(place) = all.iter().position(|one| one.code.to_lowercase() == wanted) else {
        return Err(unknown(&wanted, &all));
    };
    let explained = all.swap_remove(place);
    named.learn_docs();
    output.result(&explained, |out| explained.write(out))?;
    Ok(Exit::Success)
}

/// What was typed is not repeated: it may be anything.
fn unknown(wanted: &str, all: &[Explained]) -> Failure {
    let mut near: Vec<(f64, &str)> =
        all.iter().map(|one| (strsim::jaro_winkler(wanted, &one.code.to_lowercase()), one.code)).collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    let nearest: Vec<String> = near.iter().take(SUGGESTIONS).map(|(_, code)| format!("`{code}`")).collect();
    Failure::new(words::NO_SUCH_CODE, words::nearest(&nearest.join(", ")))
}

impl Explained {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { code, kind, severity, sentence, explanation, example, next } = self;
        if let (Some(severity), Some(explanation)) = (severity, explanation) {
            writeln!(out, "{}\n", folded(&format!("{code}: {sentence}"), PROSE))?;
            let severity = severity.to_string();
            let (first, rest) = severity.split_at(1);
            writeln!(out, "{}", folded(&format!("{}{rest}. {explanation}", first.to_uppercase()), PROSE))?;
        } else {
            let what = if *kind == "look" { words::OF_A_LOOK } else { words::OF_A_REASON };
            writeln!(out, "{}\n\n{}", words::heading(code, what), folded(sentence, PROSE))?;
        }
        if let Some(example) = example {
            writeln!(out)?;
            for line in example.lines() {
                let indent = if line.is_empty() { "" } else { "    " };
                writeln!(out, "{indent}{line}")?;
            }
        }
        match next {
            Some(next) if severity.is_some() => writeln!(out, "\n{}", folded(next, PROSE))?,
            Some(next) => writeln!(out, "\n{}", folded(&words::to_do(next), PROSE))?,
            None => writeln!(out, "\n{}", words::NOTHING_TO_DO)?,
        }
        let page = docs().and_then(|docs| match DiagnosticCode::from_code(code) {
            Some(code) => Some(docs.diagnostic_page(code)),
            None => docs.reason_page(code),
        });
        page.map_or(Ok(()), |page| writeln!(out, "\n{page}"))
    }
}
