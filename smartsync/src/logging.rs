//! What is logged, and where to: stderr, so that results on stdout stay clean.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::{FilterExt as _, filter_fn},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    cli::{Cli, Command},
    colour,
};

const VARIABLE: &str = "RUST_LOG";
/// What the crates are called that log what is worth more than `info`.
const OURS: &str = "smartsync";

/// Begins to log. `RUST_LOG` overrules `-v`.
pub(crate) fn start(cli: &Cli) {
    let filter = from_environment().unwrap_or_else(|| EnvFilter::new(level(cli)));
    let layer = fmt::layer().with_writer(io::stderr).with_ansi(colour::is_wanted(&io::stderr()));
    let layer = layer.with_target(false).with_filter(filter.and(filter_fn(may_be_logged)));
    tracing_subscriber::registry().with(layer).init();
}

fn level(cli: &Cli) -> &'static str {
    match (cli.verbose, &cli.command) {
        // A server that runs for months tells what it does; a command prints its result.
        (0, Command::Serve) => "smartsync=info,warn",
        // Its progress bar says it.
        (0, Command::Sync(_)) if io::stderr().is_terminal() => "warn",
        // Why it takes so long.
        (0, _) => "smartsync::limit_wait=info,warn",
        (1, _) => "smartsync=debug,warn",
        _ => "smartsync=trace,info",
    }
}

/// What HTTP stacks log below `info` may hold addresses, and is not ours to promise anything about: no setting shows it.
fn may_be_logged(line: &Metadata<'_>) -> bool {
    *line.level() <= Level::INFO || line.target().starts_with(OURS)
}

/// What `RUST_LOG` says. What it does not mean to say is told.
fn from_environment() -> Option<EnvFilter> {
    let text = env::var_os(VARIABLE).filter(|text| !text.is_empty())?;
    let Some(text) = text.to_str() else {
        tell("is ignored: it is no text");
        return None;
    };
    match EnvFilter::try_new(text) {
        Ok(filter) => {
            if !text.split(',').any(concerns_us) {
                tell("names neither a level nor `smartsync`, so that nothing of this program is logged");
            }
            Some(filter)
        }
        Err(error) => {
            tell(&format!("is ignored: {error}"));
            None
        }
    }
}

/// Whether a part of the filter says anything of this program: a level for all, or for a crate of ours. A level that is misspelt is
/// taken for the name of a crate.
fn concerns_us(part: &str) -> bool {
    let part = part.trim();
    part.parse::<tracing_subscriber::filter::LevelFilter>().is_ok()
        || part.starts_with(OURS)
        || part.starts_with('[')
}

fn tell(what: &str) {
    let next = "write for example `RUST_LOG=smartsync=debug`";
    writeln!(io::stderr(), "warning: `{VARIABLE}` {what}\n next: {next}").ok();
}
