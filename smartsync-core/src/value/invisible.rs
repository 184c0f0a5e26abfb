//! Characters that no eye sees, and the writing that needs some of them.

/// Whether no eye sees the character, and it is no white space: controls, joiners, direction marks, fillers, selectors of a
/// variant, tags (Unicode's default ignorable characters), and a few signs that are drawn as nothing.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{16fe4}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || is_noncharacter(c)
        || c.is_control() && !c.is_whitespace()
}

/// A place that Unicode will never give to a character.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether there is such a character that the writing around it does not need. What emoji, Persian, Indic or Mongolian
/// writing needs changes what is seen.
pub(super) fn has_stray(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        let (before, rest) = text.split_at(at);
        is_invisible(c) && !is_needed(before, c, &rest[c.len_utf8()..])
    })
}

/// Whether the character at the end of a text changes how what stands before it is seen.
pub(super) fn is_needed_at_end(before: &str, c: char) -> bool {
    is_needed(before, c, "")
}

fn is_needed(before: &str, c: char, after: &str) -> bool {
    let (last, next) = (before.chars().next_back().unwrap_or(' '), after.chars().next());
    match c {
        // Parts of one emoji; a joined form of a letter, also before a blank: a Malayalam name may end so.
        '\u{200d}' => is_emoji_part(last) && next.is_some_and(is_emoji) || is_joined(last),
        '\u{200c}' => is_joined(last) && next.is_some_and(is_joined),
        '\u{fe0f}' | '\u{fe0e}' if last.is_ascii_digit() || matches!(last, '#' | '*') => {
            next == Some('\u{20e3}')
        }
        '\u{fe0f}' | '\u{fe0e}' => is_emoji(last),
        '\u{fe00}'..='\u{fe0d}' => is_ideograph(last) || is_symbol(last),
        '\u{e0100}'..='\u{e01ef}' => is_ideograph(last),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => is_mongolian(last),
        '\u{180e}' => is_mongolian(last) && next.is_some_and(is_mongolian),
        '\u{e0020}'..='\u{e007f}' => is_flag_part(before, c, after),
        _ => false,
    }
}

/// The flag of a part of a country: a black flag, its code in tags, and the tag that ends it.
fn is_flag_part(before: &str, c: char, after: &str) -> bool {
    let is_tag = |c: char| matches!(c, '\u{e0020}'..='\u{e007e}');
    // A code has six tags at the most.
    let is_of_flag =
        before.chars().rev().take(7).find(|c| !is_tag(*c)).is_some_and(|first| first == '\u{1f3f4}');
    let is_ended = c == '\u{e007f}' || after.chars().take(7).find(|c| !is_tag(*c)) == Some('\u{e007f}');
    is_of_flag && is_ended
}

fn is_emoji_part(c: char) -> bool {
    is_emoji(c) || matches!(c, '\u{fe0f}' | '\u{e007f}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{1f000}'..='\u{1faff}') || is_symbol(c)
}

fn is_symbol(c: char) -> bool {
    matches!(c, '\u{203c}'..='\u{205e}' | '\u{2100}'..='\u{27ff}' | '\u{2900}'..='\u{2bff}' | '\u{3030}'..='\u{303d}' | '\u{3297}'..='\u{3299}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18aa}')
}

/// Whether the character belongs to a writing whose letters join: Arabic and its kin, the Indic ones, Burmese, Khmer,
/// Mongolian.
fn is_joined(c: char) -> bool {
    matches!(
        c,
        '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17dd}'
            | '\u{a8e0}'..='\u{a8ff}' | '\u{fb50}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdfc}'
            | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{114ff}'
    ) || is_mongolian(c)
}
