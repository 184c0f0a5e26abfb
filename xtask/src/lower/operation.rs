//! Operations and their handles.

use openapiv3::{
    OpenAPI, Operation as Source, Parameter, ParameterSchemaOrContent, ReferenceOr, Response, Schema,
    SchemaKind, StatusCode,
};

use crate::{
    Refusal,
    document::Document,
    lower::{
        envelope, extensions,
        mark::Mark,
        schema::{Node, Schemas},
        structs::{self, Roots},
    },
    model::{
        Api, Body, Direction, Docs, Field, Handle, MODULES, Operation, Output, Paging, QUERY_PARAMS, Segment,
        Type,
    },
    names::{self, Namespace},
    refusal::Place,
};

/// A form with files.
pub(crate) const FORM: &str = "multipart/form-data";

/// Lowers all operations into `api` and says which structs they lead to.
pub(super) fn lower_all(
    document: &Document,
    schemas: &Schemas<'_>,
    types: &mut Namespace,
    api: &mut Api,
) -> Result<Roots, Refusal> {
    let Document { openapi: document, also } = document;
    let mut roots = Roots::default();
    let mut methods = Namespace::default();
    for (path, item) in document.paths.iter() {
        let place = Place::root("paths").at(path);
        let item = extensions::inline(item, &place)?;
        for (verb, first) in item.iter() {
            let place = place.at(verb);
            let second = also.iter().filter(|also| also.path == *path && also.verb == verb);
            for source in std::iter::once(first).chain(second.map(|also| &also.operation)) {
                let mut lowering = Lowering { document, schemas, roots: &mut roots, place: &place };
                let operation = lowering.operation(path, verb, source, &item.parameters)?;
                types.take(&operation.name, &place)?;
                methods.take(&format!("{}().{}", operation.tag, operation.method), &place)?;
                api.operations.push(operation);
            }
        }
    }
    api.handles = handles(document, &api.operations, types)?;
    Ok(roots)
}

/// One handle per tag that is used, in the order of the document's `tags`.
fn handles(
    document: &OpenAPI,
    operations: &[Operation],
    types: &mut Namespace,
) -> Result<Vec<Handle>, Refusal> {
    let mut handles = Vec::new();
    for tag in &document.tags {
        let place = Place::root("tags").at(&tag.name);
        if !operations.iter().any(|operation| operation.tag == tag.name) {
            return Err(Refusal::new(&place, "no operation has this tag"));
        }
        if MODULES.contains(&tag.name.as_str()) {
            return Err(Refusal::new(&place, "this module is taken by what several resources use"));
        }
        let name = names::pascal(&tag.name, &place)?;
        types.take(&name, &place)?;
        let docs = extensions::docs(tag.description.as_deref(), &tag.extensions, &place)?;
        handles.push(Handle { name, tag: tag.name.clone(), docs });
    }
    match operations.iter().find(|operation| !handles.iter().any(|handle| handle.tag == operation.tag)) {
        None => Ok(handles),
        Some(operation) => {
            Err(Refusal::new(&Place::root("tags"), format!("`{}` is not described here", operation.tag)))
        }
    }
}

#[derive(Default)]
struct Parameters {
    path: Vec<Field>,
    query: Vec<Field>,
    /// Those with one possible value.
    constants: Vec<(String, String)>,
}

struct Lowering<'a, 'b> {
    document: &'a OpenAPI,
    schemas: &'b Schemas<'a>,
    roots: &'b mut Roots,
    place: &'b Place,
}

