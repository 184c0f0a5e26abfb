//! The mapping as people write it.

use smartsync_core::{
    Mapping,
    candidate::{CandidateField, DefaultField},
    mapping::{Direction, LinkMethod, Moment, OnConflict, OnEmpty, OnFirstSight},
    value::{DateOrder, DecimalMark, FieldType},
};

#[test]
fn an_empty_file_is_the_default() {
    let mapping: Mapping = toml::from_str("").unwrap();
    assert_eq!(mapping, Mapping::default());
    assert!(mapping.sync.convention && mapping.sync.document.attach);
    assert_eq!(mapping.sync.link, [LinkMethod::Ledger, LinkMethod::ParticipantCustomId]);
    assert_eq!(mapping.sync.document.file_name.to_string(), "{contract_name} ({contract_id}).pdf");
    assert_eq!(mapping.check(), Ok(()));
}

#[test]
fn every_key_is_read_and_written_back() {
    let text = r#"
        [sync]
        link            = ["data_field", "ledger"]
        link_data_field = "candidate-link"
        convention      = false
        document        = { attach = false, file_name = "({contract_id}).pdf" }
        locale          = { decimal = "comma", date_order = "dmy" }

        [[field]]
        oneflow     = "oneflow-start-date"
        teamtailor  = "custom:start-date"
        type        = "date"
        direction   = "to_teamtailor"
        when        = "all_signed"
        on_conflict = "hold"
        on_first_sight = "candidate_wins"
        on_empty    = "clear"
        locale      = { date_order = "mdy" }

        [[field]]
        oneflow        = "mail"
        teamtailor     = "email"
        allow_identity = true
    "#;
    let mapping: Mapping = toml::from_str(text).unwrap();
    assert_eq!(mapping.sync.locale.decimal, Some(DecimalMark::Comma));
    let [date, mail] = &mapping.fields[..] else { panic!("two entries") };
    assert_eq!(date.teamtailor, CandidateField::custom("start-date"));
    assert_eq!(
        (date.kind, date.direction, date.when),
        (Some(FieldType::Date), Direction::ToTeamtailor, Some(Moment::AllSigned))
    );
    assert_eq!((date.on_conflict, date.on_empty), (Some(OnConflict::Hold), OnEmpty::Clear));
    assert_eq!((date.on_first_sight, date.allow_identity), (OnFirstSight::CandidateWins, false));
    assert_eq!(date.locale.unwrap().date_order, Some(DateOrder::Mdy));
    assert_eq!(mail.teamtailor, CandidateField::Default(DefaultField::Email));
    assert_eq!((mail.direction, mail.when, mail.on_conflict), (Direction::Both, None, None));
    assert_eq!((mail.on_first_sight, mail.on_empty), (OnFirstSight::Proven, OnEmpty::Keep));
    assert!(mail.allow_identity);

    assert_eq!(toml::from_str::<Mapping>(&toml::to_string(&mapping).unwrap()).unwrap(), mapping);
    assert_eq!(serde_json::from_str::<Mapping>(&serde_json::to_string(&mapping).unwrap()).unwrap(), mapping);
}

#[test]
fn an_error_of_a_library_that_parses_says_all_that_is_wrong() {
    let text = "[[field]]\noneflow = \"a\"\nteamtailor = \"email\"\nwhen = \"signed\"\n[sync]\nlinks = []";
    let error = toml::from_str::<Mapping>(text).unwrap_err().to_string();
    for part in ["SM0003", "field[0].when", "SM0001", "sync.links", "write `link`"] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn a_mapping_that_cannot_work_is_refused_with_all_its_problems() {
    let text = r#"
        [sync]
        link = ["data_field"]
        [[field]]
        oneflow    = "start"
        teamtailor = "custom:start-date"
        [[field]]
        oneflow    = "start"
        teamtailor = "custom:first-day"
        [[field]]
        oneflow    = "begin"
        teamtailor = "custom:start-date"
        [[field]]
        oneflow    = " "
        teamtailor = "pitch"
        [[field]]
        oneflow    = "mail"
        teamtailor = "email"
        type       = "number"
    "#;
    let mapping: Mapping = toml::from_str(text).unwrap();
    let found = mapping.check().unwrap_err();
    let lines: Vec<String> = found.iter().map(|found| format!("{} {}", found.code, found.path)).collect();
    assert_eq!(
        lines,
        [
            "SM0017 field[1].oneflow",
            "SM0018 field[2].teamtailor",
            "SM0005 field[3].oneflow",
            "SM0055 field[4].teamtailor",
            "SM0019 field[4].type",
            "SM0012 sync.link[0]",
        ]
    );
}

#[test]
fn a_warning_alone_refuses_no_mapping() {
    let mapping: Mapping = toml::from_str("[sync]\nlink_data_field = \"candidate-link\"").unwrap();
    assert_eq!(mapping.check(), Ok(()));
}
