//! Which requests Teamtailor accepts, written from the reference sheet.

use http::Method;

use super::relationships::Kind;
use crate::shape::{Member, Shape, TEXT, optional, required};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    ListCandidates,
    CreateCandidate,
    GetCandidate,
    DeleteCandidate,
    UpdateCandidate,
    ListCandidateUploads,
    ListCandidateValues,
    ListCandidateApplications,
    ListCustomFields,
    ListOptions,
    CreateValue,
    GetValue,
    UpdateValue,
    ListUploads,
    CreateUpload,
    GetCompany,
    GetApplication,
    UpdateApplication,
    GetApplicationJob,
    GetApplicationStage,
    ListStageApplications,
}

pub(super) struct Route {
    pub(super) operation: Operation,
    pub(super) name: &'static str,
    pub(super) method: Method,
    /// Below `/v1`.
    pub(super) path: &'static str,
    /// What the answer holds, which decides what can be included.
    pub(super) kind: Kind,
    /// Filters; the other parameters follow from `list`.
    pub(super) filters: &'static [&'static str],
    pub(super) list: bool,
    pub(super) body: Option<&'static Envelope>,
}

/// The body of a create or an update: `{"data": {..}}`.
pub(super) struct Envelope {
    pub(super) kind: &'static str,
    /// An update names the id, a create must not.
    pub(super) update: bool,
    pub(super) attributes: &'static [Member],
    pub(super) relationships: &'static [Relation],
}

/// A to-one relationship of a body.
pub(super) struct Relation {
    pub(super) name: &'static str,
    /// Types the identifier may have.
    pub(super) kinds: &'static [&'static str],
    pub(super) required: bool,
}

const fn one(operation: Operation, name: &'static str, path: &'static str, kind: Kind) -> Route {
    Route { operation, name, method: Method::GET, path, kind, filters: &[], list: false, body: None }
}

const fn list(
    operation: Operation,
    name: &'static str,
    path: &'static str,
    kind: Kind,
    filters: &'static [&'static str],
) -> Route {
    Route { operation, name, method: Method::GET, path, kind, filters, list: true, body: None }
}

const fn write(
    operation: Operation,
    name: &'static str,
    method: Method,
    path: &'static str,
    kind: Kind,
    body: &'static Envelope,
) -> Route {
    Route { operation, name, method, path, kind, filters: &[], list: false, body: Some(body) }
}

pub(super) static ROUTES: &[Route] = &[
    list(
        Operation::ListCandidates,
        "list_candidates",
        "/candidates",
        Kind::Candidate,
        &[
            "filter[email]",
            "filter[connected]",
            "filter[department]",
            "filter[role]",
            "filter[locations]",
            "filter[regions]",
            "filter[created-at][from]",
            "filter[created-at][to]",
            "filter[updated-at][from]",
            "filter[updated-at][to]",
        ],
    ),
    write(
        Operation::CreateCandidate,
        "create_candidate",
        Method::POST,
        "/candidates",
        Kind::Candidate,
        &NEW_CANDIDATE,
    ),
    one(Operation::GetCandidate, "get_candidate", "/candidates/{candidate}", Kind::Candidate),
    Route {
        operation: Operation::DeleteCandidate,
        name: "delete_candidate",
        method: Method::DELETE,
        path: "/candidates/{candidate}",
        kind: Kind::Candidate,
        filters: &[],
        list: false,
        body: None,
    },
    write(
        Operation::UpdateCandidate,
        "update_candidate",
        Method::PATCH,
        "/candidates/{candidate}",
        Kind::Candidate,
        &CANDIDATE_UPDATE,
    ),
    list(
        Operation::ListCandidateUploads,
        "list_candidate_uploads",
        "/candidates/{candidate}/uploads",
        Kind::Upload,
        &[],
    ),
    list(
        Operation::ListCandidateValues,
        "list_candidate_custom_field_values",
        "/candidates/{candidate}/custom-field-values",
        Kind::CustomFieldValue,
        &[],
    ),
    list(
        Operation::ListCandidateApplications,
        "list_candidate_job_applications",
        "/candidates/{candidate}/job-applications",
        Kind::JobApplication,
        &[],
    ),
    list(Operation::ListCustomFields, "list_custom_fields", "/custom-fields", Kind::CustomField, &[]),
    list(
        Operation::ListOptions,
        "list_custom_field_options",
        "/custom-field-options",
        Kind::CustomFieldOption,
        &["filter[custom-field]"],
    ),
    write(
        Operation::CreateValue,
        "create_custom_field_value",
        Method::POST,
        "/custom-field-values",
        Kind::CustomFieldValue,
        &NEW_VALUE,
    ),
    one(
        Operation::GetValue,
        "get_custom_field_value",
        "/custom-field-values/{value}",
        Kind::CustomFieldValue,
    ),
    write(
        Operation::UpdateValue,
        "update_custom_field_value",
        Method::PATCH,
        "/custom-field-values/{value}",
        Kind::CustomFieldValue,
        &VALUE_UPDATE,
    ),
    list(Operation::ListUploads, "list_uploads", "/uploads", Kind::Upload, &["filter[job]"]),
    write(Operation::CreateUpload, "create_upload", Method::POST, "/uploads", Kind::Upload, &NEW_UPLOAD),
    one(Operation::GetCompany, "get_company", "/company", Kind::Company),
    one(
        Operation::GetApplication,
        "get_job_application",
        "/job-applications/{application}",
        Kind::JobApplication,
    ),
    write(
        Operation::UpdateApplication,
        "update_job_application",
        Method::PATCH,
        "/job-applications/{application}",
        Kind::JobApplication,
        &APPLICATION_UPDATE,
    ),
    one(
        Operation::GetApplicationJob,
        "get_job_application_job",
        "/job-applications/{application}/job",
        Kind::Job,
    ),
    one(
        Operation::GetApplicationStage,
        "get_job_application_stage",
        "/job-applications/{application}/stage",
        Kind::Stage,
    ),
    list(
        Operation::ListStageApplications,
        "list_stage_job_applications",
        "/stages/{stage}/job-applications",
        Kind::JobApplication,
        &["filter[created-at][from]"],
    ),
];

