//! What is logged, and where to: stderr, so that results on stdout stay clean.

use std::{
    env,
    io::{self, IsTerminal as _},
};

use serde_json::Map;
use smartsync::words::commands::output as words;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::{FilterExt as _, filter_fn},
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    cli::{Cli, Command, LogFormat},
    json_log::JsonLines,
    output::has_colours,
    tenant_log::{ForTenant, TenantOfSpan},
    told::tell,
};

const VARIABLE: &str = "RUST_LOG";
/// What the crates are called that log what is worth more than `info`.
const OURS: &str = "smartsync";

/// Begins to log. `RUST_LOG` overrules `-v`.
pub(crate) fn start(cli: &Cli) {
    let filter = from_environment().unwrap_or_else(|| EnvFilter::new(level(cli)));
    let form = match cli.log_format {
        LogFormat::Text => Form::Text { is_coloured: has_colours(&io::stderr()) },
        LogFormat::Json => Form::Json,
    };
    shown(filter, io::stderr, form).init();
}

/// What the lines look like.
#[derive(Clone, Copy, Debug)]
enum Form {
    Text { is_coloured: bool },
    Json,
}

/// What writes the lines that `filter` asks for and that may be logged.
fn shown(
    filter: EnvFilter,
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
    form: Form,
) -> impl Subscriber + Send + Sync {
    let layer = match form {
        Form::Text { is_coloured } => {
            // Said of the lines as well: what they are written to first has no colours of its own.
            let lines = fmt::format().with_ansi(is_coloured).with_target(false);
            fmt::layer().with_writer(writer).with_ansi(is_coloured).event_format(ForTenant(lines)).boxed()
        }
        Form::Json => JsonLines(writer).boxed(),
    };
    // Under one filter: beside a layer without one, a line that is only asked for (`tracing::enabled!`) takes the next one with it.
    let layer = TenantOfSpan.and_then(layer).with_filter(filter.and(filter_fn(may_be_logged)));
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
        warn(words::NOT_TEXT);
        return None;
    };
    match EnvFilter::try_new(text) {
        Ok(filter) => {
            if !text.split(',').any(concerns_us) {
                warn(words::LOGS_NOTHING);
            }
            Some(filter)
        }
        Err(error) => {
            warn(&words::ignored(error));
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
    let (said, next) = (format!("`{VARIABLE}` {what}"), words::LOG_EXAMPLE);
    let text = format!("{}\n{}", words::warning(&said), words::next(next));
    tell("WARN", &said, &text, Map::from_iter([("next".to_owned(), next.into())]));
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

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

    /// One at a time: what a line is asked for is kept for the whole process, and changes with whoever else listens there.
    fn listening(subscriber: impl Subscriber + Send + Sync, says: impl FnOnce()) {
        static ALONE: Mutex<()> = Mutex::new(());
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        tracing::subscriber::with_default(subscriber, says);
    }

    #[test]
    fn no_filter_shows_what_another_library_logs_below_info() {
        for filter in
            ["trace", "debug", "hyper=trace", "hyper::proto=trace,smartsync=trace", "smartsync=trace,trace"]
        {
            for form in [Form::Text { is_coloured: false }, Form::Json] {
                let log = Log::default();
                let writer = log.clone();
                let subscriber = shown(EnvFilter::new(filter), move || writer.clone(), form);
                listening(subscriber, || {
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

    #[test]
    fn a_line_that_is_only_asked_for_and_not_wanted_takes_no_other_with_it() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber =
            shown(EnvFilter::new("warn"), move || writer.clone(), Form::Text { is_coloured: false });
        listening(subscriber, || {
            let _ = tracing::enabled!(Level::INFO);
            tracing::warn!("this one is wanted");
        });
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("this one is wanted"), "{text}");
    }

    #[test]
    fn a_command_line_in_a_line_about_a_tenant_names_it_and_no_other_changes() {
        for form in [Form::Text { is_coloured: false }, Form::Text { is_coloured: true }, Form::Json] {
            let log = Log::default();
            let writer = log.clone();
            let subscriber = shown(EnvFilter::new("trace"), move || writer.clone(), form);
            listening(subscriber, || {
                tracing::warn!("run `smartsync check`");
                let name = "acme-se";
                let _tenant = tracing::info_span!("tenant", tenant = %name).entered();
                let _look = tracing::info_span!("look", contract = 7).entered();
                tracing::error!("run `smartsync parked retry 7`");
                let next = Some("smartsync link 7 --candidate ID".to_owned());
                tracing::warn!(next, "two\nlines \u{1b}[41m");
            });
            let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            assert!(text.contains("run `smartsync check`"), "{form:?}: {text}");
            assert!(text.contains("run `smartsync parked retry --tenant acme-se 7`"), "{form:?}: {text}");
            assert!(text.contains("smartsync link --tenant acme-se 7 --candidate ID"), "{form:?}: {text}");
            assert!(!text.contains("\u{1b}[41m"), "what is logged is not passed on to the terminal: {text}");
            let is_coloured = matches!(form, Form::Text { is_coloured: true });
            assert_eq!(text.contains('\u{1b}'), is_coloured, "{form:?}: {text}");
        }
    }

    #[test]
    fn a_line_of_json_has_the_fields_of_its_spans_and_stays_one_line() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = shown(EnvFilter::new("trace"), move || writer.clone(), Form::Json);
        listening(subscriber, || {
            let look =
                tracing::info_span!("look", contract = 9001, attempt = 1, late = tracing::field::Empty);
            look.record("late", true);
            let _look = look.entered();
            let _operation = tracing::debug_span!("api_operation", service = "oneflow").entered();
            tracing::info!(attempt = 2_u32, share = 0.5, reason = %"two\nlines \u{1b}[31m", "\"answered\"\n{{");
            tracing::warn!(other = ?Some(1));
        });
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(text.starts_with("{\"time\":\"") && !text.contains('\u{1b}'), "{text}");
        let mut lines = lines.into_iter().map(|mut line| {
            let time = line.as_object_mut().unwrap().remove("time").unwrap();
            time.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
            line
        });
        let target = "smartsync::logging::tests";
        assert_eq!(
            lines.next().unwrap(),
            serde_json::json!({
                "level": "INFO", "message": "\"answered\"\n{", "target": target, "contract": 9001, "late": true,
                "service": "oneflow", "attempt": 2, "share": 0.5, "reason": "two\nlines \u{1b}[31m",
            })
        );
        assert_eq!(
            lines.next().unwrap(),
            serde_json::json!({
                "level": "WARN", "message": "", "target": target, "contract": 9001, "late": true, "service": "oneflow",
                "attempt": 1, "other": "Some(1)",
            })
        );
        assert_eq!(lines.next(), None);
    }
}
