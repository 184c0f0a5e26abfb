//! A whole list of a service, without what cannot be decoded.

use smartsync_transport::{Items, PageError, Paged};

/// All items of the list that can be decoded, and whether there are others.
///
/// # Errors
///
/// [`PageError`] when the walk did not reach the end of the list. What lies behind is unknown: taken for the whole list, it
/// would say of fields that are there that they are not.
pub(crate) async fn readable_items<E: Paged>(mut items: Items<E>) -> Result<(Vec<E::Item>, bool), PageError> {
    let (mut readable, mut has_unreadable) = (Vec::new(), false);
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => readable.push(item),
            Err(PageError::Item { .. }) => has_unreadable = true,
            Err(error) => return Err(error),
        }
    }
    Ok((readable, has_unreadable))
}
