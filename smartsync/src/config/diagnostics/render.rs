//! Draws diagnostics as rustc does.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};
use smartsync_core::{
    Diagnostic,
    diagnostic::{KeyOrValue, Severity},
};

use super::excerpt::{Excerpt, Excerpts};
use crate::config::{docs::DocsSection, source_text::SourceText};

/// What stands for the file where there is none.
const NO_FILE: &str = "configuration";

/// Diagnostics shown are not more than these: nobody reads on, and the rest often follows from them.
pub(crate) const MAX_SHOWN: usize = 100;

/// Other places that a diagnostic points at are not more than these.
const MAX_PLACES: usize = 10;

/// The first diagnostics, with an empty line between them, and how many more there are.
pub(super) fn render(found: &[Diagnostic], source: Option<&SourceText>, is_coloured: bool) -> String {
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let excerpts = source.map(Excerpts::new);
    let (shown, others) = found.split_at(found.len().min(MAX_SHOWN));
    let drawn = shown.iter().map(|found| draw(found, source.zip(excerpts.as_ref()), &renderer) + "\n");
    let rest = more(others)
        .map(|more| renderer.render(&[Group::with_title(Level::NOTE.primary_title(more))]) + "\n");
    drawn.chain(rest).collect::<Vec<_>>().join("\n")
}

/// What is said of those that are not shown: `and 12 more, 3 of them errors`.
pub(crate) fn more(others: &[Diagnostic]) -> Option<String> {
    let errors = others.iter().filter(|found| found.is_error()).count();
    let of_them = match errors {
        0 => "none of them an error".to_owned(),
        1 => "1 of them an error".to_owned(),
        many => format!("{many} of them errors"),
    };
    let help = "correct these first, or read all of them as JSON";
    (!others.is_empty()).then(|| format!("and {} more, {of_them}; {help}", others.len()))
}

fn draw(found: &Diagnostic, source: Option<(&SourceText, &Excerpts<'_>)>, renderer: &Renderer) -> String {
    let title = level(found.severity).primary_title(&found.message).id(found.code.as_str());
    let page = source.and_then(|(source, _)| DocsSection::of(source.value()));
    let page = page.map(|docs| format!("see {}", docs.diagnostic_page(found.code)));
    let finished = |group| with_help(found, page.as_deref(), group);
    let Some((source, excerpts)) = source else {
        return renderer.render(&[finished(title.element(Origin::path(NO_FILE)))]);
    };
    let file = source.file().unwrap_or(NO_FILE);
    let Some(span) = source.span(found.path.segments(), found.points_at) else {
        return renderer.render(&[finished(title.element(Origin::path(file)))]);
    };
    // A place of the whole text has no arrow.
    let others = found.related.iter().filter_map(|related| {
        Some((source.span(related.path.segments(), KeyOrValue::Value)?, related.note.as_str()))
    });
    let mut others: Vec<_> = others.collect();
    let all = others.len();
    others.truncate(MAX_PLACES);
    others.retain(|(span, _)| excerpts.can_show(span));
    let left_out = all - others.len();
    let spans = [span.clone()].into_iter().chain(others.iter().map(|(span, _)| span.clone()));
    let Some(excerpt) = excerpts.of(spans) else {
        let (line, column) = source.line_and_column(span.start);
        let group = title.element(Origin::path(file).line(line).char_column(column));
        return renderer.render(&[finished(and_places(group, all))]);
    };
    let arrows = [AnnotationKind::Primary.span(excerpt.within(&span))].into_iter().chain(
        others.iter().map(|(span, note)| AnnotationKind::Context.span(excerpt.within(span)).label(*note)),
    );
    let group = pointing(title, file, &excerpt, arrows.collect());
    renderer.render(&[finished(and_places(group, left_out))])
}

fn pointing<'a>(
    title: Title<'a>,
    file: &'a str,
    excerpt: &'a Excerpt,
    arrows: Vec<Annotation<'a>>,
) -> Group<'a> {
    let snippet = Snippet::source(excerpt.text.as_str()).line_start(excerpt.line).path(file);
    title.element(snippet.annotations(arrows))
}

fn and_places(group: Group<'_>, left_out: usize) -> Group<'_> {
    match left_out {
        0 => group,
        1 => group.element(Level::NOTE.message("and 1 more place")),
        many => group.element(Level::NOTE.message(format!("and {many} more places"))),
    }
}

fn with_help<'a>(found: &'a Diagnostic, page: Option<&'a str>, group: Group<'a>) -> Group<'a> {
    let group = group.element(Level::HELP.message(&found.help));
    match page {
        Some(page) => group.element(Level::NOTE.message(page)),
        None => group,
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}
