//! A list that could not be walked, asked and passed on like any other error.

use std::time::Duration;

use http::StatusCode;

use crate::{
    error::{Error, Kind},
    pages::PageError,
};

/// The error of the request that failed answers for itself; where none failed, the list has another shape than documented.
macro_rules! of_the_request {
    ($($name:ident: $otherwise:literal, $then:literal,)*) => {
        impl PageError {
            $(
                #[doc = concat!("**When:** [`Error::", stringify!($name), "`] holds for the request that failed. ", $then)]
                #[must_use]
                pub fn $name(&self) -> bool {
                    self.request().map_or($otherwise, Error::$name)
                }
            )*
        }
    };
}

of_the_request! {
    is_not_found: false, "**Then:** what the list is of is gone, or out of reach: there is nothing to walk.",
    is_rate_limited: false, "**Then:** wait for [`PageError::retry_after`], and call `next` again: the place is kept.",
    was_held_back: false, "**Then:** call `next` again after [`PageError::retry_after`], or let the client wait longer.",
    is_unauthorized: false, "**Then:** ask a person to set the credentials right, and walk from the start; the walk has ended.",
    is_conflict: false, "**Then:** read what the list is of, and decide again; the walk has ended.",
    is_validation: false, "**Then:** correct the filter that [`Error::problems`] names; the walk has ended.",
    is_timeout: false, "**Then:** call `next` again: the place is kept, and a smaller page or a longer timeout helps.",
    is_decode: true, "Also for an item and for links that lead in a circle. **Then:** report it; behind an [item](PageError::Item) the walk goes on.",
    is_too_large: false, "**Then:** ask for smaller pages; the walk has ended.",
    is_sink: false, "**Then:** no list ever writes to a sink, so it is false; it is here for what treats all errors alike.",
    was_never_sent: false, "**Then:** call `next` again, if it is not terminal.",
    is_common: false, "**Then:** every other request fails alike: stop, and go on with all of them later.",
    is_terminal: true, "Also for an item, of which no other answer is to be had, and where the list itself is to blame. **Then:** do not ask for the same again.",
}

impl PageError {
    /// The request that failed; `None` where the list itself is to blame.
    #[must_use]
    pub fn request(&self) -> Option<&Error> {
        match self {
            Self::Request(error) => Some(error),
            Self::Item { .. } | Self::Endless | Self::OutOfReach => None,
        }
    }

    /// [`Error::status`] of the request that failed.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.request()?.status()
    }

    /// [`Error::retry_after`] of the request that failed.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.request()?.retry_after()
    }
}

/// So that `?` passes a list's error on where a function also sends single operations.
///
/// ```
/// use smartsync_transport::{ApiClient, Error, Paged};
///
/// async fn all<E: Paged>(client: &ApiClient<E::Service>, list: E) -> Result<Vec<E::Item>, Error> {
///     Ok(client.pages(list).items().collect().await?)
/// }
/// ```
impl From<PageError> for Error {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Request(error) => error,
            error @ (PageError::Item { .. } | PageError::Endless | PageError::OutOfReach) => {
                Self::new("client", "list", Kind::List(error))
            }
        }
    }
}
