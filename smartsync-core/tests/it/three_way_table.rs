//! The whole decision table: {absent, empty, A, B, C} for base, candidate and contract, 125 literal rows.
//!
//! Written by hand from the rules; nothing here computes an expectation.

use std::collections::BTreeSet;

use smartsync_core::{
    Decision::{self, *},
    OnConflict, OnEmpty, Rules, Sides, State, three_way,
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
const TABLE: [Row; 125] = [
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
    ("-", "A", "B",              [F_WRI, F_WRI,   F_CAN, F_CAN,   F_HLD, F_HLD]),
    ("-", "A", "C",              [F_WRI, F_WRI,   F_CAN, F_CAN,   F_HLD, F_HLD]),
    ("-", "B", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "B", "0",              [NONE_, NONE_,   NONE_, NONE_,   NONE_, NONE_]),
    ("-", "B", "A",              [F_WRI, F_WRI,   F_CAN, F_CAN,   F_HLD, F_HLD]),
    ("-", "B", "B",              [SAME_, SAME_,   SAME_, SAME_,   SAME_, SAME_]),
    ("-", "B", "C",              [F_WRI, F_WRI,   F_CAN, F_CAN,   F_HLD, F_HLD]),
    ("-", "C", "-",              [LACKS, LACKS,   LACKS, LACKS,   LACKS, LACKS]),
    ("-", "C", "0",              [NONE_, NONE_,   NONE_, NONE_,   NONE_, NONE_]),
    ("-", "C", "A",              [F_WRI, F_WRI,   F_CAN, F_CAN,   F_HLD, F_HLD]),
    ("-", "C", "B",              [F_WRI, F_WRI,   F_CAN, F_CAN,   F_HLD, F_HLD]),
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

fn state(text: &'static str) -> State<&'static str> {
    match text {
        "-" => State::Absent,
        "0" => State::Empty,
        value => State::Value(value),
    }
}

#[test]
fn every_row_and_column_of_the_table_holds() {
    for (base, candidate, contract, expected) in TABLE {
        let sides = Sides { base: state(base), candidate: state(candidate), contract: state(contract) };
        for ((on_conflict, on_empty), expected) in COLUMNS.into_iter().zip(expected) {
            let decision = three_way(&sides, Rules { on_conflict, on_empty });
            assert_eq!(
                decision, expected,
                "base {base}, candidate {candidate}, contract {contract}, {on_conflict:?}, {on_empty:?}"
            );
        }
    }
}

#[test]
fn each_of_the_125_combinations_stands_in_the_table_once() {
    let rows: BTreeSet<_> =
        TABLE.iter().map(|(base, candidate, contract, _)| (base, candidate, contract)).collect();
    assert_eq!(rows.len(), 125);
    for (base, candidate, contract) in rows {
        for text in [base, candidate, contract] {
            assert!(["-", "0", "A", "B", "C"].contains(text), "{text} is none of the five states");
        }
    }
}
