//! A text that leads to the page of the documentation which explains it, if the configuration says where that is.

use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};
use smartsync_core::diagnostic::DiagnosticCode;

use crate::{config::DocsSection, words::WORDS};

/// As HTML: the text, and where there is a page, a link to it.
#[derive(Default)]
pub(super) struct Linked {
    text: String,
    page: Option<String>,
}

impl Linked {
    /// Why something ended as it did.
    pub(super) fn why(code: &str, docs: Option<&DocsSection>) -> Self {
        Self { text: WORDS.why(code), page: docs.and_then(|docs| docs.reason_page(code)) }
    }

    /// The code of a diagnostic.
    pub(super) fn diagnostic(code: DiagnosticCode, docs: Option<&DocsSection>) -> Self {
        Self { text: code.to_string(), page: docs.map(|docs| docs.diagnostic_page(code)) }
    }

    /// With something more behind it.
    pub(super) fn and(mut self, more: &str) -> Self {
        self.text.push_str(more);
        self
    }
}

impl fmt::Display for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(text) = escape(self.text.as_str(), Html);
        match &self.page {
            Some(page) => {
                let Ok(page) = escape(page.as_str(), Html);
                write!(f, "<a href=\"{page}\">{text}</a>")
            }
            None => write!(f, "{text}"),
        }
    }
}

/// It has escaped what it holds.
impl HtmlSafe for Linked {}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(source = "{% for one in all %}{{ one }}\n{% endfor %}", ext = "html")]
    struct View {
        all: Vec<Linked>,
    }

    #[test]
    fn a_code_leads_to_its_page_where_there_is_one_and_nothing_of_it_is_html() {
        let docs: DocsSection = toml::from_str("url = \"https://docs.example.com/a&b\"").unwrap();
        let all = vec![
            Linked::why("contract-is-draft", Some(&docs)).and(" (<b>)"),
            Linked::why("contract-is-draft", None).and(" (<b>)"),
            Linked::why("of<tomorrow", Some(&docs)),
            Linked::diagnostic(DiagnosticCode::UnknownKey, Some(&docs)),
            Linked::diagnostic(DiagnosticCode::UnknownKey, None),
            Linked::default(),
        ];
        let expected = "\
<a href=\"https://docs.example.com/a&#38;b/reasons/contract-is-draft.html\">The contract has not been sent yet. (&#60;b&#62;)</a>
The contract has not been sent yet. (&#60;b&#62;)
of&#60;tomorrow
<a href=\"https://docs.example.com/a&#38;b/diagnostics/SM0001.html\">SM0001</a>
SM0001

";
        assert_eq!(View { all }.render().unwrap(), expected);
    }
}
