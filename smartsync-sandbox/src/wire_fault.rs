//! What can go wrong with one exchange, on the program's own end of the wire.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use smartsync_transport::{Body, Response, Sleep, TransportError, Wait};

use crate::{answer, schedule};

/// What goes wrong with one exchange, on the program's own end of the wire: [`WireFaults`](crate::WireFaults) decides of which one.
///
/// A [`Fault`](crate::Fault) is of the sandbox itself, met by all who talk to it, over HTTP too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireFault {
    /// It cannot be sent: no connection.
    NoConnection,
    /// It has no effect, and no answer comes in time.
    LostRequest,
    /// It takes effect, and no answer comes in time.
    LostAnswer,
    /// It takes effect, and half of the answer's body comes.
    Truncated,
    /// It takes effect, and a page that is no JSON comes with the status 200.
    Garbage,
    /// It has no effect, and this is the answer: the service is down, or refuses. A status below 200 or over 599 is a 500.
    Status(u16),
    /// It takes effect, and this is the answer: of a gateway, say.
    StatusAfter(u16),
    /// It has no effect, and is answered with 429 and so many seconds in `Retry-After`.
    Throttled(u32),
    /// It takes effect, and its answer is held back for so long by the sleep of [`WireFaults::sleep`](crate::WireFaults::sleep).
    Latency(Duration),
    /// The process dies before it goes out: the call never returns, and whoever polls it has to drop it there. A
    /// [`Schedule`](crate::schedule::Schedule) does.
    CrashBefore,
    /// The process dies when it has taken effect.
    CrashAfter,
}

impl WireFault {
    /// One of each kind, a latency aside: for a test of all, and to draw from.
    pub const EACH: [Self; 10] = [
        Self::NoConnection,
        Self::LostRequest,
        Self::LostAnswer,
        Self::Truncated,
        Self::Garbage,
        Self::Status(503),
        Self::StatusAfter(502),
        Self::Throttled(1),
        Self::CrashBefore,
        Self::CrashAfter,
    ];

    /// Lets an exchange meet this fault. `exchange` is polled only if the request arrives: for a wire of your own.
    ///
    /// # Errors
    ///
    /// Those of `exchange`, and of the fault. A latency without a sleep is refused, and says so.
    pub async fn meet(
        self,
        exchange: impl Future<Output = Result<Response, TransportError>>,
        sleep: Option<&dyn Sleep>,
    ) -> Result<Response, TransportError> {
        match self {
            Self::NoConnection => Err(TransportError::connect("no connection")),
            Self::LostRequest => Err(TransportError::timeout("the request was lost")),
            Self::LostAnswer => {
                exchange.await?;
                Err(TransportError::timeout("the answer was lost"))
            }
            Self::Truncated => {
                let (parts, body) = exchange.await?.into_parts();
                let bytes = body.into_bytes();
                Ok(Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2))))
            }
            Self::Garbage => {
                exchange.await?;
                Ok(page(StatusCode::OK, "<html>welcome to the wireless network</html>"))
            }
            Self::Status(code) => Ok(status(code)),
            Self::StatusAfter(code) => {
                exchange.await?;
                Ok(status(code))
            }
            Self::Throttled(seconds) => {
                let mut response = answer::empty(StatusCode::TOO_MANY_REQUESTS);
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                Ok(response)
            }
            Self::Latency(latency) => {
                let without = "a latency takes time: give it a sleep with WireFaults::sleep";
                let sleep = sleep.ok_or_else(|| TransportError::refused(without))?;
                let answer = exchange.await;
                sleep.sleep(Wait { at_least: latency, at_most: latency }).await;
                answer
            }
            Self::CrashBefore => schedule::crash().await,
            Self::CrashAfter => {
                exchange.await?;
                schedule::crash().await
            }
        }
    }
}

fn status(code: u16) -> Response {
    let status = StatusCode::from_u16(code).ok().filter(|status| (200..600).contains(&status.as_u16()));
    page(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), "<html>an error</html>")
}

fn page(status: StatusCode, text: &'static str) -> Response {
    answer::bytes(status, "text/html", Body::from(text))
}
