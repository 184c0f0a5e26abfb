//! Why an operation failed.

use std::{error, fmt, time::Duration};

use http::StatusCode;

use crate::{
    build_error::BuildError,
    cause_text,
    decode::DecodeError,
    hints,
    pages::PageError,
    problem::Problem,
    transport::{Response, TransportError},
};

/// The most problems that are printed of one answer.
const MOST_PROBLEMS: usize = 5;

/// Why an operation failed: which one, and what the service said.
///
/// `Display` says all of it on one line: the operation, the status, of what the service says the [words that are known](Problem), or
/// why there is no answer (`oneflow.get_contract: no answer: could not connect: Connection refused`). It never prints a body, a query
/// or a value. [`source`](error::Error::source) is therefore empty; a program asks the predicates, or [`Error::cause`]. `Debug` has every
/// cause between the first and the last. The whole answer stays in [`Error::response`], what the service says in
/// [`Error::problem`].
pub struct Error(Box<Inner>);

struct Inner {
    service: &'static str,
    operation: &'static str,
    kind: Kind,
}

pub(crate) enum Kind {
    Build(BuildError),
    Transport(TransportError),
    Download {
        error: TransportError,
        written: u64,
    },
    Status {
        response: Response,
        problems: Vec<Problem>,
    },
    Decode {
        response: Response,
        error: DecodeError,
    },
    List(PageError),
    /// Our own limiter did not let it through: the wait would have been too long.
    HeldBack {
        wait: Duration,
    },
}

impl Error {
    pub(crate) fn new(service: &'static str, operation: &'static str, kind: Kind) -> Self {
        Self(Box::new(Inner { service, operation, kind }))
    }

