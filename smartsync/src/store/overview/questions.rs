//! The questions behind the list of contracts, as both databases understand them.
//!
//! A filter is answered by one index, which has the contracts in the order of the list. What else it asks for is checked row by row, between two places of
//! that index: the one behind which the page begins, and the one up to which it is looked through.

use super::{
    contract_filter::{ContractFilter, FieldEnd},
    contract_row::ContractPlace,
};

/// A value of a question.
pub(in crate::store) enum Cell {
    Number(i64),
    Text(String),
}

/// SQL, and its values in the order of their numbers.
pub(in crate::store) struct Question {
    pub(in crate::store) sql: String,
    pub(in crate::store) cells: Vec<Cell>,
}

/// Of which database the words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    Sqlite,
    #[cfg(feature = "postgres")]
    Postgres,
}

/// Which index has the contracts in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Reason,
    Outcome(FieldEnd),
    TemplateType,
    State,
    Look,
}

impl Order {
    /// The one that leaves out most: few contracts have a reason, many are in a state. What most contracts have has no index.
    fn of(filter: &ContractFilter) -> Self {
        match filter.outcome {
            _ if filter.reason.is_some() => Self::Reason,
            Some(end @ (FieldEnd::Written | FieldEnd::Held | FieldEnd::Failed)) => Self::Outcome(end),
            _ if filter.template_type.is_some() => Self::TemplateType,
            _ if filter.state.is_some() => Self::State,
            _ => Self::Look,
        }
    }

    fn index(self) -> &'static str {
        match self {
            Self::Reason => "standing_reasons_by_look",
            Self::Outcome(FieldEnd::Written) => "standing_with_written",
            Self::Outcome(FieldEnd::Held) => "standing_with_held",
            Self::Outcome(FieldEnd::Failed) => "standing_with_failed",
            Self::TemplateType => "standing_by_template_type",
            Self::State => "standing_by_state",
            Self::Look | Self::Outcome(FieldEnd::Unchanged | FieldEnd::Skipped) => "standing_by_look",
        }
    }
}

/// Asks for the contracts of a tenant that a filter lets through.
#[derive(Clone, Copy)]
pub(in crate::store) struct ContractQuestions<'a> {
    dialect: Dialect,
    tenant: &'a str,
    filter: &'a ContractFilter,
    order: Order,
}

/// A question that is being put together.
struct Draft {
    dialect: Dialect,
    cells: Vec<Cell>,
    conditions: Vec<String>,
}

impl Draft {
    /// How the value is called in the question.
    fn cell(&mut self, cell: Cell) -> String {
        self.cells.push(cell);
        let sign = match self.dialect {
            Dialect::Sqlite => '?',
            #[cfg(feature = "postgres")]
            Dialect::Postgres => '$',
        };
        format!("{sign}{}", self.cells.len())
    }

    fn holds(&mut self, left: &str, right: Cell) {
        let right = self.cell(right);
        self.conditions.push(format!("{left} {right}"));
    }

    /// A place that is compared so with that of a row.
    fn place(&mut self, compared: &str, place: ContractPlace) {
        let at = self.cell(Cell::Number(place.looked_at.as_millisecond()));
        let contract = self.cell(Cell::Number(place.contract.get()));
        self.conditions.push(format!("(d.looked_at, d.contract_id) {compared} ({at}, {contract})"));
    }
}

impl<'a> ContractQuestions<'a> {
    pub(in crate::store) fn new(dialect: Dialect, tenant: &'a str, filter: &'a ContractFilter) -> Self {
        Self { dialect, tenant, filter, order: Order::of(filter) }
    }

    /// Whether the index answers the whole filter.
    pub(in crate::store) fn is_answered_by_index(&self) -> bool {
        let mut rest = self.draft();
        let before = rest.conditions.len();
        self.rest(&mut rest, "d");
        rest.conditions.len() == before
    }

    /// The place of the last of so many contracts that the index has, behind a place.
    pub(in crate::store) fn last_of(&self, number: u32, after: Option<ContractPlace>) -> Question {
        let mut draft = self.draft();
        if let Some(after) = after {
            draft.place("<", after);
        }
        let number = draft.cell(Cell::Number(i64::from(number.saturating_sub(1))));
        self.question(
            draft,
            "d.looked_at, d.contract_id",
            false,
            &format!("ORDER BY d.looked_at DESC, d.contract_id DESC LIMIT 1 OFFSET {number}"),
        )
    }

    /// So many contracts behind a place, up to another: all columns of where they stand, and these, which are [`queued`].
    pub(in crate::store) fn page(
        &self,
        columns: &str,
        after: Option<ContractPlace>,
        last: Option<ContractPlace>,
        limit: u32,
    ) -> Question {
        let mut draft = self.draft();
        self.rest(&mut draft, self.standing());
        if let Some(after) = after {
            draft.place("<", after);
        }
        if let Some(last) = last {
            draft.place(">=", last);
        }
        let limit = draft.cell(Cell::Number(limit.into()));
        let columns = format!("{}.*, {columns}", self.standing());
        self.question(
            draft,
            &columns,
            true,
            &format!("ORDER BY d.looked_at DESC, d.contract_id DESC LIMIT {limit}"),
        )
    }

