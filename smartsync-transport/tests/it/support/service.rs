//! A small service of the tests' own: one operation of each kind.

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use smartsync_transport::{
    ApiClient, BuildError, Call, DecodeError, Endpoint, Lenient, NextPage, Paged, Problem, Response,
    RetryPolicy, Service, decode_json,
};

#[derive(Debug)]
pub(crate) struct Library;

impl Service for Library {
    const NAME: &'static str = "library";
    const ACCEPT: &'static str = "application/json";

    fn problems(body: &[u8]) -> Vec<Problem> {
        #[derive(Deserialize)]
        struct Body {
            code: String,
            detail: String,
        }
        let Ok(body) = serde_json::from_slice::<Body>(body) else { return Vec::new() };
        let mut problem = Problem::default();
        problem.code = Some(body.code);
        problem.detail = Some(body.detail);
        vec![problem]
    }
}

#[derive(Debug, Deserialize, PartialEq)]
pub(crate) struct Book {
    pub(crate) id: i64,
}

/// `GET /books/{id}`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GetBook(pub(crate) String);

impl Endpoint for GetBook {
    type Service = Library;
    type Output = Book;
    const OPERATION: &'static str = "get_book";
    const METHOD: Method = Method::GET;
    const IDEMPOTENT: bool = true;

    fn call(&self) -> Result<Call, BuildError> {
        Ok(Call::new().segment("books").segment(&self.0))
    }

    fn decode(&self, response: &Response) -> Result<Book, DecodeError> {
        decode_json(response.body().as_bytes())
    }
}

/// `POST /books`
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct CreateBook {
    pub(crate) title: String,
}

impl Endpoint for CreateBook {
    type Service = Library;
    type Output = StatusCode;
    const OPERATION: &'static str = "create_book";
    const METHOD: Method = Method::POST;
    const IDEMPOTENT: bool = false;

    fn call(&self) -> Result<Call, BuildError> {
        Ok(Call::new().segment("books").json("application/json", self))
    }

    fn decode(&self, response: &Response) -> Result<StatusCode, DecodeError> {
        Ok(response.status())
    }
}

/// `GET /books`, page by page, by the link in the answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListBooks;

#[derive(Debug, Deserialize)]
pub(crate) struct Shelf {
    books: Vec<Lenient<Book>>,
    next: Option<String>,
    #[serde(default)]
    too_far: bool,
}

impl Endpoint for ListBooks {
    type Service = Library;
    type Output = Shelf;
    const OPERATION: &'static str = "list_books";
    const METHOD: Method = Method::GET;
    const IDEMPOTENT: bool = true;

    fn call(&self) -> Result<Call, BuildError> {
        Ok(Call::new().segment("books").query("page[size]", 2))
    }

    fn decode(&self, response: &Response) -> Result<Shelf, DecodeError> {
        decode_json(response.body().as_bytes())
    }
}

impl Paged for ListBooks {
    type Item = Book;

    fn next_page(&self, page: &Shelf) -> NextPage<Self> {
        match &page.next {
            Some(link) => NextPage::Link(link.clone()),
            None if page.too_far => NextPage::OutOfReach,
            None => NextPage::End,
        }
    }

    fn into_items(page: Shelf) -> Vec<Lenient<Book>> {
        page.books
    }
}

/// A client on a base URL that is never reached: the transport is scripted.
pub(crate) fn client_with(transport: impl smartsync_transport::Transport + 'static) -> ApiClient<Library> {
    let base_url = "https://library.example/v1".parse().unwrap();
    ApiClient::builder()
        .base_url(base_url)
        .credential(http::HeaderName::from_static("x-library-token"), "token-canary".into())
        .transport(transport)
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}
