//! What is worked on.

use std::fmt;

use oneflow_client::ContractId;
use rusqlite::{
    ToSql,
    types::{ToSqlOutput, Value},
};

use super::tenant::Tenant;

/// What is looked at: of which tenant, of what kind, and which one. Of one item there is one look at a time.
///
/// ```
/// use smartsync::{ContractId, store::Item};
///
/// let item = Item::from(ContractId::new(9001));
/// assert_eq!((item.tenant.as_str(), item.to_string()), ("", "contract 9001".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Item {
    /// Of which tenant.
    pub tenant: Tenant,
    /// Of what kind, and which one.
    pub subject: Subject,
}

/// Of what kind an item is, and which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Subject {
    /// A contract of Oneflow.
    Contract(ContractId),
}

impl Item {
    /// An item of a tenant.
    #[must_use]
    pub fn of(tenant: Tenant, subject: Subject) -> Self {
        Self { tenant, subject }
    }

    /// The contract, if it is one.
    #[must_use]
    pub fn contract(&self) -> Option<ContractId> {
        let Subject::Contract(contract) = self.subject;
        Some(contract)
    }
}

impl From<ContractId> for Item {
    /// A contract of the nameless tenant.
    fn from(contract: ContractId) -> Self {
        Self::of(Tenant::default(), Subject::Contract(contract))
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subject::Contract(contract) = self.subject;
        write!(f, "contract {contract}")?;
        if self.tenant.is_nameless() { Ok(()) } else { write!(f, " of {}", self.tenant) }
    }
}

impl PartialEq<ContractId> for Item {
    /// Whether it is this contract of the nameless tenant.
    fn eq(&self, contract: &ContractId) -> bool {
        self.tenant.is_nameless() && self.subject == Subject::Contract(*contract)
    }
}

impl Subject {
    /// As the tables name the kind.
    pub(super) fn kind(self) -> &'static str {
        let Self::Contract(_) = self;
        "contract"
    }

    /// Of a row with `kind` and `id`. `None`: a kind that a newer version works on.
    pub(super) fn of_row(kind: &str, id: &Value) -> Option<Self> {
        match (kind, id) {
            ("contract", Value::Integer(id)) => Some(Self::Contract(ContractId::new(*id))),
            _ => None,
        }
    }
}

/// As the tables hold which one it is.
impl ToSql for Subject {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let Self::Contract(contract) = self;
        Ok(ToSqlOutput::from(contract.get()))
    }
}
