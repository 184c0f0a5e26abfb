//! Operations, paging and handles.

use crate::{assert_has, document, file, head, operation};

const ANIMAL: &str = "Animal: { type: object, description: An animal., properties: { name: { type: string, description: Name. } } }";
const ANIMAL_ID: &str = "AnimalId: { type: integer, x-id: true, description: Id of an animal. }";

#[test]
fn path_parameters_are_arguments_and_query_parameters_are_setters() {
    let parameters = "parameters:
        - { name: animal_id, in: path, required: true, schema: { $ref: '#/components/schemas/AnimalId' } }
        - { name: 'filter[born][from]', in: query, description: Born then or later., schema: { type: string, format: x-timestamp } }
        - { name: fields, in: query, description: Fields., explode: false, schema: { type: array, items: { type: string } } }
        - { name: zoo, in: query, required: true, description: Zoo., schema: { type: string } }
        - { name: download, in: query, required: true, schema: { type: string, enum: ['true'] } }";
    let path = operation(
        "/zoo/animals/{animal_id}",
        "get",
        "getAnimal",
        parameters,
        "{ $ref: '#/components/schemas/Animal' }",
    );
    let text = file(&document(&path, &[ANIMAL, ANIMAL_ID]), "operations");
    assert_has(
        &text,
        &[
            "pub fn new(animal_id: impl Into<AnimalId>, zoo: impl Into<String>) -> Self",
            "pub fn filter_born_from(mut self, filter_born_from: impl Into<Timestamp>) -> Self",
            ".segment(\"zoo\") .segment(\"animals\") .segment(self.animal_id)",
            ".query(\"download\", \"true\")",
            ".query_opt( \"filter[born][from]\", self.filter_born_from.as_ref().map(Timestamp::as_str), )",
            ".query_opt(\"fields\", comma_list(&self.fields))",
            ".query(\"zoo\", &self.zoo)",
            "const OPERATION: &'static str = \"get_animal\";",
            "const METHOD: Method = Method::GET;",
            "type Service = Zoo; type Output = Animal;",
            ".field(\"zoo\", &Hidden)",
        ],
    );
}

#[test]
fn docs_name_path_source_and_confidence() {
    let path = operation("/animals", "get", "getAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    assert_has(
        &file(&document(&path, &[ANIMAL]), "operations"),
        &[
            "/// Does something. /// /// `GET /animals` ([source](https://example.test), documented) #[derive(",
        ],
    );
}

#[test]
fn only_reads_and_absolute_writes_may_be_sent_twice() {
    let idempotent = |verb, more| {
        let path =
            operation("/animals", verb, "touchAnimal", more, "{ $ref: '#/components/schemas/Animal' }");
        file(&document(&path, &[ANIMAL]), "operations").contains("const IDEMPOTENT: bool = true;")
    };
    for verb in ["get", "put", "delete"] {
        assert!(idempotent(verb, ""), "{verb}");
    }
    for verb in ["post", "patch"] {
        assert!(!idempotent(verb, ""), "{verb}");
        assert!(idempotent(verb, "x-idempotent: true"), "{verb}");
    }
}

#[test]
fn a_list_by_offset_is_paged() {
    let more = "x-paging: offset\n      parameters: [{ name: offset, in: query, description: Skipped., schema: { type: integer, format: int32, minimum: 0 } }]";
    let page = "{ type: object, properties: { count: { type: integer, description: All. }, data: { type: array, items: { $ref: '#/components/schemas/Animal' } } } }";
    let path = operation("/animals", "get", "listAnimals", more, page);
    let document = document(&path, &[ANIMAL]);
    assert_has(
        &file(&document, "operations"),
        &[
            "type Output = Page<Animal>;",
            "impl Paged for ListAnimals { type Item = Animal;",
            "page.next_page(self.offset, |offset| self.clone().offset(offset))",
        ],
    );
    assert_has(
        &file(&document, "handles"),
        &["pub fn listAnimals(&self, list: ListAnimals) -> Pages<ListAnimals> { self.client.pages(list) }"
            .replace("listAnimals(", "list_animals(")
            .as_str()],
    );
}

#[test]
fn an_answer_without_content_is_nothing() {
    let path = format!(
        "  /animals:\n    delete:\n      {}\n      responses: {{ '204': {{ description: Gone. }} }}\n",
        head("deleteAnimals")
    );
    let text = file(&document(&path, &[]), "operations");
    assert_has(&text, &["type Output = ();", "Result<(), DecodeError> { Ok(()) }"]);
    assert!(!text.contains("decode_json"), "what is not used is not imported");
}

#[test]
fn an_answer_that_may_be_empty_is_an_option() {
    let path = operation("/animals", "patch", "touchAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    let document = document(&path, &[ANIMAL]);
    assert!(!file(&document, "operations").contains("Option"));
    let empty = "        '204': { description: Done. }\n";
    let before = document.replace("      responses:\n", &format!("      responses:\n{empty}"));
    let after = document.replace("\ncomponents:", &format!("{empty}\ncomponents:"));
    for document in [before, after] {
        assert_has(
            &file(&document, "operations"),
            &[
                "type Output = Option<Animal>;",
                "if body.is_empty() { Ok(None) } else { decode_json(body).map(Some) }",
            ],
        );
        assert_has(&file(&document, "handles"), &["-> Result<Option<Animal>, Error>"]);
    }
}

#[test]
fn a_redirect_is_accepted_where_it_is_the_answer_and_nowhere_else() {
    let with = operation(
        "/animals",
        "get",
        "findAnimal",
        "x-redirect-address: Place",
        "{ $ref: '#/components/schemas/Animal' }",
    );
    let text = file(
        &document(&with, &[]).replace("schema: { $ref: '#/components/schemas/Animal' }", ""),
        "operations",
    );
    assert_has(
        &text,
        &["use crate::{Place, Zoo};", "status.is_redirection()", "Place::from_response(response)"],
    );
    let without = operation("/animals", "get", "findAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    assert!(!file(&document(&without, &[ANIMAL]), "operations").contains("accepts"));
}

#[test]
fn a_handle_groups_the_operations_of_a_tag() {
    let parameters = "parameters: [{ name: animal_id, in: path, required: true, schema: { $ref: '#/components/schemas/AnimalId' } }]";
    let path = operation(
        "/animals/{animal_id}",
        "get",
        "getAnimal",
        parameters,
        "{ $ref: '#/components/schemas/Animal' }",
    );
    assert_has(
        &file(&document(&path, &[ANIMAL, ANIMAL_ID]), "handles"),
        &[
            "impl ZooClient { /// Animals. #[must_use] pub fn animals(&self) -> Animals<'_>",
            "pub async fn get_animal( &self, animal_id: impl Into<AnimalId>, ) -> Result<Animal, Error> { self.client.send(&GetAnimal::new(animal_id)).await }",
        ],
    );
}
