//! The whole decision table: {absent, empty, A, B, C} for base, candidate and contract, 125 combinations in literal rows.
//!
//! The six of them in which there is no base and both sides hold different values stand in a second table, of literal rows as
//! well: {rule for the first sight} x {edit proven, or not} x {rule for a conflict}. Written by hand from the rules; nothing here
//! computes an expectation.

use std::collections::BTreeSet;

use smartsync_core::{
    mapping::{OnConflict, OnEmpty, OnFirstSight, Rules},
    plan::{
        Base,
        Decision::{self, *},
        Sides, State, three_way,
    },
};

// Short names, so that a row fits on a line. A contract that lacks the field:
const LACKS: Decision = NotInContract;
const SAME_: Decision = Unchanged;
const NEWER: Decision = CandidateIsNewer;
const NONE_: Decision = NothingToSay;
const WRITE: Decision = Write;
const CLEAR: Decision = Clear;
const KEEP_: Decision = EmptyKept;
// Both have moved.
const C_WRI: Decision = ConflictWrite;
const C_CLR: Decision = ConflictClear;
const C_CAN: Decision = ConflictCandidateWins;
const C_HLD: Decision = ConflictHeld;
// First sight.
const F_WRI: Decision = FirstSightWrite;
const F_CAN: Decision = FirstSightCandidateWins;
const F_HLD: Decision = FirstSightHeld;
const F_NOT: Decision = EditNotProven;

/// One column of the table for each combination of rules.
const COLUMNS: [(OnConflict, OnEmpty); 6] = [
    (OnConflict::ContractWins, OnEmpty::Keep),
    (OnConflict::ContractWins, OnEmpty::Clear),
    (OnConflict::CandidateWins, OnEmpty::Keep),
    (OnConflict::CandidateWins, OnEmpty::Clear),
    (OnConflict::Hold, OnEmpty::Keep),
    (OnConflict::Hold, OnEmpty::Clear),
];

