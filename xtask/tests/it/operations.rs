//! Operations, paging and handles.

use crate::support::zoo::{assert_has, document, file, generate, head, operation, refusal};

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
            "pub fn born_from(self, born_from: impl Into<Timestamp>) -> Self",
            ".segment(\"zoo\") .segment(\"animals\") .segment(self.animal_id)",
            ".query(\"download\", \"true\")",
            ".query_opt( \"filter[born][from]\", self.born_from.as_ref().map(Timestamp::as_str), )",
            ".query_list(\"fields\", &self.fields)",
            ".query(\"zoo\", &self.zoo)",
            "const OPERATION: &'static str = \"get_animal\";",
            "const METHOD: Method = Method::GET;",
            "type Service = Zoo; type Output = Animal;",
            "smartsync_transport::debug_object! { GetAnimal { animal_id, born_from, fields: hidden_list, zoo: hidden, } }",
        ],
    );
}

#[test]
fn a_query_refuses_what_would_select_everything() {
    let parameters = "parameters:
        - { name: 'filter[kinds]', in: query, description: Kinds., explode: false, schema: { type: array, items: { type: string } } }
        - { name: 'page[size]', in: query, x-name: page_size, description: Size., schema: { type: integer, format: int32, minimum: 1 } }
        - { name: 'filter[awake]', in: query, description: Awake., schema: { $ref: '#/components/schemas/Awake' } }";
    let awake = "Awake: { type: string, description: Awake., enum: ['true', ''], x-names: { 'true': Yes, '': Either } }";
    let path = operation(
        "/animals",
        "get",
        "listAnimals",
        parameters,
        "{ type: array, items: { $ref: '#/components/schemas/Animal' } }",
    );
    let document = document(&path, &[ANIMAL, awake]);
    assert_has(
        &file(&document, "operations"),
        &[
            "pub kinds: Option<Vec<String>>,",
            ".query_filter(\"filter[kinds]\", self.kinds.as_deref())",
            ".query_at_least(\"page[size]\", self.page_size, 1)",
            ".query_or_empty(\"filter[awake]\", self.awake.as_ref())",
            ".query_params(&self.query_params)",
            "pub fn query_param(mut self, name: impl Into<String>, value: impl ToString) -> Self",
            "query_params: hidden_list",
        ],
    );
}

