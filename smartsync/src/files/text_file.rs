//! Text files as editors, shells and other systems leave them.

use std::{fs, io, path::Path};

/// What some editors put in front of a text in UTF-8. It is no part of the text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file, without a byte order mark.
///
/// # Errors
///
/// That of the system; for a folder and for a text that is no UTF-8, one that says what to do about it.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    decoded(fs::read(path)?)
}

/// The text without a byte order mark in front.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let other_encoding = |text| Err(io::Error::new(io::ErrorKind::InvalidData, text));
    // In UTF-16 every other byte of a plain text is zero; none is in a text in UTF-8.
    if matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || bytes.contains(&0) {
        return other_encoding("it is UTF-16 or not text: save it as UTF-8");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(without_mark(&text).to_owned()),
        Err(_) => other_encoding("it is not UTF-8: save it as UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_left_out_and_another_encoding_is_named() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbf[oneflow]\r\n"[..], Ok("[oneflow]\r\n")),
            (b"plain", Ok("plain")),
            (b"", Ok("")),
            (b"\xff\xfe[\0o\0", Err("it is UTF-16 or not text: save it as UTF-8")),
            (b"[\0o\0", Err("it is UTF-16 or not text: save it as UTF-8")),
            (b"name = \"L\xf6n\"", Err("it is not UTF-8: save it as UTF-8")),
        ] {
            let read = decoded(bytes.to_vec()).map_err(|error| error.to_string());
            assert_eq!(read.as_deref().map_err(String::as_str), text, "{bytes:?}");
        }
    }
}