impl<'a> Lowering<'a, '_> {
    fn refuse<T>(&self, reason: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal::new(self.place, reason))
    }

    fn operation(
        &mut self,
        path: &str,
        verb: &str,
        source: &'a Source,
        shared: &'a [ReferenceOr<Parameter>],
    ) -> Result<Operation, Refusal> {
        let Some(id) = source.operation_id.as_deref() else { return self.refuse("`operationId` is missing") };
        let [tag] = source.tags.as_slice() else { return self.refuse("one tag is expected") };
        let Some(method) = extensions::text(&source.extensions, "x-method", self.place)? else {
            return self.refuse("`x-method` is missing");
        };
        let Parameters { path: arguments, query, constants } = self.parameters(shared, &source.parameters)?;
        let mut names = Namespace::default();
        for field in arguments.iter().chain(&query) {
            names.take(&field.name, &self.place.at(&field.wire))?;
        }
        let body = self.body(source)?;
        if body.is_some() {
            names.take("body", &self.place.at("requestBody"))?;
        }
        let paging = match extensions::text(&source.extensions, "x-paging", self.place)? {
            None => None,
            Some("offset") if query.iter().any(|field| field.name == "offset") => Some(Paging::Offset),
            Some("offset") => return self.refuse("`x-paging: offset` needs a parameter `offset`"),
            Some("link") => Some(Paging::Link),
            Some(_) => return self.refuse("`x-paging` must be offset or link"),
        };
        let output = self.output(source, paging)?;
        if output.is_list() {
            names.take(QUERY_PARAMS, self.place)?;
            names.take("query_param", self.place)?;
        }
        let idempotent = extensions::flag(&source.extensions, "x-idempotent", self.place)?;
        let method = names::field(method, self.place)?;
        let name = names::pascal(id, self.place)?;
        let docs = self.docs(path, verb, source)?;
        let segments = self.segments(path, arguments)?;
        if body.as_ref().and_then(|body| body.envelope.as_ref()).is_some_and(|envelope| envelope.with_id)
            && !segments.iter().any(|segment| matches!(segment, Segment::Argument(_)))
        {
            return self.refuse("`data.id` of the body is a path parameter, and the path has none");
        }
        Ok(Operation {
            name,
            snake: names::snake(id),
            method,
            tag: tag.clone(),
            docs,
            refusals: self.refusals(source)?,
            path: segments,
            query,
            constants,
            body,
            may_be_empty: self.may_be_empty(source, &output)?,
            output,
            paging,
            idempotent: idempotent.unwrap_or(matches!(verb, "get" | "put" | "delete")),
            verb: verb.to_uppercase(),
        })
    }

    fn docs(&self, path: &str, verb: &str, source: &Source) -> Result<Docs, Refusal> {
        let Some(summary) = &source.summary else { return self.refuse("`summary` is missing") };
        let mark = Mark::of_operation(&source.extensions, self.place)?;
        let mut paragraphs = vec![summary.trim().to_owned()];
        if let Some(description) = &source.description {
            paragraphs.extend(description.trim().split("\n\n").map(str::to_owned));
        }
        paragraphs.push(format!("`{} {path}` ({mark})", verb.to_uppercase()));
        Ok(Docs(paragraphs))
    }

    /// The refusals that the service documents for an operation.
    fn refusals(&self, source: &Source) -> Result<Vec<String>, Refusal> {
        let mut errors = Vec::new();
        for (status, answer) in &source.responses.responses {
            let StatusCode::Code(code @ 400..=599) = status else { continue };
            let answer = match answer {
                ReferenceOr::Item(answer) => answer,
                ReferenceOr::Reference { reference } => {
                    let name = reference.strip_prefix("#/components/responses/");
                    let found = name
                        .and_then(|name| self.document.components.as_ref()?.responses.get(name)?.as_item());
                    match found {
                        Some(answer) => answer,
                        None => return self.refuse(format!("there is no response `{reference}`")),
                    }
                }
            };
            let meaning = answer.description.trim().trim_end_matches('.');
            errors.push(format!("`{code}` ({meaning})"));
        }
        Ok(errors)
    }

    fn segments(&self, path: &str, mut arguments: Vec<Field>) -> Result<Vec<Segment>, Refusal> {
        let mut segments = Vec::new();
        let Some(path) = path.strip_prefix('/') else { return self.refuse("a path begins with `/`") };
        for part in path.split('/') {
            let argument = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            match argument {
                None if part.is_empty() || part.contains(['{', '}']) => {
                    return self.refuse("each part of the path must be a text or one parameter");
                }
                None => segments.push(Segment::Text(part.to_owned())),
                Some(name) => match arguments.iter().position(|field| field.wire == name) {
                    Some(position) => segments.push(Segment::Argument(arguments.remove(position))),
                    None => return self.refuse(format!("the path parameter `{name}` is not described")),
                },
            }
        }
        match arguments.first() {
            None => Ok(segments),
            Some(field) => self.refuse(format!("`{}` does not stand in the path", field.wire)),
        }
    }

    fn parameters(
        &self,
        shared: &'a [ReferenceOr<Parameter>],
        own: &'a [ReferenceOr<Parameter>],
    ) -> Result<Parameters, Refusal> {
        let mut found = Parameters::default();
        for parameter in shared.iter().chain(own) {
            let parameter = self.resolve(parameter)?;
            let data = parameter.parameter_data_ref();
            let place = self.place.at("parameters").at(&data.name);
            let ParameterSchemaOrContent::Schema(schema) = &data.format else {
                return Err(Refusal::new(&place, "a parameter with `content` is not supported"));
            };
            let node = Node::of(schema, &place)?;
            if let (Some(value), Parameter::Query { .. }) = (Schemas::constant(node, &place)?, parameter) {
                Mark::refuse(&data.extensions, &place)?;
                found.constants.push((data.name.clone(), value.to_owned()));
                continue;
            }
            let docs = match &data.description {
                Some(description) => extensions::docs(Some(description), &data.extensions, &place)?,
                // It takes those of its type, which has marks of its own.
                None => {
                    Mark::refuse(&data.extensions, &place)?;
                    self.schemas.docs(node, &place)?
                }
            };
            let mut field = structs::field(self.schemas, &data.name, node, data.required, docs, &place)?;
            if let Some(name) = extensions::text(&data.extensions, "x-name", &place)? {
                field.name = names::field(name, &place)?;
            }
            if extensions::flag(&data.extensions, "x-print", &place)? == Some(true)
                && field.ty == (Type::Text { print: false })
            {
                field.ty = Type::Text { print: true };
            }
            field.least = self.schemas.least(node, &place)?;
            check_parameter_type(&field.ty, &place)?;
            field.when_unset = extensions::integer(&data.extensions, "x-when-unset", &place)?;
            let may_be_unset = !field.required && matches!(parameter, Parameter::Query { .. });
            if field.when_unset.is_some() && !(may_be_unset && matches!(field.ty, Type::Integer { .. })) {
                return Err(Refusal::new(&place, "`x-when-unset` is for an optional integer of the query"));
            }
            match parameter {
                Parameter::Path { .. } => found.path.push(field),
                Parameter::Query { .. } => {
                    if matches!(field.ty, Type::List(_)) && data.explode != Some(false) {
                        return Err(Refusal::new(&place, "an array in the query needs `explode: false`"));
                    }
                    found.query.push(field);
                }
                Parameter::Header { .. } | Parameter::Cookie { .. } => {
                    return Err(Refusal::new(&place, "headers are sent by the client, not by an operation"));
                }
            }
        }
        Ok(found)
    }

    fn resolve(&self, parameter: &'a ReferenceOr<Parameter>) -> Result<&'a Parameter, Refusal> {
        let reference = match parameter {
            ReferenceOr::Item(parameter) => return Ok(parameter),
            ReferenceOr::Reference { reference } => reference,
        };
        let name = reference.strip_prefix("#/components/parameters/");
        let found = name.and_then(|name| self.document.components.as_ref()?.parameters.get(name)?.as_item());
        found.ok_or_else(|| Refusal::new(self.place, format!("there is no parameter `{reference}`")))
    }

    fn body(&mut self, source: &'a Source) -> Result<Option<Body>, Refusal> {
        let Some(body) = &source.request_body else { return Ok(None) };
        let place = self.place.at("requestBody");
        let body = extensions::inline(body, &place)?;
        if !body.required {
            return Err(Refusal::new(&place, "a body must be `required: true`"));
        }
        let mut content = body.content.iter();
        let (Some((content_type, media_type)), None) = (content.next(), content.next()) else {
            return Err(Refusal::new(&place, "one content type is expected"));
        };
        let Some(schema) = &media_type.schema else {
            return Err(Refusal::new(&place, "`schema` is missing"));
        };
        let node = Node::of(schema, &place)?;
        if content_type == envelope::CONTENT_TYPE
            && let Some((ty, docs, kind)) = envelope::linkage(self.schemas, node, &place)?
        {
            let content_type = content_type.clone();
            return Ok(Some(Body { ty, docs, content_type, envelope: None, linkage: Some(kind) }));
        }
        let (ty, docs, envelope) = match content_type.as_str() {
            "application/json" => {
                let ty = self.schemas.ty(node, &place)?;
                self.roots.types.push((ty.clone(), Direction::Request, place.clone()));
                (ty, self.schemas.docs(node, &place)?, None)
            }
            FORM => {
                let ty = self.schemas.ty(node, &place)?;
                if !matches!(ty, Type::Struct(_)) {
                    return Err(Refusal::new(&place, "a form is a `$ref` to a named object"));
                }
                self.roots.types.push((ty.clone(), Direction::Form, place.clone()));
                (ty, self.schemas.docs(node, &place)?, None)
            }
            envelope::CONTENT_TYPE => {
                let (item, envelope) = envelope::lower(self.schemas, node, &place)?;
                let ty = Type::Struct(item.name.clone());
                let docs = item.docs.clone();
                match self.roots.bodies.iter().any(|other| other.name == item.name) {
                    true => {
                        return Err(Refusal::new(
                            &place,
                            "another operation has this body: write one schema for each",
                        ));
                    }
                    false => self.roots.bodies.push(item),
                }
                (ty, docs, Some(envelope))
            }
            other => {
                return Err(Refusal::new(&place, format!("the content type `{other}` is not supported")));
            }
        };
        Ok(Some(Body { ty, docs, content_type: content_type.clone(), envelope, linkage: None }))
    }

    fn output(&mut self, source: &'a Source, paging: Option<Paging>) -> Result<Output, Refusal> {
        if let Some(name) = extensions::text(&source.extensions, "x-redirect-address", self.place)? {
            return Ok(Output::RedirectAddress(name.to_owned()));
        }
        let place = self.place.at("responses");
        let accepted = |status: &StatusCode| matches!(status, StatusCode::Code(200..=299));
        let has_content = |answer: &ReferenceOr<Response>| {
            answer.as_item().is_some_and(|answer| !answer.content.is_empty())
        };
        let answers = || source.responses.responses.iter().filter(|(status, _)| accepted(status));
        let answer = answers().find(|(_, answer)| has_content(answer)).or_else(|| answers().next());
        let Some((_, answer)) = answer else {
            return Err(Refusal::new(&place, "no answer from 200 to 299 is described"));
        };
        let answer: &Response = extensions::inline(answer, &place)?;
        let Some((content_type, media_type)) = answer.content.first() else {
            return match paging {
                None => Ok(Output::Nothing),
                Some(_) => Err(Refusal::new(&place, "`x-paging` without an answer")),
            };
        };
        let Some(schema) = &media_type.schema else {
            return Err(Refusal::new(&place, "`schema` is missing"));
        };
        let node = Node::of(schema, &place)?;
        let output = match (content_type.as_str(), paging) {
            ("application/json", None) => Output::Json(self.schemas.ty(node, &place)?),
            ("application/json", Some(Paging::Offset)) => self.offset_page(node, &place)?,
            (envelope::CONTENT_TYPE, None | Some(Paging::Link)) => match (self.data(node, &place)?, paging) {
                (Type::List(item), _) => Output::ListDocument(*item),
                (item, None) => Output::Document(item),
                (_, Some(_)) => return Err(Refusal::new(&place, "a page has `data`, an array")),
            },
            _ => return Err(Refusal::new(&place, "the content type and `x-paging` do not go together")),
        };
        if let Output::Json(ty)
        | Output::OffsetPage { item: ty, .. }
        | Output::Document(ty)
        | Output::ListDocument(ty) = &output
        {
            self.roots.types.push((ty.clone(), Direction::Answer, place));
        }
        Ok(output)
    }

    /// Whether an answer without a body (204) is described beside one that is read.
    fn may_be_empty(&self, source: &Source, output: &Output) -> Result<bool, Refusal> {
        match (source.responses.responses.contains_key(&StatusCode::Code(204)), output) {
            (false, _) | (true, Output::Nothing) => Ok(false),
            (true, Output::Json(_) | Output::Document(_)) => Ok(true),
            (true, Output::OffsetPage { .. } | Output::ListDocument(_) | Output::RedirectAddress(_)) => {
                self.refuse("a 204 is supported beside a single object only")
            }
        }
    }

    /// A page, or one of a page and a bare list of the same.
    fn offset_page(&self, node: Node<'a>, place: &Place) -> Result<Output, Refusal> {
        let list = |ty| match ty {
            Type::List(item) => Ok(*item),
            _ => Err(Refusal::new(place, "a page has `data`, an array")),
        };
        let Node::Inline(Schema { schema_kind: SchemaKind::OneOf { one_of }, .. }) = node else {
            return Ok(Output::OffsetPage { item: list(self.data(node, place)?)?, or_list: false });
        };
        let [page, bare] = one_of.as_slice() else {
            return Err(Refusal::new(place, "`oneOf` is a page, or a bare list of its items"));
        };
        let item = list(self.data(Node::of(page, place)?, place)?)?;
        if self.schemas.ty(Node::of(bare, place)?, place)? != Type::List(Box::new(item.clone())) {
            return Err(Refusal::new(place, "`oneOf` is a page, or a bare list of its items"));
        }
        Ok(Output::OffsetPage { item, or_list: true })
    }

    /// The type of `data` in a page or a JSON:API document.
    fn data(&self, node: Node<'a>, place: &Place) -> Result<Type, Refusal> {
        let (schema, _) = self.schemas.open(node, place)?;
        let data = structs::object(schema, place)?.properties.get("data");
        let data = data.ok_or_else(|| Refusal::new(place, "`data` is missing"))?;
        self.schemas.ty(Node::of_boxed(data, place)?, place)
    }
}

fn check_parameter_type(ty: &Type, place: &Place) -> Result<(), Refusal> {
    match ty {
        Type::Bool
        | Type::Integer { .. }
        | Type::Number
        | Type::Text { .. }
        | Type::Timestamp
        | Type::Id { .. }
        | Type::Enum(_)
        | Type::HandWritten(_) => Ok(()),
        Type::List(item) if !matches!(**item, Type::List(_) | Type::Timestamp) => {
            check_parameter_type(item, place)
        }
        Type::List(_) | Type::Map(_) | Type::Struct(_) | Type::Union(_) | Type::Untyped | Type::File => {
            Err(Refusal::new(place, "a parameter is a text, a number, an id, an enum or a list of these"))
        }
    }
}
