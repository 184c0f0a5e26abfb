//! JSON:API: resources, documents and hidden envelopes.

use crate::support::zoo::{assert_has, document, file, head, refusal};

const SCHEMAS: &[&str] = &[
    "AnimalId: { type: string, x-id: true, description: Id of an animal. }",
    "KeeperId: { type: string, x-id: true, description: Id of a keeper. }",
    "ToOne: { type: object, description: A relationship., x-rust-type: 'crate::jsonapi::ToOne', properties: {} }",
    "Animal: { type: object, description: An animal., required: [id], properties: { id: { $ref: '#/components/schemas/AnimalId' }, type: { type: string, enum: [animals], description: Type. }, attributes: { $ref: '#/components/schemas/AnimalAttributes' }, relationships: { $ref: '#/components/schemas/AnimalRelationships' } } }",
    "AnimalAttributes: { type: object, description: Attributes., properties: { pet-name: { type: string, nullable: true, description: Name. } } }",
    "AnimalRelationships: { type: object, description: Relationships., properties: { keeper: { description: Keeper., allOf: [{ $ref: '#/components/schemas/ToOne' }] } } }",
];

fn get(data: &str, more: &str) -> String {
    format!(
        "  /animals:
    get:
      {}{more}
      responses:
        '200': {{ description: Done., content: {{ application/vnd.api+json: {{ schema: {{ type: object, properties: {{ data: {data} }} }} }} }} }}
",
        head("getAnimals")
    )
}

#[test]
fn a_resource_knows_its_type_and_its_parts_may_be_absent() {
    let document = document(&get("{ $ref: '#/components/schemas/Animal' }", ""), SCHEMAS);
    let models = file(&document, "models");
    assert_has(
        &models,
        &[
            "pub id: AnimalId,",
            "pub attributes: AnimalAttributes,",
            "pub relationships: AnimalRelationships,",
            "Animal of \"animals\" { required id: \"id\", or_default attributes: \"attributes\", or_default relationships: \"relationships\", }",
            "impl Resource for Animal { const TYPES: &'static [&'static str] = &[\"animals\"]; }",
            "#[derive(Clone, Default, PartialEq)] #[non_exhaustive] pub struct AnimalAttributes",
            "pub keeper: ToOne,",
        ],
    );
    assert!(!models.contains("type_") && !models.contains("kind"));
    assert_has(&file(&document, "operations"), &["type Output = Document<Animal>;"]);
}

#[test]
fn a_resource_with_two_types_says_which_it_is() {
    let mut schemas = SCHEMAS.to_vec();
    schemas[3] = "Animal: { type: object, description: An animal., required: [id], properties: { id: { $ref: '#/components/schemas/AnimalId' }, type: { x-name: kind, description: Which., allOf: [{ $ref: '#/components/schemas/AnimalKind' }] }, attributes: { $ref: '#/components/schemas/AnimalAttributes' }, relationships: { $ref: '#/components/schemas/AnimalRelationships' } } }";
    schemas.push("AnimalKind: { type: string, description: Kind of animal., enum: [dogs, cats] }");
    let document = document(&get("{ $ref: '#/components/schemas/Animal' }", ""), &schemas);
    let models = file(&document, "models");
    assert_has(
        &file(&document, "operations"),
        &[
            "if let Some(kind) = &answer.data.kind { of_type(kind.as_str(), <Animal as Resource>::TYPES)?; } Ok(answer)",
        ],
    );
    assert_has(
        &models,
        &[
            "pub kind: Option<AnimalKind>,",
            "Animal { required id: \"id\", optional kind: \"type\",",
            "const TYPES: &'static [&'static str] = &[\"dogs\", \"cats\"];",
        ],
    );
}

#[test]
fn a_list_follows_the_link_to_its_next_page() {
    let data = "{ type: array, items: { $ref: '#/components/schemas/Animal' } }";
    let paged = file(&document(&get(data, "\n      x-paging: link"), SCHEMAS), "operations");
    assert_has(
        &paged,
        &["type Output = ListDocument<Animal>;", "crate::jsonapi::paged!(GetAnimals of Animal);"],
    );
    let unpaged = file(&document(&get(data, ""), SCHEMAS), "operations");
    assert!(unpaged.contains("ListDocument<Animal>") && !unpaged.contains("paged!"));
}

