//! What the tests share: scenes between scripts or around the sandbox, services that misbehave, tables of values.

pub(crate) mod card;
pub(crate) mod case;
pub(crate) mod creation;
pub(crate) mod fence;
pub(crate) mod fenced;
pub(crate) mod field_of_table;
pub(crate) mod in_sandbox;
pub(crate) mod linking;
pub(crate) mod mapping_broken;
pub(crate) mod mapping_good;
pub(crate) mod meanwhile;
pub(crate) mod model;
pub(crate) mod plain_clients;
pub(crate) mod recorded_account;
pub(crate) mod recorder;
pub(crate) mod shaky_ledger;
pub(crate) mod slow_sandbox;
pub(crate) mod stage;
pub(crate) mod story;
