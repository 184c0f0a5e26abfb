//! Everything that a run may send: one list, which is shown, kept by the fence, and followed.

use smartsync_transport::Url;

use super::answers::Answers;
use crate::{config::FactService, words::commands::probe_asked as words};

/// A request of the list. Each is a `GET`.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) service: FactService,
    /// Under which its answer is kept.
    pub(super) name: &'static str,
    /// Below the base URL. At most one segment is the name of an id.
    path: &'static str,
    /// As it is sent.
    query: &'static str,
    pub(super) why: &'static str,
}

const fn oneflow(name: &'static str, path: &'static str, query: &'static str, why: &'static str) -> Asked {
    Asked { service: FactService::Oneflow, name, path, query, why }
}

const fn teamtailor(name: &'static str, path: &'static str, query: &'static str, why: &'static str) -> Asked {
    Asked { service: FactService::Teamtailor, name, path, query, why }
}

/// In the order in which they are sent. Those to Teamtailor are a fifth of what its limit allows within ten seconds, so none has to wait; those to
/// Oneflow are far below that.
pub(super) static ASKED: &[Asked] = &[
    teamtailor("company", "/company", "", words::WHOSE_ACCOUNT),
    teamtailor("candidates", "/candidates", "page%5Bsize%5D=1", words::HOW_MANY_CANDIDATES),
    oneflow("contracts", "/contracts", "limit=20", words::HOW_MANY_CONTRACTS),
    oneflow("account", "/accounts/me", "", words::OF_TOKEN),
    oneflow("sent", "/contracts/{sent}", "", words::SENT),
    oneflow("signed", "/contracts/{signed}", "", words::SIGNED),
    oneflow("draft", "/contracts/{draft}", "", words::DRAFT),
    oneflow("events", "/contracts/{any}/events", "", words::EVENTS),
    oneflow("signed-events", "/contracts/{signed}/events", "", words::EVENTS_OF_PARTICIPANTS),
    oneflow("files", "/contracts/{any}/files", "", words::SLASH),
    oneflow("files-slash", "/contracts/{any}/files/", "", words::SLASH),
    oneflow("file", "/contracts/{signed}/files/1", "download=true", words::REDIRECT),
    oneflow("webhooks", "/webhooks", "", words::WEBHOOKS),
    oneflow("workspaces", "/workspaces", "limit=100", words::LAST_PAGE),
    oneflow("workspaces-filtered", "/workspaces", "filter%5Bname%5D=smartsync-probe-nothing", words::FILTER),
    oneflow("refusal", "/contracts", "limit=none&offset=none", words::REFUSAL),
    teamtailor(
        "candidates-with-values",
        "/candidates",
        "page%5Bsize%5D=2&include=custom-field-values",
        words::INCLUDED_VALUES,
    ),
    teamtailor(
        "candidate",
        "/candidates/{candidate}",
        "include=custom-field-values,custom-field-values.custom-field,uploads",
        words::DEFINITIONS,
    ),
    teamtailor("custom-fields", "/custom-fields", "page%5Bsize%5D=1", words::PAGING_AND_OWNER),
    teamtailor("more-custom-fields", "/custom-fields", "page%5Bsize%5D=30", words::OWNERS),
    teamtailor("options", "/custom-field-options", "page%5Bsize%5D=1", words::PAGING),
    teamtailor(
        "custom-fields-filtered",
        "/custom-fields",
        "filter%5Bapi-name%5D=smartsync-probe-nothing",
        words::FILTER,
    ),
];

/// The request of this name.
pub(super) fn named(name: &str) -> &'static Asked {
    ASKED.iter().find(|asked| asked.name == name).unwrap_or(&ASKED[0])
}

/// The base URL without a slash at its end.
pub(super) fn without_slash(base_url: &Url) -> &str {
    base_url.as_str().trim_end_matches('/')
}

