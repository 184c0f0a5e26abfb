//! What the generator does not understand is refused, with its place.

use crate::support::zoo::{answering, document, head, operation, refusal, sending};

/// The refusal of an answer with this one property.
fn property(property: &str) -> String {
    refusal(&answering(&[
        &format!("Animal: {{ type: object, description: An animal., properties: {{ name: {property} }} }}"),
        "Size: { type: object, description: A size., properties: {} }",
    ]))
}

const NAME: &str = "components/schemas/Animal/properties/name";

#[test]
fn what_stands_beside_a_reference_would_be_dropped() {
    assert_eq!(
        property("{ $ref: '#/components/schemas/Size', nullable: true }"),
        format!(
            "{NAME}: `nullable` beside `$ref` has no effect in OpenAPI 3.0: put the `$ref` into an `allOf`"
        )
    );
}

#[test]
fn a_misspelt_keyword_would_be_dropped() {
    assert_eq!(
        property("{ type: string, descripton: Name. }"),
        format!("{NAME}: the generator does not know `descripton`")
    );
    assert_eq!(
        property("{ type: string, description: A., x-prnt: true }"),
        format!("{NAME}: the generator does not know `x-prnt`")
    );
}

#[test]
fn a_property_without_a_description_or_a_type_says_too_little() {
    assert_eq!(property("{ type: string }"), format!("{NAME}: a `description` is missing"));
    assert_eq!(
        property("{ description: Anything. }"),
        format!("{NAME}: no `type`: write `x-untyped: true` if any JSON value is meant")
    );
}

#[test]
fn a_format_that_means_something_else_is_refused() {
    assert!(property("{ type: string, format: date-time, description: A. }").contains("use `x-timestamp`"));
    assert!(
        property("{ type: string, format: uuid, description: A. }")
            .contains("does not know the format `uuid`")
    );
    assert!(property("{ type: string, format: binary, description: A. }").contains("bytes"));
}

#[test]
fn an_object_or_an_enum_needs_a_name() {
    assert!(property("{ type: object, description: A., properties: {} }").contains("needs a name"));
    assert!(property("{ type: string, enum: [a, b], description: A. }").contains("needs a name"));
    assert!(
        property("{ description: A., oneOf: [{ $ref: '#/components/schemas/Size' }] }")
            .contains("needs a name")
    );
}

#[test]
fn an_unknown_reference_is_refused() {
    assert_eq!(
        property("{ $ref: '#/components/schemas/Missing' }"),
        format!("{NAME}: there is no schema `Missing`")
    );
}

#[test]
fn a_member_with_the_name_of_what_every_answer_has_is_refused() {
    let answer = answering(&[
        "Animal: { type: object, description: An animal., properties: { unreadable: { type: string, description: A. } } }",
    ]);
    assert_eq!(
        refusal(&answer),
        "components/schemas/Animal/properties/unreadable: every answer has a field `unreadable`: add `x-name`"
    );
}

#[test]
fn two_names_that_become_one_are_refused() {
    let fields = answering(&[
        "Animal: { type: object, description: An animal., properties: { a-b: { type: string, description: A. }, a_b: { type: string, description: B. } } }",
    ]);
    assert_eq!(
        refusal(&fields),
        "components/schemas/Animal/properties/a_b: the Rust name `a_b` is taken by components/schemas/Animal/properties/a-b"
    );
    let variants = answering(&[
        "Animal: { type: object, description: An animal., properties: { mood: { $ref: '#/components/schemas/Mood' } } }",
        "Mood: { type: string, description: A mood., enum: [a-b, a_b] }",
    ]);
    assert!(refusal(&variants).contains("the Rust name `AB` is taken"));
    let unknown = answering(&[
        "Animal: { type: object, description: An animal., properties: { mood: { $ref: '#/components/schemas/Mood' } } }",
        "Mood: { type: string, description: A mood., enum: [unknown, known] }",
    ]);
    assert!(refusal(&unknown).contains("`Unknown` is taken"));
    let with_a_tag = document(
        &operation("/a", "get", "getIt", "", "{ $ref: '#/components/schemas/Animals' }"),
        &["Animals: { type: object, description: A model with the name of a handle., properties: {} }"],
    );
    assert_eq!(
        refusal(&with_a_tag),
        "components/schemas/Animals: the Rust name `Animals` is taken by tags/animals"
    );
    let with_rust = document(
        &operation("/a", "get", "getIt", "", "{ $ref: '#/components/schemas/Option' }"),
        &["Option: { type: object, description: A model., properties: {} }"],
    );
    assert!(refusal(&with_rust).contains("a type of Rust or of the transport"));
}

#[test]
fn a_struct_serves_one_direction() {
    let path = operation(
        "/animals",
        "put",
        "putAnimal",
        "requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Animal' } } } }",
        "{ $ref: '#/components/schemas/Animal' }",
    );
    let text =
        refusal(&document(&path, &["Animal: { type: object, description: An animal., properties: {} }"]));
    assert!(text.contains("`Animal` is used in requests and in answers"), "{text}");
}