    /// The operation that failed: `get_contract`; `download` for a file, `list` for what no single request of a list is to blame for.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The service that was asked: `oneflow`.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.0.service
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(http::Response::status)
    }

    /// The whole answer, if there was one, with its headers and every byte of its body.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        match &self.0.kind {
            Kind::Status { response, .. } | Kind::Decode { response, .. } => Some(response),
            Kind::Build(_)
            | Kind::Transport(_)
            | Kind::Download { .. }
            | Kind::HeldBack { .. }
            | Kind::List(_) => None,
        }
    }

    /// What the service says went wrong; empty when its body holds no such text.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match &self.0.kind {
            Kind::Status { problems, .. } => problems,
            Kind::Build(_)
            | Kind::Transport(_)
            | Kind::Download { .. }
            | Kind::Decode { .. }
            | Kind::HeldBack { .. }
            | Kind::List(_) => &[],
        }
    }

    /// The first of [`Error::problems`].
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.problems().first()
    }

    /// How long the service asks to wait: `Retry-After`, or the reset of an exhausted rate limit. An hour at most
    /// ([`LONGEST_HINT`](crate::LONGEST_HINT)), whatever the service writes. Of a request that
    /// [the client itself held back](Error::was_held_back), how long it would have had to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.kind {
            Kind::HeldBack { wait } => Some(*wait),
            Kind::Build(_)
            | Kind::Transport(_)
            | Kind::Download { .. }
            | Kind::Status { .. }
            | Kind::Decode { .. }
            | Kind::List(_) => self.response().and_then(hints::retry_after),
        }
    }

    /// The service's id of the request, from its error body or the `X-Request-Id` header. Its support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let in_body = self.problems().iter().find_map(|problem| problem.request_id.as_deref());
        in_body.or_else(|| self.response()?.headers().get("x-request-id")?.to_str().ok())
    }

    /// How many bytes of a file were written before it broke off, or was found too large; `None` where the file was refused or not
    /// asked for at all, and for everything but a file. What was written is the beginning of the file: delete it, or write it again from its start.
    #[must_use]
    pub fn bytes_written(&self) -> Option<u64> {
        match &self.0.kind {
            Kind::Download { written, .. } => Some(*written),
            Kind::Build(_)
            | Kind::Transport(_)
            | Kind::Status { .. }
            | Kind::Decode { .. }
            | Kind::HeldBack { .. }
            | Kind::List(_) => None,
        }
    }

    /// The error below: a [`BuildError`], [`TransportError`], [`DecodeError`] or [`PageError`], whose own sources go on from there.
    /// `Display` has said what they say; this is for a program that looks for a type among them. `None` where the service answered.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.0.kind {
            Kind::Build(error) => Some(error),
            Kind::Transport(error) | Kind::Download { error, .. } => Some(error),
            Kind::Decode { error, .. } => Some(error),
            Kind::List(error) => Some(error),
            Kind::Status { .. } | Kind::HeldBack { .. } => None,
        }
    }

    /// **When:** 404. It does not exist, no longer exists, or the credentials may not see it.
    /// **Then:** treat it as missing ([`ApiClient::send_opt`](crate::ApiClient::send_opt) does); if it must be there, check the id, and that the
    /// base URL belongs to the account.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// **When:** 429, or [held back](Error::was_held_back). More requests were sent than the service allows, and the client's own waits and tries were not enough.
    /// **Then:** wait for [`Error::retry_after`], or for tens of seconds where there is none, and send the same again; nothing was done.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS) || self.was_held_back()
    }

    /// **When:** the client itself did not send it, since the wait for the rate limit would have been longer than
    /// [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait) allows. **Then:** send it again after [`Error::retry_after`], or let the client
    /// wait longer: [`RetryPolicy::wait_out_limits`](crate::RetryPolicy::wait_out_limits).
    #[must_use]
    pub fn was_held_back(&self) -> bool {
        matches!(self.0.kind, Kind::HeldBack { .. })
    }

    /// **When:** 401, the credentials are wrong, revoked, or of another account than the base URL; or 403, they do not suffice for
    /// this. **Then:** ask a person to set them right; the same request fails until then.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
    }

    /// **When:** 409. The resource is in a state that does not allow it, or exists already. **Then:** read it, and decide again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(StatusCode::CONFLICT)
    }

    /// **When:** 400 or 422. The service refuses a value. **Then:** correct it; [`Error::problems`] says which member is meant.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        matches!(self.status(), Some(StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY))
    }

    /// **When:** no answer came within the client's `timeout`, or no byte of a file within its idle timeout. **Then:** the request may
    /// have taken effect: send a read or an absolute write again, and look first before you repeat what creates something.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.transport().is_some_and(TransportError::is_timeout)
    }

    /// **When:** the answer came and has another shape than documented, or a list does not end as documented. **Then:** report it with
    /// [`Error::cause`], which says where; the bytes are in [`Error::response`]. What was asked for has taken effect.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. } | Kind::List(_))
    }

    /// **When:** the answer or the file is larger than allowed: the limit of the call, or 32 MiB of anything but a file. **Then:** ask
    /// for less (a smaller page), or allow more; the same again would be as large.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.transport().is_some_and(TransportError::is_too_large)
    }

    /// **When:** a file came and could not be written: the disk is full, the sink failed. **Then:** make room, and fetch it again.
    #[must_use]
    pub fn is_sink(&self) -> bool {
        self.transport().is_some_and(TransportError::is_sink)
    }

    /// **When:** no byte of the request was sent: no connection, or an argument that makes no request. **Then:** it had no effect, so
    /// even what creates something can be sent again, later or corrected.
    #[must_use]
    pub fn was_never_sent(&self) -> bool {
        match &self.0.kind {
            Kind::Build(_) | Kind::HeldBack { .. } => true,
            Kind::Transport(error) | Kind::Download { error, .. } => error.was_never_sent(),
            Kind::Status { .. } | Kind::Decode { .. } | Kind::List(_) => false,
        }
    }

    /// **When:** the answer is never about the one thing that was asked for: wrong credentials (401), a rate limit (429), or no
    /// connection. **Then:** every other request fails alike: stop, and go on with all of them later.
    #[must_use]
    pub fn is_common(&self) -> bool {
        let has_no_connection =
            self.transport().is_some_and(|error| error.was_never_sent() && !error.is_refused());
        has_no_connection || self.is_rate_limited() || self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// **When:** sending the same request again later cannot succeed. **Then:** do not repeat it: something has to change first (a
    /// value, the credentials, a limit). Where it is false, the same request may succeed later.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        match &self.0.kind {
            Kind::Build(_) | Kind::Decode { .. } | Kind::List(_) => true,
            Kind::Transport(error) | Kind::Download { error, .. } => error.is_terminal(),
            Kind::Status { response, .. } => !is_passing(response.status()),
            Kind::HeldBack { .. } => false,
        }
    }

    fn transport(&self) -> Option<&TransportError> {
        match &self.0.kind {
            Kind::Transport(error) | Kind::Download { error, .. } => Some(error),
            Kind::Build(_)
            | Kind::Status { .. }
            | Kind::Decode { .. }
            | Kind::HeldBack { .. }
            | Kind::List(_) => None,
        }
    }
}

