//! Documents of a zoo, and what is generated from them.

use std::collections::BTreeMap;

/// A document with these paths and these schemas, in YAML; each line of `schemas` is one schema.
pub(crate) fn document(paths: &str, schemas: &[&str]) -> String {
    let schemas: String = schemas.iter().map(|schema| format!("    {schema}\n")).collect();
    format!(
        "openapi: 3.0.3
info: {{ title: Zoo, version: '1', x-service: Zoo }}
tags:
  - {{ name: animals, description: Animals. }}
paths:
{paths}
components:
  schemas:
{schemas}"
    )
}

/// A document with one operation that answers `Animal`.
pub(crate) fn answering(schemas: &[&str]) -> String {
    let path = operation("/animals/me", "get", "getAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    document(&path, schemas)
}

/// A document with one operation that sends `Animal`.
pub(crate) fn sending(schemas: &[&str]) -> String {
    let body = "requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Animal' } } } }";
    let path = format!(
        "  /animals:\n    post:\n      {}\n      {body}\n      responses: {{ '200': {{ description: Done. }} }}\n",
        head("createAnimal")
    );
    document(&path, schemas)
}

pub(crate) fn head(id: &str) -> String {
    format!(
        "operationId: {id}
      x-method: {id}
      tags: [animals]
      summary: Does something.
      x-source: https://example.test
      x-confidence: documented"
    )
}

/// One operation with `more` keywords and an answer of this schema.
pub(crate) fn operation(path: &str, verb: &str, id: &str, more: &str, schema: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!("\n      {more}") };
    format!(
        "  {path}:
    {verb}:
      {}{more}
      responses:
        '200': {{ description: Done., content: {{ application/json: {{ schema: {schema} }} }} }}
",
        head(id)
    )
}

pub(crate) fn generate(document: &str) -> BTreeMap<String, String> {
    xtask::codegen::generate(document).unwrap_or_else(|refusal| panic!("{refusal}\n{document}"))
}

/// The generated files of one kind, without line breaks inside of items, so that a test does not depend on the width of a line.
pub(crate) fn file(document: &str, kind: &str) -> String {
    let files = generate(document).into_iter().filter(|(path, _)| self::kind(path) == kind);
    let text: String = files.map(|(_, text)| text).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub(crate) fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

pub(crate) fn refusal(document: &str) -> String {
    xtask::codegen::generate(document).unwrap_err().to_string()
}

/// What a file holds: `generated/animals/get_animal.rs` has operations, `generated/animals.rs` is the index of a resource.
fn kind(path: &str) -> &'static str {
    let below = path.strip_prefix("generated/").and_then(|path| path.strip_suffix(".rs"));
    match below.map(|path| path.split_once('/').unwrap_or(("", path))) {
        None => "root",
        Some(("", "ids")) => "ids",
        Some(("", "handles") | (_, "handle")) => "handles",
        Some(("", _)) => "index",
        Some((_, "models")) => "models",
        Some(_) => "operations",
    }
}
