//! What a caller branches on when Teamtailor refuses.

use smartsync_transport::{Error, Problem, StatusCode};

/// Teamtailor's own cases, on any [`Error`] of this crate. The general ones (`is_not_found`, `is_rate_limited`, ...) are methods
/// of [`Error`] itself.
///
/// ```
/// use teamtailor_client::{Error, TeamtailorError as _};
///
/// fn advice(error: &Error) -> &'static str {
///     if error.is_email_taken() {
///         "look the candidate up by e-mail, or create with `merge`"
///     } else if error.is_scope_missing() {
///         "the key needs the scope Admin and the permission Read/Write"
///     } else {
///         "see the error"
///     }
/// }
/// ```
pub trait TeamtailorError {
    /// **When:** there is a candidate or a user with this e-mail address already. **Then:** look them up by the address and update them,
    /// or create with `merge`.
    fn is_email_taken(&self) -> bool;

    /// **When:** the dated version of the API that the client sends is missing or unknown. **Then:** set `api_version` of the builder to one that
    /// Teamtailor knows; every request fails until then.
    fn is_wrong_api_version(&self) -> bool;

    /// **When:** the key is wrong, revoked, or of a company on another stack; they are answered alike. **Then:** ask a person to check the key and
    /// the base URL; every request fails until then.
    fn is_wrong_key(&self) -> bool;

    /// **When:** the key is right, and its scope or permission does not suffice. **Then:** ask a person for a key with the scope Admin, and Read/Write
    /// where something is written; other requests may work.
    fn is_scope_missing(&self) -> bool;

    /// **When:** the value of this attribute (`email`, `resume`) is refused. **Then:** correct it, or send the others without it;
    /// [`Problem::detail`] has Teamtailor's reason, and can quote the value.
    fn refuses(&self, attribute: &str) -> bool;
}

impl TeamtailorError for Error {
    fn is_email_taken(&self) -> bool {
        let taken = |text: &Option<String>| {
            text.as_deref().is_some_and(|text| text.to_ascii_lowercase().contains("already been taken"))
        };
        // One problem has to say both: of two attributes, one can be invalid and the other taken.
        let is_it =
            |problem: &Problem| names(problem, "email") && (taken(&problem.title) || taken(&problem.detail));
        self.status() == Some(StatusCode::UNPROCESSABLE_ENTITY) && self.problems().iter().any(is_it)
    }

    fn is_wrong_api_version(&self) -> bool {
        // A 406 also says that a content type is not to be had. Without a text there is no telling: this client asks for one only.
        let version = |text: &Option<String>| {
            text.as_deref().is_none_or(|text| text.to_ascii_lowercase().contains("api version"))
        };
        self.status() == Some(StatusCode::NOT_ACCEPTABLE)
            && self.problems().iter().all(|problem| version(&problem.title))
    }

    fn is_wrong_key(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    fn is_scope_missing(&self) -> bool {
        self.status() == Some(StatusCode::FORBIDDEN)
    }

    fn refuses(&self, attribute: &str) -> bool {
        self.status() == Some(StatusCode::UNPROCESSABLE_ENTITY)
            && self.problems().iter().any(|problem| names(problem, attribute))
    }
}

/// Whether a problem is about `attribute`: by its pointer, or by the beginning of its detail.
fn names(problem: &Problem, attribute: &str) -> bool {
    let is_named = |field: &str| field.strip_prefix("/data/attributes/") == Some(attribute);
    let is_detailed = |detail: &str| detail.split_once(" - ").is_some_and(|(name, _)| name == attribute);
    problem.field.as_deref().is_some_and(is_named) || problem.detail.as_deref().is_some_and(is_detailed)
}
