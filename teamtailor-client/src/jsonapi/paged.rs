//! Lists that are paged by a link.

/// Implements `Paged` for an operation whose answers link to the next page.
macro_rules! paged {
    ($list:ident of $item:ty) => {
        impl smartsync_transport::Paged for $list {
            type Item = $item;

            fn next_page(&self, page: &Self::Output) -> smartsync_transport::NextPage<Self> {
                match &page.links.next {
                    Some(link) => smartsync_transport::NextPage::Link(link.clone()),
                    None => smartsync_transport::NextPage::End,
                }
            }

            fn into_items(page: Self::Output) -> Vec<smartsync_transport::Lenient<$item>> {
                page.data
            }
        }
    };
}
pub(crate) use paged;
