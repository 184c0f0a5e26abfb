//! One row per answer, and the fixtures.

use std::{collections::BTreeSet, fmt::Debug};

use smartsync_transport::{Body, Response};
use teamtailor_client::{Teamtailor, jsonapi::ListDocument, transport::Endpoint};

use crate::support::fixtures::asked;

macro_rules! fixtures {
    ($($name:ident = $file:literal;)+) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../../fixtures/resources/", $file, ".json"));)+
    };
}

fixtures! {
    ACTIVITY = "activity";
    ANSWER = "answer";
    AUDIT_EVENT = "audit_event";
    DEPARTMENT = "department";
    INTERVIEW = "interview";
    JOB = "job";
    JOB_OFFER = "job_offer";
    LOCATION = "location";
    NOTE = "note";
    NPS_RESPONSE = "nps_response";
    PARTNER_RESULT = "partner_result";
    PICKED_QUESTION = "picked_question";
    QUESTION = "question";
    REFERRAL = "referral";
    REGION = "region";
    REJECT_REASON = "reject_reason";
    REQUISITION = "requisition";
    REQUISITION_STEP_VERDICT = "requisition_step_verdict";
    ROLE = "role";
    STAGE = "stage";
    TEAM = "team";
    TEAM_MEMBERSHIP = "team_membership";
    TODO = "todo";
    TRIGGER = "trigger";
    USER = "user";
}

/// The document of one resource.
pub(crate) fn document(resource: &str) -> String {
    format!(r#"{{"data":{resource},"links":{{}}}}"#)
}

/// A page with one resource, and one that is malformed.
fn page(resource: &str) -> String {
    format!(
        r#"{{"data":[{resource},{{"id":{{}}}}],"meta":{{"record-count":2,"page-count":1,"texts":{{"all":"All"}}}},"links":{{"first":"https://api.teamtailor.com/v1/x"}}}}"#
    )
}

/// Decodes rows, and remembers which operations have one.
#[derive(Default)]
pub(super) struct Table {
    pub(super) seen: BTreeSet<&'static str>,
}

impl Table {
    /// What `endpoint` makes of `body`.
    pub(super) fn decode<E: Endpoint<Service = Teamtailor>>(
        &mut self,
        endpoint: &E,
        body: &str,
    ) -> E::Output {
        self.seen.insert(E::OPERATION);
        let output = endpoint.decode(&Response::new(Body::from(body.to_owned())));
        output.unwrap_or_else(|error| panic!("{}: {error}", E::OPERATION))
    }

    /// The same for the document of one resource.
    pub(super) fn one<E: Endpoint<Service = Teamtailor>>(
        &mut self,
        endpoint: &E,
        resource: &str,
    ) -> E::Output {
        self.decode(endpoint, &asked(endpoint, &document(resource)))
    }

    /// The same for an answer without a body.
    pub(super) fn nothing<E: Endpoint<Service = Teamtailor>>(&mut self, endpoint: &E) -> E::Output {
        self.decode(endpoint, "")
    }

    /// The first item of a page; the second is an error and loses nothing.
    pub(super) fn first<E, T>(&mut self, endpoint: &E, resource: &str) -> T
    where
        E: Endpoint<Service = Teamtailor, Output = ListDocument<T>>,
    {
        let page = self.decode(endpoint, &page(resource));
        assert_eq!((page.meta.record_count, page.links.next), (Some(2), None), "{}", E::OPERATION);
        let mut items = page.data.into_iter().map(|item| item.into_result());
        let first = items.next().unwrap().unwrap_or_else(|error| panic!("{}: {error}", E::OPERATION));
        assert!(items.next().unwrap().is_err() && items.next().is_none(), "{}", E::OPERATION);
        first
    }
}

/// Every attribute of the model stands in the fixture, and was understood.
pub(super) fn assert_complete(attributes: &impl Debug) {
    let printed = format!("{attributes:?}");
    assert!(
        !printed.contains("None") && !printed.contains("[]"),
        "the fixture lacks an attribute: {printed}"
    );
}
