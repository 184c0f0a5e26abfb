//! An API operation as a value.

use std::fmt;

use http::{Method, StatusCode};

use crate::{
    build_error::BuildError,
    call::Call,
    decode::{DecodeError, Lenient},
    problem::Problem,
    transport::Response,
};

/// A service that operations belong to. It keeps an operation of one service from being sent to another.
pub trait Service: fmt::Debug + Send + Sync + 'static {
    /// Name used in errors: `oneflow`.
    const NAME: &'static str;
    /// Value of the `Accept` header.
    const ACCEPT: &'static str;
    /// Titles of errors that are the same for every case, so that they say nothing of anybody and may be printed. The words of a
    /// status need no list. Any other may be what a person typed.
    const TITLES: &'static [&'static str] = &[];
    /// Names of members and parameters of its requests. Where an error points at is printed if it is made of these.
    const NAMES: &'static [&'static str] = &[];

    /// Reads the service's own description of what went wrong; empty when the body holds none.
    fn problems(body: &[u8]) -> Vec<Problem>;
}

/// An API operation as a value: it knows its method, path, query and body and how to decode its answer, with no I/O.
pub trait Endpoint {
    /// The service that knows this operation.
    type Service: Service;
    /// What the operation answers.
    type Output;

    /// Name used in errors and reports: `get_contract`.
    const OPERATION: &'static str;
    /// HTTP method.
    const METHOD: Method;
    /// Whether sending it twice has the effect of sending it once, so that it may be retried.
    const IDEMPOTENT: bool;

    /// Path, query and body.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when the arguments do not make a request.
    fn call(&self) -> Result<Call, BuildError>;

    /// Whether `status` is an answer that [`Endpoint::decode`] understands. Any other becomes an error.
    #[must_use]
    fn accepts(status: StatusCode) -> bool {
        status.is_success()
    }

    /// Decodes an accepted answer.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the answer has another shape than the operation documents.
    fn decode(&self, response: &Response) -> Result<Self::Output, DecodeError>;
}

/// An operation that answers page by page.
pub trait Paged: Endpoint + Clone {
    /// One item of the list.
    type Item;

    /// Where the page after `page` is.
    fn next_page(&self, page: &Self::Output) -> NextPage<Self>;

    /// The items of `page`, in order. One that could not be decoded does not lose the others.
    fn into_items(page: Self::Output) -> Vec<Lenient<Self::Item>>;
}

/// Where the next page is.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "every pager must handle every way on")]
pub enum NextPage<E> {
    /// There is none.
    End,
    /// Another operation reads it.
    Operation(E),
    /// The service gave its absolute URL. It is followed on the configured origin only. An empty one is the end.
    Link(String),
    /// There are more items, and the service does not let one page that far.
    OutOfReach,
}

/// Without the link: its query can hold what was searched for.
impl<E: fmt::Debug> fmt::Debug for NextPage<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("End"),
            Self::Operation(operation) => f.debug_tuple("Operation").field(operation).finish(),
            Self::Link(_) => f.write_str("Link(_)"),
            Self::OutOfReach => f.write_str("OutOfReach"),
        }
    }
}
