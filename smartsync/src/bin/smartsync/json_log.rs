//! Log lines as JSON, one object each, with the fields of their spans beside their own: so that `contract` is `contract` in every line
//! that is about one, whether the line says so or the work that it is a part of.

use std::io::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};
use smartsync_core::{Clock as _, engine::SystemClock};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer,
    fmt::MakeWriter,
    layer::Context,
    registry::{LookupSpan, SpanRef},
};

use crate::{command_line::for_tenant, tenant_log::TENANT};

/// Writes each event as one line.
pub(crate) struct JsonLines<W>(pub(crate) W);

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    level: &'a str,
    message: String,
    target: &'a str,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// What a span or an event says.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl<W> JsonLines<W> {
    fn add<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>, values: impl FnOnce(&mut Fields)) {
        let mut extensions = span.extensions_mut();
        if extensions.get_mut::<Fields>().is_none() {
            extensions.insert(Fields::default());
        }
        if let Some(fields) = extensions.get_mut() {
            values(fields);
        }
    }
}

impl<S, W> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            Self::add(&span, |fields| attributes.record(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            Self::add(&span, |fields| values.record(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        // What is inside overrules what is outside.
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.0.extend(of_span.0.clone());
            }
        }
        event.record(&mut fields);
        let message = fields.0.remove("message");
        let metadata = event.metadata();
        let line = Line {
            time: SystemClock.now().to_string(),
            level: metadata.level().as_str(),
            message: message.and_then(|message| message.as_str().map(str::to_owned)).unwrap_or_default(),
            target: metadata.target(),
            fields: fields.0,
        };
        let Ok(mut text) = serde_json::to_string(&line) else { return };
        let tenant = line.fields.get(TENANT).and_then(Value::as_str);
        // A backquote, and the name of a tenant, are the same in JSON.
        text = for_tenant(&text, tenant).into_owned();
        text.push('\n');
        // Whoever reads the log may be gone: there is nobody to tell.
        self.0.make_writer_for(metadata).write_all(text.as_bytes()).ok();
    }
}

impl Fields {
    fn insert(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.insert(field, format!("{value:?}").into());
    }
}