const NULLABLE_TEXT: Shape = Shape::Nullable(&TEXT);

const NEW_CANDIDATE: Envelope =
    Envelope { kind: "candidates", update: false, attributes: CARD, relationships: &[] };

const CANDIDATE_UPDATE: Envelope =
    Envelope { kind: "candidates", update: true, attributes: CARD, relationships: &[] };

/// What the sheet marks as read only is not here, so writing it is refused like an unknown attribute.
const CARD: &[Member] = &[
    optional("consent-given-future-jobs", Shape::Boolean),
    optional("connected", Shape::Boolean),
    optional("email", NULLABLE_TEXT),
    optional("facebook-id", NULLABLE_TEXT),
    optional("first-name", NULLABLE_TEXT),
    optional("internal", Shape::Boolean),
    optional("last-name", NULLABLE_TEXT),
    optional("linkedin-uid", NULLABLE_TEXT),
    optional("linkedin-url", NULLABLE_TEXT),
    optional("merge", Shape::Boolean),
    optional("phone", NULLABLE_TEXT),
    optional("picture", NULLABLE_TEXT),
    optional("pitch", NULLABLE_TEXT),
    optional("referring-url", NULLABLE_TEXT),
    optional("resume", NULLABLE_TEXT),
    optional("resume-summary", NULLABLE_TEXT),
    optional("set-consent-expiration", Shape::Boolean),
    optional("sourced", Shape::Boolean),
    optional("tags", Shape::List { of: &TEXT, min: 0, max: usize::MAX }),
    optional("unsubscribed", Shape::Boolean),
];

const NEW_VALUE: Envelope = Envelope {
    kind: "custom-field-values",
    update: false,
    attributes: &[required("value", Shape::Anything)],
    relationships: &[
        Relation { name: "custom-field", kinds: &["custom-fields", "custom-field-selects"], required: true },
        Relation { name: "owner", kinds: &["candidates"], required: true },
    ],
};

const VALUE_UPDATE: Envelope = Envelope {
    kind: "custom-field-values",
    update: true,
    attributes: &[required("value", Shape::Anything)],
    relationships: &[
        Relation { name: "custom-field", kinds: &["custom-fields", "custom-field-selects"], required: false },
        Relation { name: "owner", kinds: &["candidates"], required: false },
    ],
};

const NEW_UPLOAD: Envelope = Envelope {
    kind: "uploads",
    update: false,
    attributes: &[required("url", TEXT), required("file-name", TEXT)],
    relationships: &[Relation { name: "candidate", kinds: &["candidates"], required: true }],
};

const APPLICATION_UPDATE: Envelope = Envelope {
    kind: "job-applications",
    update: true,
    attributes: &[
        optional("cover-letter", NULLABLE_TEXT),
        optional("referring-url", NULLABLE_TEXT),
        optional("rejected-at", NULLABLE_TEXT),
        optional("sourced", Shape::Boolean),
    ],
    relationships: &[Relation { name: "stage", kinds: &["stages"], required: false }],
};