    /// How many there are up to a place, at most `most`.
    pub(in crate::store) fn count(&self, last: Option<ContractPlace>, most: u32) -> Question {
        let mut draft = self.draft();
        self.rest(&mut draft, self.standing());
        if let Some(last) = last {
            draft.place(">=", last);
        }
        let most = draft.cell(Cell::Number(most.into()));
        // In the order of the index, so that no other is taken.
        let tail = format!("ORDER BY d.looked_at DESC, d.contract_id DESC LIMIT {most}");
        let Question { sql, cells } = self.question(draft, "1", false, &tail);
        Question { sql: format!("SELECT count(*) FROM ({sql}) AS counted"), cells }
    }

    /// What the index answers.
    fn draft(&self) -> Draft {
        let mut draft = Draft { dialect: self.dialect, cells: Vec::new(), conditions: Vec::new() };
        draft.holds("d.tenant =", Cell::Text(self.tenant.to_owned()));
        let ContractFilter { outcome: _, reason, template_type, state, looked_from, looked_before } =
            self.filter;
        match (self.order, reason, template_type, state) {
            (Order::Reason, Some(reason), _, _) => draft.holds("d.reason =", Cell::Text(reason.clone())),
            (Order::TemplateType, _, Some(id), _) => {
                draft.holds("d.template_type =", Cell::Number(id.get()));
            }
            (Order::State, _, _, Some(state)) => draft.holds("d.state =", Cell::Text(state.clone())),
            // Not as a value: the index has the condition in it.
            (Order::Outcome(end), ..) => draft.conditions.push(format!("d.{end} > 0")),
            _ => {}
        }
        if let Some(from) = looked_from {
            draft.holds("d.looked_at >=", Cell::Number(from.as_millisecond()));
        }
        if let Some(before) = looked_before {
            draft.holds("d.looked_at <", Cell::Number(before.as_millisecond()));
        }
        draft
    }

    /// What it does not, of where a contract stands.
    fn rest(&self, draft: &mut Draft, standing: &str) {
        let ContractFilter { outcome, reason: _, template_type, state, looked_from: _, looked_before: _ } =
            self.filter;
        if let Some(end) = outcome.filter(|end| self.order != Order::Outcome(*end)) {
            draft.conditions.push(format!("{standing}.{end} > 0"));
        }
        if let Some(id) = template_type.filter(|_| self.order != Order::TemplateType) {
            draft.holds(&format!("{standing}.template_type ="), Cell::Number(id.get()));
        }
        if let Some(state) = state.as_ref().filter(|_| self.order != Order::State) {
            draft.holds(&format!("{standing}.state ="), Cell::Text(state.clone()));
        }
    }

    /// How the row is called of where a contract stands.
    fn standing(&self) -> &'static str {
        if self.order == Order::Reason { "s" } else { "d" }
    }

    fn question(&self, draft: Draft, columns: &str, has_standing: bool, tail: &str) -> Question {
        let Draft { cells, conditions, .. } = draft;
        let indexed = match self.dialect {
            Dialect::Sqlite => format!("INDEXED BY {}", self.order.index()),
            #[cfg(feature = "postgres")]
            Dialect::Postgres => String::new(),
        };
        let needs_standing = has_standing || conditions.iter().any(|condition| condition.starts_with("s."));
        let from = match self.order {
            Order::Reason if needs_standing => format!(
                "standing_reasons AS d {indexed} JOIN standing AS s ON s.tenant = d.tenant AND s.contract_id = d.contract_id"
            ),
            Order::Reason => format!("standing_reasons AS d {indexed}"),
            Order::Outcome(_) | Order::TemplateType | Order::State | Order::Look => {
                format!("standing AS d {indexed}")
            }
        };
        let conditions = conditions.join(" AND ");
        Question { sql: format!("SELECT {columns} FROM {from} WHERE {conditions} {tail}"), cells }
    }
}

