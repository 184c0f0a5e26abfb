//! Everything that a run which writes may send besides: one list, which is shown, kept by the fence, and followed.

use serde::{Deserialize, Serialize};
use smartsync_transport::http::Method;

use crate::{config::FactService, words::commands::probe_written as words};

/// What a run makes, and undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MadeKind {
    /// A candidate in Teamtailor.
    Candidate,
    /// A draft in Oneflow.
    Contract,
}

impl MadeKind {
    pub(super) const ALL: [Self; 2] = [Self::Candidate, Self::Contract];

    /// As it is shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Contract => "contract",
        }
    }

    pub(super) const fn service(self) -> FactService {
        match self {
            Self::Candidate => FactService::Teamtailor,
            Self::Contract => FactService::Oneflow,
        }
    }
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Patch => Method::PATCH,
            Self::Delete => Method::DELETE,
        }
    }
}

/// A request of the list.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) service: FactService,
    pub(super) name: &'static str,
    pub(super) verb: Verb,
    /// Below the base URL, with its query. `<name>` stands for what the run knows; `<candidate>` and `<contract>` for what it has made itself.
    pub(super) path: &'static str,
    pub(super) body: Option<&'static str>,
    pub(super) why: &'static str,
    /// How often at most.
    pub(super) times: u32,
    /// What it makes, which has to be undone.
    pub(super) makes: Option<MadeKind>,
    /// Under which name the id in its answer is known: of something that goes with its owner.
    pub(super) teaches: Option<&'static str>,
    /// What of this run is in its list.
    pub(super) finds: Option<MadeKind>,
}

impl Written {
    const fn body(self, body: &'static str) -> Self {
        Self { body: Some(body), ..self }
    }

    const fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    const fn makes(self, kind: MadeKind) -> Self {
        Self { makes: Some(kind), ..self }
    }

    const fn teaches(self, name: &'static str) -> Self {
        Self { teaches: Some(name), ..self }
    }

    const fn finds(self, kind: MadeKind) -> Self {
        Self { finds: Some(kind), ..self }
    }
}

const fn request(
    service: FactService,
    verb: Verb,
    name: &'static str,
    path: &'static str,
    why: &'static str,
) -> Written {
    Written { service, name, verb, path, body: None, why, times: 1, makes: None, teaches: None, finds: None }
}

const fn oneflow(verb: Verb, name: &'static str, path: &'static str, why: &'static str) -> Written {
    request(FactService::Oneflow, verb, name, path, why)
}

const fn teamtailor(verb: Verb, name: &'static str, path: &'static str, why: &'static str) -> Written {
    request(FactService::Teamtailor, verb, name, path, why)
}

/// A value of a custom field for the candidate of the run.
macro_rules! value {
    ($value:literal, $kind:literal, $field:literal) => {
        concat!(
            r#"{"data":{"type":"custom-field-values","attributes":{"value":"#,
            $value,
            r#"},"relationships":{"owner":{"data":{"type":"candidates","id":"<candidate>"}},"custom-field":{"data":{"type":""#,
            $kind,
            r#"","id":"<"#,
            $field,
            r#">"}}}}}"#
        )
    };
}

/// A change of the text that the run has written.
macro_rules! change {
    ($value:literal) => {
        concat!(
            r#"{"data":{"id":"<text-value>","type":"custom-field-values","attributes":{"value":"#,
            $value,
            r#"}}}"#
        )
    };
}

/// A draft. Nobody is invited: a draft is sent to nobody, and its participant has no address.
macro_rules! draft {
    ($more:literal) => {
        concat!(
            r#"{"workspace_id":<workspace>,"template_id":<template>,"name":"SmartSync probe <mark>""#,
            $more,
            "}"
        )
    };
}

const TEXT_VALUE: &str = "/custom-field-values/<text-value>";
/// So often: once for each that is made, in three rounds.
const EACH: u32 = 9;
/// So often: once for a fact, and in three rounds for what was made without an answer.
const SEARCHES: u32 = 4;

