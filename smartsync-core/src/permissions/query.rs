//! Which parameters a read may have.

use std::collections::BTreeSet;

use oneflow_client::Url;

/// Where Teamtailor's own links to a next page lead, and how Oneflow counts.
const PAGES: &[&str] = &["page[*]", "limit", "offset"];

/// What a look needs of a card, and no more of it.
const CARD: &str = "include=custom-field-values,custom-field-values.custom-field,uploads";

/// The parameters of a read of this path. One that is not named here is of one thing, or a list that is read as it is.
pub(super) fn parameters(path: &str) -> &'static [&'static str] {
    match path {
        "/contracts" => &["limit", "offset", "sort", "filter[states]", "filter[data_field_match]"],
        "/contracts/{id}/events" => &["limit", "offset", "sort"],
        "/contracts/{id}/files/{id}" => &["download=true"],
        "/candidates" => &[CARD, "filter[email]", "page[*]"],
        "/candidates/{id}" => &[CARD],
        "/custom-field-options" => &["filter[custom-field]", "page[*]"],
        path if path.ends_with("/{id}") => &[],
        _ => PAGES,
    }
}

/// Whether the query has nothing but these parameters, each once.
pub(super) fn is_listed(url: &Url, parameters: &[&str]) -> bool {
    let mut names = BTreeSet::new();
    url.query_pairs().all(|(name, value)| {
        let is_it = |parameter: &&str| match (parameter.strip_suffix('*'), parameter.strip_suffix("*]")) {
            (Some(""), _) => true,
            (_, Some(start)) => name.starts_with(start) && name.ends_with(']'),
            _ => match parameter.split_once('=') {
                Some((fixed, only)) => name == fixed && value == only,
                None => name == *parameter,
            },
        };
        parameters.iter().any(is_it) && (parameters == ["*"] || names.insert(name.into_owned()))
    })
}
