//! Names of hosts, in web and in e-mail addresses.

use std::borrow::Cow;

use unicode_security::{
    GeneralSecurityProfile as _, confusable_detection::skeleton, general_security_profile::IdentifierType,
};
use url::{Host, quirks::domain_to_unicode};

/// The most characters of a host's name, by RFC 1035.
const MOST_CHARACTERS: usize = 253;

/// What ends a host, or a part of one, to a parser or to an eye.
const SEPARATORS: &str = "/\\:.?#@!";

/// Whether the text is the name of a host with a dot, and means the same to a parser as to the eye. Names in other
/// writings are checked by IDNA, and have no sign and no letter that looks like the end of a name.
pub(super) fn is_domain(text: &str) -> bool {
    // The parser would decode `%2e`, and take letters for others that look alike.
    let is_written_so = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') || !c.is_ascii();
    if text.len() > 4 * MOST_CHARACTERS || !text.chars().all(is_written_so) {
        return false;
    }
    // Of ASCII there is nothing to parse, but for labels of other writings in disguise.
    let ascii = if text.is_ascii() && !text.to_ascii_lowercase().contains("xn--") {
        Cow::Borrowed(text)
    } else {
        let Ok(Host::Domain(ascii)) = Host::parse(text) else { return false };
        // A label that is written in disguise is shown without it.
        let shown = domain_to_unicode(&ascii);
        if !text.split('.').chain(shown.split('.')).all(is_one_name) {
            return false;
        }
        Cow::Owned(ascii)
    };
    let (written, parsed): (Vec<&str>, Vec<&str>) = (text.split('.').collect(), ascii.split('.').collect());
    let is_same = |(written, parsed): (&&str, &&str)| {
        if written.is_ascii() { written.eq_ignore_ascii_case(parsed) } else { parsed.starts_with("xn--") }
    };
    let is_label =
        |label: &&str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    let is_top = |label: &&str| {
        label.starts_with("xn--") || label.len() > 1 && label.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    ascii.len() <= MOST_CHARACTERS
        && parsed.len() > 1
        && written.len() == parsed.len()
        && written.iter().zip(&parsed).all(is_same)
        && parsed.iter().all(is_label)
        && parsed.last().is_some_and(is_top)
}

/// Whether an eye takes the label for one name: IDNA lets signs pass that look like `/` or `.`, and some letters do as well
/// (`ノ`, `丿`). What else no name needs is left out by the profile of UTS 39: signs, letters that nobody uses any more.
fn is_one_name(label: &str) -> bool {
    let is_in_use = |c: char| c.is_ascii() || c.identifier_type() == Some(IdentifierType::Recommended);
    label.is_ascii() || label.chars().all(is_in_use) && !skeleton(label).any(|c| SEPARATORS.contains(c))
}
