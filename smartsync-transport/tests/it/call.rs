use smartsync_transport::{BuildError, Call, Url};

fn url(base: &str, call: &Call) -> Result<String, BuildError> {
    call.url(&base.parse::<Url>().unwrap()).map(String::from)
}

#[test]
fn a_segment_that_would_address_another_resource_is_refused() {
    for segment in ["", ".", ".."] {
        let call = Call::new().segment("candidates").segment(segment);
        assert!(matches!(url("https://a.example/v1", &call), Err(BuildError::PathSegment)), "{segment:?}");
    }
}

#[test]
fn every_other_segment_arrives_as_one_segment() {
    for (segment, escaped) in [
        ("4711", "4711"),
        ("c::oneflow-start-date", "c%3A%3Aoneflow-start-date"),
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("%2e%2e", "%252e%252e"),
        ("a?b#c", "a%3Fb%23c"),
        ("å", "%C3%A5"),
        ("\\..\\", "%5C..%5C"),
        ("...", "..."),
    ] {
        let call = Call::new().segment("fields").segment(segment);
        assert_eq!(
            url("https://a.example/v1", &call).unwrap(),
            format!("https://a.example/v1/fields/{escaped}")
        );
    }
}

#[test]
fn the_base_url_keeps_its_path_with_and_without_a_trailing_slash() {
    let call = Call::new().segment("ping");
    assert_eq!(url("https://a.example/v1/", &call).unwrap(), "https://a.example/v1/ping");
    assert_eq!(url("https://a.example", &call).unwrap(), "https://a.example/ping");
    assert_eq!(url("https://a.example/proxy/v1?x=1#y", &call).unwrap(), "https://a.example/proxy/v1/ping");
}

#[test]
fn query_names_and_values_are_escaped() {
    let call = Call::new()
        .segment("candidates")
        .query("filter[email]", "ann+cv@example.com")
        .query("include", "uploads,custom-field-values")
        .query_opt("sort", None::<&str>);
    assert_eq!(
        call.query_string(),
        "filter%5Bemail%5D=ann%2Bcv%40example.com&include=uploads%2Ccustom-field-values"
    );
}

#[test]
fn a_base_url_that_takes_no_path_is_refused() {
    assert!(matches!(url("mailto:a@example.com", &Call::new().segment("x")), Err(BuildError::Url)));
}
