//! Doc comments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Docs;

const WIDTH: usize = 100;

/// The doc attributes of an item.
pub(super) fn attributes(docs: &Docs) -> TokenStream {
    let lines = lines(docs).into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") });
    quote! { #( #[doc = #lines] )* }
}

/// The same for one sentence written here.
pub(super) fn sentence(text: &str) -> TokenStream {
    attributes(&Docs(vec![text.to_owned()]))
}

/// The lines of a doc comment, without `///`. Only the first paragraph must end in a full stop.
pub(super) fn lines(docs: &Docs) -> Vec<String> {
    let mut lines = Vec::new();
    for (position, paragraph) in docs.0.iter().enumerate() {
        if position > 0 {
            lines.push(String::new());
        }
        let mut filled = filled(paragraph.split_whitespace());
        if let Some(line) =
            filled.last_mut().filter(|line| position == 0 && !line.ends_with(['.', '!', '?', ':']))
        {
            line.push('.');
        }
        lines.extend(filled);
    }
    lines
}

/// As many words in a line as fit.
pub(super) fn filled<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in words {
        if !line.is_empty() && line.len() + 1 + word.len() > WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}
