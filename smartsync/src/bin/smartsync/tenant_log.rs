//! Log lines for people, whose command lines are for the tenant that they are about.

use std::fmt;

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::Context,
    registry::LookupSpan,
};

use crate::command_line::for_tenant;

/// The field of a span, and of all lines within it, that names a tenant.
pub(crate) const TENANT: &str = "tenant";

/// Remembers which tenant a span is about.
pub(crate) struct TenantOfSpan;

/// The name of a tenant.
struct Name(String);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TenantOfSpan {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut name = NameIn(None);
        attributes.record(&mut name);
        if let (Some(name), Some(span)) = (name.0, context.span(id)) {
            span.extensions_mut().insert(Name(name));
        }
    }
}

/// Finds the name among the fields of a span.
struct NameIn(Option<String>);

impl Visit for NameIn {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == TENANT {
            self.0 = Some(format!("{value:?}"));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

/// The lines of another format.
pub(crate) struct ForTenant<F>(pub(crate) F);

impl<S, N, F> FormatEvent<S, N> for ForTenant<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut spans = context.event_scope().into_iter().flatten();
        let tenant = spans.find_map(|span| span.extensions().get::<Name>().map(|name| name.0.clone()));
        if tenant.is_none() {
            return self.0.format_event(context, writer, event);
        }
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        writer.write_str(&for_tenant(&line, tenant.as_deref()))
    }
}
