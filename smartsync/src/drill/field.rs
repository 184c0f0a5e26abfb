//! The fields of the drill: what a data field holds, and which field of the card it is mapped to.

use smartsync_sandbox::{CustomFieldKind, CustomFieldSeed, DataFieldSeed, TemplateTypeSeed};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Text,
    Name,
    Email,
    Phone,
    Url,
    Linkedin,
    Number,
    Date,
    Choice,
    Checkbox,
}

/// A data field and its place on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    /// `custom_id` of the data field.
    pub(super) key: &'static str,
    /// Its name on the card: an attribute or an api-name.
    pub(super) card: &'static str,
    pub(super) kind: Kind,
}

const fn field(key: &'static str, card: &'static str, kind: Kind) -> Field {
    Field { key, card, kind }
}

/// Who somebody is, and how they are reached.
pub(super) const IDENTITY: [Field; 6] = [
    field("email", "email", Kind::Email),
    field("first-name", "first-name", Kind::Name),
    field("last-name", "last-name", Kind::Name),
    field("phone", "phone", Kind::Phone),
    field("linkedin-url", "linkedin-url", Kind::Linkedin),
    field("pitch", "pitch", Kind::Text),
];

/// Custom fields, paired by their names.
pub(super) const CUSTOM: [Field; 8] = [
    field("oneflow-remarks", "oneflow-remarks", Kind::Text),
    field("oneflow-website", "oneflow-website", Kind::Url),
    field("oneflow-private-email", "oneflow-private-email", Kind::Email),
    field("oneflow-mobile", "oneflow-mobile", Kind::Phone),
    field("oneflow-start-date", "oneflow-start-date", Kind::Date),
    field("oneflow-salary", "oneflow-salary", Kind::Number),
    field("oneflow-contract-type", "oneflow-contract-type", Kind::Choice),
    field("oneflow-has-car", "oneflow-has-car", Kind::Checkbox),
];

/// A custom field that no mapping has.
pub(super) const UNMAPPED: &str = "shirt-size";
/// The data field in which a link token may stand.
pub(super) const TOKEN: &str = "link-token";
/// Options of the select.
pub(super) const OPTIONS: [&str; 3] = ["Permanent", "Fixed term", "Hourly"];

impl Field {
    pub(super) fn is_identity(self) -> bool {
        IDENTITY.contains(&self)
    }

    /// The field of the card, as a mapping names it.
    pub(super) fn in_mapping(self) -> String {
        if self.is_identity() { self.card.replace('-', "_") } else { format!("custom:{}", self.card) }
    }
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = Field> {
    IDENTITY.into_iter().chain(CUSTOM)
}

/// The field of this name on the card.
pub(super) fn on_card(name: &str) -> Option<Field> {
    all().find(|field| field.card == name)
}

/// The data fields of a template type.
pub(super) fn template_type(name: &str) -> TemplateTypeSeed {
    let fields = all().map(|field| DataFieldSeed::new(field.key));
    let fields = fields.chain([DataFieldSeed::new(TOKEN)]);
    fields.fold(TemplateTypeSeed::new(name), TemplateTypeSeed::field)
}

/// The custom fields of a company, by name.
pub(super) fn custom_fields() -> impl Iterator<Item = (&'static str, CustomFieldSeed)> {
    let mapped = CUSTOM.into_iter().map(|field| {
        let kind = match field.kind {
            Kind::Text | Kind::Name => CustomFieldKind::Text,
            Kind::Email => CustomFieldKind::Email,
            Kind::Phone => CustomFieldKind::Phone,
            Kind::Url | Kind::Linkedin => CustomFieldKind::Url,
            Kind::Number => CustomFieldKind::Number,
            Kind::Date => CustomFieldKind::Date,
            Kind::Choice => CustomFieldKind::Select,
            Kind::Checkbox => CustomFieldKind::Checkbox,
        };
        let seed = CustomFieldSeed::new(field.card, kind);
        (field.card, if kind == CustomFieldKind::Select { seed.options(OPTIONS) } else { seed })
    });
    mapped.chain([(UNMAPPED, CustomFieldSeed::new(UNMAPPED, CustomFieldKind::Text))])
}