fn write(verb: &str, path: &str, parameters: &str, body: &str) -> String {
    let path = format!(
        "  {path}:
    {verb}:
      {}{parameters}
      requestBody: {{ required: true, content: {{ application/vnd.api+json: {{ schema: {{ $ref: '#/components/schemas/AnimalBody' }} }} }} }}
      responses: {{ '204': {{ description: Done. }} }}
",
        head("writeAnimal")
    );
    let mut schemas = SCHEMAS.to_vec();
    schemas.push(body);
    document(&path, &schemas)
}

#[test]
fn an_update_serialises_as_its_attributes_and_the_operation_wraps_it() {
    let document = write(
        "patch",
        "/animals/{id}",
        "\n      parameters: [{ name: id, in: path, required: true, schema: { $ref: '#/components/schemas/AnimalId' } }]",
        "AnimalBody: { type: object, description: A change., required: [data], properties: { data: { type: object, required: [id, type, attributes], properties: { id: { $ref: '#/components/schemas/AnimalId' }, type: { type: string, enum: [animals], description: Type. }, attributes: { type: object, properties: { pet-name: { type: string, nullable: true, description: Name. } } } } } } }",
    );
    assert_has(
        &file(&document, "operations"),
        &["pub pet_name: Patch<String>,", "pub fn clear_pet_name(self) -> Self"],
    );
    assert_has(
        &file(&document, "operations"),
        &[
            "pub fn new(id: impl Into<AnimalId>, body: AnimalBody) -> Self",
            "Envelope::new(\"animals\", Some(&self.body)).with_id(self.id.as_str())",
            ".json(\"application/vnd.api+json\", &body)",
        ],
    );
}

#[test]
fn a_to_one_relationship_of_a_create_is_an_id() {
    let document = write(
        "post",
        "/animals",
        "",
        "AnimalBody: { type: object, description: A new animal., required: [data], properties: { data: { type: object, required: [type, attributes, relationships], properties: { type: { type: string, enum: [animals], description: Type. }, attributes: { type: object, required: [pet-name], properties: { pet-name: { type: string, description: Name. } } }, relationships: { type: object, required: [keeper], properties: { keeper: { type: object, description: Its keeper., properties: { data: { type: object, properties: { type: { type: string, enum: [keepers], description: Type. }, id: { $ref: '#/components/schemas/KeeperId' } } } } } } } } } } }",
    );
    assert_has(
        &file(&document, "operations"),
        &[
            "/// Its keeper. #[serde(skip)] pub keeper: KeeperId,",
            "pub fn new(pet_name: impl Into<String>, keeper: impl Into<KeeperId>) -> Self",
        ],
    );
    assert_has(
        &file(&document, "operations"),
        &[
            "Envelope::new(\"animals\", Some(&self.body))",
            ".with_relationship(\"keeper\", \"keepers\", self.body.keeper.as_str())",
        ],
    );
}

#[test]
fn a_relationship_of_a_request_says_how_sure_it_is_and_the_envelope_around_it_has_nowhere_to() {
    const MARKS: &str = "x-confidence: unconfirmed, x-source: a keeper";
    let body = |of_relationship: &str, of_data: &str| {
        let keeper = format!(
            "{{ type: object, description: Its keeper., {of_relationship} properties: {{ data: {{ type: object, properties: {{ type: {{ type: string, enum: [keepers], description: Type. }}, id: {{ $ref: '#/components/schemas/KeeperId' }} }} }} }} }}"
        );
        let body = format!(
            "AnimalBody: {{ type: object, description: A new animal., required: [data], properties: {{ data: {{ type: object, {of_data} required: [type, relationships], properties: {{ type: {{ type: string, enum: [animals], description: Type. }}, relationships: {{ type: object, required: [keeper], properties: {{ keeper: {keeper} }} }} }} }} }} }}"
        );
        write("post", "/animals", "", &body)
    };
    assert_has(
        &file(&body(&format!("{MARKS},"), ""), "operations"),
        &[
            "/// Its keeper. /// /// Unconfirmed by the service's documentation; source: a keeper. #[serde(skip)] pub keeper:",
        ],
    );
    let hidden = refusal(&body("", &format!("{MARKS},")));
    assert!(hidden.contains("properties/data: `x-confidence` would not be shown here"), "{hidden}");
}

