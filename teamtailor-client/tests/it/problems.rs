//! The service's description of what went wrong, in all its shapes.

use serde_json::json;
use smartsync_transport::{Body, Response, Service as _};
use teamtailor_client::{
    Teamtailor,
    companies::GetCompany,
    transport::{Endpoint as _, Problem},
};

fn problems(body: serde_json::Value) -> Vec<Problem> {
    Teamtailor::problems(body.to_string().as_bytes())
}

#[test]
fn errors_may_be_a_list_an_object_or_a_text() {
    let title = |problems: Vec<Problem>| -> Vec<Option<String>> {
        problems.into_iter().map(|problem| problem.title).collect()
    };
    assert_eq!(
        title(problems(json!({ "errors": [{ "title": "a" }, { "title": "b" }] }))),
        [Some("a".to_owned()), Some("b".to_owned())]
    );
    assert_eq!(title(problems(json!({ "errors": { "title": "a", "detail": "d" } }))), [Some("a".to_owned())]);
    let text = problems(json!({ "errors": ["not allowed"] }));
    assert_eq!(text[0].detail.as_deref(), Some("not allowed"));
    assert_eq!(text[0].title, None);
}

#[test]
fn code_and_source_are_read_in_every_shape() {
    let rows = [
        (
            json!({ "code": "100", "source": { "pointer": "/data/attributes/email" } }),
            Some("100"),
            Some("/data/attributes/email"),
        ),
        (json!({ "code": 103, "source": { "parameter": "filter[x]" } }), Some("103"), Some("filter[x]")),
        (json!({ "code": null, "source": null, "status": 422 }), None, None),
        (json!({ "code": ["100"], "source": "email", "title": 7 }), None, None),
    ];
    for (error, code, field) in rows {
        let problem = problems(json!({ "errors": [error] })).remove(0);
        assert_eq!((problem.code.as_deref(), problem.field.as_deref()), (code, field));
    }
}

#[test]
fn a_body_that_is_no_error_document_has_no_problems() {
    for body in [
        "",
        "<html>",
        "[]",
        "null",
        "{}",
        r#"{"errors":[]}"#,
        r#"{"errors":null}"#,
        r#"{"errors":[42,null]}"#,
    ] {
        assert_eq!(Teamtailor::problems(body.as_bytes()), [], "{body}");
    }
}

#[test]
fn an_empty_answer_where_a_document_is_expected_is_an_error() {
    let error = GetCompany::new().decode(&Response::new(Body::empty())).unwrap_err();
    assert_eq!(error.to_string(), "the JSON is truncated");
}
