//! The listing of a crate, from what rustdoc makes of it.

use std::{fs, process::Command};

use tempfile::TempDir;
use xtask::{api, published::Crate};

const ZOO: &str = r##"//! A crate.
#![allow(missing_docs)]
mod inner {
    /// A doc comment with `code`, a list, and a heading.
    ///
    /// # Errors
    ///
    /// * `none`
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Animal {
        /// With `code`.
        pub name: String,
        age: u8,
    }

    impl Animal {
        pub fn of_age(name: &str, age: u8) -> Self { Self { name: name.into(), age } }
        pub fn age(&self) -> u8 { self.age }
        #[doc(hidden)]
        pub fn secret(&self) {}
        pub(crate) fn inside(&self) {}
        pub fn a_name_that_is_long_enough_for_a_line_break(&self, with: &str, many: &str, arguments: &str) -> Option<String> {
            self.inside();
            Some(format!("{with}{many}{arguments}"))
        }
    }

    impl From<&str> for Animal {
        fn from(name: &str) -> Self { Self::of_age(name, 0) }
    }

    impl IntoIterator for Animal {
        type Item = char;
        type IntoIter = std::vec::IntoIter<char>;
        fn into_iter(self) -> Self::IntoIter { self.name.chars().collect::<Vec<_>>().into_iter() }
    }

    pub struct Hidden;
    pub struct Local(pub std::rc::Rc<u8>);
    pub struct Cage<T>(T);
    impl<T: Feed> Cage<T> {
        pub fn open(self) -> T { self.0 }
    }

    pub trait Feed {
        const MEALS: usize;
        type Food: Clone;
        fn feed(&mut self, food: Self::Food);
        fn rest(&self) {}
    }
}

pub use inner::{Animal, Cage, Feed, Local};
pub use std as standard;

pub mod house {
    pub const LONGEST: u64 = 3600;
    pub type Name = Option<String>;
    pub fn visit<T>(name: T) -> usize where T: AsRef<str> { name.as_ref().len() }
    pub mod door {
        macro_rules! made {
            ($name:ident) => {
                #[derive(Clone)]
                pub enum $name { Open, Shut { since: u64 }, Other(String, i8) }
            };
        }
        made!(Door);
    }
}

#[macro_export]
macro_rules! animal {
    ($name:literal) => { $crate::Animal::of_age($name, 1) };
}
"##;

const LISTING: &str = "\
feature default = []
feature loud = [std]
pub use std as standard
Animal: #[non_exhaustive] pub struct Animal { .. }
Animal: pub name: String
Animal: pub fn a_name_that_is_long_enough_for_a_line_break(&self, with: &str, many: &str, arguments: &str) -> Option<String>
Animal: pub fn age(&self) -> u8
Animal: pub fn of_age(name: &str, age: u8) -> Self
Animal: impl Clone, Debug, IntoIterator, PartialEq
Animal: impl From<&str> for Animal
Animal: impl IntoIterator for Animal: type IntoIter = IntoIter<char>
Animal: impl IntoIterator for Animal: type Item = char
Cage: pub struct Cage<T>(/* private fields */)
Cage: pub fn open(self) -> T [impl<T: Feed> Cage<T>]
Feed: pub trait Feed
Feed: provided fn rest(&self)
Feed: required const MEALS: usize
Feed: required fn feed(&mut self, food: Self::Food)
Feed: required type Food: Clone
Local: pub struct Local(pub Rc<u8>)
Local: pub 0: Rc<u8>
Local: impl !Send for Local
Local: impl !Sync for Local
animal: macro_rules! animal { ($name:literal) => { ... }; }
house: pub mod
house::LONGEST: pub const LONGEST: u64 = 3600
house::Name: pub type Name = Option<String>
house::door: pub mod
house::door::Door: pub enum Door
house::door::Door: variant Open
house::door::Door: variant Other(String, i8)
house::door::Door: variant Shut
house::door::Door: variant Shut: since: u64
house::door::Door: impl Clone
house::visit: pub fn visit<T>(name: T) -> usize where T: AsRef<str>,
";

fn crate_of(features: &str) -> Crate {
    serde_json::from_str(&format!(
        r#"{{"name": "zoo", "keywords": [], "categories": [], "features": {features}, "manifest_path": "Cargo.toml"}}"#
    ))
    .unwrap()
}

fn documented(source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zoo.rs");
    fs::write(&file, source).unwrap();
    let mut rustdoc = Command::new("rustdoc");
    rustdoc
        .args(["--edition", "2024", "--crate-name", "zoo", "--out-dir"])
        .arg(folder.path().join("doc"))
        .arg(file);
    let output = rustdoc.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

#[test]
fn the_listing_has_what_a_user_can_name_with_macros_expanded_and_re_exports_followed() {
    let folder = documented(ZOO);
    let zoo = crate_of(r#"{"loud": ["std"], "default": []}"#);
    let listing = api::listing(&folder.path().join("doc"), &zoo).unwrap();
    assert_eq!(listing, LISTING);
}

#[test]
fn pages_without_declarations_are_an_error_and_no_empty_listing() {
    let folder = documented("//! A crate.\npub struct Animal;");
    let page = folder.path().join("doc/zoo/struct.Animal.html");
    let other = fs::read_to_string(&page).unwrap().replace("item-decl", "declaration");
    fs::write(&page, other).unwrap();
    let error = api::listing(&folder.path().join("doc"), &crate_of("{}")).unwrap_err();
    assert!(error.contains("struct.Animal.html"), "{error}");
}
