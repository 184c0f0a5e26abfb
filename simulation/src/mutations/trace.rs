//! One run, step by step.

use std::fmt;

use smartsync_core::{DocumentOutcome, FieldOutcome};

use super::{
    course::{Course, Said},
    run::Run,
};

/// One run, step by step. All data in it is the simulation's own.
#[derive(Debug)]
pub(crate) struct Trace<'a>(pub(crate) &'a Run);

impl fmt::Display for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Run { seed, scenario, variant, prepared, course, alteration, violations } = self.0;
        writeln!(f, "seed {seed}: {scenario}")?;
        writeln!(
            f,
            "  retries {}, slow {}, custom_id on top {}, {:?}",
            variant.retries(),
            variant.is_slow(),
            variant.custom_id_on_top(),
            variant.read_back()
        )?;
        writeln!(f, "without any disturbance")?;
        write_course(f, &prepared.reference)?;
        match alteration {
            Some(alteration) => writeln!(
                f,
                "with one answer changed: {alteration} -> {} ({})",
                alteration.change,
                alteration.likeness.as_str()
            )?,
            None => writeln!(f, "no answer was changed")?,
        }
        write_course(f, course)?;
        let verdict = match (violations.is_empty(), self.0.counts()) {
            (true, _) => "nothing is wrong",
            (false, true) => "violations",
            (false, false) => "counted apart",
        };
        writeln!(f, "{verdict}")?;
        violations.iter().try_for_each(|violation| writeln!(f, "  {violation}"))
    }
}

/// The writes of each step, without what they write.
pub(crate) fn writes(course: &Course) -> Vec<String> {
    let mut lines = Vec::new();
    let mut from = 0;
    for (number, stage) in course.stages.iter().enumerate() {
        for exchange in course.exchanges[from..stage.requests].iter().filter(|exchange| exchange.is_write()) {
            lines.push(format!("{}: {} {}", number + 1, exchange.method, exchange.path()));
        }
        from = stage.requests;
    }
    lines
}

fn write_course(f: &mut fmt::Formatter<'_>, course: &Course) -> fmt::Result {
    let mut from = 0;
    for (number, stage) in course.stages.iter().enumerate() {
        writeln!(f, "  step {}", number + 1)?;
        for exchange in &course.exchanges[from..stage.requests] {
            write!(f, "    {} {} -> {}", exchange.method, exchange.target, exchange.status)?;
            if exchange.seen != exchange.status {
                write!(f, ", seen as {}", exchange.seen)?;
            }
            if exchange.is_swallowed {
                write!(f, ", and nothing was done")?;
            }
            writeln!(f)?;
            if exchange.is_write() {
                writeln!(f, "      {}", exchange.body)?;
            }
        }
        from = stage.requests;
        write_said(f, &stage.said)?;
    }
    Ok(())
}

fn write_said(f: &mut fmt::Formatter<'_>, said: &Said) -> fmt::Result {
    match said {
        Said::Failed(text) => writeln!(f, "    failed: {text}"),
        Said::Panicked(text) => writeln!(f, "    panicked: {text}"),
        Said::Looked { candidate, outcomes, document, next } => {
            let candidate = candidate.as_ref().map_or("none", |id| id.as_str());
            writeln!(f, "    candidate {candidate}, next {next:?}")?;
            outcomes.iter().try_for_each(|field| write_row(f, field))?;
            let reason = document.reason().map_or("", |reason| reason.code());
            writeln!(f, "      document {} {reason}", DocumentOutcome::as_str(*document))
        }
        Said::Made { contract, is_published, outcomes } => {
            writeln!(f, "    made contract {contract}, published {is_published}")?;
            outcomes.iter().try_for_each(|field| write_row(f, field))
        }
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, field: &FieldOutcome) -> fmt::Result {
    let reason = field.reason().map_or("", |reason| reason.code());
    writeln!(
        f,
        "      {} to {}: {} {reason}",
        field.data_field,
        field.candidate_field,
        field.outcome.as_str()
    )
}