#[test]
fn what_is_no_list_takes_no_parameter_of_the_callers_own() {
    let path = operation("/animals", "get", "getAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    assert!(!file(&document(&path, &[ANIMAL]), "operations").contains("query_param"));
}

#[test]
fn docs_name_path_source_and_confidence_and_show_the_call() {
    let path = operation("/animals", "get", "getAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    assert_has(
        &file(&document(&path, &[ANIMAL]), "operations"),
        &[
            "/// Does something. /// /// `GET /animals` ([source](https://example.test), documented) /// /// ```no_run /// # use zoo_client::ZooClient; /// # async fn example(client: ZooClient) -> Result<(), Box<dyn std::error::Error>> { /// let animal = client.animals().get_animal().await?; /// # Ok(()) /// # } /// ``` /// /// # Errors /// /// The documentation lists no error status for this operation: see /// [`Error`](smartsync_transport::Error). #[derive(",
        ],
    );
}

#[test]
fn docs_of_an_operation_name_its_page_and_where_else_it_was_met() {
    let path = operation("/animals", "get", "getAnimal", "", "{ $ref: '#/components/schemas/Animal' }");
    let document = document(&path, &[ANIMAL])
        .replace("x-source: https://example.test", "x-source: [https://example.test, two keepers]")
        .replace("x-confidence: documented", "x-confidence: unconfirmed");
    let docs = file(&document, "operations").replace("/// ", "");
    assert_has(
        &docs,
        &[
            "`GET /animals` ([source](https://example.test), unconfirmed by the service's documentation; source: two keepers) ```no_run",
        ],
    );
}

#[test]
fn docs_name_the_refusals_that_the_service_documents() {
    let path = operation("/animals", "get", "getAnimal", "", "{ $ref: '#/components/schemas/Animal' }")
        + "        '404': { description: The animal is gone. }\n        '409': { $ref: '#/components/responses/Busy' }\n        default: { description: Anything else. }\n";
    let document =
        document(&path, &[ANIMAL]) + "  responses:\n    Busy: { description: The animal is busy }\n";
    // Without the `///` of the lines, which depend on the width.
    let docs = file(&document, "operations").replace("/// ", "");
    assert_has(
        &docs,
        &[
            "# Errors [`Error`](smartsync_transport::Error). The documentation lists `404` (The animal is gone), `409` (The animal is busy).",
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
fn what_the_caller_leaves_unset_can_have_a_value_of_its_own() {
    for (least, sent) in [
        (0, r#".query("page[size]", self.page_size.unwrap_or(30))"#),
        (1, r#".query_at_least("page[size]", Some(self.page_size.unwrap_or(30)), 1)"#),
    ] {
        let more = format!(
            "parameters: [{{ name: 'page[size]', x-when-unset: 30, in: query, description: Items., schema: {{ type: integer, format: int32, minimum: {least} }} }}]"
        );
        let path =
            operation("/animals", "get", "listAnimals", &more, "{ $ref: '#/components/schemas/Animal' }");
        let text = file(&document(&path, &[ANIMAL]), "operations");
        assert_has(&text, &["pub page_size: Option<u32>,", sent]);
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
        &["type Output = Page<Animal>;", "crate::page::paged!(ListAnimals of Animal);"],
    );
    assert_has(
        &file(&document, "handles"),
        &["pub fn listAnimals(&self, list: ListAnimals) -> Pages<ListAnimals> { self.client.pages(list) }"
            .replace("listAnimals(", "list_animals(")
            .as_str()],
    );
}

#[test]
fn a_page_may_come_as_a_bare_list() {
    let more = "x-paging: offset\n      parameters: [{ name: offset, in: query, description: Skipped., schema: { type: integer, format: int32, minimum: 0 } }]";
    let page = "{ type: object, properties: { data: { type: array, items: { $ref: '#/components/schemas/Animal' } } } }";
    let bare = "{ type: array, items: { $ref: '#/components/schemas/Animal' } }";
    let text = |answer: &str| operation("/animals", "get", "listAnimals", more, answer);
    let either = file(&document(&text(&format!("{{ oneOf: [{page}, {bare}] }}")), &[ANIMAL]), "operations");
    assert_has(
        &either,
        &["type Output = Page<Animal>;", "{ crate::page::page_or_list(response.body().as_bytes()) }"],
    );
    assert!(!either.contains("decode_json"), "what is not used is not imported");
    for other in [
        format!("{{ oneOf: [{page}] }}"),
        format!("{{ oneOf: [{page}, {{ type: array, items: {{ type: string }} }}] }}"),
    ] {
        let refused = refusal(&document(&text(&other), &[ANIMAL]));
        assert!(refused.contains("`oneOf` is a page, or a bare list of its items"), "{refused}");
    }
}

#[test]
fn an_answer_without_content_is_nothing() {
    let path = format!(
        "  /animals:\n    delete:\n      {}\n      responses: {{ '204': {{ description: Gone. }} }}\n",
        head("deleteAnimals")
    );
    let text = file(&document(&path, &[]), "operations");
    assert_has(&text, &["type Output = ();", "Result<Self::Output, DecodeError> { Ok(()) }"]);
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

#[test]
fn a_second_operation_may_share_the_path_and_differ_in_its_query() {
    let head = head("fetchAnimal").replace("\n      ", "\n        ");
    let also = format!(
        "x-also:\n        {head}\n        parameters: [{{ name: download, in: query, required: true, schema: {{ type: string, enum: ['true'] }} }}]\n        responses: {{ '200': {{ description: Done. }} }}"
    );
    let path = operation("/animals", "get", "getAnimal", &also, "{ $ref: '#/components/schemas/Animal' }");
    let text = file(&document(&path, &[ANIMAL]), "operations");
    assert_has(
        &text,
        &[
            "pub struct GetAnimal {}",
            "pub struct FetchAnimal {}",
            "Call::new().segment(\"animals\").query(\"download\", \"true\")",
        ],
    );
}

/// An operation with a form of these properties.
fn form(properties: &str) -> String {
    let body = "requestBody: { required: true, content: { multipart/form-data: { schema: { $ref: '#/components/schemas/NewPicture' } } } }";
    let path = format!(
        "  /pictures:\n    post:\n      {}\n      {body}\n      responses: {{ '200': {{ description: Done. }} }}\n",
        head("uploadPicture")
    );
    let schema = format!(
        "NewPicture: {{ type: object, description: A picture., required: [file, kind], properties: {{ {properties} }} }}"
    );
    let kind = "PictureKind: { type: string, description: Kind., enum: [portrait, landscape] }";
    document(&path, &[&schema, kind])
}

#[test]
fn a_form_is_written_part_by_part() {
    let document = form(
        "file: { type: string, format: binary, description: The file. }, kind: { $ref: '#/components/schemas/PictureKind' }, title: { type: string, description: Title. }",
    );
    assert_has(
        &file(&document, "operations"),
        &[
            "pub file: FilePart,",
            "pub title: Option<String>,",
            "pub fn new(file: FilePart, kind: impl Into<PictureKind>) -> Self",
            "Some(self.file.part(\"file\")), Some(Part::text(\"kind\", self.kind.to_string())), self.title.as_ref().map(|value| Part::text(\"title\", value.to_string())),",
            "use crate::{FilePart, Zoo};",
        ],
    );
    assert!(!file(&document, "operations").contains("Serialize"), "a form is no JSON");
    assert_has(
        &file(&document, "operations"),
        &["Ok(Call::new().segment(\"pictures\").multipart(self.body.parts()))"],
    );
}

#[test]
fn a_body_may_be_a_bare_list() {
    let body = "requestBody: { required: true, content: { application/json: { schema: { type: array, description: Animals., items: { $ref: '#/components/schemas/Animal' } } } } }";
    let path = format!(
        "  /animals:\n    put:\n      {}\n      {body}\n      responses: {{ '200': {{ description: Done. }} }}\n",
        head("replaceAnimals")
    );
    assert_has(
        &file(&document(&path, &[ANIMAL]), "operations"),
        &[
            "pub body: Vec<Animal>,",
            "pub fn new(body: impl IntoIterator<Item = Animal>) -> Self",
            ".json(\"application/json\", &self.body)",
        ],
    );
}

#[test]
fn an_answer_may_be_a_bare_list() {
    let list = "{ type: array, items: { $ref: '#/components/schemas/Animal' } }";
    let path = operation("/animals", "get", "getAnimals", "", list);
    assert_has(&file(&document(&path, &[ANIMAL]), "operations"), &["type Output = Vec<Animal>;"]);
}

/// Two resources with an answer each, which both hold `Size`.
fn two_resources(size: &str) -> String {
    let schema = |name: &str| {
        format!(
            "{name}: {{ type: object, description: Something., properties: {{ size: {{ $ref: '#/components/schemas/Size' }} }} }}"
        )
    };
    let path = |tag: &str, name: &str| {
        let answer = format!("{{ $ref: '#/components/schemas/{name}' }}");
        operation(&format!("/{tag}"), "get", &format!("get{name}"), "", &answer)
            .replace("[animals]", &format!("[{tag}]"))
    };
    document(
        &(path("animals", "Animal") + &path("keepers", "Keeper")),
        &[&schema("Animal"), &schema("Keeper"), size],
    )
    .replace("paths:", "  - { name: keepers, description: Keepers. }\npaths:")
}

#[test]
fn what_one_resource_uses_stands_in_its_folder_and_what_several_use_is_shared() {
    let files = generate(&two_resources("Size: { type: object, description: A size., properties: {} }"));
    assert_has(
        &files["generated/animals/models.rs"],
        &["pub struct Animal", "use crate::generated::shared::Size;"],
    );
    assert_has(&files["generated/keepers/models.rs"], &["pub struct Keeper"]);
    assert_has(&files["generated/shared/models.rs"], &["pub struct Size"]);
    assert_has(
        &files["generated/animals.rs"],
        &[
            "//! Animals.\n\nmod get_animal;\nmod handle;\nmod models;\n",
            "pub use self::{get_animal::GetAnimal, handle::Animals, models::Animal};",
        ],
    );
    assert_has(
        &files["generated.rs"],
        &["pub mod animals;\nmod handles;\npub mod keepers;\npub mod shared;\n"],
    );
}

#[test]
fn what_several_use_may_be_owned_by_one_of_them() {
    let owned = |owner: &str| {
        two_resources(&format!(
            "Size: {{ type: object, x-resource: {owner}, description: A size., properties: {{}} }}"
        ))
    };
    let files = generate(&owned("keepers"));
    assert_has(&files["generated/animals/models.rs"], &["use crate::generated::keepers::Size;"]);
    assert_has(&files["generated/keepers/models.rs"], &["pub struct Keeper", "pub struct Size"]);
    assert!(!files.contains_key("generated/shared.rs"));
    assert_eq!(
        refusal(&owned("visitors")),
        "components/schemas/Size: `x-resource`: there is no tag `visitors`"
    );
}

#[test]
fn what_one_operation_sends_stands_beside_it_and_what_several_send_is_shared_by_them() {
    let kind = "Kind: { type: string, description: Kind., enum: [dog, cat] }";
    let new = "NewAnimal: { type: object, description: A new animal., properties: { kind: { $ref: '#/components/schemas/Kind' } } }";
    let path = |verb: &str, id: &str| {
        format!(
            "    {verb}:\n      {}\n      requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/NewAnimal' }} }} }} }}\n      responses: {{ '200': {{ description: Done. }} }}\n",
            head(id)
        )
    };
    let one = format!("  /animals:\n{}", path("post", "createAnimal"));
    let files = generate(&document(&one, &[kind, new]));
    assert_has(
        &files["generated/animals/create_animal.rs"],
        &["pub struct CreateAnimal", "pub struct NewAnimal", "pub enum Kind"],
    );
    let files = generate(&document(&(one + &path("put", "replaceAnimal")), &[kind, new]));
    assert_has(
        &files["generated/animals/requests.rs"],
        &["pub struct NewAnimal", "use super::models::Kind;"],
    );
    assert_has(&files["generated/animals/replace_animal.rs"], &["use super::requests::NewAnimal;"]);
}

#[test]
fn an_answer_about_what_the_path_names_must_have_its_id_and_another_answer_need_not() {
    let id = "AnimalId: { type: integer, x-id: true, description: Id of an animal. }";
    let required = "Animal: { type: object, description: An animal., required: [id], properties: { id: { $ref: '#/components/schemas/AnimalId' } } }";
    let optional = "Animal: { type: object, description: An animal., properties: { id: { $ref: '#/components/schemas/AnimalId' } } }";
    let parameter = "parameters: [{ name: id, in: path, required: true, description: Id., schema: { $ref: '#/components/schemas/AnimalId' } }]";
    let decode = |verb: &str, path: &str, animal: &str| {
        let path = operation(path, verb, "touchAnimal", parameter, "{ $ref: '#/components/schemas/Animal' }");
        file(&document(&path, &[id, animal]), "operations")
    };
    for verb in ["get", "patch", "put"] {
        assert_has(&decode(verb, "/animals/{id}", required), &["about(&answer.id, &self.id)?; Ok(answer)"]);
    }
    assert_has(
        &decode("get", "/animals/{id}", optional),
        &["if let Some(id) = &answer.id { about(id, &self.id)?; }"],
    );
    assert!(!decode("post", "/animals/{id}", required).contains("about"), "it may make another one");
    assert!(!decode("get", "/animals/{id}/parent", required).contains("about"));
}
