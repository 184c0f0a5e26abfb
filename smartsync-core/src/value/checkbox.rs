//! Yes or no, and the words people write for it.

use super::{fold, value_error::ValueError};

/// The words for yes, true, on and checked, and those for no, false, off and unchecked, a language a row.
const WORDS: [(&[&str], &[&str]); 10] = [
    // The services, and signs.
    (&["1", "true", "✓", "✔", "☑"], &["0", "false", "☐"]),
    // English
    (&["yes", "on", "checked"], &["no", "off", "unchecked"]),
    // Swedish
    (&["ja", "sant", "på", "ikryssad"], &["nej", "falskt", "av", "ej ikryssad"]),
    // Norwegian
    (&["ja", "sant", "på", "avkrysset"], &["nei", "usant", "av", "ikke avkrysset"]),
    // Danish
    (&["ja", "sand", "til", "afkrydset"], &["nej", "falsk", "fra", "ikke afkrydset"]),
    // Finnish
    (&["kyllä", "tosi", "valittu"], &["ei", "epätosi", "ei valittu"]),
    // German
    (&["ja", "wahr", "an", "ein", "angekreuzt"], &["nein", "falsch", "aus", "nicht angekreuzt"]),
    // Dutch
    (&["ja", "waar", "aan", "aangevinkt"], &["nee", "neen", "onwaar", "uit", "niet aangevinkt"]),
    // French
    (&["oui", "vrai", "activé", "coché"], &["non", "faux", "désactivé", "non coché"]),
    // Spanish
    (&["sí", "si", "verdadero", "activado", "marcado"], &["no", "falso", "desactivado", "no marcado"]),
];

/// Reads one of the words, in any case. A word that is yes in one row and no in another would be neither. A single
/// letter or a cross is none: a cross marks in one form and strikes out in another.
pub(super) fn read(text: &str) -> Result<bool, ValueError> {
    // Keyboards put a selector behind a sign, which makes an emoji of it.
    let word = fold::label(text.trim_end_matches(['\u{fe0e}', '\u{fe0f}']));
    let is_yes = WORDS.iter().any(|(yes, _)| yes.contains(&word.as_str()));
    let is_no = WORDS.iter().any(|(_, no)| no.contains(&word.as_str()));
    if is_yes == is_no { Err(ValueError::Unreadable) } else { Ok(is_yes) }
}
