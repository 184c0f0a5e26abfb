//! Why an operation cannot be made a request.

use crate::plain_text::plain_text;

/// An operation that cannot be sent as it is: the fault is in its arguments.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A path argument is empty or blank, `.` or `..`, which would address another resource.
    #[error("a path argument is empty, `.` or `..`: use the id of an existing resource")]
    PathSegment,
    /// The value of this query parameter, or an item of its list, is empty or blank. A service may take an empty filter for
    /// none, and answer with everything.
    #[error("the query parameter `{}` is empty, which could select everything: leave it out, or give it a value", plain_text(.0))]
    EmptyQuery(String),
    /// An item of the list in this query parameter has a comma in it, which would make two items of it.
    #[error("an item of the query parameter `{}` contains a comma: give each item by itself", plain_text(.0))]
    ListItem(String),
    /// The number in this query parameter is below the smallest that the service takes.
    #[error("the query parameter `{}` must be at least {least}", plain_text(.name))]
    TooSmall {
        /// The parameter.
        name: String,
        /// The smallest number.
        least: u64,
    },
    /// The body could not be written as JSON.
    #[error("the body could not be serialised as JSON: {0}")]
    Body(String),
    /// The base URL cannot be extended by a path, or the result is no valid URL.
    #[error("the base URL and the operation's path do not form a valid URL: check the base URL")]
    Url,
    /// A header of this request, or the media type of one of its files, is not what HTTP allows.
    #[error(
        "a header of the request, or the media type of a file, contains a line break or another character that HTTP does not allow"
    )]
    Header,
    /// A header of this request is one that the connection has of its own: host, length, encoding.
    #[error(
        "a header of the request belongs to the connection (`Host`, `Connection`, `Content-Length`, `Transfer-Encoding`): leave it out"
    )]
    OwnHeader,
    /// The link to the next page names another origin than the base URL. Behind a gateway that is to be expected, and can be
    /// [allowed](crate::ApiClientBuilder::allow_foreign_next_links).
    #[error(
        "the link to the next page points to {link}, and the base URL is on {base_url}, so it was not followed: check the base URL, or behind a gateway set `allow_foreign_next_links`"
    )]
    ForeignLink {
        /// Scheme, host and port of the link.
        link: String,
        /// Those of the base URL.
        base_url: String,
    },
    /// The address of a file is plain http, has credentials in it, or is the service itself.
    #[error("the file's address is not an https URL of another host without credentials: nothing was sent")]
    FileAddress,
}
