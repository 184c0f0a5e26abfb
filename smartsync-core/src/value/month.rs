//! The names of the months.

use super::fold;

/// The names in English, Swedish, Norwegian, Danish, Finnish, German, Dutch, French and Spanish, January first. No
/// name stands for two months, which is why there are no abbreviations here.
const MONTHS: [&[&str]; 12] = [
    &["january", "januari", "januar", "jänner", "tammikuu", "tammikuuta", "janvier", "enero"],
    &["february", "februari", "februar", "helmikuu", "helmikuuta", "février", "febrero"],
    &["march", "mars", "marts", "märz", "maaliskuu", "maaliskuuta", "maart", "marzo"],
    &["april", "huhtikuu", "huhtikuuta", "avril", "abril"],
    &["may", "maj", "mai", "toukokuu", "toukokuuta", "mei", "mayo"],
    &["june", "juni", "kesäkuu", "kesäkuuta", "juin", "junio"],
    &["july", "juli", "heinäkuu", "heinäkuuta", "juillet", "julio"],
    &["august", "augusti", "elokuu", "elokuuta", "augustus", "août", "agosto"],
    &["september", "syyskuu", "syyskuuta", "septembre", "septiembre", "setiembre"],
    &["october", "oktober", "lokakuu", "lokakuuta", "octobre", "octubre"],
    &["november", "marraskuu", "marraskuuta", "novembre", "noviembre"],
    &["december", "desember", "dezember", "joulukuu", "joulukuuta", "décembre", "diciembre"],
];

/// The number of the month, `1` for January, by its name in any case.
pub(super) fn number(name: &str) -> Option<i8> {
    let name = fold::label(name);
    let index = MONTHS.iter().position(|names| names.contains(&name.as_str()))?;
    i8::try_from(index + 1).ok()
}
