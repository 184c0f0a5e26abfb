//! A list that could not be walked, asked and passed on like any other error.

use std::time::Duration;

use http::StatusCode;

use crate::{
    error::{Error, Kind},
    pages::PageError,
};

/// The error of the request that failed answers for itself; where none failed, the list has another shape than documented.
macro_rules! of_the_request {
    ($($name:ident: $otherwise:literal,)*) => {
        impl PageError {
            $(
                #[doc = concat!("[`Error::", stringify!($name), "`] of the request that failed; `", stringify!($otherwise), "` where none did.")]
                #[must_use]
                pub fn $name(&self) -> bool {
                    self.request().map_or($otherwise, Error::$name)
                }
            )*
        }
    };
}

of_the_request! {
    is_not_found: false,
    is_rate_limited: false,
    is_unauthorized: false,
    is_conflict: false,
    is_validation: false,
    is_timeout: false,
    is_decode: true,
    is_too_large: false,
    is_sink: false,
    was_never_sent: false,
    is_common: false,
    is_terminal: true,
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
