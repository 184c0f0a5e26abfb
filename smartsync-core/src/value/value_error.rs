//! Why a value cannot be read or written.

/// Why a value cannot be read or written. It never quotes the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text is not a valid value for the field's type.
    #[error("the text is not a valid value for the field's type")]
    Unreadable,
    /// `1.234`: one thousand two hundred and thirty-four, or one and a bit?
    #[error(
        "the number can be read in two ways, with a decimal point or a decimal comma: set `decimal` in the `locale` of `[sync]` or of the field's `[[field]]` entry"
    )]
    AmbiguousNumber,
    /// `100 EUR` in a field whose amounts are declared to be in another currency.
    #[error(
        "the amount's currency is not the `currency` set in the `locale` of `[sync]` or of the field's `[[field]]` entry"
    )]
    OtherCurrency,
    /// `03/04/2031`: April or March?
    #[error(
        "the date can be read in two ways, day first or month first: set `date_order` in the `locale` of `[sync]` or of the field's `[[field]]` entry"
    )]
    AmbiguousDate,
    /// `0031-05-01`: a valid date, but not in a year that occurs in contracts.
    #[error("the year is not between 1900 and 2199")]
    ImplausibleDate,
    /// An address with a zero-width space, a name with a line break: it looks like another value than it is.
    #[error("the text contains invisible characters")]
    HiddenCharacters,
    /// `<script>`: a page could take the text for its own.
    #[error("the text contains markup")]
    Markup,
    /// `=HYPERLINK(..)`: a spreadsheet would compute the text.
    #[error("the text starts like a formula")]
    Formula,
    /// The text contains a character that reverses the display of what follows.
    #[error("the text contains a character that changes the reading direction")]
    TurnedText,
    /// A word mixes letters of several scripts, or a word of an address looks like another one.
    #[error("a word in the text can be mistaken for another one that looks the same")]
    LookAlike,
    /// The address of a LinkedIn profile leads elsewhere.
    #[error("the address is not on linkedin.com")]
    NotOnLinkedin,
    /// The select has no option of this label.
    #[error("the select has no option with this label")]
    UnknownOption,
    /// The text is the label of several options, or the label of one and the id of another; or the option that it names has
    /// the same id as another.
    #[error("the text matches two options: it is the label of one, and the label or id of the other")]
    AmbiguousOption,
    /// `Hourly, on call`: one option whose label holds a comma, or two options?
    #[error("the text can be split into options in more than one way")]
    AmbiguousChoices,
    /// More characters than the field holds.
    #[error("the text is longer than the field allows")]
    TooLong,
    /// The other service cannot store the value without changing it.
    #[error("the value cannot be stored without changing it")]
    Lossy,
}

impl ValueError {
    /// **When:** the text is a valid value that could do harm on a card. **Then:** hold it until a person has decided; any other error is
    /// a value that the field cannot have.
    #[must_use]
    pub fn could_harm(self) -> bool {
        matches!(
            self,
            Self::Markup | Self::Formula | Self::TurnedText | Self::LookAlike | Self::NotOnLinkedin
        )
    }
}
