//! On which line of a document a place stands.

/// A line that says something: its number from 1, its depth, and its text.
type Line<'a> = (usize, usize, &'a str);

/// The line of `place` in `text`, as near as its lines tell: what is written in braces has no lines of its own.
pub(crate) fn of(text: &str, place: &str) -> Option<usize> {
    let numbered = text.lines().enumerate().map(|(position, line)| {
        let said = line.trim_start();
        (position + 1, line.len() - said.len(), said)
    });
    let lines: Vec<Line<'_>> =
        numbered.filter(|(_, _, said)| !said.is_empty() && !said.starts_with('#')).collect();
    let (mut block, mut rest, mut found) = (lines.as_slice(), place, None);
    while let Some((position, left)) = child(block, rest) {
        let (number, depth, _) = block[position];
        let below = &block[position + 1..];
        let end = below.iter().position(|line| line.1 <= depth).unwrap_or(below.len());
        (block, rest, found) = (&below[..end], left, Some(number));
    }
    found
}

/// Which line of a block begins what `place` names first, and what is left of the place.
fn child<'a>(block: &[Line<'_>], place: &'a str) -> Option<(usize, &'a str)> {
    let depth = block.first()?.1;
    let own = || block.iter().enumerate().filter(|(_, line)| line.1 == depth);
    let of_key = own().find_map(|(position, (_, _, said))| {
        let key = said.split_once(": ").map(|(key, _)| key).or_else(|| said.strip_suffix(':'))?;
        // A path has slashes of its own, so a key is longer than what stands between two.
        let left = place.strip_prefix(key.trim_matches(['"', '\'']))?;
        if left.is_empty() { Some((position, left)) } else { Some((position, left.strip_prefix('/')?)) }
    });
    of_key.or_else(|| {
        // An item of a list is named by its position, a parameter by its name.
        let (item, left) = place.split_once('/').unwrap_or((place, ""));
        let mut items = own().filter(|(_, line)| line.2.starts_with("- ")).enumerate();
        let (_, (position, _)) = items.find(|(position, (_, (_, _, said)))| {
            let name = said.split_once("name: ").map_or("", |(_, after)| after);
            item == position.to_string()
                || name.split(',').next().is_some_and(|name| name.trim_matches('"') == item)
        })?;
        Some((position, left))
    })
}
