//! `smartsync check`: what the credentials can do.

use smartsync::{Config, Verdict};

use crate::{commands::Exit, failure::Failure, render::Output};

pub(crate) async fn run(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let findings = smartsync::check(config).await;
    output.result(&findings, |out| {
        for finding in &findings {
            let verdict = match finding.verdict {
                Verdict::Good => "ok     ",
                Verdict::Warning => "WARNING",
                Verdict::Bad => "FAILED ",
            };
            writeln!(out, "{verdict} {}: {}", finding.subject, finding.text)?;
            if let Some(next) = &finding.next {
                writeln!(out, "        next: {next}")?;
            }
        }
        Ok(())
    })?;
    let bad = findings.iter().any(|finding| finding.verdict == Verdict::Bad);
    Ok(if bad { Exit::Wanting } else { Exit::Done })
}
