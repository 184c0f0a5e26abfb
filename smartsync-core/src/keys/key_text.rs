//! A key of the host as text: 32 random bytes, in hexadecimal digits or in base64.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

/// The bytes of a key: as many as the code that is made with it has, so that guessing the one is no easier than the other.
const KEY_BYTES: usize = 32;

/// Fewer different bytes than any 32 random ones will ever have: it was typed, or is a placeholder.
const FEWEST_DIFFERENT: usize = 8;

/// With or without the `=` at its end.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_FOR_URLS: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The bytes of a key; `None` if the text holds no 32 bytes, or none that can have been drawn at random.
pub(crate) fn key_bytes(text: &SecretString) -> Option<SecretBox<[u8; KEY_BYTES]>> {
    let text = text.expose_secret().trim();
    let mut is_whole = false;
    let key = SecretBox::init_with_mut(|bytes: &mut [u8; KEY_BYTES]| {
        is_whole = hex::decode_to_slice(text, bytes).is_ok()
            || is_base64(&BASE64, text, bytes)
            || is_base64(&BASE64_FOR_URLS, text, bytes);
    });
    (is_whole && is_various(key.expose_secret())).then_some(key)
}

/// Whether the text is 32 bytes in base64, which are then in `bytes`.
fn is_base64(engine: &GeneralPurpose, text: &str, bytes: &mut [u8; KEY_BYTES]) -> bool {
    engine.decode_slice(text, bytes) == Ok(KEY_BYTES)
}

fn is_various(key: &[u8; KEY_BYTES]) -> bool {
    let mut sorted = *key;
    sorted.sort_unstable();
    let different = 1 + sorted.windows(2).filter(|pair| pair[0] != pair[1]).count();
    different >= FEWEST_DIFFERENT
}
