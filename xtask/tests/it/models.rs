//! Schemas as Rust types.

use crate::support::zoo::{answering, assert_has, file, sending};

#[test]
fn an_optional_nullable_member_of_a_request_has_three_states_and_an_optional_one_has_two() {
    let document = sending(&[
        "Animal: { type: object, description: An animal., properties: { phone: { type: string, nullable: true, description: Phone. }, name: { type: string, description: Name. } } }",
    ]);
    let requests = file(&document, "operations");
    assert_has(
        &requests,
        &[
            r#"#[serde(skip_serializing_if = "Patch::is_keep")] pub phone: Patch<String>,"#,
            r#"#[serde(skip_serializing_if = "Option::is_none")] pub name: Option<String>,"#,
            "/// Phone. pub fn phone(self, phone: impl Into<String>) -> Self { Self { phone: Patch::Set(phone.into()), ..self } }",
            "pub fn clear_phone(self) -> Self { Self { phone: Patch::Clear, ..self } }",
            "pub fn is_empty(&self) -> bool",
        ],
    );
    assert!(!requests.contains("clear_name"), "what cannot be null cannot be cleared");
}

#[test]
fn an_empty_list_can_be_sent() {
    let document = sending(&[
        "Animal: { type: object, description: An animal., properties: { tags: { type: array, description: Tags., items: { type: string } } } }",
    ]);
    assert_has(
        &file(&document, "operations"),
        &[
            "pub tags: Option<Vec<String>>,",
            "pub fn tags(self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self",
        ],
    );
}

#[test]
fn what_a_request_requires_is_an_argument() {
    let document = sending(&[
        "Animal: { type: object, description: An animal., required: [name, owner], properties: { name: { type: string, description: Name. }, owner: { type: string, nullable: true, description: Owner. }, age: { type: integer, description: Age. } } }",
    ]);
    let requests = file(&document, "operations");
    assert_has(
        &requests,
        &[
            "pub fn new(name: impl Into<String>, owner: Option<String>) -> Self { Self { name: name.into(), owner, age: None, } }",
            "pub owner: Option<String>,",
        ],
    );
    assert!(!requests.contains("is_empty") && !requests.contains("Default"));
}

#[test]
fn everything_in_an_answer_is_optional_unless_required_and_lists_are_empty_when_absent() {
    let document = answering(&[
        "AnimalId: { type: integer, x-id: true, description: Id of an animal. }",
        "Animal: { type: object, description: An animal., required: [id, owner], properties: { id: { $ref: '#/components/schemas/AnimalId' }, age: { type: integer, description: Age. }, owner: { type: string, nullable: true, description: Owner. }, tags: { type: array, description: Tags., items: { type: string } }, sizes: { type: object, description: Sizes., additionalProperties: { type: number } } } }",
    ]);
    let models = file(&document, "models");
    assert_has(
        &models,
        &[
            "/// Id of an animal. pub id: AnimalId,",
            "pub age: Option<i64>,",
            "pub owner: Option<String>,",
            "pub tags: Vec<String>,",
            "pub sizes: BTreeMap<String, Number>,",
            "#[non_exhaustive] pub struct Animal",
            "/// Members that were there and could not be read. pub unreadable: Unreadable, }",
            "smartsync_transport::read_object! { Animal { required id: \"id\", optional age: \"age\", optional owner: \"owner\", or_default tags: \"tags\", or_default sizes: \"sizes\", } }",
        ],
    );
    assert!(!models.contains("deny_unknown_fields"));
}

#[test]
fn a_member_of_an_answer_says_where_it_is_known_from() {
    let document = answering(&[
        "Animal: { type: object, description: An animal., properties: { age: { type: integer, description: Age., x-confidence: unconfirmed }, size: { type: integer, description: Size., x-confidence: first-party } } }",
    ]);
    assert_has(
        &file(&document, "models"),
        &[
            "/// Age. /// /// Unconfirmed by the service's documentation. pub age: Option<i64>,",
            "/// Known from the service's own published code, not from its documentation. pub size: Option<i64>,",
            "optional age: \"age\", optional size: \"size\",",
        ],
    );
}