type Row = (&'static str, &'static str, &'static str, [Decision; 6]);

/// `-` is absent, `0` is empty.
#[rustfmt::skip]
const TABLE: [Row; 119] = [
    // base, candidate, contract  contract wins   candidate wins  hold
    //                            keep   clear    keep   clear    keep   clear
    ("-", "-", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "-", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("-", "-", "A",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("-", "-", "B",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("-", "-", "C",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("-", "0", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "0", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("-", "0", "A",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("-", "0", "B",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("-", "0", "C",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("-", "A", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "A", "0",              [NONE_, NONE_,   NONE_, NONE_,   NONE_, NONE_]),
    ("-", "A", "A",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("-", "B", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "B", "0",              [NONE_, NONE_,   NONE_, NONE_,   NONE_, NONE_]),
    ("-", "B", "B",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("-", "C", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "C", "0",              [NONE_, NONE_,   NONE_, NONE_,   NONE_, NONE_]),
    ("-", "C", "C",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),

    // base, candidate, contract  contract wins   candidate wins  hold
    //                            keep   clear    keep   clear    keep   clear
    ("0", "-", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("0", "-", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("0", "-", "A",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("0", "-", "B",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("0", "-", "C",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("0", "0", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("0", "0", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("0", "0", "A",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("0", "0", "B",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("0", "0", "C",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("0", "A", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("0", "A", "0",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("0", "A", "A",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("0", "A", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("0", "A", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("0", "B", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("0", "B", "0",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("0", "B", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("0", "B", "B",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("0", "B", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("0", "C", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("0", "C", "0",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("0", "C", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("0", "C", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("0", "C", "C",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),

    // base, candidate, contract  contract wins   candidate wins  hold
    //                            keep   clear    keep   clear    keep   clear
    ("A", "-", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("A", "-", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("A", "-", "A",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("A", "-", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "-", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "0", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("A", "0", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("A", "0", "A",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("A", "0", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "0", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "A", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("A", "A", "0",              [KEEP_, CLEAR,   KEEP_, CLEAR,   KEEP_, CLEAR]),
    ("A", "A", "A",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("A", "A", "B",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("A", "A", "C",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("A", "B", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("A", "B", "0",              [KEEP_, C_CLR,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "B", "A",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("A", "B", "B",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("A", "B", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "C", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("A", "C", "0",              [KEEP_, C_CLR,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "C", "A",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("A", "C", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("A", "C", "C",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),

    // base, candidate, contract  contract wins   candidate wins  hold
    //                            keep   clear    keep   clear    keep   clear
    ("B", "-", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("B", "-", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("B", "-", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "-", "B",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("B", "-", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "0", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("B", "0", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("B", "0", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "0", "B",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("B", "0", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "A", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("B", "A", "0",              [KEEP_, C_CLR,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "A", "A",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("B", "A", "B",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("B", "A", "C",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "B", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("B", "B", "0",              [KEEP_, CLEAR,   KEEP_, CLEAR,   KEEP_, CLEAR]),
    ("B", "B", "A",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("B", "B", "B",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("B", "B", "C",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("B", "C", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("B", "C", "0",              [KEEP_, C_CLR,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "C", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("B", "C", "B",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("B", "C", "C",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),

    // base, candidate, contract  contract wins   candidate wins  hold
    //                            keep   clear    keep   clear    keep   clear
    ("C", "-", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("C", "-", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("C", "-", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "-", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "-", "C",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("C", "0", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("C", "0", "0",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("C", "0", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "0", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "0", "C",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("C", "A", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("C", "A", "0",              [KEEP_, C_CLR,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "A", "A",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("C", "A", "B",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "A", "C",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("C", "B", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("C", "B", "0",              [KEEP_, C_CLR,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "B", "A",              [C_WRI, C_WRI,   C_CAN, C_CAN,   C_HLD, C_HLD]),
    ("C", "B", "B",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("C", "B", "C",              [NEWER, NEWER,   NEWER, NEWER,   NEWER, NEWER]),
    ("C", "C", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("C", "C", "0",              [KEEP_, CLEAR,   KEEP_, CLEAR,   KEEP_, CLEAR]),
    ("C", "C", "A",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("C", "C", "B",              [WRITE, WRITE,   WRITE, WRITE,   WRITE, WRITE]),
    ("C", "C", "C",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
];

/// Rules for the first sight, by name.
const FIRST_SIGHT: [(&str, OnFirstSight); 4] = [
    ("proven", OnFirstSight::Proven),
    ("hold", OnFirstSight::Hold),
    ("contract wins", OnFirstSight::ContractWins),
    ("candidate wins", OnFirstSight::CandidateWins),
];

/// Rules for a conflict: one column of the second table for each.
const CONFLICT: [OnConflict; 3] = [OnConflict::ContractWins, OnConflict::CandidateWins, OnConflict::Hold];

type FirstSightRow = (&'static str, &'static str, &'static str, bool, [Decision; 3]);

/// No base, and both sides hold different values. What is done with an emptied field makes no difference.
#[rustfmt::skip]
const FIRST_SIGHT_TABLE: [FirstSightRow; 48] = [
    // candidate, contract, first sight, edit proven   conflict: contract wins, candidate wins, hold
    ("A", "B", "proven",         true,  [F_WRI, F_CAN, F_HLD]),
    ("A", "B", "proven",         false, [F_NOT, F_NOT, F_NOT]),
    ("A", "B", "hold",           true,  [F_HLD, F_HLD, F_HLD]),
    ("A", "B", "hold",           false, [F_HLD, F_HLD, F_HLD]),
    ("A", "B", "contract wins",  true,  [F_WRI, F_WRI, F_WRI]),
    ("A", "B", "contract wins",  false, [F_WRI, F_WRI, F_WRI]),
    ("A", "B", "candidate wins", true,  [F_CAN, F_CAN, F_CAN]),
    ("A", "B", "candidate wins", false, [F_CAN, F_CAN, F_CAN]),
    // candidate, contract, first sight, edit proven   conflict: contract wins, candidate wins, hold
    ("A", "C", "proven",         true,  [F_WRI, F_CAN, F_HLD]),
    ("A", "C", "proven",         false, [F_NOT, F_NOT, F_NOT]),
    ("A", "C", "hold",           true,  [F_HLD, F_HLD, F_HLD]),
    ("A", "C", "hold",           false, [F_HLD, F_HLD, F_HLD]),
    ("A", "C", "contract wins",  true,  [F_WRI, F_WRI, F_WRI]),
    ("A", "C", "contract wins",  false, [F_WRI, F_WRI, F_WRI]),
    ("A", "C", "candidate wins", true,  [F_CAN, F_CAN, F_CAN]),
    ("A", "C", "candidate wins", false, [F_CAN, F_CAN, F_CAN]),
    // candidate, contract, first sight, edit proven   conflict: contract wins, candidate wins, hold
    ("B", "A", "proven",         true,  [F_WRI, F_CAN, F_HLD]),
    ("B", "A", "proven",         false, [F_NOT, F_NOT, F_NOT]),
    ("B", "A", "hold",           true,  [F_HLD, F_HLD, F_HLD]),
    ("B", "A", "hold",           false, [F_HLD, F_HLD, F_HLD]),
    ("B", "A", "contract wins",  true,  [F_WRI, F_WRI, F_WRI]),
    ("B", "A", "contract wins",  false, [F_WRI, F_WRI, F_WRI]),
    ("B", "A", "candidate wins", true,  [F_CAN, F_CAN, F_CAN]),
    ("B", "A", "candidate wins", false, [F_CAN, F_CAN, F_CAN]),
    // candidate, contract, first sight, edit proven   conflict: contract wins, candidate wins, hold
    ("B", "C", "proven",         true,  [F_WRI, F_CAN, F_HLD]),
    ("B", "C", "proven",         false, [F_NOT, F_NOT, F_NOT]),
    ("B", "C", "hold",           true,  [F_HLD, F_HLD, F_HLD]),
    ("B", "C", "hold",           false, [F_HLD, F_HLD, F_HLD]),
    ("B", "C", "contract wins",  true,  [F_WRI, F_WRI, F_WRI]),
    ("B", "C", "contract wins",  false, [F_WRI, F_WRI, F_WRI]),
    ("B", "C", "candidate wins", true,  [F_CAN, F_CAN, F_CAN]),
    ("B", "C", "candidate wins", false, [F_CAN, F_CAN, F_CAN]),
    // candidate, contract, first sight, edit proven   conflict: contract wins, candidate wins, hold
    ("C", "A", "proven",         true,  [F_WRI, F_CAN, F_HLD]),
    ("C", "A", "proven",         false, [F_NOT, F_NOT, F_NOT]),
    ("C", "A", "hold",           true,  [F_HLD, F_HLD, F_HLD]),
    ("C", "A", "hold",           false, [F_HLD, F_HLD, F_HLD]),
    ("C", "A", "contract wins",  true,  [F_WRI, F_WRI, F_WRI]),
    ("C", "A", "contract wins",  false, [F_WRI, F_WRI, F_WRI]),
    ("C", "A", "candidate wins", true,  [F_CAN, F_CAN, F_CAN]),
    ("C", "A", "candidate wins", false, [F_CAN, F_CAN, F_CAN]),
    // candidate, contract, first sight, edit proven   conflict: contract wins, candidate wins, hold
    ("C", "B", "proven",         true,  [F_WRI, F_CAN, F_HLD]),
    ("C", "B", "proven",         false, [F_NOT, F_NOT, F_NOT]),
    ("C", "B", "hold",           true,  [F_HLD, F_HLD, F_HLD]),
    ("C", "B", "hold",           false, [F_HLD, F_HLD, F_HLD]),
    ("C", "B", "contract wins",  true,  [F_WRI, F_WRI, F_WRI]),
    ("C", "B", "contract wins",  false, [F_WRI, F_WRI, F_WRI]),
    ("C", "B", "candidate wins", true,  [F_CAN, F_CAN, F_CAN]),
    ("C", "B", "candidate wins", false, [F_CAN, F_CAN, F_CAN]),
];

fn state(text: &'static str) -> State<&'static str> {
    match text {
        "-" => State::Absent,
        "0" => State::Empty,
        value => State::Value(value),
    }
}

fn base(text: &'static str, is_edit_proven: bool) -> Base<&'static str> {
    match text {
        "-" => Base::Unknown { is_edit_proven },
        "0" => Base::Empty,
        value => Base::Value(value),
    }
}

#[test]
fn every_row_and_column_of_the_table_holds_whatever_the_rule_for_the_first_sight() {
    for (agreed, candidate, contract, expected) in TABLE {
        for (is_edit_proven, (name, on_first_sight)) in
            [true, false].into_iter().flat_map(|proven| FIRST_SIGHT.map(|rule| (proven, rule)))
        {
            let base = base(agreed, is_edit_proven);
            let sides = Sides { base, candidate: state(candidate), contract: state(contract) };
            for ((on_conflict, on_empty), expected) in COLUMNS.into_iter().zip(expected) {
                let decision = three_way(&sides, Rules { on_conflict, on_first_sight, on_empty });
                assert_eq!(
                    decision, expected,
                    "base {agreed}, candidate {candidate}, contract {contract}, {on_conflict:?}, {name}, {on_empty:?}"
                );
            }
        }
    }
}

#[test]
fn every_row_and_column_of_the_table_of_the_first_sight_holds() {
    for (candidate, contract, name, is_edit_proven, expected) in FIRST_SIGHT_TABLE {
        let (_, on_first_sight) = FIRST_SIGHT.into_iter().find(|(known, _)| *known == name).unwrap();
        let base = Base::Unknown { is_edit_proven };
        let sides = Sides { base, candidate: state(candidate), contract: state(contract) };
        for (on_conflict, expected) in CONFLICT.into_iter().zip(expected) {
            for on_empty in [OnEmpty::Keep, OnEmpty::Clear] {
                let decision = three_way(&sides, Rules { on_conflict, on_first_sight, on_empty });
                assert_eq!(
                    decision, expected,
                    "candidate {candidate}, contract {contract}, {name}, {is_edit_proven}, {on_conflict:?}, {on_empty:?}"
                );
            }
        }
    }
}

#[test]
fn each_of_the_125_combinations_stands_in_one_of_the_tables_and_each_rule_beside_it_once() {
    let with_rules: BTreeSet<_> = FIRST_SIGHT_TABLE
        .iter()
        .map(|(candidate, contract, rule, proven, _)| (candidate, contract, rule, proven))
        .collect();
    assert_eq!(with_rules.len(), 6 * 4 * 2);
    let rows: BTreeSet<_> =
        TABLE.iter().map(|(base, candidate, contract, _)| (*base, *candidate, *contract)).collect();
    let of_first_sight: BTreeSet<_> =
        with_rules.into_iter().map(|(candidate, contract, _, _)| ("-", *candidate, *contract)).collect();
    assert_eq!((rows.len(), of_first_sight.len(), rows.union(&of_first_sight).count()), (119, 6, 125));
    for (base, candidate, contract) in rows.union(&of_first_sight) {
        for text in [base, candidate, contract] {
            assert!(["-", "0", "A", "B", "C"].contains(text), "{text} is none of the five states");
        }
    }
}