#[test]
fn a_to_many_relationship_of_a_create_is_a_list_of_ids() {
    let document = write(
        "post",
        "/animals",
        "",
        "AnimalBody: { type: object, description: A new animal., required: [data], properties: { data: { type: object, required: [type], properties: { type: { type: string, enum: [animals], description: Type. }, relationships: { type: object, properties: { keepers: { type: object, description: Its keepers., properties: { data: { type: array, items: { type: object, properties: { type: { type: string, enum: [keepers], description: Type. }, id: { $ref: '#/components/schemas/KeeperId' } } } } } } } } } } } }",
    );
    assert_has(
        &file(&document, "operations"),
        &[
            "/// Its keepers. #[serde(skip)] pub keepers: Option<Vec<KeeperId>>,",
            "pub fn keepers( self, keepers: impl IntoIterator<Item = impl Into<KeeperId>>, ) -> Self",
        ],
    );
    assert_has(
        &file(&document, "operations"),
        &["Envelope::new(\"animals\", None::<&()>)", ".with_to_many_opt( \"keepers\", \"keepers\","],
    );
}

#[test]
fn a_relationship_to_several_types_is_of_a_type_written_by_hand() {
    let mut schemas = SCHEMAS.to_vec();
    schemas.push(
        "KeeperOrZoo: { type: object, x-rust-type: 'crate::KeeperOrZoo', description: One or the other. }",
    );
    schemas.push("AnimalBody: { type: object, description: A new animal., required: [data], properties: { data: { type: object, required: [type, relationships], properties: { type: { type: string, enum: [animals], description: Type. }, relationships: { type: object, required: [owner], properties: { owner: { type: object, description: Its owner., properties: { data: { $ref: '#/components/schemas/KeeperOrZoo' } } } } } } } } }");
    let document =
        document(&route("post", "/animals", "", "{ $ref: '#/components/schemas/AnimalBody' }"), &schemas);
    assert_has(&file(&document, "operations"), &["pub fn new(owner: impl Into<KeeperOrZoo>) -> Self"]);
    assert_has(
        &file(&document, "operations"),
        &[".with_relationship(\"owner\", self.body.owner.kind(), self.body.owner.id())"],
    );
}

#[test]
fn the_body_of_a_relationship_route_is_an_id_or_a_list_of_ids() {
    let identifier = "{ type: object, properties: { type: { type: string, enum: [keepers], description: Type. }, id: { $ref: '#/components/schemas/KeeperId' } } }";
    let id = "\n      parameters: [{ name: id, in: path, required: true, schema: { $ref: '#/components/schemas/AnimalId' } }]";
    let body = |data: &str| format!("{{ type: object, properties: {{ data: {data} }} }}");
    let one = document(&route("patch", "/animals/{id}/relationships/keeper", id, &body(identifier)), SCHEMAS);
    assert_has(
        &file(&one, "operations"),
        &[
            "pub fn new(id: impl Into<AnimalId>, body: impl Into<KeeperId>) -> Self",
            "&RequestLinkage::one(\"keepers\", self.body.as_str())",
        ],
    );
    let list = body(&format!("{{ type: array, items: {identifier} }}"));
    let many = document(&route("post", "/animals/{id}/relationships/keepers", id, &list), SCHEMAS);
    assert_has(
        &file(&many, "operations"),
        &["body: impl IntoIterator<Item = impl Into<KeeperId>>", "&RequestLinkage::many( \"keepers\","],
    );
}

/// A route that answers with an animal.
fn route(verb: &str, path: &str, more: &str, body: &str) -> String {
    format!(
        "  {path}:
    {verb}:
      {}{more}
      requestBody: {{ required: true, content: {{ application/vnd.api+json: {{ schema: {body} }} }} }}
      responses:
        '200': {{ description: Done., content: {{ application/vnd.api+json: {{ schema: {{ type: object, properties: {{ data: {{ $ref: '#/components/schemas/Animal' }} }} }} }} }} }}
",
        head("writeAnimal")
    )
}
