//! What a data field's own times say: one row per case.

use oneflow_client::Timestamp;
use smartsync_core::plan::{EditEvidence, FieldTimes, edit_evidence};

/// The minute and second of an hour; `-` for no time, anything else as it stands.
fn at(text: &str) -> Option<Timestamp> {
    let is_clock = text.len() == 5 && text.contains(':');
    let whole = if is_clock { format!("2031-05-01T10:{text}+0000") } else { text.to_owned() };
    (text != "-").then(|| Timestamp::from(whole.as_str()))
}

#[test]
fn every_row_of_the_table_of_times_holds() {
    // The contract is made, and sent; the data field is made, and changed.
    let table = [
        // Made with the contract and never changed, whenever the contract was sent.
        (("00:00", "05:00", "00:00", "-"), EditEvidence::NotEdited),
        (("00:00", "00:00", "00:00", "-"), EditEvidence::NotEdited),
        (("00:00", "-", "00:30", "-"), EditEvidence::NotEdited),
        (("00:00", "05:00", "01:00", "-"), EditEvidence::NotEdited),
        (("00:00", "05:00", "01:01", "-"), EditEvidence::Unknown),
        (("-", "05:00", "00:00", "-"), EditEvidence::Unknown),
        (("00:00", "05:00", "-", "-"), EditEvidence::Unknown),
        // Changed before the contract was sent.
        (("00:00", "05:00", "00:00", "00:00"), EditEvidence::NotEdited),
        (("00:00", "05:00", "-", "01:00"), EditEvidence::NotEdited),
        (("00:00", "05:00", "-", "01:01"), EditEvidence::Unknown),
        (("00:00", "05:00", "00:00", "04:59"), EditEvidence::Unknown),
        (("00:30", "05:00", "-", "00:00"), EditEvidence::NotEdited),
        (("00:00", "00:02", "00:00", "00:01"), EditEvidence::NotEdited),
        (("00:00", "00:01", "00:00", "00:00"), EditEvidence::NotEdited),
        (("00:00", "00:02", "00:01", "00:01"), EditEvidence::NotEdited),
        // Changed in the second of sending, or later.
        (("00:00", "05:00", "00:00", "05:00"), EditEvidence::EditedAfterSending),
        (("00:00", "00:02", "00:00", "00:02"), EditEvidence::EditedAfterSending),
        (("00:00", "05:00", "00:00", "09:00"), EditEvidence::EditedAfterSending),
        (("00:00", "00:00", "00:00", "00:01"), EditEvidence::EditedAfterSending),
        (("00:00", "00:01", "00:01", "00:02"), EditEvidence::EditedAfterSending),
        (("-", "05:00", "-", "05:01"), EditEvidence::EditedAfterSending),
        // Changed in the second of sending, which is that in which the contract or the data field was made, or may be.
        (("00:00", "00:00", "00:00", "00:00"), EditEvidence::Unknown),
        (("00:00", "00:01", "00:01", "00:01"), EditEvidence::Unknown),
        (("00:01", "00:01", "00:00", "00:01"), EditEvidence::Unknown),
        (("00:00", "05:00", "-", "05:00"), EditEvidence::Unknown),
        (("-", "05:00", "00:00", "05:00"), EditEvidence::Unknown),
        (("-", "05:00", "-", "05:00"), EditEvidence::Unknown),
        // Not changed since it was made, once the contract had been sent.
        (("00:00", "05:00", "09:00", "09:00"), EditEvidence::Unknown),
        // A time is missing, or is none.
        (("00:00", "-", "00:00", "00:01"), EditEvidence::Unknown),
        (("-", "05:00", "00:00", "00:01"), EditEvidence::Unknown),
        (("-", "-", "-", "-"), EditEvidence::Unknown),
        (("00:00", "05:00", "00:00", "some day"), EditEvidence::Unknown),
        (("some day", "05:00", "00:00", "00:01"), EditEvidence::Unknown),
        (("00:00", "some day", "00:00", "00:01"), EditEvidence::Unknown),
        (("00:00", "05:00", "some day", "-"), EditEvidence::Unknown),
    ];
    for (texts @ (made, sent, created, updated), expected) in table {
        let (made, sent, created, updated) = (at(made), at(sent), at(created), at(updated));
        let times = FieldTimes {
            contract_created: made.as_ref(),
            contract_published: sent.as_ref(),
            created: created.as_ref(),
            updated: updated.as_ref(),
        };
        assert_eq!(edit_evidence(times), expected, "{texts:?}");
    }
}

#[test]
fn times_at_the_ends_of_the_calendar_do_no_harm() {
    let ends = ["-009999-01-02T01:59:59Z", "9999-12-30T22:00:00Z"].map(at);
    for made in &ends {
        for updated in &ends {
            let times = FieldTimes {
                contract_created: made.as_ref(),
                contract_published: made.as_ref(),
                created: updated.as_ref(),
                updated: None,
            };
            let expected = if made == updated { EditEvidence::NotEdited } else { EditEvidence::Unknown };
            assert_eq!(edit_evidence(times), expected);
        }
    }
}