#[test]
fn a_union_in_an_answer_is_refused() {
    let schemas = [
        "Animal: { description: An animal., oneOf: [{ $ref: '#/components/schemas/Dog' }], discriminator: { propertyName: kind } }",
        "Dog: { type: object, description: A dog., properties: { kind: { type: string, enum: [dog], description: Kind. } } }",
    ];
    assert_eq!(
        refusal(&answering(&schemas)),
        "components/schemas/Animal: `oneOf` is supported in requests only"
    );
    let untold = [schemas[0], "Dog: { type: object, description: A dog., properties: {} }"];
    assert_eq!(refusal(&sending(&untold)), "components/schemas/Animal/oneOf/0: `Dog` has no constant `kind`");
}

#[test]
fn a_schema_that_no_operation_uses_is_refused() {
    let text = refusal(&answering(&[
        "Animal: { type: object, description: An animal., properties: {} }",
        "Stray: { type: object, description: A stray., properties: {} }",
    ]));
    assert_eq!(text, "components/schemas/Stray: no operation uses it");
}

#[test]
fn required_must_name_a_property() {
    let text = refusal(&answering(&[
        "Animal: { type: object, description: An animal., required: [nmae], properties: {} }",
    ]));
    assert_eq!(text, "components/schemas/Animal: `required` names `nmae`, which is no property");
}

#[test]
fn answers_are_open() {
    let text = refusal(&answering(&[
        "Animal: { type: object, description: An animal., properties: {}, additionalProperties: false }",
    ]));
    assert!(text.contains("unknown members are always allowed"), "{text}");
}

#[test]
fn an_operation_must_say_where_it_comes_from() {
    const ANIMAL: &str = "Animal: { type: object, description: An animal., properties: {} }";
    let good =
        document(&operation("/a", "get", "getIt", "", "{ $ref: '#/components/schemas/Animal' }"), &[ANIMAL]);
    assert!(xtask::codegen::generate(&good).is_ok());
    for (line, reason) in [
        ("x-source: https://example.test", "`x-source` is missing"),
        ("x-confidence: documented", "`x-confidence` must be"),
        ("x-method: getIt", "`x-method` is missing"),
        ("summary: Does something.", "`summary` is missing"),
        ("tags: [animals]", "one tag is expected"),
    ] {
        let text = refusal(&good.replace(&format!("      {line}\n"), ""));
        assert!(text.starts_with("paths//a/get: ") && text.contains(reason), "{line}: {text}");
    }
}

#[test]
fn a_source_says_something_and_stands_beside_how_sure_the_fact_is() {
    let fact = |marks: &str| property(&format!("{{ type: string, description: Name., {marks} }}"));
    assert_eq!(fact("x-source: a program"), format!("{NAME}: `x-source` needs an `x-confidence` beside it"));
    assert_eq!(fact("x-confidence: unconfirmed, x-source: ' '"), format!("{NAME}: `x-source` is empty"));
    assert!(fact("x-confidence: unconfirmed, x-source: A program.").contains("leave out its full stop"));
    assert!(fact("x-confidence: unconfirmed, x-source: [a program]").contains("`x-source` must be a text"));
    assert!(fact("x-confidence: sure, x-source: a program").contains("`x-confidence` must be documented,"));

    let values = |marks: &str| {
        refusal(&answering(&[
            "Animal: { type: object, description: An animal., properties: { mood: { $ref: '#/components/schemas/Mood' } } }",
            &format!("Mood: {{ type: string, description: A mood., enum: [happy, sad], {marks} }}"),
        ]))
    };
    const SAD: &str = "components/schemas/Mood/enum/sad";
    assert_eq!(
        values("x-sources: { sad: a keeper }"),
        format!("{SAD}: `x-source` needs an `x-confidence` beside it")
    );
    assert_eq!(
        values("x-confidences: { sad: unconfirmed }, x-sources: { sad: '' }"),
        format!("{SAD}: `x-source` is empty")
    );
    for strays in ["x-confidences: { odd: unconfirmed }", "x-sources: { odd: a keeper }"] {
        assert_eq!(values(strays), "components/schemas/Mood: `odd` is no value of this enum");
    }

    let good = answering(&["Animal: { type: object, description: An animal., properties: {} }"]);
    let operation = |source: &str| refusal(&good.replace("x-source: https://example.test", source));
    assert!(operation("x-source: a program").contains("begins with a page"));
    assert!(operation("x-source: [a program, https://example.test]").contains("begins with a page"));
    assert!(operation("x-source: [https://example.test, '']").contains("`x-source` is empty"));
    assert!(operation("x-source: [https://example.test]").contains("a page, or a list of a page and a text"));
}

