//! How people write in the contracts.

use serde::{Deserialize, Serialize};

use super::{country::Country, currency::Currency, date::DateOrder};

/// How people write numbers, dates, amounts and telephone numbers in the contracts.
///
/// It is asked only where a text alone does not say it: `1.234`, `03/04/2031`, `070-123 45 67`. Without it a text with
/// two readings is an error, never a guess.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use smartsync_core::value::{DateOrder, DecimalMark, Locale};
///
/// let locale = Locale::new(DecimalMark::Comma, DateOrder::Dmy).country("SE".parse()?).currency("SEK".parse()?);
/// # let _ = locale;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Locale {
    /// The mark before the decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    /// Which of day and month comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// The country in which a telephone number without calling code is dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// The currency of the amounts; one in another currency is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

impl Locale {
    /// A locale that decides on numbers and dates.
    #[must_use]
    pub fn new(decimal: DecimalMark, date_order: DateOrder) -> Self {
        Self { decimal: Some(decimal), date_order: Some(date_order), ..Self::default() }
    }

    /// The country in which a telephone number without calling code is dialled.
    #[must_use]
    pub fn country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// The currency of the amounts.
    #[must_use]
    pub fn currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }
}

/// The mark before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum DecimalMark {
    /// `1000,5`
    Comma,
    /// `1000.5`
    Point,
}

impl DecimalMark {
    pub(super) fn as_char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }
}