#[test]
fn a_fact_says_where_it_was_met_beside_how_sure_it_is() {
    let document = answering(&[
        "Mood: { type: string, description: A mood., enum: [happy, sad], x-descriptions: { sad: It is sad. }, x-confidences: { happy: unconfirmed, sad: unconfirmed }, x-sources: { sad: a keeper } }",
        "Food: { type: object, description: Food., x-confidence: first-party, x-source: 'the keeper, and two visitors', properties: {} }",
        "Animal: { type: object, description: An animal., properties: { mood: { $ref: '#/components/schemas/Mood' }, food: { $ref: '#/components/schemas/Food' }, age: { type: integer, description: Age., x-confidence: unconfirmed, x-source: ' a program of 2020 ' }, size: { type: integer, description: Size., x-confidence: documented, x-source: the page on sizes }, name: { type: string, description: Name., x-confidence: documented } } }",
    ]);
    assert_has(
        &file(&document, "models"),
        &[
            "/// Age. /// /// Unconfirmed by the service's documentation; source: a program of 2020. pub age:",
            "/// Size. /// /// Documented by the service; source: the page on sizes. pub size:",
            "/// Name. pub name:",
            "/// Food. /// /// Known from the service's own published code, not from its documentation; source: the keeper, and two /// visitors. #[derive(",
            "/// `happy`. /// /// Unconfirmed by the service's documentation. Happy = \"happy\",",
            "/// It is sad. /// /// Unconfirmed by the service's documentation; source: a keeper. Sad = \"sad\",",
        ],
    );
}

#[test]
fn numbers_keep_their_kind() {
    let document = answering(&[
        "Animal: { type: object, description: An animal., properties: { a: { type: integer, description: A. }, b: { type: integer, format: int32, description: B. }, c: { type: integer, minimum: 0, description: C. }, d: { type: integer, format: int32, minimum: 1, description: D. }, e: { type: number, description: E. }, f: { type: boolean, description: F. } } }",
    ]);
    assert_has(
        &file(&document, "models"),
        &[
            "a: Option<i64>",
            "b: Option<i32>",
            "c: Option<u64>",
            "d: Option<u32>",
            "e: Option<Number>",
            "f: Option<bool>",
        ],
    );
}

#[test]
fn an_enum_with_several_values_is_open() {
    let document = answering(&[
        "Mood: { type: string, description: A mood., enum: [happy, 'animal:sad', 'Mood::Odd'], x-names: { 'Mood::Odd': Odd }, x-descriptions: { happy: It is happy. } }",
        "Animal: { type: object, description: An animal., properties: { mood: { $ref: '#/components/schemas/Mood' } } }",
    ]);
    assert_has(
        &file(&document, "models"),
        &[
            "smartsync_transport::open_enum! { /// A mood. pub enum Mood {",
            "/// It is happy. Happy = \"happy\",",
            "/// `animal:sad`. AnimalSad = \"animal:sad\",",
            "Odd = \"Mood::Odd\",",
        ],
    );
    assert_has(&file(&document, "models"), &["pub mood: Option<Mood>,"]);
}

#[test]
fn a_constant_is_no_field_and_a_request_writes_it_by_itself() {
    let schema = "Animal: { type: object, description: An animal., required: [type], properties: { type: { type: string, enum: [dog], description: Kind. }, name: { type: string, description: Name. } } }";
    let requests = file(&sending(&[schema]), "operations");
    assert_has(&requests, &["#[serde(tag = \"type\", rename = \"dog\")]"]);
    assert!(!requests.contains("pub type_"));
    let models = file(&answering(&[schema]), "models");
    assert!(!models.contains("type_") && !models.contains("tag ="), "{models}");
}

#[test]
fn a_union_of_a_request_is_an_enum_by_its_constants() {
    let document = sending(&[
        "Animal: { description: An animal., oneOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Cat' }], discriminator: { propertyName: kind } }",
        "Dog: { type: object, description: A dog., required: [kind], properties: { kind: { type: string, enum: [good dog], description: Kind. } } }",
        "Cat: { type: object, description: A cat., required: [kind], properties: { kind: { type: string, enum: [cat], description: Kind. } } }",
    ]);
    assert_has(
        &file(&document, "operations"),
        &[
            "#[serde(untagged)] #[non_exhaustive] pub enum Animal {",
            "GoodDog(Dog),",
            "Cat(Cat),",
            "impl From<Dog> for Animal",
        ],
    );
}

