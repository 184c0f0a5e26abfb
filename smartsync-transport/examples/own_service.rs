//! A client for a service of your own: two operations, what the service says when it refuses, and a list that is walked.
//!
//! The answers come from a script, so it needs no network. With the feature `reqwest` the builder needs no transport.
//!
//! ```sh
//! cargo run -p smartsync-transport --features test-util --example own_service
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;

use serde::Deserialize;
use smartsync_transport::{
    ApiClient, BuildError, Call, DecodeError, Endpoint, Lenient, Method, NextPage, Paged, Problem, Response,
    ScriptedTransport, Service, decode_json,
};

/// The service: its name in errors, and how it describes what went wrong.
#[derive(Debug)]
struct Library;

impl Service for Library {
    const NAME: &'static str = "library";
    const ACCEPT: &'static str = "application/json";
    // A title is printed only if it is known. Any other text of the service may be what a person typed.
    const TITLES: &'static [&'static str] = &["no such book"];

    fn problems(body: &[u8]) -> Vec<Problem> {
        let mut problem = Problem::default();
        problem.title = serde_json::from_slice::<Refusal>(body).ok().map(|refusal| refusal.error);
        vec![problem]
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

#[derive(Debug, Deserialize)]
struct Book {
    title: String,
}

struct GetBook(u64);

impl Endpoint for GetBook {
    type Service = Library;
    type Output = Book;
    const OPERATION: &'static str = "get_book";
    const METHOD: Method = Method::GET;
    const IDEMPOTENT: bool = true;

    fn call(&self) -> Result<Call, BuildError> {
        Ok(Call::new().segment("books").segment(self.0))
    }

    fn decode(&self, response: &Response) -> Result<Book, DecodeError> {
        decode_json(response.body().as_bytes())
    }
}

/// A page at a time, by number.
#[derive(Clone)]
struct ListBooks {
    page: u32,
}

#[derive(Deserialize)]
struct Shelf {
    // A book that cannot be read costs nothing but itself.
    books: Vec<Lenient<Book>>,
    has_more: bool,
}

impl Endpoint for ListBooks {
    type Service = Library;
    type Output = Shelf;
    const OPERATION: &'static str = "list_books";
    const METHOD: Method = Method::GET;
    const IDEMPOTENT: bool = true;

    fn call(&self) -> Result<Call, BuildError> {
        Ok(Call::new().segment("books").query("page", self.page))
    }

    fn decode(&self, response: &Response) -> Result<Shelf, DecodeError> {
        decode_json(response.body().as_bytes())
    }
}

impl Paged for ListBooks {
    type Item = Book;

    fn next_page(&self, page: &Shelf) -> NextPage<Self> {
        if page.has_more { NextPage::Operation(Self { page: self.page + 1 }) } else { NextPage::End }
    }

    fn into_items(page: Shelf) -> Vec<Lenient<Book>> {
        page.books
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let answers = ScriptedTransport::new()
        .json(200, r#"{"title": "Emma"}"#)
        .json(404, r#"{"error": "no such book"}"#)
        .json(200, r#"{"books": [{"title": "Emma"}, {"title": 7}], "has_more": true}"#)
        .json(200, r#"{"books": [{"title": "Persuasion"}], "has_more": false}"#);
    let library = ApiClient::<Library>::builder()
        .base_url("https://library.example/v1".parse()?)
        .transport(answers)
        .build()?;

    println!("{:?}", library.send(&GetBook(7)).await?);
    match library.send(&GetBook(8)).await {
        Err(error) if error.is_not_found() => println!("{error}"),
        other => println!("{other:?}"),
    }

    let mut books = library.pages(ListBooks { page: 1 }).items();
    while let Some(book) = books.next().await {
        match book {
            Ok(book) => println!("{}", book.title),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
