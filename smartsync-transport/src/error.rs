//! Why an operation failed.

use std::{error, fmt, time::Duration};

use http::StatusCode;

use crate::{
    build_error::BuildError,
    decode::DecodeError,
    hints,
    problem::Problem,
    transport::{Response, TransportError},
};

/// The most problems that are printed of one answer.
const MOST_PROBLEMS: usize = 5;

/// Why an operation failed: which one, and what the service said.
///
/// `Display` names the operation, the status and, of what the service says, the [words that are known](Problem); it never prints
/// a body, a query or a value. The whole answer stays in [`Error::response`], what the service says in [`Error::problem`].
pub struct Error(Box<Inner>);

struct Inner {
    service: &'static str,
    operation: &'static str,
    kind: Kind,
}

pub(crate) enum Kind {
    Build(BuildError),
    Transport(TransportError),
    Status {
        response: Response,
        problems: Vec<Problem>,
    },
    Decode {
        response: Response,
        error: DecodeError,
    },
    /// Our own limiter did not let it through: the wait would have been too long.
    HeldBack {
        wait: Duration,
    },
}

impl Error {
    pub(crate) fn new(service: &'static str, operation: &'static str, kind: Kind) -> Self {
        Self(Box::new(Inner { service, operation, kind }))
    }

    /// The operation that failed: `get_contract`.
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
            Kind::Build(_) | Kind::Transport(_) | Kind::HeldBack { .. } => None,
        }
    }

    /// What the service says went wrong; empty when its body holds no such text.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match &self.0.kind {
            Kind::Status { problems, .. } => problems,
            Kind::Build(_) | Kind::Transport(_) | Kind::Decode { .. } | Kind::HeldBack { .. } => &[],
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
            Kind::Build(_) | Kind::Transport(_) | Kind::Status { .. } | Kind::Decode { .. } => {
                self.response().and_then(hints::retry_after)
            }
        }
    }

    /// The service's id of the request, from its error body or the `X-Request-Id` header.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let in_body = self.problems().iter().find_map(|problem| problem.request_id.as_deref());
        in_body.or_else(|| self.response()?.headers().get("x-request-id")?.to_str().ok())
    }

    /// 404: it does not exist, or the credentials may not see it.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// 429, or [held back](Error::was_held_back): too many requests. Try again after [`Error::retry_after`].
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS) || self.was_held_back()
    }

    /// The client itself did not send it, since the wait for the rate limit would have been longer than
    /// [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait) allows. Try again after [`Error::retry_after`], or let the client
    /// wait longer: [`RetryPolicy::wait_out_limits`](crate::RetryPolicy::wait_out_limits).
    #[must_use]
    pub fn was_held_back(&self) -> bool {
        matches!(self.0.kind, Kind::HeldBack { .. })
    }

    /// 401 or 403: the credentials are wrong, or do not suffice.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
    }

    /// 409: the resource is in a state that does not allow it.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(StatusCode::CONFLICT)
    }

    /// 400 or 422: the service refuses a value.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        matches!(self.status(), Some(StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY))
    }

    /// No answer came in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.is_timeout())
    }

    /// The answer came and has another shape than documented.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. })
    }

    /// No byte of the request was sent: it had no effect.
    #[must_use]
    pub fn was_never_sent(&self) -> bool {
        match &self.0.kind {
            Kind::Build(_) | Kind::HeldBack { .. } => true,
            Kind::Transport(error) => error.was_never_sent(),
            Kind::Status { .. } | Kind::Decode { .. } => false,
        }
    }

    /// The answer is never about the one thing that was asked for: wrong credentials (401), a rate limit (429), or no connection.
    #[must_use]
    pub fn is_common(&self) -> bool {
        let has_no_connection =
            matches!(&self.0.kind, Kind::Transport(error) if error.was_never_sent() && !error.is_refused());
        has_no_connection || self.is_rate_limited() || self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Sending the same request again later cannot succeed: something has to change first.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        match &self.0.kind {
            Kind::Build(_) | Kind::Decode { .. } => true,
            Kind::Transport(error) => error.is_refused(),
            Kind::Status { response, .. } => !is_passing(response.status()),
            Kind::HeldBack { .. } => false,
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
        write!(f, "{}.{}: ", self.0.service, self.0.operation)?;
        match &self.0.kind {
            Kind::Build(_) => f.write_str("the request could not be built"),
            Kind::Transport(error) if error.is_refused() => {
                f.write_str("the request was blocked before it was sent")
            }
            Kind::Transport(_) => f.write_str("no answer"),
            Kind::HeldBack { wait } => write!(
                f,
                "not sent: the rate limit leaves no room for another {} s, longer than the client may wait (try again then, or set \
                 the retry policy's `max_wait` or `wait_out_limits`)",
                wait.as_secs_f64().ceil()
            ),
            Kind::Decode { response, .. } => {
                write!(f, "the answer ({}) could not be read", response.status())
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
            Kind::Transport(error) => debug.field("transport", &error.to_string()),
            Kind::HeldBack { wait } => debug.field("held_back", wait),
            Kind::Status { response, problems } => debug
                .field("status", &response.status())
                .field("problems", &&problems[..problems.len().min(MOST_PROBLEMS)])
                .field("body", response.body()),
            Kind::Decode { response, error } => debug
                .field("status", &response.status())
                .field("decode", error)
                .field("body", response.body()),
        };
        debug.finish_non_exhaustive()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.0.kind {
            Kind::Build(error) => Some(error),
            Kind::Transport(error) => Some(error),
            Kind::Decode { error, .. } => Some(error),
            Kind::Status { .. } | Kind::HeldBack { .. } => None,
        }
    }
}

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
