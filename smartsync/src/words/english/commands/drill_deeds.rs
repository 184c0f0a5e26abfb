//! What people do in a `smartsync drill`, most of it in bad faith, and what comes of it.

// What people do.

pub const ADDS_OBSERVER: &str = "adds a candidate as an observer to a stranger's contract";
pub const TWO_SIGNATORIES: &str = "uses a candidate's address for two signatories";
pub const STRANGERS_CONTRACT: &str = "creates a stranger's contract";
pub const OTHERS_CONTRACT: &str = "a contract of others at first sight";
pub const MANY_CONTRACTS: &str = "many contracts at first sight";
pub const HOSTILE_TEXT: &str = "types a hostile text";
pub const IDENTITY_EDIT: &str = "edits an identity field";
pub const OTHERS_DETAILS: &str = "types another candidate's details";
pub const FORGES_TOKEN: &str = "forges a link token";
pub const COPIES_TOKEN: &str = "copies a link token";
pub const EMPTIES: &str = "empties a field";
pub const ORDINARY_EDIT: &str = "an ordinary edit";
pub const HANDS_OVER: &str = "hands over to another's address";
pub const TAKES_ADDRESS: &str = "takes another's address";
pub const BRINGS_IN: &str = "brings in another's address";
pub const ADDS_PARTY: &str = "adds a party with another's address";
pub const PLANTS_FILE: &str = "plants a file";
pub const SENDS_AGAIN: &str = "sends a notification again";
pub const NAMES_ANOTHER: &str = "names another contract in a notification";
pub const ALTERS_SIGNED: &str = "alters what is signed";
pub const LEAVES_SIGNATURE_OUT: &str = "leaves the signature out";
pub const FORGES_SIGNATURE: &str = "forges a signature";
pub const BREAKS_OUT: &str = "the program breaks out";
pub const UNSAFE_CONFIGURATION: &str = "an unsafe configuration";

// What comes of it, where that is no reason and no outcome.

pub const STOPPED: &str = "stopped by the fence";
pub const REFUSED: &str = "refused";
pub const LOOKED_AT: &str = "looked at";
pub const LINKED_AS_BEFORE: &str = "linked as before";
pub const NOT_MAPPED: &str = "not mapped";
pub const SIGNATURE_REFUSED: &str = "signature refused";
pub const NOT_SIGNED: &str = "not signed";
pub const NO_NOTIFICATION: &str = "no notification";

// Configurations that open a door without saying so.

pub const LINK_WITHOUT_SCOPE: &str = "link by address, without a scope";
pub const ADDRESS_WITHOUT_WORD: &str = "address written back without `allow_identity`";
pub const CLEARED_BEFORE_SIGNED: &str = "value cleared before everyone has signed";
pub const CLEARED_ONCE_SIGNED: &str = "value cleared once the candidate has signed";
pub const ADDRESS_BY_OTHER_NAME: &str = "address written back by its other name";
