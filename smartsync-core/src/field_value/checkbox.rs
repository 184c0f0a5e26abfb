//! Yes or no, and the words people write for it.

use super::{ValueError, fold};

/// The words of the services, then those of English, Swedish, Norwegian, Danish, Finnish, German, Dutch, French and
/// Spanish for yes, true, on and checked. No word means the opposite in another of these languages.
const YES: &[&str] = &[
    "1",
    "true",
    "yes",
    "on",
    "checked",
    "✓",
    "✔",
    "☑", // English
    "ja",
    "sant",
    "på",
    "ikryssad", // Swedish
    "avkrysset",
    "avhuket", // Norwegian
    "sand",
    "til",
    "afkrydset", // Danish
    "kyllä",
    "tosi",
    "valittu", // Finnish
    "wahr",
    "an",
    "ein",
    "angekreuzt", // German
    "waar",
    "aan",
    "aangevinkt", // Dutch
    "oui",
    "vrai",
    "activé",
    "coché", // French
    "sí",
    "si",
    "verdadero",
    "activado",
    "marcado", // Spanish
];

/// The words for no, false, off and unchecked.
const NO: &[&str] = &[
    "0",
    "false",
    "no",
    "off",
    "unchecked",
    "☐", // English
    "nej",
    "falskt",
    "av",
    "ej ikryssad", // Swedish
    "nei",
    "usant",
    "ikke avkrysset", // Norwegian
    "falsk",
    "fra",
    "ikke afkrydset", // Danish
    "ei",
    "epätosi",
    "ei valittu", // Finnish
    "nein",
    "falsch",
    "aus",
    "nicht angekreuzt", // German
    "nee",
    "neen",
    "onwaar",
    "uit",
    "niet aangevinkt", // Dutch
    "non",
    "faux",
    "désactivé",
    "non coché", // French
    "falso",
    "desactivado",
    "no marcado", // Spanish
];

/// Reads one of the words, in any case. A single letter or a cross is none: a cross marks in one form and strikes out
/// in another.
pub(super) fn read(text: &str) -> Result<bool, ValueError> {
    let word = fold::label(text);
    match (YES.contains(&word.as_str()), NO.contains(&word.as_str())) {
        (true, false) => Ok(true),
        (false, true) => Ok(false),
        _ => Err(ValueError::Unreadable),
    }
}
