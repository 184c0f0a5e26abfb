//! Which contracts an address asks for.

use jiff::Timestamp;
use oneflow_client::TemplateTypeId;

use super::fields::{Fields, address};
use crate::store::{Age, ContractFilter, FieldEnd};

/// The parts of a filter, as an address or a form has them. What names nothing is left out.
#[derive(Default)]
pub(super) struct FilterFields {
    pub(super) outcome: Option<FieldEnd>,
    pub(super) reason: Option<String>,
    pub(super) state: Option<String>,
    pub(super) template_type: Option<i64>,
    pub(super) age: Option<Age>,
}

impl FilterFields {
    pub(super) fn of(fields: &Fields) -> Self {
        let word = |name| fields.get(name).filter(|word| word.len() <= 64).map(str::to_owned);
        Self {
            outcome: fields.get("outcome").and_then(FieldEnd::named),
            reason: word("reason"),
            state: word("state"),
            template_type: fields.read("template_type"),
            age: fields.get("age").and_then(Age::named),
        }
    }

    pub(super) fn is_outcome(&self, end: &FieldEnd) -> bool {
        self.outcome.as_ref() == Some(end)
    }

    pub(super) fn is_reason(&self, code: &str) -> bool {
        self.reason.as_deref() == Some(code)
    }

    pub(super) fn is_state(&self, state: &str) -> bool {
        self.state.as_deref() == Some(state)
    }

    pub(super) fn is_age(&self, age: &Age) -> bool {
        self.age.as_ref() == Some(age)
    }

    /// Name and value of each part that is given.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let parts = [
            ("outcome", self.outcome.map(|end| end.as_str().to_owned())),
            ("reason", self.reason.clone()),
            ("state", self.state.clone()),
            ("template_type", self.template_type.map(|id| id.to_string())),
            ("age", self.age.map(|age| age.to_string())),
        ];
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The address of these, from a place on.
    pub(super) fn address(&self, path: &str, after: Option<&str>) -> String {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| (*name, Some(value.as_str())));
        address(path, &pairs.chain([("after", after)]).collect::<Vec<_>>())
    }

    /// What the store is asked for at this time.
    pub(super) fn filter(&self, now: Timestamp) -> ContractFilter {
        let mut filter = ContractFilter::new();
        filter.outcome = self.outcome;
        filter.reason.clone_from(&self.reason);
        filter.state.clone_from(&self.state);
        filter.template_type = self.template_type.map(TemplateTypeId::from);
        match self.age {
            Some(age) => filter.age(age, now),
            None => filter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_the_filter_lets_through() {
        let text = "outcome=held&reason=conflict-held&state=signed&template_type=7&age=before-7d";
        let fields = FilterFields::of(&Fields::parse(text.as_bytes()));
        let now: Timestamp = "2031-03-08T09:00:00Z".parse().unwrap();
        let expected = ContractFilter::new()
            .outcome(FieldEnd::Held)
            .reason("conflict-held")
            .state("signed")
            .template_type(7)
            .looked_before("2031-03-01T09:00:00Z".parse().unwrap());
        assert_eq!(fields.filter(now), expected);
        assert_eq!(fields.address("/contracts", Some("1.2")), format!("/contracts?{text}&after=1.2"));
        let nothing = FilterFields::of(&Fields::parse(b"outcome=lost&template_type=x&age=ever&reason="));
        assert_eq!(
            (nothing.filter(now), nothing.address("/contracts", None)),
            (ContractFilter::new(), "/contracts".to_owned())
        );
        assert_eq!(fields.pairs().len(), 5);
    }
}
