//! Why an operation cannot be made a request.

/// An operation that cannot be sent as it is: the fault is in its arguments.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A path argument is empty, `.` or `..`, which would address another resource.
    #[error("a path argument is empty, `.` or `..`: give the id of an existing resource")]
    PathSegment,
    /// The body could not be written as JSON.
    #[error("the body could not be written as JSON: {0}")]
    Body(String),
    /// The base URL cannot be extended by a path, or the result is no valid URL.
    #[error("the base URL and the path of the operation do not make a valid URL: check the base URL")]
    Url,
    /// A configured header (a credential, most of all) is no valid header value.
    #[error(
        "a configured header value has a line break or another character that HTTP does not allow: check the credentials"
    )]
    Header,
    /// The link to the next page leads away from the configured base URL, and the credentials would go along.
    #[error("the link to the next page leads to another host: the credentials are not sent there")]
    ForeignLink,
    /// The address of a file is plain http, has credentials in it, or is the service itself.
    #[error("the address of the file is not a plain https address of another host: nothing was sent there")]
    FileAddress,
}
