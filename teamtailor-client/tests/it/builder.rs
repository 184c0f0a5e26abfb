//! Credentials and base URL.

use smartsync_transport::{ConfigError, ScriptedTransport};
use teamtailor_client::{
    AP_BASE_URL, EU_BASE_URL, NA_BASE_URL, TeamtailorClient, TeamtailorClientBuilder, companies::GetCompany,
};

fn builder() -> TeamtailorClientBuilder {
    TeamtailorClient::builder().api_key("key-1").transport(ScriptedTransport::new())
}

#[test]
fn the_base_url_ends_in_exactly_one_v1() {
    let rows = [
        ("https://api.teamtailor.com", "https://api.teamtailor.com/v1"),
        ("https://api.teamtailor.com/", "https://api.teamtailor.com/v1"),
        ("https://api.teamtailor.com/v1", "https://api.teamtailor.com/v1"),
        ("https://api.teamtailor.com/v1/", "https://api.teamtailor.com/v1"),
        ("https://api.teamtailor.com/v1//", "https://api.teamtailor.com/v1"),
        ("https://api.teamtailor.com/v1/v1", "https://api.teamtailor.com/v1"),
        ("https://api.teamtailor.com/v1?a=b#c", "https://api.teamtailor.com/v1"),
        ("https://proxy.example.com/teamtailor", "https://proxy.example.com/teamtailor/v1"),
        ("https://proxy.example.com/teamtailor/v1/", "https://proxy.example.com/teamtailor/v1"),
        ("https://proxy.example.com/apiv1", "https://proxy.example.com/apiv1/v1"),
        (EU_BASE_URL, "https://api.teamtailor.com/v1"),
        (NA_BASE_URL, "https://api.na.teamtailor.com/v1"),
        (AP_BASE_URL, "https://api.au.teamtailor.com/v1"),
    ];
    for (given, expected) in rows {
        let client = builder().base_url(given.parse().unwrap()).build().unwrap();
        assert_eq!(client.base_url().as_str(), expected, "{given}");
    }
    assert_eq!(builder().build().unwrap().base_url().as_str(), "https://api.teamtailor.com/v1");
}

#[test]
fn a_url_that_cannot_carry_a_path_is_refused() {
    for url in ["mailto:ida@example.com", "ftp://api.teamtailor.com"] {
        let result = builder().base_url(url.parse().unwrap()).build();
        assert!(matches!(result, Err(ConfigError::Unusable { setting: "base_url", .. })), "{url}");
    }
}

#[test]
fn a_missing_or_blank_key_is_refused() {
    let without = TeamtailorClient::builder().transport(ScriptedTransport::new()).build();
    let blank = builder().api_key(" \n").build();
    assert!(matches!(without, Err(ConfigError::Missing("api_key"))));
    assert_eq!(blank.unwrap_err().to_string(), "`api_key` is blank");
}

#[test]
fn a_key_from_a_file_loses_its_line_end_and_any_other_fault_is_named() {
    let request = builder().api_key("key-1\n").build().unwrap().prepare(&GetCompany::new()).unwrap();
    assert_eq!(request.headers()["authorization"], "Token token=key-1");
    let user_agent = concat!("teamtailor-client/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.headers()["user-agent"], user_agent);
    for key in ["key\n1", " key-1", "k\u{f6}y"] {
        let error = builder().api_key(key).build().unwrap_err();
        assert!(matches!(error, ConfigError::Unusable { setting: "api_key", .. }), "{error}");
    }
    let error = builder().api_version(" ").build().unwrap_err();
    assert_eq!(error.to_string(), "`api_version` is blank");
}

#[test]
fn the_api_version_can_be_set() {
    let client = builder().api_version("20310101").build().unwrap();
    let request = client.prepare(&GetCompany::new()).unwrap();
    assert_eq!(request.headers()["x-api-version"], "20310101");
}

#[test]
fn the_key_is_in_no_debug() {
    let builder = builder();
    assert!(!format!("{builder:?}").contains("key-1"));
    let client = builder.build().unwrap();
    assert!(!format!("{client:?}").contains("key-1"));
    let request = client.prepare(&GetCompany::new()).unwrap();
    assert!(!format!("{:?}", request.headers()).contains("key-1"));
}
