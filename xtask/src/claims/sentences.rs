//! The sentences of a document in which each ends with an id: `It never writes into an existing contract. [S7]`.

/// A sentence with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sentence {
    /// Line of the document on which its paragraph begins, from 1.
    pub line: usize,
    /// The id: `S7`.
    pub id: String,
    /// The sentence.
    pub text: String,
}

/// Reads the sentences, and says what of the document is no sentence with an id. Headings need none. There may be headings,
/// paragraphs and lists; what else Markdown knows could hide a sentence, and is refused.
#[must_use]
pub fn sentences(document: &str) -> (Vec<Sentence>, Vec<String>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (line, block) in blocks(document, &mut faults) {
        read_block(line, &block, &mut found, &mut faults);
    }
    (found, faults)
}

/// Paragraphs and items of lists, each in one line of text, with the line on which it begins.
fn blocks(document: &str, faults: &mut Vec<String>) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (number, line) in document.lines().enumerate() {
        let (number, text) = (number + 1, line.trim());
        let item = ["- ", "* "].iter().find_map(|mark| text.strip_prefix(mark));
        if text.is_empty() || text.starts_with('#') {
            is_open = false;
        } else if ["|", "```", "~~~", "<", ">"].iter().any(|start| text.starts_with(start)) {
            faults.push(format!("line {number}: only headings, paragraphs and lists may stand here"));
            is_open = false;
        } else if let Some(item) = item {
            blocks.push((number, item.to_owned()));
            is_open = true;
        } else if let Some((_, open)) = blocks.last_mut().filter(|_| is_open) {
            open.push(' ');
            open.push_str(text);
        } else {
            blocks.push((number, text.to_owned()));
            is_open = true;
        }
    }
    blocks
}

/// A block is a row of sentences, each with its id behind it.
fn read_block(line: usize, block: &str, found: &mut Vec<Sentence>, faults: &mut Vec<String>) {
    let mut rest = block;
    while let Some((before, id, after)) = next_id(rest) {
        let text = before.trim();
        match sentence_ends(text).as_slice() {
            [end] if *end == text.len() => {
                found.push(Sentence { line, id: id.to_owned(), text: text.to_owned() });
            }
            [first, ..] if *first < text.len() => {
                faults.push(format!("line {line}: no id behind the sentence \"{}\"", &text[..*first]));
            }
            _ => faults.push(format!("line {line}: {id} stands behind no whole sentence: \"{text}\"")),
        }
        rest = after;
    }
    let left = rest.trim();
    if !left.is_empty() {
        faults.push(format!("line {line}: no id behind \"{left}\""));
    }
}

/// The next `[S7]`: what stands before it, the id, what stands behind it.
fn next_id(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("[S").map(|at| from + at) {
        let (inside, after) = text[at + 1..].split_once(']')?;
        let digits = &inside[1..];
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some((&text[..at], inside, after));
        }
        from = at + 2;
    }
    None
}

/// Where sentences end: behind `.`, `!`, `?` or `:` and what closes with it, before a space or the end; in no code. A colon
/// ends one only at the end of the text, before a list.
fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut is_code = false;
    let mut after_end = false;
    for (at, c) in text.char_indices() {
        match c {
            '`' => {
                is_code = !is_code;
                after_end = false;
            }
            _ if is_code => {}
            '.' | '!' | '?' => after_end = true,
            ':' => after_end = at + 1 == text.len(),
            ')' | '*' | '"' | '\'' | '_' => {}
            c if c.is_whitespace() && after_end => {
                ends.push(at);
                after_end = false;
            }
            _ => after_end = false,
        }
    }
    if after_end {
        ends.push(text.len());
    }
    ends
}
