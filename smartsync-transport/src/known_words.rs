//! Which texts of a service's error are its own words. Whatever is not may be what a person typed.

use http::StatusCode;

use crate::plain_text::MOST;

/// The most numbers in one text.
const MOST_INDICES: usize = 2;

/// A number by itself that says what went wrong: three digits, or the seven of which the first three are the status of an error.
pub(crate) fn is_code(text: &str) -> bool {
    let is_of_an_error = text.len() == 7 && text.starts_with(['4', '5']);
    (matches!(text.len(), 1..=3) || is_of_an_error) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// One of `titles`, or the words of a status, in whatever letters: `Not Found`, `not found`.
pub(crate) fn is_title(text: &str, titles: &[&str]) -> bool {
    let is = |title: &str| title.eq_ignore_ascii_case(text);
    let mut reasons = (400..600).filter_map(|code| StatusCode::from_u16(code).ok()?.canonical_reason());
    text.len() <= MOST && (titles.iter().any(|title| is(title)) || reasons.any(is))
}

/// Where in a request something is wrong, by `names` alone: `/data/attributes/email`, `filter[email]`,
/// `parties.0.name, data_fields.12.custom_id`. The few digits are those of a place in a list.
pub(crate) fn is_place(text: &str, names: &[&str]) -> bool {
    let indices = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    text.len() <= MOST
        && indices.count() <= MOST_INDICES
        && text.split(", ").all(|place| leads_to(place, names))
}

/// Whether it begins and ends with a name, and has nothing between two names but an index.
fn leads_to(place: &str, names: &[&str]) -> bool {
    let mut is_behind_name = false;
    for part in place.split(['/', '.', '[', ']']).filter(|part| !part.is_empty()) {
        if names.contains(&part) {
            is_behind_name = true;
        } else if is_behind_name && is_index(part) {
            is_behind_name = false;
        } else {
            return false;
        }
    }
    is_behind_name
}

fn is_index(part: &str) -> bool {
    matches!(part.as_bytes(), [b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["data", "name", "phone", "data_fields", "filter"];

    #[test]
    fn a_place_is_made_of_known_names_with_an_index_between_them() {
        for place in [
            "/data/name",
            "filter[phone]",
            "data_fields.0.name",
            "name, data.12.name, phone",
            "data.1.data.2.name",
        ] {
            assert!(is_place(place, &NAMES), "{place}");
        }
        for text in [
            "",
            "/",
            ", ",
            "name, ",
            "0",
            "070.123.45.67",
            "070, 123, 45, 67",
            "name.070.123",
            "data.07.name",
            "data.070.name",
            "data.1.data.2.data.3.name",
            "name.46",
            "46.name",
            "data.1.2.name",
            "data 1 name",
            "name\nname",
            "Ann",
            "/data/Ann",
            "filter[Ann]",
        ] {
            assert!(!is_place(text, &NAMES), "{text}");
        }
        assert!(is_place(&"/data".repeat(16), &NAMES));
        assert!(!is_place(&"/data/phone".repeat(8), &NAMES), "88 characters");
    }

    #[test]
    fn a_code_is_no_date_and_no_telephone_number() {
        for code in ["1", "100", "4040000", "5000001"] {
            assert!(is_code(code), "{code}");
        }
        for text in ["", "1970", "700101", "0701234", "19700101", "7001011234", "1.1", "-1", "10e", "١"] {
            assert!(!is_code(text), "{text}");
        }
    }

    #[test]
    fn a_title_is_one_of_the_list_or_of_a_status() {
        for title in ["is invalid", "Is Invalid", "not found"] {
            assert!(is_title(title, &["is invalid"]), "{title}");
        }
        for text in ["", "name", "/data/name", "100", "is invalid Ann"] {
            assert!(!is_title(text, &["is invalid"]), "{text}");
        }
        let long = "long".repeat(21);
        assert!(!is_title(&long, &[&long]), "84 characters");
    }
}
