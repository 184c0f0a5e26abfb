//! What is logged, and where to: stderr, so that results on stdout stay clean.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::{FilterExt as _, filter_fn},
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    cli::{Cli, Command},
    output::has_colours,
};

const VARIABLE: &str = "RUST_LOG";
/// What the crates are called that log what is worth more than `info`.
const OURS: &str = "smartsync";

/// Begins to log. `RUST_LOG` overrules `-v`.
pub(crate) fn start(cli: &Cli) {
    let filter = from_environment().unwrap_or_else(|| EnvFilter::new(level(cli)));
    shown(filter, io::stderr, has_colours(&io::stderr())).init();
}

/// What writes the lines that `filter` asks for and that may be logged.
fn shown(
    filter: EnvFilter,
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
    is_coloured: bool,
) -> impl Subscriber + Send + Sync {
    let layer = fmt::layer().with_writer(writer).with_ansi(is_coloured);
    let layer = layer.with_target(false).with_filter(filter.and(filter_fn(may_be_logged)));
    tracing_subscriber::registry().with(layer)
}

fn level(cli: &Cli) -> &'static str {
    match (cli.verbose, &cli.command) {
        // A server that runs for months tells what it does; a command prints its result.
        (0, Command::Serve) => "smartsync=info,warn",
        // Its progress bar says it.
        (0, Command::Sync(_)) if io::stderr().is_terminal() => "warn",
        // Why it takes so long.
        (0, _) => "smartsync::engine::limit_wait=info,warn",
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
        warn("is ignored: it is not valid text");
        return None;
    };
    match EnvFilter::try_new(text) {
        Ok(filter) => {
            if !text.split(',').any(concerns_us) {
                warn("contains neither a level nor `smartsync`, so nothing from this program is logged");
            }
            Some(filter)
        }
        Err(error) => {
            warn(&format!("is ignored: {error}"));
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

fn warn(what: &str) {
    let next = "write for example `RUST_LOG=smartsync=debug`";
    writeln!(io::stderr(), "warning: `{VARIABLE}` {what}\n next: {next}").ok();
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What is logged.
    #[derive(Clone, Debug, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_filter_shows_what_another_library_logs_below_info() {
        for filter in
            ["trace", "debug", "hyper=trace", "hyper::proto=trace,smartsync=trace", "smartsync=trace,trace"]
        {
            let log = Log::default();
            let writer = log.clone();
            let subscriber = shown(EnvFilter::new(filter), move || writer.clone(), false);
            tracing::subscriber::with_default(subscriber, || {
                tracing::trace!(target: "hyper::proto", "a trace of another");
                tracing::debug!(target: "hyper::proto", "a line of another");
                tracing::info!(target: "hyper::proto", "a word of another");
                tracing::debug!(target: "smartsync::server::worker", "a line of ours");
            });
            let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            assert!(
                !text.contains("a trace of another") && !text.contains("a line of another"),
                "{filter}: {text}"
            );
            assert!(text.contains("a word of another"), "{filter}: what is shown of it is shown: {text}");
            assert_eq!(text.contains("a line of ours"), filter != "hyper=trace", "{filter}: {text}");
        }
    }
}
