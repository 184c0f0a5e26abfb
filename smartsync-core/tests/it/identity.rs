//! Who a candidate is: filled into new contracts, and written back from none unless an entry says so.

use smartsync_core::{
    FieldMapping, Mapping,
    candidate::{CandidateField, DefaultField},
    mapping::{Moment, OnConflict, OnEmpty, OnFirstSight},
};
use smartsync_sandbox::SandboxSettings;

use crate::support::{stage::summary, story::Story};

/// What a participant types, who may be anybody that has the link.
const HOSTILE: [(&str, &str, &str); 4] = [
    ("email", "email", "mallory@example.com"),
    ("first-name", "first-name", "Mallory"),
    ("last-name", "last-name", "Hostile"),
    ("phone", "phone", "+46 70 174 06 99"),
];

/// A contract in which a participant has changed who the candidate is.
async fn hostile(mapping: &str) -> Story {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(toml::from_str(mapping).unwrap());
    for (data_field, _, text) in HOSTILE {
        story.sandbox.fill_data_field(story.contract, data_field, text).unwrap();
    }
    story
}

fn who(story: &Story) -> Vec<Option<String>> {
    HOSTILE.map(|(_, field, _)| story.field(field)).to_vec()
}

#[tokio::test]
async fn a_participant_changes_nothing_of_who_the_candidate_is() {
    let untouched = who(&Story::begin(SandboxSettings::new()).await);
    let story = hostile("").await;
    for is_signed in [false, true] {
        if is_signed {
            story.sandbox.sign_all(story.contract).unwrap();
        }
        let report = story.sync().await;
        let outcomes = summary(&report.outcomes);
        for (data_field, _, _) in HOSTILE {
            let skipped = format!("{data_field} skipped identity-only-prefilled");
            assert!(outcomes.contains(&skipped), "{outcomes:?}");
        }
        assert_eq!(who(&story), untouched);
    }
}

#[tokio::test]
async fn an_entry_alone_takes_over_once_everyone_has_signed_and_holds_a_conflict() {
    let entries = HOSTILE.map(|(data_field, field, _)| {
        let allowed = if field == "email" { "allow_identity = true" } else { "" };
        format!("[[field]]\noneflow = \"{data_field}\"\nteamtailor = \"{field}\"\n{allowed}\n")
    });
    let mapping = entries.concat();
    let untouched = who(&Story::begin(SandboxSettings::new()).await);
    let mut story = hostile(&mapping).await;
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.edit_candidate(&candidate, "last-name", Some("Recruited")).unwrap();
    let line = |outcomes: &[String], key: &str| {
        outcomes.iter().find(|line| line.starts_with(key)).cloned().unwrap_or_default()
    };
    let outcomes = summary(&story.sync().await.outcomes);
    for (data_field, _, _) in HOSTILE {
        assert_eq!(line(&outcomes, data_field), format!("{data_field} skipped waits-for-all-signatures"));
    }
    assert_eq!(story.field("phone"), untouched[3]);

    story.sandbox.sign_all(story.contract).unwrap();
    let outcomes = summary(&story.sync().await.outcomes);
    // It was agreed on when the contract was made, and nobody else has changed it.
    assert_eq!(line(&outcomes, "first-name"), "first-name written");
    assert_eq!(line(&outcomes, "email"), "email written");
    assert_eq!(line(&outcomes, "last-name"), "last-name held conflict-held");
    assert_eq!(story.field("last-name").as_deref(), Some("Recruited"));

    // Without a base every difference is one that a person has to decide.
    story.sandbox.edit_candidate(&candidate, "first-name", Some("Ida")).unwrap();
    story.lose_ledger(toml::from_str(&mapping).unwrap());
    let outcomes = summary(&story.sync().await.outcomes);
    assert_eq!(line(&outcomes, "first-name"), "first-name held first-sight-held");
    assert_eq!(line(&outcomes, "last-name"), "last-name held first-sight-held");
}

#[test]
fn a_program_that_builds_its_mapping_gets_the_same_defaults_as_a_file() {
    for field in DefaultField::ALL {
        let built = FieldMapping::new("a", CandidateField::Default(field));
        let rules = built.rules();
        assert_eq!(
            (built.moment(), rules.on_conflict, rules.on_first_sight, rules.on_empty),
            (Moment::AllSigned, OnConflict::Hold, OnFirstSight::Proven, OnEmpty::Keep),
            "{field:?}"
        );
        assert_eq!(built.writes_back(), field != DefaultField::Email, "{field:?}");
        let text = format!("[[field]]\noneflow = \"a\"\nteamtailor = \"{}\"", field.as_str());
        let read: Mapping = toml::from_str(&text).unwrap();
        assert_eq!(read.fields, [built]);
    }
    let custom = FieldMapping::new("a", CandidateField::custom("a"));
    let rules = custom.rules();
    assert_eq!((custom.moment(), rules.on_conflict), (Moment::Edited, OnConflict::ContractWins));
    assert!(custom.writes_back());
}

#[test]
fn what_is_written_outranks_the_defaults_of_either_kind_of_field() {
    for field in [CandidateField::Default(DefaultField::Phone), CandidateField::custom("a")] {
        let mut built = FieldMapping::new("a", field);
        (built.when, built.on_conflict) = (Some(Moment::CandidateSigned), Some(OnConflict::CandidateWins));
        assert_eq!(built.moment(), Moment::CandidateSigned);
        assert_eq!(built.rules().on_conflict, OnConflict::CandidateWins);
    }
}

#[test]
fn an_address_that_nobody_has_allowed_is_refused_and_not_written_back_by_an_unchecked_mapping_either() {
    let mut mapping = Mapping::default();
    mapping.fields = vec![FieldMapping::new("mail", CandidateField::Default(DefaultField::Email))];
    assert_eq!(
        mapping.check().unwrap_err()[0].code,
        smartsync_core::diagnostic::DiagnosticCode::IdentityNotAllowed
    );
    assert!(!mapping.fields[0].writes_back());
    mapping.fields[0].allow_identity = true;
    assert!(mapping.check().is_ok() && mapping.fields[0].writes_back());
}

#[tokio::test]
async fn a_field_that_an_entry_only_fills_in_is_told_apart_from_one_that_only_the_convention_fills_in() {
    let entry = "[[field]]\noneflow = \"phone\"\nteamtailor = \"phone\"\ndirection = \"to_oneflow\"\n";
    let story = hostile(entry).await;
    let outcomes = summary(&story.sync().await.outcomes);
    for line in ["phone skipped only-prefilled", "first-name skipped identity-only-prefilled"] {
        assert!(outcomes.contains(&line.to_owned()), "{outcomes:?}");
    }
}
