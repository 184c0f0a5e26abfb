//! `cargo xtask compare`: our documents beside others of the same services.

use std::{
    fs,
    path::{Path, PathBuf},
};

use xtask::compare;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn compared(service: &str, theirs: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("theirs.yaml");
    fs::write(&file, theirs).unwrap();
    compare::run(&root(), service, &file)
}

/// The lines below a heading.
fn section<'a>(report: &'a str, head: &str) -> Vec<&'a str> {
    let rest = report.split("# ").find(|part| part.starts_with(head)).unwrap();
    rest.lines().skip(1).filter(|line| !line.is_empty()).collect()
}

#[test]
fn our_own_documents_differ_in_nothing_from_themselves_and_have_whatever_a_fact_is_about() {
    for service in ["oneflow", "teamtailor"] {
        let own = fs::read_to_string(root().join(format!("{service}-client/openapi.yaml"))).unwrap();
        let report = compared(service, &own).unwrap();
        for head in [
            "Operations that only our",
            "Operations that only theirs",
            "What differs in the operations of both",
        ] {
            assert_eq!(section(&report, head), [""; 0], "{service}");
        }
        let facts = section(&report, "Facts");
        assert!(facts.len() > 5, "{service}: {facts:?}");
        for fact in facts {
            assert!(fact.contains("their document has it"), "{fact}");
        }
    }
}

/// As a vendor might write it: the version in the path, other names for parameters, lists of types, schemas without names.
const THEIRS: &str = r##"
openapi: 3.1.0
paths:
  /v1/webhooks/{id}:
    get:
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  id: { type: [string, "null"] }
                  callback_url: { type: string }
                  nobody_knew: { type: boolean }
  /v1/workspaces/:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: "filter[name]", in: query, schema: { type: string } }
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: { type: array, items: { $ref: "#/components/schemas/Space" } }
  /v1/ledgers:
    post: {}
components:
  schemas:
    Space:
      allOf:
        - $ref: "#/components/schemas/Named"
        - type: object
          properties:
            type: { type: string, enum: [sales, legal] }
    Named: { type: object, properties: { id: { type: integer }, name: { type: string } } }
    Round: { $ref: "#/components/schemas/Round" }
"##;

#[test]
fn the_document_of_a_vendor_is_read_as_it_is_written_and_settles_what_it_speaks_of() {
    let report = compared("oneflow", THEIRS).unwrap();
    assert_eq!(section(&report, "Operations that only theirs"), ["POST /ledgers"]);
    let ours = section(&report, "Operations that only our");
    assert!(ours.contains(&"GET /contracts/{}") && !ours.contains(&"GET /webhooks/{}"), "{ours:?}");
    let differs = section(&report, "What differs in the operations of both");
    for line in [
        "GET /webhooks/{} answer nobody_knew: only in theirs",
        "GET /webhooks/{} answer id: ours is integer, theirs string",
        "GET /workspaces query filter[id]: only in ours",
    ] {
        assert!(differs.contains(&line), "{line}: {differs:#?}");
    }
    assert!(!differs.iter().any(|line| line.contains("answer data[].name:")), "{differs:#?}");
    assert!(!differs.iter().any(|line| line.contains("callback_url")), "{differs:#?}");
    let facts = section(&report, "Facts");
    let of = |id: &str| facts.iter().find(|line| line.starts_with(&format!("{id}: ")));
    // One of two filters is there.
    let filters = of("workspace-filters").unwrap();
    assert!(filters.contains("some of it"), "{filters}");
    // Of what is nowhere in the file nothing is said.
    assert_eq!(of("approvals"), None, "{facts:#?}");
}

#[test]
fn what_is_no_document_or_no_service_is_refused() {
    assert!(compared("mail", THEIRS).unwrap_err().contains("no service"));
    for text in ["", "a: [", "swagger: '2.0'\npaths: {}", "openapi: 3.0.0"] {
        assert!(compared("oneflow", text).unwrap_err().contains("theirs.yaml"), "{text}");
    }
    assert!(compare::run(&root(), "oneflow", Path::new("nowhere.yaml")).is_err());
}
