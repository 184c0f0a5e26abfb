//! Draws diagnostics as rustc does.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use smartsync_core::{Diagnostic, Severity, Spot};

use crate::source_text::SourceText;

/// What stands for the file where there is none.
const NO_FILE: &str = "configuration";

/// Each diagnostic, with an empty line between them.
pub(super) fn render(found: &[Diagnostic], source: Option<&SourceText>, is_coloured: bool) -> String {
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let shown = source.map(SourceText::shown).unwrap_or_default();
    let drawn = found.iter().map(|found| {
        let title = level(found.severity).primary_title(&found.message).id(found.code.as_str());
        renderer.render(&[body(found, source, &shown, title)]) + "\n"
    });
    drawn.collect::<Vec<_>>().join("\n")
}

fn body<'a>(
    found: &'a Diagnostic,
    source: Option<&'a SourceText>,
    shown: &'a str,
    title: annotate_snippets::Title<'a>,
) -> Group<'a> {
    let file = source.and_then(SourceText::file).unwrap_or(NO_FILE);
    let arrows = source.map(|source| arrows(found, source)).unwrap_or_default();
    let group = if arrows.is_empty() {
        title.element(Origin::path(file))
    } else {
        title.element(Snippet::source(shown).path(file).annotations(arrows))
    };
    group.element(Level::HELP.message(&found.help))
}

/// An arrow at the place itself, and labelled ones at the others. None, where the place is the text as a whole.
fn arrows<'a>(found: &'a Diagnostic, source: &SourceText) -> Vec<Annotation<'a>> {
    let Some(span) = source.span(found.place.parts(), found.spot) else {
        return Vec::new();
    };
    let others = found.related.iter().filter_map(|related| {
        let span = source.span(related.place.parts(), Spot::Value)?;
        Some(AnnotationKind::Context.span(span).label(&related.note))
    });
    [AnnotationKind::Primary.span(span)].into_iter().chain(others).collect()
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}