/// In the order in which they are sent, but for what undoes.
pub(super) static WRITTEN: &[Written] = &[
    // --- undo is proven first ---
    teamtailor(
        Verb::Post,
        "bare-candidate",
        "/candidates",
        words::BARE_CANDIDATE,
    )
    .body(r#"{"data":{"type":"candidates","attributes":{"first-name":"SmartSync","last-name":"probe","email":"smartsync-probe-<mark>-bare@example.com"}}}"#)
    .makes(MadeKind::Candidate),
    teamtailor(
        Verb::Delete,
        "delete-candidate",
        "/candidates/<candidate>",
        words::DELETE_CANDIDATE,
    )
    .times(EACH),
    teamtailor(
        Verb::Get,
        "candidate-gone",
        "/candidates/<candidate>",
        words::CANDIDATE_GONE,
    )
    .times(EACH),
    oneflow(
        Verb::Get,
        "templates",
        "/templates?limit=20&filter%5Bworkspace_ids%5D=<workspace>",
        words::TEMPLATES,
    ),
    oneflow(
        Verb::Post,
        "bare-contract",
        "/contracts/create",
        words::BARE_CONTRACT,
    )
    .body(draft!(""))
    .makes(MadeKind::Contract),
    oneflow(Verb::Delete, "delete-contract", "/contracts/<contract>", words::DELETE_CONTRACT).times(EACH),
    oneflow(
        Verb::Get,
        "contract-gone",
        "/contracts/<contract>",
        words::CONTRACT_GONE,
    )
    .times(EACH),
    // --- a candidate ---
    teamtailor(
        Verb::Post,
        "new-candidate",
        "/candidates",
        words::NEW_CANDIDATE,
    )
    .body(r#"{"data":{"type":"candidates","attributes":{"first-name":"SmartSync","last-name":"probe","email":"SmartSync-Probe-<mark>@example.com"}}}"#)
    .makes(MadeKind::Candidate),
    teamtailor(
        Verb::Post,
        "same-address",
        "/candidates",
        words::SAME_ADDRESS,
    )
    .body(r#"{"data":{"type":"candidates","attributes":{"first-name":"SmartSync","last-name":"probe","email":"smartsync-probe-<mark>@example.com"}}}"#)
    .makes(MadeKind::Candidate),
    teamtailor(
        Verb::Get,
        "by-address",
        "/candidates?filter%5Bemail%5D=smartsync-probe-<mark>%40example.com",
        words::BY_ADDRESS,
    )
    .finds(MadeKind::Candidate)
    .times(SEARCHES),
    teamtailor(
        Verb::Get,
        "by-bare-address",
        "/candidates?filter%5Bemail%5D=smartsync-probe-<mark>-bare%40example.com",
        words::BY_BARE_ADDRESS,
    )
    .finds(MadeKind::Candidate)
    .times(SEARCHES),
    teamtailor(
        Verb::Get,
        "by-capitals",
        "/candidates?filter%5Bemail%5D=SmartSync-Probe-<mark>%40example.com",
        words::BY_CAPITALS,
    ),
    teamtailor(
        Verb::Get,
        "by-part",
        "/candidates?filter%5Bemail%5D=smartsync-probe-<mark>",
        words::BY_PART,
    ),
    teamtailor(
        Verb::Get,
        "card",
        "/candidates/<candidate>?include=custom-field-values,custom-field-values.custom-field",
        words::CARD,
    )
    .times(10),
    teamtailor(Verb::Post, "text", "/custom-field-values", words::TEXT)
        .body(value!("\"probe\"", "custom-fields", "text-field"))
        .teaches("text-value"),
    teamtailor(
        Verb::Post,
        "text-again",
        "/custom-field-values",
        words::TEXT_AGAIN,
    )
    .body(value!("\"again\"", "custom-fields", "text-field")),
    teamtailor(
        Verb::Patch,
        "text-changed",
        TEXT_VALUE,
        words::TEXT_CHANGED,
    )
    .body(change!("\"changed\"")),
    teamtailor(Verb::Post, "checkbox", "/custom-field-values", words::CHECKBOX)
        .body(value!("true", "custom-fields", "checkbox-field")),
    teamtailor(Verb::Post, "number", "/custom-field-values", words::NUMBER)
        .body(value!("1.5", "custom-fields", "number-field")),
    teamtailor(Verb::Post, "date", "/custom-field-values", words::DATE)
        .body(value!("\"2031-03-04\"", "custom-fields", "date-field")),
    teamtailor(
        Verb::Get,
        "options",
        "/custom-field-options?filter%5Bcustom-field%5D=<select-field>&page%5Bsize%5D=30",
        words::OPTIONS,
    ),
    teamtailor(Verb::Post, "select", "/custom-field-values", words::SELECT)
        .body(value!("\"<select-option>\"", "custom-fields", "select-field")),
    teamtailor(
        Verb::Get,
        "multi-options",
        "/custom-field-options?filter%5Bcustom-field%5D=<multi-field>&page%5Bsize%5D=30",
        words::MULTI_OPTIONS,
    ),
    teamtailor(
        Verb::Post,
        "multi",
        "/custom-field-values",
        words::MULTI,
    )
    .body(value!("[\"<multi-option>\",\"<multi-other>\"]", "custom-fields", "multi-field")),
    teamtailor(
        Verb::Patch,
        "bad-attribute",
        "/candidates/<candidate>",
        words::BAD_ATTRIBUTE,
    )
    .body(r#"{"data":{"id":"<candidate>","type":"candidates","attributes":{"pitch":"probe","email":"no address"}}}"#),
    teamtailor(Verb::Patch, "clear-null", TEXT_VALUE, words::CLEAR_NULL).body(change!("null")),
    teamtailor(Verb::Patch, "clear-empty-text", TEXT_VALUE, words::CLEAR_NULL).body(change!("\"\"")),
    teamtailor(Verb::Patch, "clear-empty-list", TEXT_VALUE, words::CLEAR_NULL).body(change!("[]")),
    teamtailor(Verb::Delete, "clear-delete", TEXT_VALUE, words::CLEAR_NULL),
    // --- a draft ---
    oneflow(
        Verb::Post,
        "new-contract",
        "/contracts/create",
        words::NEW_CONTRACT,
    )
    .body(draft!(
        r#","data_fields":[{"custom_id":"<data-field-key>","value":"probe"}],"parties":[{"type":"individual","participant":{"name":"SmartSync probe","delivery_channel":"none","_private_ownerside":{"custom_id":"<mark>-<mark>"}}}]"#
    ))
    .makes(MadeKind::Contract),
    oneflow(Verb::Post, "plain-contract", "/contracts/create", words::PLAIN_CONTRACT)
        .body(draft!(
            r#","data_fields":[{"custom_id":"<data-field-key>","value":"probe"}],"parties":[{"type":"individual","participant":{"name":"SmartSync probe","delivery_channel":"none"}}]"#
        ))
        .makes(MadeKind::Contract),
    oneflow(Verb::Get, "contract", "/contracts/<contract>", words::CONTRACT).times(6),
    oneflow(
        Verb::Get,
        "contract-list",
        "/contracts?limit=100",
        words::CONTRACT_LIST,
    )
    .finds(MadeKind::Contract)
    .times(SEARCHES),
    oneflow(
        Verb::Get,
        "contract-list-2",
        "/contracts?limit=100&offset=100",
        words::BY_BARE_ADDRESS,
    )
    .finds(MadeKind::Contract)
    .times(SEARCHES),
    oneflow(
        Verb::Put,
        "change-field",
        "/contracts/<contract>/data_fields/<data-field>",
        words::CHANGE_FIELD,
    )
    .body(r#"{"value":"changed"}"#),
    oneflow(
        Verb::Post,
        "valued-contract",
        "/contracts/create",
        words::VALUED_CONTRACT,
    )
    .body(draft!(r#","value":{"amount":"1000","currency":"EUR"}"#))
    .makes(MadeKind::Contract),
];

/// The request of this name.
pub(super) fn named(name: &str) -> &'static Written {
    WRITTEN.iter().find(|written| written.name == name).unwrap_or(&WRITTEN[0])
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_list_keeps_the_budget_names_each_request_once_and_holds_json() {
        let most: u32 = WRITTEN.iter().map(|written| written.times).sum();
        assert!(most <= 150, "{most}");
        for written in WRITTEN {
            assert!(std::ptr::eq(named(written.name), written), "{} is named twice", written.name);
            // A name in a text, or for a number.
            let body = written.body.map(|body| body.replace("<workspace>", "1").replace("<template>", "1"));
            assert!(body.is_none_or(|body| serde_json::from_str::<Value>(&body).is_ok()), "{}", written.name);
        }
    }

    #[test]
    fn nothing_is_sent_to_anybody_published_or_signed_and_nothing_else_is_touched() {
        for written in WRITTEN.iter().filter(|written| written.verb != Verb::Get) {
            let path = written.path;
            assert!(
                !["publish", "sign", "invit", "mail", "stage", "webhook"]
                    .iter()
                    .any(|word| path.contains(word))
            );
            let body = written.body.unwrap_or_default();
            assert!(!body.contains("delivery_channel") || body.contains(r#""delivery_channel":"none""#));
            let names = |place: &str| path.contains(place) || body.contains(place);
            let is_own =
                written.makes.is_some() || names("<candidate>") || names("<contract>") || path == TEXT_VALUE;
            assert!(is_own, "{} changes something that this run has not made", written.name);
        }
    }
}
