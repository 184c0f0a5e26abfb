//! Reads and writes the values of one field, at either service.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    ChoiceOption, Decimal, DecimalMark, FieldType, FieldValue, Locale, ValueError, choice, date, text,
};

/// The most characters that a Oneflow data field holds.
pub const ONEFLOW_MAX_CHARACTERS: usize = 1_024;

/// How the values of one field are read and written: its type, the locale of the contract, the options of a select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFormat {
    kind: FieldType,
    locale: Locale,
    options: Vec<ChoiceOption>,
}

impl FieldFormat {
    /// The format of fields of this type.
    #[must_use]
    pub fn new(kind: FieldType) -> Self {
        Self { kind, locale: Locale::default(), options: Vec::new() }
    }

    /// Reads ambiguous numbers and dates of the contract by `locale`.
    #[must_use]
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = locale;
        self
    }

    /// The options of the select.
    #[must_use]
    pub fn options(mut self, options: impl IntoIterator<Item = ChoiceOption>) -> Self {
        self.options = options.into_iter().collect();
        self
    }

    /// The type of the values.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        self.kind
    }

    /// Reads the text of a Oneflow data field; `None` when it is empty.
    ///
    /// ```
    /// use smartsync_core::{FieldFormat, FieldType, FieldValue, ValueError};
    ///
    /// let number = FieldFormat::new(FieldType::Number);
    /// assert_eq!(number.read_oneflow("1 000,50"), number.read_oneflow("1000.5"));
    /// assert_eq!(number.read_oneflow("1.234"), Err(ValueError::AmbiguousNumber));
    /// assert_eq!(number.read_oneflow("  "), Ok(None));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ValueError`] when the text is no value of the type, or could be two.
    pub fn read_oneflow(&self, text: &str) -> Result<Option<FieldValue>, ValueError> {
        let text = text::trim(text);
        if text.is_empty() {
            return Ok(None);
        }
        match self.kind {
            FieldType::Text => Ok(FieldValue::Text(text::lines(text))),
            FieldType::Number => Decimal::read(text, self.locale.decimal).map(FieldValue::Number),
            FieldType::Date => date::read(text, self.locale.date_order).map(FieldValue::Date),
            FieldType::Checkbox => flag(text).map(FieldValue::Checkbox),
            FieldType::Url => text::url(text).map(FieldValue::Url),
            FieldType::Email => text::email(text).map(FieldValue::Email),
            FieldType::Phone => text::phone(text).map(FieldValue::Phone),
            FieldType::Choice => choice::one(&self.options, text).map(FieldValue::Choice),
            FieldType::Choices => choice::several(&self.options, text).map(FieldValue::Choices),
        }
        .map(Some)
    }

    /// Reads the JSON of a Teamtailor attribute or custom field value; `None` when it is empty.
    ///
    /// # Errors
    ///
    /// [`ValueError`] when the JSON is no value of the type.
    pub fn read_teamtailor(&self, value: &Value) -> Result<Option<FieldValue>, ValueError> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::Bool(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Value::Number(number) => Cow::Owned(Decimal::from_json(number)?.as_str().to_owned()),
            Value::String(text) => Cow::Borrowed(text::trim(text)),
            Value::Array(items) => return self.read_list(items),
            Value::Object(_) => return Err(ValueError::Unreadable),
        };
        if text.is_empty() {
            return Ok(None);
        }
        // What a person typed into a card is taken as it is: the checks are for what we write there.
        match self.kind {
            FieldType::Text => Ok(FieldValue::Text(text::lines(&text))),
            FieldType::Url => Ok(FieldValue::Url(text.into_owned())),
            FieldType::Email => Ok(FieldValue::Email(text.to_lowercase())),
            FieldType::Phone => Ok(FieldValue::Phone(text.into_owned())),
            // A machine wrote it, so `1.234` has one reading.
            FieldType::Number => Decimal::read(&text, Some(DecimalMark::Point)).map(FieldValue::Number),
            FieldType::Date => date::read(&text, None).map(FieldValue::Date),
            FieldType::Checkbox => flag(&text).map(FieldValue::Checkbox),
            FieldType::Choice => choice::one(&self.options, &text).map(FieldValue::Choice),
            FieldType::Choices => choice::several(&self.options, &text).map(FieldValue::Choices),
        }
        .map(Some)
    }

    /// A select is read back as a list in some reports, as a text in others.
    fn read_list(&self, items: &[Value]) -> Result<Option<FieldValue>, ValueError> {
        match (self.kind, items) {
            (_, []) => Ok(None),
            (FieldType::Choices, items) => {
                let option = |item: &Value| match item {
                    Value::String(text) => choice::one(&self.options, text::trim(text)),
                    Value::Number(id) => choice::one(&self.options, &id.to_string()),
                    Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                        Err(ValueError::Unreadable)
                    }
                };
                let ids = items.iter().map(option).collect::<Result<_, _>>()?;
                Ok(Some(FieldValue::Choices(ids)))
            }
            (_, [only]) if !only.is_array() => self.read_teamtailor(only),
            _ => Err(ValueError::Unreadable),
        }
    }

    /// The text that a Oneflow data field gets. Reading it yields the same value again.
    ///
    /// # Errors
    ///
    /// [`ValueError::TooLong`], [`ValueError::UnknownOption`] when an option has gone, and [`ValueError::Lossy`].
    pub fn write_oneflow(&self, value: &FieldValue) -> Result<String, ValueError> {
        let text = match value {
            FieldValue::Text(text)
            | FieldValue::Url(text)
            | FieldValue::Email(text)
            | FieldValue::Phone(text) => text.clone(),
            FieldValue::Number(number) => number.write(self.locale.decimal),
            FieldValue::Date(date) => date.to_string(),
            FieldValue::Checkbox(flag) => if *flag { "1" } else { "0" }.to_owned(),
            FieldValue::Choice(id) => choice::label(&self.options, id)?.to_owned(),
            FieldValue::Choices(ids) => choice::labels(&self.options, ids)?,
        };
        if text.chars().count() > ONEFLOW_MAX_CHARACTERS {
            return Err(ValueError::TooLong);
        }
        match self.read_oneflow(&text) {
            Ok(Some(read)) if read == *value => Ok(text),
            _ => Err(ValueError::Lossy),
        }
    }

    /// The JSON that a Teamtailor attribute or custom field value gets: option ids for a select, `YYYY-MM-DD` for a
    /// date, a JSON number or boolean.
    ///
    /// # Errors
    ///
    /// [`ValueError::Lossy`] when the number has more digits than a JSON number keeps.
    pub fn write_teamtailor(&self, value: &FieldValue) -> Result<Value, ValueError> {
        Ok(match value {
            FieldValue::Text(text)
            | FieldValue::Url(text)
            | FieldValue::Email(text)
            | FieldValue::Phone(text)
            | FieldValue::Choice(text) => Value::from(text.as_str()),
            FieldValue::Number(number) => Value::Number(number.to_json()?),
            FieldValue::Date(date) => Value::from(date.to_string()),
            FieldValue::Checkbox(flag) => Value::Bool(*flag),
            FieldValue::Choices(ids) => ids.iter().map(String::as_str).collect(),
        })
    }
}

fn flag(text: &str) -> Result<bool, ValueError> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(ValueError::Unreadable),
    }
}
