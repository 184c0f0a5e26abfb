//! JSON that is written as it is read out: a tree of values in between was most of what an answer cost.

use serde::Serialize;

/// One object.
pub(crate) fn object(write: impl FnOnce(&mut Object<'_>)) -> Vec<u8> {
    let mut text = Vec::with_capacity(4_096);
    Object::write(&mut text, write);
    text
}

/// One value. What the sandbox writes has no key that is no text, and memory takes everything, so nothing fails.
pub(crate) fn value(value: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::new();
    append(&mut text, value);
    text
}

fn append(text: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(text, value);
}

/// An object under way.
pub(crate) struct Object<'a> {
    text: &'a mut Vec<u8>,
    is_empty: bool,
}

impl Object<'_> {
    fn write(text: &mut Vec<u8>, write: impl FnOnce(&mut Object<'_>)) {
        text.push(b'{');
        write(&mut Object { text, is_empty: true });
        text.push(b'}');
    }

    fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.is_empty) {
            self.text.push(b',');
        }
        append(self.text, &name);
        self.text.push(b':');
        self.text
    }

    pub(crate) fn member(&mut self, name: &str, value: impl Serialize) {
        append(self.name(name), &value);
    }

    pub(crate) fn object(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        Object::write(self.name(name), write);
    }

    pub(crate) fn list(&mut self, name: &str, write: impl FnOnce(&mut List<'_>)) {
        let text = self.name(name);
        text.push(b'[');
        write(&mut List { text, is_empty: true });
        text.push(b']');
    }
}

/// A list under way.
pub(crate) struct List<'a> {
    text: &'a mut Vec<u8>,
    is_empty: bool,
}

impl List<'_> {
    fn next(&mut self) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.is_empty) {
            self.text.push(b',');
        }
        self.text
    }

    pub(crate) fn object(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        Object::write(self.next(), write);
    }
}

/// A text that is put together as it is written.
pub(crate) struct Text<'a>(pub(crate) std::fmt::Arguments<'a>);

impl Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
