//! Lines as one writes them first: ids, enums, times, transports, items and lists, from and to what one has at hand.

use std::{cmp::Ordering, collections::BTreeMap, hash::Hash, sync::Arc};

use futures_util::{StreamExt as _, TryStreamExt as _};
use smartsync_transport::{
    Body, ByteSink, Lenient, PageError, Request, Response, ScriptedTransport, Timestamp, Transport,
    TransportError, async_trait, decode_json, jiff,
};

use crate::support::service::{Book, GetBook, ListBooks, client_with};

smartsync_transport::number_id! {
    /// Id of a book.
    pub(crate) struct BookId;
}

smartsync_transport::text_id! {
    /// Id of a shelf.
    pub(crate) struct ShelfId;
}

smartsync_transport::open_enum! {
    /// What a book is about.
    pub(crate) enum Genre {
        /// Who did it?
        Crime = "crime",
    }
}

/// What sorts and hashes, and so can be a key of any map.
fn assert_key(_: &(impl Ord + Hash)) {}

#[test]
fn a_numeric_id_comes_from_numbers_and_becomes_one() {
    let id: BookId = 7_u64.try_into().unwrap(); // 1
    assert_eq!(id, 7); // 2
    let number: i64 = id.into(); // 3
    assert_eq!((number, BookId::from(&id)), (7, id));
    assert!(BookId::try_from(u64::MAX).is_err(), "refused, not wrapped");
    assert_eq!("7".parse(), Ok(id));
    assert!("".parse::<BookId>().is_err());
    assert_key(&id);
}

#[test]
fn a_textual_id_comes_from_outside_and_is_compared_as_a_text() {
    let id: ShelfId = "7".parse().unwrap(); // 4
    assert_eq!(id, "7"); // 5
    let books = BTreeMap::from([(id.clone(), 3)]);
    assert_eq!(books.get("7"), Some(&3)); // 6
    assert_eq!(
        [ShelfId::from(7), ShelfId::from(7_u64), (&id).into(), (&"7".to_owned()).into()],
        [&id; 4].map(Clone::clone)
    );
    assert_eq!((id.as_ref(), String::from(id.clone())), ("7", "7".to_owned()));
    assert_key(&id);
    for blank in ["", " ", "\t"] {
        assert_eq!(blank.parse::<ShelfId>().unwrap_err().to_string(), "the id is empty");
    }
}

#[test]
fn an_open_enum_comes_from_text_and_becomes_one() {
    let genre: Genre = String::from("crime").into(); // 7
    assert_eq!("crime".parse(), Ok(genre.clone())); // 8
    assert_eq!((genre.as_ref(), Genre::from(&genre)), ("crime", Genre::Crime));
    assert_eq!(String::from(Genre::from(&"verse".to_owned())), "verse", "what is not named is kept");
}

#[test]
fn a_time_comes_from_jiff_and_becomes_one() {
    let instant: jiff::Timestamp = "2031-02-03T04:05:06.789Z".parse().unwrap();
    let time = Timestamp::from(instant); // 9
    assert_eq!(time.as_str(), "2031-02-03T04:05:06+0000");
    assert_eq!(jiff::Timestamp::try_from(&time).unwrap().as_second(), instant.as_second()); // 10
    assert!(jiff::Timestamp::try_from(Timestamp::from("soon")).is_err());
    assert_eq!(Timestamp::from(jiff::Timestamp::MIN).instant().unwrap(), jiff::Timestamp::MIN);
}

#[test]
fn times_sort_by_instant_whatever_their_form() {
    let [late, early, none] =
        ["2031-02-03T04:05:06+0000", "2031-02-03T05:05:05.000+01:00", "soon"].map(Timestamp::from);
    assert_eq!([&early, &none, &late].iter().max(), Some(&&late)); // 11
    assert!(none < early && early < late);
    let same = Timestamp::from("2031-02-03T04:05:06Z");
    assert_ne!(late.cmp(&same), Ordering::Equal, "two texts are not equal, so neither is their order");
    assert_eq!(late.cmp(&same), same.cmp(&late).reverse());
    assert_key(&late);
}

