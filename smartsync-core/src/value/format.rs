//! Reads and writes the values of one field, at either service.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    FieldValue, checkbox, choice, choice::ChoiceOptions, choice::Lookup, date, email, field_type::FieldType,
    invisible, locale::Locale, name, number::Decimal, phone::PhoneNumber, text, url, value_error::ValueError,
};

/// The most characters that a Oneflow data field holds.
pub const ONEFLOW_MAX_CHARACTERS: usize = 1_024;

/// The most digits of a number: more are no amount and no count, whatever field of texts could hold them.
const MOST_DIGITS: usize = 50;

/// How the values of one field are read and written: its type, the locale of the contract, the options of a select.
///
/// What each type reads and writes, and what is lost on the way, stands in `docs/values.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFormat {
    kind: FieldType,
    /// Whether Teamtailor holds the values in a field of texts.
    is_text: bool,
    /// Whether the texts are names of people.
    is_name: bool,
    locale: Locale,
    options: ChoiceOptions,
}

impl FieldFormat {
    /// The format of fields of this type.
    #[must_use]
    pub fn new(kind: FieldType) -> Self {
        let is_text = kind.is_textual();
        Self { kind, is_text, is_name: false, locale: Locale::default(), options: ChoiceOptions::default() }
    }

    /// The type of the Teamtailor field, where it is not that of the values: a text field may hold numbers, as people
    /// write them.
    #[must_use]
    pub fn stored_as(mut self, held: FieldType) -> Self {
        self.is_text = held.is_textual();
        self
    }

    /// The texts are first or last names of people, which are read more strictly than other texts.
    #[must_use]
    pub fn names(mut self) -> Self {
        self.is_name = true;
        self
    }

