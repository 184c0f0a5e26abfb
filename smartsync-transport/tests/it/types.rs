use serde::Serialize;
use smartsync_transport::Patch;

smartsync_transport::open_enum! {
    /// State of a contract.
    pub(crate) enum State {
        /// Not sent yet.
        Draft = "draft",
        /// Signed by everyone.
        Signed = "signed",
    }
}

smartsync_transport::number_id! {
    /// Id of a contract.
    pub(crate) struct ContractId;
}

smartsync_transport::text_id! {
    /// Id of a candidate.
    pub(crate) struct CandidateId;
}

#[test]
fn an_unknown_enum_value_survives_and_is_not_printed() {
    let state: State = serde_json::from_str(r#""canary""#).unwrap();
    assert_eq!(state.as_str(), "canary");
    assert_eq!(serde_json::to_string(&state).unwrap(), r#""canary""#);
    assert_eq!(format!("{state:?}"), "Unknown(_)");
    assert_eq!(serde_json::from_str::<State>(r#""draft""#).unwrap(), State::Draft);
    assert_eq!(serde_json::from_str::<State>(r#""\u0064raft""#).unwrap(), State::Draft);
}

#[test]
fn an_id_is_printed_if_it_looks_like_one_and_travels_whatever_it_is() {
    for (text, printed) in [
        ("4711", "CandidateId(\"4711\")"),
        ("FkZ-1", "CandidateId(\"FkZ-1\")"),
        ("0b0c7f0e-7d0c-4a53-9d2b-3f3f9b1c2d3e", "CandidateId(\"0b0c7f0e-7d0c-4a53-9d2b-3f3f9b1c2d3e\")"),
        ("The canary sings at 7", "CandidateId(_)"),
        ("canary", "CandidateId(_)"),
        ("canary1@example.com", "CandidateId(_)"),
        ("+46700000000", "CandidateId(_)"),
        ("4711\n", "CandidateId(_)"),
        ("", "CandidateId(_)"),
    ] {
        let id = CandidateId::new(text);
        assert_eq!(format!("{id:?}"), printed);
        assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
    }
    assert_eq!(format!("{:?}", CandidateId::new("1".repeat(65))), "CandidateId(_)");
}

#[test]
fn ids_travel_as_they_are() {
    assert_eq!(serde_json::to_string(&ContractId::new(9_007_199_254_740_993)).unwrap(), "9007199254740993");
    assert_eq!(serde_json::from_str::<CandidateId>(r#""4711""#).unwrap(), CandidateId::new("4711"));
    assert!("x".parse::<ContractId>().is_err());
}

#[test]
fn an_id_is_read_as_a_number_and_as_a_text() {
    for (text, id) in [("42", 42), ("\"42\"", 42), ("-7", -7), ("\"-7\"", -7)] {
        assert_eq!(serde_json::from_str::<ContractId>(text).unwrap(), ContractId::new(id), "{text}");
    }
    for (text, id) in [("\"4711\"", "4711"), ("4711", "4711"), ("\"FkZ-1\"", "FkZ-1")] {
        assert_eq!(serde_json::from_str::<CandidateId>(text).unwrap(), CandidateId::new(id), "{text}");
    }
    for text in ["\"x\"", "\"\"", "1.5", "null", "true", "[42]", "18446744073709551615"] {
        assert!(serde_json::from_str::<ContractId>(text).is_err(), "{text}");
    }
    for text in ["1.5", "null", "true", "[\"4711\"]"] {
        assert!(serde_json::from_str::<CandidateId>(text).is_err(), "{text}");
    }
}

#[test]
fn a_kept_field_that_is_written_by_mistake_fails_instead_of_erasing() {
    #[derive(Serialize)]
    struct Forgot {
        phone: Patch<String>,
    }
    assert!(serde_json::to_string(&Forgot { phone: Patch::Keep }).is_err());
    assert_eq!(serde_json::to_string(&Forgot { phone: Patch::Clear }).unwrap(), r#"{"phone":null}"#);
    assert_eq!(
        serde_json::to_string(&Forgot { phone: Patch::Set(String::new()) }).unwrap(),
        r#"{"phone":""}"#
    );
}
