use smartsync_transport::{BuildError, Call, Url};

fn url(base: &str, call: &Call) -> Result<String, BuildError> {
    call.url(&base.parse::<Url>().unwrap()).map(String::from)
}

#[test]
fn a_segment_that_would_address_another_resource_is_refused() {
    for segment in ["", " ", "\t", ".", "..", " .. "] {
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

#[test]
fn an_empty_value_is_refused_since_it_may_select_everything() {
    for value in ["", " ", "\n"] {
        let call = Call::new().segment("candidates").query("filter[email]", value);
        let error = url("https://a.example/v1", &call).unwrap_err();
        assert!(matches!(&error, BuildError::EmptyQuery(name) if name == "filter[email]"), "{error}");
        assert_eq!(
            error.to_string(),
            "the query parameter `filter[email]` is empty, which could select everything: leave it out, or give it a value"
        );
    }
    let nameless = Call::new().query_params(&[(String::new(), "1".to_owned())]);
    assert!(matches!(url("https://a.example/v1", &nameless), Err(BuildError::EmptyQuery(_))));
    let absent = Call::new().segment("candidates").query_opt("filter[email]", None::<&str>);
    assert_eq!(url("https://a.example/v1", &absent).unwrap(), "https://a.example/v1/candidates");
}

#[test]
fn an_item_of_a_list_stays_one_item() {
    let list =
        |items: &[&str]| url("https://a.example", &Call::new().segment("x").query_list("include", items));
    assert_eq!(list(&["a", "b"]).unwrap(), "https://a.example/x?include=a%2Cb");
    assert_eq!(list(&[]).unwrap(), "https://a.example/x", "nothing is asked for");
    assert!(matches!(list(&["a,b"]), Err(BuildError::ListItem(name)) if name == "include"));
    for items in [&[""][..], &["a", " "]] {
        assert!(matches!(list(items), Err(BuildError::EmptyQuery(_))), "{items:?}");
    }
}

#[test]
fn a_filter_of_nothing_is_not_no_filter() {
    let filter =
        |items| url("https://a.example", &Call::new().segment("x").query_filter::<&str>("filter[id]", items));
    assert!(matches!(filter(Some(&[])), Err(BuildError::EmptyQuery(_))));
    assert_eq!(filter(None).unwrap(), "https://a.example/x");
    assert_eq!(filter(Some(&["1", "2"])).unwrap(), "https://a.example/x?filter%5Bid%5D=1%2C2");
}

#[test]
fn a_number_below_the_least_is_refused() {
    let size = |size: u32| {
        url("https://a.example", &Call::new().segment("x").query_at_least("page[size]", Some(size), 1))
    };
    assert_eq!(size(0).unwrap_err().to_string(), "the query parameter `page[size]` must be at least 1");
    assert_eq!(size(1).unwrap(), "https://a.example/x?page%5Bsize%5D=1");
}

#[test]
fn a_parameter_of_the_callers_own_adds_nothing_else() {
    let params = [("a&token=x".to_owned(), "1#&b=2".to_owned())];
    let call = Call::new().segment("x").query("sort", "id").query_params(&params);
    assert_eq!(
        url("https://a.example", &call).unwrap(),
        "https://a.example/x?sort=id&a%26token%3Dx=1%23%26b%3D2"
    );
}