    /// Reads what people wrote by `locale`.
    #[must_use]
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = locale;
        self
    }

    /// The options of the select.
    #[must_use]
    pub fn options(mut self, options: impl Into<ChoiceOptions>) -> Self {
        self.options = options.into();
        self
    }

    /// The options of the select.
    pub(crate) fn choices(&self) -> &ChoiceOptions {
        &self.options
    }

    /// The type of the values.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        self.kind
    }

    /// Reads the text of a Oneflow data field; `None` when it is empty.
    ///
    /// ```
    /// use smartsync_core::value::{FieldFormat, FieldType, FieldValue, ValueError};
    ///
    /// let number = FieldFormat::new(FieldType::Number);
    /// assert_eq!(number.read_oneflow("1 000,50 kr"), number.read_oneflow("1000.5"));
    /// assert_eq!(number.read_oneflow("1.234"), Err(ValueError::AmbiguousNumber));
    /// assert_eq!(number.read_oneflow("  "), Ok(None));
    /// ```
    ///
    /// Stricter than [`FieldFormat::read_teamtailor`], as what is read here may overwrite a good value.
    ///
    /// # Errors
    ///
    /// [`ValueError`] when the text is no value of the type that a person would recognise as one, or could be two.
    pub fn read_oneflow(&self, text: &str) -> Result<Option<FieldValue>, ValueError> {
        let text = text::trim(text);
        if text.is_empty() {
            return Ok(None);
        }
        match self.read_strictly(text) {
            // The text looks right to whoever wrote it, so it helps to know why it is not.
            Err(ValueError::Unreadable | ValueError::UnknownOption)
                if text.contains(invisible::is_invisible) =>
            {
                Err(ValueError::HiddenCharacters)
            }
            // Whatever the type takes for a blank: some values are written as they were typed.
            Ok(_) if text.contains(|c| self.is_alien(c)) => Err(ValueError::HiddenCharacters),
            read => read.map(Some),
        }
    }

    /// Whether no text of the type has the character within it. Several lines are an ordinary text's, and stand between options.
    fn is_alien(&self, c: char) -> bool {
        match self.kind {
            FieldType::Text if self.is_name => text::is_control(c),
            FieldType::Text | FieldType::Choices => text::is_control(c) && !matches!(c, '\n' | '\r' | '\t'),
            FieldType::Phone => text::is_control(c) || c.is_whitespace() && !matches!(c, ' ' | '\u{a0}'),
            FieldType::Number
            | FieldType::Date
            | FieldType::Checkbox
            | FieldType::Url
            | FieldType::Email
            | FieldType::Choice => text::is_control(c),
        }
    }

    /// What stands in a contract, where anybody can type anything.
    fn read_strictly(&self, text: &str) -> Result<FieldValue, ValueError> {
        let is_ordinary = self.kind == FieldType::Text && !self.is_name;
        if !is_ordinary && text.chars().nth(ONEFLOW_MAX_CHARACTERS).is_some() {
            return Err(ValueError::TooLong);
        }
        match self.kind {
            FieldType::Text if self.is_name => name::read(text).map(FieldValue::Text),
            FieldType::Text => Ok(FieldValue::Text(text::lines(text))),
            FieldType::Url => url::read(text).map(FieldValue::Url),
            FieldType::Email => email::read(text).map(FieldValue::Email),
            FieldType::Phone => PhoneNumber::read(text, self.locale.country).map(FieldValue::Phone),
            FieldType::Date => date::read_plausible(text, self.locale.date_order).map(FieldValue::Date),
            FieldType::Number => match Decimal::read(text, &self.locale)? {
                number if number.digits() > MOST_DIGITS => Err(ValueError::TooLong),
                number => Ok(FieldValue::Number(number)),
            },
            FieldType::Checkbox => checkbox::read(text).map(FieldValue::Checkbox),
            FieldType::Choice => Lookup::new(&self.options).one(text).map(FieldValue::Choice),
            FieldType::Choices => Lookup::new(&self.options).several(text).map(FieldValue::Choices),
        }
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
            Value::Number(number) => {
                let number = Decimal::from_json(number)?;
                if self.kind == FieldType::Number {
                    return Ok(Some(FieldValue::Number(number)));
                }
                Cow::Owned(number.as_str().to_owned())
            }
            Value::String(text) => Cow::Borrowed(text::trim(text)),
            Value::Array(items) => return self.read_list(items),
            Value::Object(_) => return Err(ValueError::Unreadable),
        };
        if text.is_empty() {
            return Ok(None);
        }
        // Any text may stand on a card, and equals itself: the checks are for what we write there.
        match self.kind {
            FieldType::Text => Ok(FieldValue::Text(text::lines(&text))),
            FieldType::Url => Ok(FieldValue::Url(text.into_owned())),
            FieldType::Email => Ok(FieldValue::Email(text.to_lowercase())),
            FieldType::Phone => Ok(FieldValue::Phone(PhoneNumber::from_card(&text, self.locale.country))),
            // The services write these, so the locale has no say; into a field of texts people do.
            FieldType::Number if !self.is_text => Decimal::from_machine(&text).map(FieldValue::Number),
            FieldType::Number => Decimal::read(&text, &self.locale).map(FieldValue::Number),
            FieldType::Date => {
                date::read(&text, self.locale.date_order.filter(|_| self.is_text)).map(FieldValue::Date)
            }
            FieldType::Checkbox => checkbox::read(&text).map(FieldValue::Checkbox),
            FieldType::Choice => Lookup::new(&self.options).one(&text).map(FieldValue::Choice),
            FieldType::Choices => Lookup::new(&self.options).several(&text).map(FieldValue::Choices),
        }
        .map(Some)
    }

    /// A select is read back as a list in some reports, as a text in others.
    fn read_list(&self, items: &[Value]) -> Result<Option<FieldValue>, ValueError> {
        match (self.kind, items) {
            (_, []) => Ok(None),
            (FieldType::Choices, items) => {
                let lookup = Lookup::new(&self.options);
                let option = |item: &Value| match item {
                    Value::String(text) => lookup.one(text::trim(text)),
                    Value::Number(id) => lookup.one(&id.to_string()),
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
    /// [`ValueError::TooLong`], [`ValueError::UnknownOption`] when an option has gone, and [`ValueError::Lossy`] when it would
    /// be read as another value, or is of another type.
    pub fn write_oneflow(&self, value: &FieldValue) -> Result<String, ValueError> {
        let text = match value {
            FieldValue::Checkbox(true) => "1".to_owned(),
            FieldValue::Checkbox(false) => "0".to_owned(),
            FieldValue::Choice(id) => choice::label(&self.options, id)?.to_owned(),
            FieldValue::Choices(ids) => choice::labels(&self.options, ids)?,
            FieldValue::Number(number) => number.write(self.locale.decimal),
            FieldValue::Phone(number) => number.as_written().to_owned(),
            FieldValue::Text(text) | FieldValue::Url(text) | FieldValue::Email(text) => text.clone(),
            FieldValue::Date(date) => date.to_string(),
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
    /// date, a JSON number or boolean; in a field of texts always a text. Reading it yields the same value again.
    ///
    /// # Errors
    ///
    /// [`ValueError::Lossy`] when the value is of another type, or the number has more digits than a JSON number keeps.
    pub fn write_teamtailor(&self, value: &FieldValue) -> Result<Value, ValueError> {
        if value.kind() != self.kind {
            return Err(ValueError::Lossy);
        }
        Ok(match value {
            FieldValue::Number(number) if self.is_text => Value::from(number.write(self.locale.decimal)),
            FieldValue::Number(number) => Value::Number(number.to_json()?),
            FieldValue::Checkbox(flag) if self.is_text => Value::from(flag.to_string()),
            FieldValue::Checkbox(flag) => Value::Bool(*flag),
            FieldValue::Date(date) => Value::from(date.to_string()),
            FieldValue::Phone(number) => Value::from(number.as_written()),
            FieldValue::Text(text)
            | FieldValue::Url(text)
            | FieldValue::Email(text)
            | FieldValue::Choice(text) => Value::from(text.as_str()),
            FieldValue::Choices(ids) => ids.iter().map(String::as_str).collect(),
        })
    }
}
