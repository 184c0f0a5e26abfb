//! Spellings that make no difference.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;

/// An accented letter as one character, however it was typed (NFC).
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizer::new_nfc().normalize(text)
}

/// Full-width digits, letters and signs as ordinary ones, every kind of space as a space. Line breaks stay.
///
/// Not NFKC: that would read `10²` as 102.
pub(super) fn width(text: &str) -> String {
    let ordinary = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\n' | '\r' => c,
        c if c.is_whitespace() => ' ',
        c => c,
    };
    text.chars().map(ordinary).collect()
}

/// A label without regard to case, width and amount of white space (NFKC, full case folding).
pub(super) fn label(text: &str) -> String {
    let folded = if text.is_ascii() { text.to_ascii_lowercase() } else { compatible(text) };
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of ASCII, NFKC changes nothing and case folding the capital letters only.
fn compatible(text: &str) -> String {
    let compatible = ComposingNormalizer::new_nfkc();
    let folded = CaseMapper::new().fold_string(&compatible.normalize(text)).into_owned();
    compatible.normalize(&folded).into_owned()
}