/// The ids that lists of this run have shown.
#[derive(Debug, Default)]
pub(super) struct Ids {
    any: Option<String>,
    sent: Option<String>,
    signed: Option<String>,
    draft: Option<String>,
    candidate: Option<String>,
}

impl Ids {
    pub(super) fn of(answers: &Answers) -> Self {
        let contracts = answers.items("contracts");
        let contract = |fits: &dyn Fn(&str) -> bool| {
            let mut all = contracts.iter();
            let found = all.find(|one| one["state"].as_str().is_some_and(fits));
            found.and_then(|one| one["id"].as_u64()).map(|id| id.to_string())
        };
        // The first with values, else the first.
        let candidates = [answers.items("candidates-with-values"), answers.items("candidates")].concat();
        let has_values =
            |one: &&serde_json::Value| one.pointer("/relationships/custom-field-values/data/0").is_some();
        let candidate = candidates.iter().find(has_values).or(candidates.first());
        let id = candidate.and_then(|one| one["id"].as_str()).filter(|id| is_id(id));
        Self {
            any: contract(&|_| true),
            sent: contract(&|state| state == "pending"),
            signed: contract(&|state| state == "signed"),
            draft: contract(&|state| state == "draft"),
            candidate: id.map(str::to_owned),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let id = match name {
            "any" => &self.any,
            "sent" => &self.sent,
            "signed" => &self.signed,
            "draft" => &self.draft,
            "candidate" => &self.candidate,
            _ => &None,
        };
        id.as_deref()
    }
}

/// Digits, and not many.
pub(super) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Asked {
    /// The path in two parts, around the name of an id if there is one.
    fn parts(&self) -> (&'static str, Option<(&'static str, &'static str)>) {
        let Some((before, rest)) = self.path.split_once('{') else { return (self.path, None) };
        (before, rest.split_once('}'))
    }

    fn with_query(&self, path: &str) -> String {
        if self.query.is_empty() { path.to_owned() } else { format!("{path}?{}", self.query) }
    }

    /// As it is shown.
    pub(super) fn shown(&self) -> String {
        self.with_query(self.path)
    }

    /// Path and query with an id in them; `None` where no list has shown one.
    pub(super) fn target(&self, ids: &Ids) -> Option<String> {
        let (before, id) = self.parts();
        let path = match id {
            None => before.to_owned(),
            Some((name, after)) => format!("{before}{}{after}", ids.get(name)?),
        };
        Some(self.with_query(&path))
    }

    /// Whether this path and query are this request, with any id.
    pub(super) fn is(&self, target: &str) -> bool {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (before, id) = self.parts();
        let fits = match id {
            None => path == before,
            Some((_, after)) => {
                path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_id)
            }
        };
        fits && query == self.query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budgets_are_kept_by_the_list_itself() {
        let of = |service| ASKED.iter().filter(|asked| asked.service == service).count();
        assert!(ASKED.len() <= 60);
        // A fifth of 50 within ten seconds, and of 2,000 within five minutes: none is sent twice.
        assert!(of(FactService::Teamtailor) <= 10, "{}", of(FactService::Teamtailor));
        assert!(of(FactService::Oneflow) <= 400);
        for asked in ASKED {
            assert!(std::ptr::eq(named(asked.name), asked), "{} is named twice", asked.name);
        }
    }

    #[test]
    fn a_request_is_known_by_all_of_its_path_and_query() {
        let file = named("file");
        assert!(file.is("/contracts/123/files/1?download=true"));
        for other in [
            "/contracts/123/files/1",
            "/contracts/123/files/2?download=true",
            "/contracts//files/1?download=true",
            "/contracts/1/2/files/1?download=true",
            "/contracts/..%2F/files/1?download=true",
            "/contracts/123/files/1?download=true&more",
        ] {
            assert!(!file.is(other), "{other}");
        }
        assert!(named("company").is("/company") && !named("company").is("/company/1"));
    }
}
