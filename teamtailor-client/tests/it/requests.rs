//! Method, URL, headers and body of every operation, as literals.

mod candidates;
mod fields;
mod jobs;
mod organisation;
mod records;
mod sync;
mod table;

use std::collections::BTreeSet;

use smartsync_transport::ScriptedTransport;
use teamtailor_client::candidates::{CandidatePatch, GetCandidate};

use crate::support::fixtures::{client, operations};

#[test]
fn every_operation_makes_the_documented_request() {
    let mut table = table::Table::default();
    candidates::rows(&mut table);
    fields::rows(&mut table);
    jobs::rows(&mut table);
    organisation::rows(&mut table);
    records::rows(&mut table);
    sync::rows(&mut table);
    let names: BTreeSet<String> = table.seen.iter().map(|name| name.replace('_', "")).collect();
    let wanted = operations();
    assert!(wanted.len() > 120, "the document is read at all");
    assert_eq!(names, wanted);
}

#[test]
fn an_id_that_would_address_another_resource_is_refused() {
    for id in ["", ".", ".."] {
        let error = client(ScriptedTransport::new()).prepare(&GetCandidate::new(id)).unwrap_err();
        assert!(error.was_never_sent() && error.is_terminal(), "{id}");
    }
}

#[test]
fn a_patch_says_whether_it_changes_anything() {
    assert!(CandidatePatch::new().is_empty());
    assert!(!CandidatePatch::new().clear_pitch().is_empty());
}
