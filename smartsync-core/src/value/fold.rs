//! Spellings that make no difference.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;

use super::invisible::is_invisible;

/// An accented letter as one character, however it was typed (NFC).
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizer::new_nfc().normalize(text)
}

/// Full-width digits, letters and signs as ordinary ones, every kind of space as a space, and the hyphens, dashes and minus signs
/// that word processors put in place of `-` as that. Line breaks stay.
///
/// Not NFKC: that would read `10²` as 102. Not the em dash, which is between words.
pub(super) fn width(text: &str) -> String {
    let ordinary = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' => '-',
        '\u{fe62}' => '+',
        '\n' | '\r' => c,
        c if c.is_whitespace() => ' ',
        c => c,
    };
    text.chars().map(ordinary).collect()
}

/// A text with the ordinary form of every sign and letter (NFKC: `﹤` becomes `<`), without what no eye sees.
pub(super) fn plain(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    ComposingNormalizer::new_nfkc().normalize(&visible).into_owned()
}

/// A label without regard to case, width and amount of white space (NFKC, full case folding).
pub(super) fn label(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    letters(text, &mut folded);
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Adds the letters without regard to case and width, with the white space between them as it is.
pub(super) fn letters(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let start = folded.len();
        folded.push_str(text);
        folded[start..].make_ascii_lowercase();
    } else {
        folded.push_str(&compatible(text));
    }
}

/// Of ASCII, NFKC changes nothing and case folding the capital letters only.
fn compatible(text: &str) -> String {
    let compatible = ComposingNormalizer::new_nfkc();
    let folded = CaseMapper::new().fold_string(&compatible.normalize(text)).into_owned();
    compatible.normalize(&folded).into_owned()
}

/// Whether the character is another one than an ASCII character and is easily taken for it: the Kelvin sign, a full-width
/// letter, a ligature.
pub(super) fn is_ascii_lookalike(c: char) -> bool {
    let is_compatible = |c: char| {
        let compatible = ComposingNormalizer::new_nfkc();
        compatible.normalize(c.encode_utf8(&mut [0; 4])).contains(|c: char| c.is_ascii())
    };
    !c.is_ascii() && is_compatible(c)
}
