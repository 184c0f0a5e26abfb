//! Files as this program reads and writes them: texts, and keys that only their owner may read.

pub(crate) mod key_file;
pub(crate) mod network_file_system;
pub(crate) mod private_file;
pub(crate) mod replaced_file;
pub(crate) mod text_file;
pub(crate) mod without_values;

pub use self::key_file::{new_key, write_new_key};
