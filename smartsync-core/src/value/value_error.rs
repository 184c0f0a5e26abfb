//! Why a value cannot be read or written.

/// Why a value cannot be read or written. It never quotes the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text is no value of the field's type.
    #[error("the text is no value of the field's type")]
    Unreadable,
    /// `1.234`: one thousand two hundred and thirty-four, or one and a bit?
    #[error(
        "the number has two readings, with a decimal point and with a decimal comma: write `decimal` in the `locale` of `[sync]` or of the field's `[[field]]`"
    )]
    AmbiguousNumber,
    /// `100 EUR` in a field whose amounts are declared to be in another currency.
    #[error(
        "the amount is in another currency than the `currency` in the `locale` of `[sync]` or of the field's `[[field]]`"
    )]
    OtherCurrency,
    /// `03/04/2031`: April or March?
    #[error(
        "the date has two readings, day first and month first: write `date_order` in the `locale` of `[sync]` or of the field's `[[field]]`"
    )]
    AmbiguousDate,
    /// `0031-05-01`: a day, but in no year that a contract is about.
    #[error("the date is not between the years 1900 and 2199")]
    ImplausibleDate,
    /// An address with a zero-width space, a name with a line break: it looks like another value than it is.
    #[error("the text holds characters that cannot be seen")]
    HiddenCharacters,
    /// `<script>`: a page could take the text for its own.
    #[error("the text holds markup")]
    Markup,
    /// `=HYPERLINK(..)`: a spreadsheet would compute the text.
    #[error("the text begins as a formula")]
    Formula,
    /// The text holds a character that has what follows shown the other way round.
    #[error("the text holds a character that turns the direction of what is shown")]
    TurnedText,
    /// A word mixes letters of several writings, or the word of an address looks like another.
    #[error("a word of the text can be taken for another that looks alike")]
    LookAlike,
    /// The address of a LinkedIn profile leads elsewhere.
    #[error("the address is not on linkedin.com")]
    NotOnLinkedin,
    /// The select has no option of this label.
    #[error("the select has no option of this label")]
    UnknownOption,
    /// The text is the label of several options, or the label of one and the id of another; or the option that it names has
    /// the same id as another.
    #[error("the text has two readings: it is the label of one option and the label or id of another")]
    AmbiguousOption,
    /// `Hourly, on call`: one option whose label holds a comma, or two options?
    #[error("the text has two readings: it can be split into options in more than one way")]
    AmbiguousChoices,
    /// More characters than the field holds.
    #[error("the text has more characters than the field holds")]
    TooLong,
    /// The other service cannot hold the value without changing it.
    #[error("the value cannot be written without changing it")]
    Lossy,
}

impl ValueError {
    /// Whether the text is a valid value that could do harm on a card, so that a person has to decide.
    #[must_use]
    pub fn could_harm(self) -> bool {
        matches!(
            self,
            Self::Markup | Self::Formula | Self::TurnedText | Self::LookAlike | Self::NotOnLinkedin
        )
    }
}