#[test]
fn ids_are_types() {
    let document = answering(&[
        "AnimalId: { type: integer, x-id: true, description: Id of an animal. }",
        "KeeperId: { type: string, x-id: true, description: Id of a keeper. }",
        "Animal: { type: object, description: An animal., properties: { id: { $ref: '#/components/schemas/AnimalId' }, keeper: { $ref: '#/components/schemas/KeeperId' } } }",
    ]);
    assert_has(
        &file(&document, "ids"),
        &[
            "number_id! { /// Id of an animal. pub struct AnimalId; }",
            "text_id! { /// Id of a keeper. pub struct KeeperId; }",
        ],
    );
}

#[test]
fn debug_prints_states_and_times_and_no_text() {
    let document = answering(&[
        "Animal: { type: object, description: An animal., required: [secret], properties: { age: { type: integer, description: Age. }, born: { type: string, format: x-timestamp, description: Birth. }, name: { type: string, description: Name. }, secret: { type: string, description: Secret. }, country: { type: string, x-print: true, description: Country. }, tags: { type: array, description: Tags., items: { type: string } }, any: { x-untyped: true, nullable: true, description: Anything. } } }",
    ]);
    let models = file(&document, "models");
    assert_has(
        &models,
        &[
            "#[derive(Clone, PartialEq)]",
            "smartsync_transport::debug_object! { Animal { age, born, name: hidden_option, secret: hidden, country, tags: hidden_list, any: hidden_option, unreadable, } }",
        ],
    );
}

#[test]
fn debug_is_derived_where_nothing_has_to_be_hidden() {
    let document = answering(&[
        "Animal: { type: object, description: An animal., properties: { age: { type: integer, description: Age. } } }",
    ]);
    assert_has(&file(&document, "models"), &["#[derive(Clone, Debug, PartialEq)]"]);
}

#[test]
fn wire_names_become_rust_names() {
    let document = answering(&[
        "Animal: { type: object, description: An animal., properties: { _private: { type: string, description: A. }, 'animal:feed': { type: string, description: B. }, first-name: { type: string, description: C. }, match: { type: string, description: D. }, type: { type: string, x-name: kind, description: E. }, price_1: { type: string, description: F. } } }",
    ]);
    assert_has(
        &file(&document, "models"),
        &[
            "pub private: Option<String>,",
            "optional private: \"_private\",",
            "pub animal_feed: Option<String>,",
            "optional animal_feed: \"animal:feed\",",
            "pub first_name: Option<String>,",
            "optional first_name: \"first-name\",",
            "pub match_: Option<String>,",
            "optional match_: \"match\",",
            "pub kind: Option<String>,",
            "optional kind: \"type\",",
            "/// F. pub price_1: Option<String>,",
        ],
    );
}

#[test]
fn a_type_written_by_hand_is_used_and_not_generated() {
    let document = answering(&[
        "Keeper: { type: object, description: A keeper., x-rust-type: 'crate::keeper::Keeper', properties: {} }",
        "Animal: { type: object, description: An animal., properties: { keeper: { $ref: '#/components/schemas/Keeper' } } }",
    ]);
    let models = file(&document, "models");
    assert_has(&models, &["use crate::keeper::Keeper;", "pub keeper: Keeper,"]);
    assert!(!models.contains("pub struct Keeper"));
}

#[test]
fn a_reference_in_an_all_of_may_be_nullable_and_described() {
    let document = sending(&[
        "Size: { type: object, description: A size., properties: {} }",
        "Animal: { type: object, description: An animal., properties: { size: { description: Its size., nullable: true, allOf: [{ $ref: '#/components/schemas/Size' }] } } }",
    ]);
    assert_has(
        &file(&document, "operations"),
        &["/// Its size. #[serde(skip_serializing_if = \"Patch::is_keep\")] pub size: Patch<Size>,"],
    );
}
