//! The programs of the project's front page compile. They join several crates, so they are tested here and in none of these.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