/// Something of the row of a contract in `waiting` or `parked`. Asked for each row of a page: however many rows such a table has, and whatever a database knows of that,
/// a join of the whole of it is never worth it. (Without the sign, SQLite takes the id for something else than a number, and reads all rows of the tenant.)
pub(in crate::store) fn queued(column: &str, table: &str) -> String {
    format!(
        "(SELECT {column} FROM {table} WHERE tenant = d.tenant AND kind = 'contract' AND id = +d.contract_id)"
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params_from_iter};

    use super::*;
    use crate::store::{migrations::migrate, overview};

    /// The steps by which SQLite answers.
    fn steps(database: &Connection, sql: &str) -> String {
        let mut statement = database.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let anything = vec![0; statement.parameter_count()];
        let steps = statement.query_map(params_from_iter(anything), |row| row.get("detail")).unwrap();
        steps.collect::<rusqlite::Result<Vec<String>>>().unwrap().join("; ")
    }

    fn database() -> Connection {
        let mut database = Connection::open_in_memory().unwrap();
        migrate(&mut database).unwrap();
        database
    }

    #[test]
    fn every_list_of_contracts_is_read_from_an_index_in_its_order_and_from_the_place_on_where_it_begins() {
        let database = database();
        let all = ContractFilter::new;
        let after = ContractPlace::new(jiff::Timestamp::UNIX_EPOCH, 9001.into());
        let columns = [queued("run_at", "waiting"), queued("parked_at", "parked")].join(", ");
        let queue = "; CORRELATED SCALAR SUBQUERY 1; SEARCH waiting USING PRIMARY KEY (tenant=? AND kind=? AND id=?); \
            CORRELATED SCALAR SUBQUERY 2; SEARCH parked USING PRIMARY KEY (tenant=? AND kind=? AND id=?)";
        let from = "(looked_at,contract_id)<(?,?)";
        for (filter, index) in [
            (all(), "standing_by_look (tenant=?"),
            (all().outcome(FieldEnd::Skipped), "standing_by_look (tenant=?"),
            (all().outcome(FieldEnd::Written), "standing_with_written (tenant=?"),
            (all().outcome(FieldEnd::Held).state("signed"), "standing_with_held (tenant=?"),
            (all().outcome(FieldEnd::Failed), "standing_with_failed (tenant=?"),
            (all().state("signed"), "standing_by_state (tenant=? AND state=?"),
            (
                all().template_type(7).state("signed"),
                "standing_by_template_type (tenant=? AND template_type=?",
            ),
        ] {
            let questions = ContractQuestions::new(Dialect::Sqlite, "", &filter);
            let page = steps(&database, &questions.page(&columns, Some(after), None, 10).sql);
            assert_eq!(page, format!("SEARCH d USING INDEX {index} AND {from}){queue}"), "{filter:?}");
            let last = steps(&database, &questions.last_of(10, None).sql);
            assert_eq!(last, format!("SEARCH d USING COVERING INDEX {index})"), "{filter:?}");
            let count = steps(&database, &questions.count(None, 10).sql);
            assert!(count.contains(&format!(" INDEX {index})")) && !count.contains("B-TREE"), "{count}");
        }
        let filter = all().reason("refused").outcome(FieldEnd::Held);
        let questions = ContractQuestions::new(Dialect::Sqlite, "", &filter);
        let page = steps(&database, &questions.page(&columns, Some(after), None, 10).sql);
        assert_eq!(
            page,
            format!(
                "SEARCH d USING COVERING INDEX standing_reasons_by_look (tenant=? AND reason=? AND {from}); \
                 SEARCH s USING PRIMARY KEY (tenant=? AND contract_id=?){queue}"
            )
        );
    }

    #[test]
    fn what_is_held_and_what_was_counted_is_read_from_an_index() {
        let database = database();
        let plans =
            [overview::HELD, overview::HELD_AFTER, overview::HELD_COUNT].map(|sql| steps(&database, sql));
        assert_eq!(
            plans,
            [
                "SEARCH held USING INDEX held_by_age (tenant=?)",
                "SEARCH held USING INDEX held_by_age (tenant=? AND (since,contract_id,data_field,candidate_field)>(?,?,?,?))",
                "CO-ROUTINE counted; SEARCH held USING COVERING INDEX held_by_age (tenant=?); SCAN counted",
            ]
        );
        let tallies = steps(&database, overview::TALLIES);
        assert_eq!(
            tallies,
            "SEARCH tallies USING PRIMARY KEY (tenant=? AND hour>? AND hour<?); USE TEMP B-TREE FOR GROUP BY"
        );
    }

    #[test]
    fn what_the_index_answers_is_not_checked_row_by_row() {
        let all = ContractFilter::new;
        let is_answered = |filter: &ContractFilter| {
            ContractQuestions::new(Dialect::Sqlite, "", filter).is_answered_by_index()
        };
        for filter in [
            all(),
            all().reason("refused"),
            all().outcome(FieldEnd::Held),
            all().template_type(7),
            all().state("signed"),
        ] {
            assert!(is_answered(&filter), "{filter:?}");
            assert!(is_answered(&filter.clone().looked_from(jiff::Timestamp::UNIX_EPOCH)), "{filter:?}");
        }
        for filter in [
            all().outcome(FieldEnd::Unchanged),
            all().reason("refused").state("signed"),
            all().outcome(FieldEnd::Held).template_type(7),
            all().template_type(7).state("signed"),
        ] {
            assert!(!is_answered(&filter), "{filter:?}");
        }
    }
}