/// A status that says nothing about the request itself.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
        || status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Kind::List(error) = &self.0.kind {
            return write_caused(f, error);
        }
        write!(f, "{}.{}: ", self.0.service, self.0.operation)?;
        match &self.0.kind {
            Kind::List(_) => Ok(()),
            Kind::Build(error) => write!(f, "the request could not be built: {error}"),
            Kind::Transport(error) => write_no_answer(f, error),
            Kind::Download { error, written } => {
                write_no_answer(f, error)?;
                write!(f, " ({written} bytes were written)")
            }
            Kind::HeldBack { wait } => write!(
                f,
                "not sent: the rate limit leaves no room for another {} s, longer than the client may wait (try again then, or set \
                 the retry policy's `max_wait` or `wait_out_limits`)",
                wait.as_secs_f64().ceil()
            ),
            Kind::Decode { response, error } => {
                write!(f, "the answer ({}) could not be read: {error}", response.status())
            }
            Kind::Status { response, problems } => {
                write!(f, "the service answered {}", response.status())?;
                for (position, problem) in problems.iter().take(MOST_PROBLEMS).enumerate() {
                    write!(f, "{}{problem}", if position == 0 { ": " } else { "; " })?;
                }
                if problems.len() > MOST_PROBLEMS {
                    write!(f, "; {} more", problems.len() - MOST_PROBLEMS)?;
                }
                match remedy(response.status()) {
                    Some(remedy) => write!(f, " ({remedy})"),
                    None => Ok(()),
                }
            }
        }
    }
}

fn write_no_answer(f: &mut fmt::Formatter<'_>, error: &TransportError) -> fmt::Result {
    if !error.says_all() {
        f.write_str("no answer: ")?;
    }
    write_caused(f, error)
}

/// What an error says, and why.
fn write_caused(f: &mut fmt::Formatter<'_>, error: &dyn error::Error) -> fmt::Result {
    write!(f, "{error}")?;
    match cause_text::reason(error) {
        Some(reason) => write!(f, ": {reason}"),
        None => Ok(()),
    }
}

fn remedy(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED => {
            Some("check the token, and that the base URL belongs to the same account")
        }
        StatusCode::FORBIDDEN => Some("the token's scope or the user's permissions are not sufficient"),
        StatusCode::TOO_MANY_REQUESTS => Some("too many requests: wait, then try again"),
        status if status.is_redirection() => Some("redirects are not followed; check the base URL"),
        _ => None,
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("service", &self.0.service).field("operation", &self.0.operation);
        match &self.0.kind {
            Kind::Build(error) => debug.field("build", error),
            Kind::Transport(error) => debug.field("transport", &with_causes(error)),
            Kind::Download { error, written } => {
                debug.field("transport", &with_causes(error)).field("bytes_written", written)
            }
            Kind::HeldBack { wait } => debug.field("held_back", wait),
            Kind::Status { response, problems } => debug
                .field("status", &response.status())
                .field("problems", &&problems[..problems.len().min(MOST_PROBLEMS)])
                .field("body", response.body()),
            Kind::Decode { response, error } => debug
                .field("status", &response.status())
                .field("decode", error)
                .field("body", response.body()),
            Kind::List(error) => debug.field("list", error),
        };
        debug.finish_non_exhaustive()
    }
}

fn with_causes(error: &TransportError) -> String {
    match cause_text::chain(error) {
        causes if causes.is_empty() => error.to_string(),
        causes => format!("{error}: {causes}"),
    }
}

/// `Display` says it all.
impl error::Error for Error {}

/// An error with all its causes on one line, for logs and terminals.
///
/// ```
/// # use smartsync_transport::{CauseChain, TransportError};
/// let error = TransportError::timeout("no answer after 30 s");
/// assert_eq!(CauseChain(&error).to_string(), "no answer in time: no answer after 30 s");
/// ```
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "a wrapper with one field, made by every caller")]
pub struct CauseChain<'a>(pub &'a dyn error::Error);

impl fmt::Display for CauseChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