#[tokio::test]
async fn a_client_takes_a_boxed_transport() {
    let transport: Box<dyn Transport> = Box::new(ScriptedTransport::new().json(200, r#"{"id":7}"#));
    let book = client_with(transport).send(&GetBook("7".to_owned())).await.unwrap(); // 12
    assert_eq!(book.id, 7);
}

/// Passes a body on in pieces, and never whole.
#[derive(Debug)]
struct InPieces;

#[async_trait]
impl Transport for InPieces {
    async fn execute(&self, _: Request) -> Result<Response, TransportError> {
        Err(TransportError::other("the body was asked for whole"))
    }

    async fn execute_into(
        &self,
        _: Request,
        sink: &mut dyn ByteSink,
        _: u64,
    ) -> Result<Response, TransportError> {
        for piece in [b"one ", b"two "] {
            sink.put(piece).await.map_err(TransportError::sink)?;
        }
        Ok(Response::new(Body::empty()))
    }
}

#[tokio::test]
async fn a_transport_behind_a_pointer_passes_a_body_on_in_pieces_as_well() {
    let pointers: [Box<dyn Transport>; 2] = [Box::new(Box::new(InPieces)), Box::new(Arc::new(InPieces))];
    for transport in pointers {
        let mut received = Vec::new();
        transport.execute_into(Request::default(), &mut received, 8).await.unwrap();
        assert_eq!(received, b"one two ");
    }
}

fn first(page: &[u8]) -> anyhow::Result<i64> {
    let page: Vec<Lenient<Book>> = decode_json(page)?;
    let book = page[0].as_result()?; // 13
    Ok(book.id)
}

#[test]
fn a_malformed_item_is_an_error_that_outlives_its_page() {
    assert_eq!(first(br#"[{"id":7}]"#).unwrap(), 7);
    assert_eq!(first(br#"[{"id":"seven"}]"#).unwrap_err().to_string(), "unexpected shape at `.`");
}

fn shelf() -> Arc<ScriptedTransport> {
    let script = ScriptedTransport::new()
        .json(200, r#"{"books":[{"id":1},{"id":"two"},{"id":3}],"next":"/v1/books?page=2"}"#)
        .json(200, r#"{"books":[{"id":4}]}"#);
    Arc::new(script)
}

#[tokio::test]
async fn items_are_a_stream_with_the_errors_of_the_walk() {
    let items = client_with(shelf()).pages(ListBooks).items().into_stream(); // 14
    let ids: Vec<Option<i64>> = items.map(|book| book.ok().map(|book| book.id)).collect().await;
    assert_eq!(ids, [Some(1), None, Some(3), Some(4)]);

    let pages = client_with(shelf()).pages(ListBooks).into_stream();
    let pages: Result<Vec<_>, PageError> = pages.try_collect().await;
    assert_eq!(pages.unwrap().len(), 2);
}

/// Answers when it is told to.
#[derive(Debug)]
struct Slow(ScriptedTransport, tokio::sync::Semaphore);

#[async_trait]
impl Transport for Slow {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let answer = self.0.execute(request).await;
        self.1.acquire().await.unwrap().forget();
        answer
    }
}

#[tokio::test]
async fn a_next_that_is_dropped_loses_neither_item_nor_request() {
    let script = ScriptedTransport::new().json(200, r#"{"books":[{"id":1},{"id":2}]}"#);
    let slow = Arc::new(Slow(script, tokio::sync::Semaphore::new(0)));
    let mut items = client_with(Arc::clone(&slow)).pages(ListBooks).items().into_stream();
    for _ in 0..3 {
        tokio::select! {
            biased;
            _ = items.next() => panic!("nothing is there yet"),
            () = tokio::task::yield_now() => {}
        }
    }
    slow.1.add_permits(1);
    let ids: Vec<i64> = items.map_ok(|book| book.id).try_collect().await.unwrap();
    assert_eq!(ids, [1, 2]);
    assert_eq!(slow.0.requests().len(), 1, "the request under way is gone on with");
}

#[tokio::test]
async fn a_stream_that_has_ended_stays_so_and_can_be_sent_elsewhere() {
    fn assert_send(_: &(impl Send + Unpin + 'static)) {}
    let script = Arc::new(ScriptedTransport::new().json(200, r#"{"books":[]}"#));
    let mut items = client_with(Arc::clone(&script)).pages(ListBooks).items().into_stream();
    assert_send(&items);
    assert!(items.next().await.is_none() && items.next().await.is_none());
    assert_eq!(script.requests().len(), 1);
}
