use smartsync_transport::Timestamp;

#[test]
fn every_form_that_the_services_write_is_read() {
    let expected: jiff::Timestamp = "2031-02-03T04:05:06Z".parse().unwrap();
    for text in [
        "2031-02-03T04:05:06Z",
        "2031-02-03T04:05:06+0000",
        "2031-02-03T04:05:06+00:00",
        "2031-02-03T05:05:06+0100",
        "2031-02-03T05:05:06.000+01:00",
        "2031-02-02T23:05:06.000-05:00",
    ] {
        assert_eq!(Timestamp::from(text).instant(), Some(expected), "{text}");
    }
}

#[test]
fn a_text_that_is_no_time_is_kept_and_not_printed() {
    let timestamp: Timestamp = serde_json::from_str(r#""canary""#).unwrap();
    assert_eq!(timestamp.as_str(), "canary");
    assert_eq!(timestamp.instant(), None);
    assert_eq!(format!("{timestamp:?}"), "_");
    assert_eq!(serde_json::to_string(&timestamp).unwrap(), r#""canary""#);
}

#[test]
fn what_stands_beside_a_time_is_not_printed() {
    for (text, printed) in [
        ("2031-02-03T04:05:06Z[Anything/at-all]", "2031-02-03T04:05:06Z"),
        ("2031-02-03T04:05:06Z[u-ca=anything]", "2031-02-03T04:05:06Z"),
        ("2031-02-03T04:05:06Z[Anything at all]", "_"),
        ("2031-02-03T05:05:06.250+0100", "2031-02-03T04:05:06.25Z"),
        ("2031-02-03T05:05:06+01:00[Europe/Stockholm]", "2031-02-03T04:05:06Z"),
        ("2031-02-03", "_"),
        ("canary 2031-02-03T04:05:06Z", "_"),
        ("", "_"),
    ] {
        let timestamp = Timestamp::from(text);
        assert_eq!(format!("{timestamp:?}"), printed);
        assert_eq!(timestamp.as_str(), text);
    }
}