#[test]
fn a_source_where_no_docs_show_it_is_refused() {
    const MARKS: &str = "x-confidence: unconfirmed, x-source: a program";
    let item =
        property(&format!("{{ type: array, description: Names., items: {{ type: string, {MARKS} }} }}"));
    assert!(item.starts_with(&format!("{NAME}/items: `x-confidence` would not be shown here")), "{item}");
    let value = property(&format!(
        "{{ type: object, description: A., additionalProperties: {{ type: string, {MARKS} }} }}"
    ));
    assert!(value.contains("additionalProperties: `x-confidence` would not be shown here"), "{value}");
    let constant = property(&format!("{{ type: string, enum: [dog], description: Kind., {MARKS} }}"));
    assert!(constant.starts_with(&format!("{NAME}: `x-confidence` would not be shown here")), "{constant}");
    assert_eq!(
        property("{ type: string, description: Name., x-confidences: { a: unconfirmed } }"),
        format!("{NAME}: `x-confidences` is for the values of an `enum`")
    );
    // What is no type of its own has no docs of its own.
    let alias = refusal(&answering(&[
        "Animal: { type: object, description: An animal., properties: { count: { $ref: '#/components/schemas/Count' } } }",
        &format!("Count: {{ type: integer, description: How many., {MARKS} }}"),
    ]));
    assert_eq!(alias, "components/schemas/Count: `x-confidence` would not be shown: nothing here has docs");
    let parameter = |parameter: &str| {
        let path = operation(
            "/a",
            "get",
            "getIt",
            &format!("parameters: [{parameter}]"),
            "{ $ref: '#/components/schemas/Animal' }",
        );
        refusal(&document(
            &path,
            &[
                "Animal: { type: object, description: An animal., properties: {} }",
                "Mood: { type: string, description: A mood., enum: [happy, sad] }",
            ],
        ))
    };
    for hidden in [
        format!("{{ name: mood, in: query, {MARKS}, schema: {{ $ref: '#/components/schemas/Mood' }} }}"),
        format!(
            "{{ name: kind, in: query, description: A., {MARKS}, schema: {{ type: string, enum: [dog] }} }}"
        ),
        format!("{{ name: name, in: query, description: A., schema: {{ type: string, {MARKS} }} }}"),
    ] {
        let text = parameter(&hidden);
        assert!(text.contains("`x-confidence` would not be shown"), "{hidden}: {text}");
    }
}

#[test]
fn parameters_must_fit_the_path_and_the_wire() {
    const ANIMAL: &str = "Animal: { type: object, description: An animal., properties: {} }";
    let refused = |path: &str, parameters: &str| {
        let path = operation(
            path,
            "get",
            "getIt",
            &format!("parameters: [{parameters}]"),
            "{ $ref: '#/components/schemas/Animal' }",
        );
        refusal(&document(&path, &[ANIMAL]))
    };
    assert!(refused("/a/{id}", "").contains("the path parameter `id` is not described"));
    let stray = "{ name: id, in: path, required: true, description: A., schema: { type: string } }";
    assert!(refused("/a", stray).contains("`id` does not stand in the path"));
    assert!(refused("/a/x{id}", stray).contains("each part of the path"));
    let header = "{ name: x-token, in: header, description: A., schema: { type: string } }";
    assert!(refused("/a", header).contains("headers are sent by the client"));
    let list = "{ name: ids, in: query, description: A., schema: { type: array, items: { type: string } } }";
    assert!(refused("/a", list).contains("needs `explode: false`"));
    let twins = "{ name: a-b, in: query, description: A., schema: { type: string } }, { name: a_b, in: query, description: A., schema: { type: string } }";
    assert!(refused("/a", twins).contains("`a_b` is taken"));
    for unfit in [
        "{ name: a, in: query, required: true, description: A., x-when-unset: 3, schema: { type: integer } }",
        "{ name: a, in: query, description: A., x-when-unset: 3, schema: { type: string } }",
    ] {
        assert!(refused("/a", unfit).contains("is for an optional integer of the query"));
    }
    let text = "{ name: a, in: query, description: A., x-when-unset: many, schema: { type: integer } }";
    assert!(refused("/a", text).contains("`x-when-unset` must be an integer"));
}

#[test]
fn another_version_of_openapi_is_refused() {
    let document = answering(&["Animal: { type: object, description: An animal., properties: {} }"]);
    assert!(refusal(&document.replace("3.0.3", "3.1.0")).contains("must be OpenAPI 3.0"));
}

#[test]
fn bytes_travel_in_a_form_and_a_form_holds_single_values() {
    let form = |property: &str| {
        let body = "requestBody: { required: true, content: { multipart/form-data: { schema: { $ref: '#/components/schemas/Animal' } } } }";
        let path = format!(
            "  /animals:\n    post:\n      {}\n      {body}\n      responses: {{ '200': {{ description: Done. }} }}\n",
            head("createAnimal")
        );
        let schema = format!(
            "Animal: {{ type: object, description: An animal., properties: {{ name: {property} }} }}"
        );
        refusal(&document(&path, &[&schema]))
    };
    let reason = format!("{NAME}: a part of a form is a file or a single value, and never null");
    assert_eq!(form("{ type: array, description: A., items: { type: string } }"), reason);
    assert_eq!(form("{ type: string, nullable: true, description: A. }"), reason);
    assert_eq!(
        property("{ type: string, format: binary, description: A. }"),
        format!("{NAME}: bytes travel in `multipart/form-data` only")
    );
}
