//! A list of candidates with their custom field values, where the service fails to list them with these.

use std::{collections::VecDeque, fmt};

use serde::Deserialize;
use smartsync_transport::{
    ApiClient, BuildError, Call, DecodeError, Endpoint, Error, Lenient, Method, PageError, Pages, Response,
    Url, decode_json,
};

use crate::{
    Teamtailor,
    candidates::{Candidate, Candidates, GetCandidate, ListCandidates},
    jsonapi::{Document, Included, ListDocument},
};

/// Walks a list of candidates page by page, also where it cannot be had with its includes.
/// [`Candidates::pages_with_values`] makes it.
pub struct CandidatePages {
    client: ApiClient<Teamtailor>,
    /// What was asked for.
    list: ListCandidates,
    pages: Pages<ListCandidates>,
    /// Where the next page begins, as the last one says.
    next: Option<String>,
    /// Whether the list fails with its includes, so that each candidate is read by itself.
    is_one_by_one: bool,
    /// A page that is being read so.
    begun: Option<Begun>,
    /// Whether a candidate has failed with an error that passes.
    has_failed: bool,
    /// Whether one has failed with an error that does not pass.
    is_over: bool,
}

/// Without the link: its query can hold what was searched for.
impl fmt::Debug for CandidatePages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidatePages")
            .field("list", &self.list)
            .field("is_one_by_one", &self.is_one_by_one)
            .field("begun", &self.begun)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Begun {
    waiting: VecDeque<Lenient<Candidate>>,
    page: ListDocument<Candidate>,
}

impl Candidates<'_> {
    /// Lists candidates page by page with what the list includes, also where the service fails to include it.
    ///
    /// A list with `custom-field-values` among its includes is answered with 500 for some companies (unconfirmed;
    /// source: an importer of 2022). Then, and for the rest of the list, the pages are read without includes and every
    /// candidate by itself: **one request per candidate**, of which the rate limit allows 50 in 10 seconds. Either way a
    /// page looks the same. A candidate that is gone by the time it is read is left out.
    ///
    /// ```no_run
    /// # use teamtailor_client::TeamtailorClient;
    /// use teamtailor_client::candidates::{CandidateInclude, ListCandidates};
    /// # async fn example(client: TeamtailorClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let list = ListCandidates::new()
    ///     .include([CandidateInclude::CustomFieldValues, CandidateInclude::CustomFieldValuesCustomField]);
    /// let mut pages = client.candidates().pages_with_values(list);
    /// while let Some(page) = pages.next().await {
    ///     let page = page?;
    ///     for candidate in &page.data {
    ///         let Ok(candidate) = candidate.as_result() else { continue };
    ///         for pair in page.included.custom_field_values(candidate) {
    ///             let (value, field) = pair?;
    ///         }
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn pages_with_values(&self, list: ListCandidates) -> CandidatePages {
        CandidatePages {
            client: self.client.clone(),
            pages: self.client.pages(list.clone()),
            list,
            next: None,
            is_one_by_one: false,
            begun: None,
            has_failed: false,
            is_over: false,
        }
    }
}

impl CandidatePages {
    /// The next page, or `None` after the last.
    ///
    /// Errors are as in [`Pages::next`]. After one that passes, the next call waits a second, and where a candidate is read by itself,
    /// goes on with this candidate; one that does not pass ends the walk.
    pub async fn next(&mut self) -> Option<Result<ListDocument<Candidate>, PageError>> {
        if self.is_over {
            return None;
        }
        loop {
            if let Some(begun) = &mut self.begun {
                if self.has_failed {
                    self.client.rest_after_error().await;
                    self.has_failed = false;
                }
                if let Err(error) = begun.read(&self.client, &self.list).await {
                    self.is_over = error.is_terminal();
                    self.has_failed = true;
                    return Some(Err(error.into()));
                }
                return self.begun.take().map(|begun| Ok(begun.page));
            }
            match self.pages.next().await? {
                Ok(page) if self.is_one_by_one => self.begun = Some(Begun::new(page)),
                Ok(page) => {
                    self.next.clone_from(&page.links.next);
                    return Some(Ok(page));
                }
                Err(PageError::Request(error)) if self.may_go_one_by_one(&error) => self.go_one_by_one(),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn may_go_one_by_one(&self, error: &Error) -> bool {
        let is_500 = error.status().is_some_and(|status| status.as_u16() == 500);
        is_500 && !self.is_one_by_one && !self.list.include.is_empty()
    }

    /// Goes on without includes, from the page that failed.
    fn go_one_by_one(&mut self) {
        self.is_one_by_one = true;
        let mut list = ListCandidates { include: Vec::new(), ..self.list.clone() };
        let next = self.next.as_deref().and_then(|link| self.client.base_url().join(link).ok());
        for (name, value) in next.iter().flat_map(Url::query_pairs) {
            match name.as_ref() {
                "page[after]" => list.page_after = Some(value.into_owned()),
                "page[number]" => list.page_number = value.parse().ok(),
                _ => {}
            }
        }
        self.pages = self.client.pages(list);
    }
}

impl Begun {
    fn new(mut page: ListDocument<Candidate>) -> Self {
        Self { waiting: std::mem::take(&mut page.data).into(), page }
    }

    /// Reads those that wait, each by itself. After an error, the one that failed still waits.
    async fn read(&mut self, client: &ApiClient<Teamtailor>, list: &ListCandidates) -> Result<(), Error> {
        while let Some(listed) = self.waiting.front() {
            let read = match listed.as_result() {
                Ok(candidate) => {
                    let get = GetCandidate::new(candidate.id.clone()).include(list.include.clone());
                    client.send_opt(&Alone(get.fields(list.fields.clone()))).await?
                }
                Err(_) => Some((listed.clone(), Included::default())),
            };
            self.waiting.pop_front();
            if let Some((candidate, included)) = read {
                self.page.data.push(candidate);
                self.page.included.add(included);
            }
        }
        if self.page.included.has_unreadable() {
            self.page.unreadable.insert("included");
        }
        Ok(())
    }
}

/// Reads one candidate as an item of a page.
struct Alone(GetCandidate);

#[derive(Deserialize)]
struct Item {
    data: Lenient<Candidate>,
}

impl Endpoint for Alone {
    type Service = Teamtailor;
    type Output = (Lenient<Candidate>, Included);
    const OPERATION: &'static str = GetCandidate::OPERATION;
    const METHOD: Method = GetCandidate::METHOD;
    const IDEMPOTENT: bool = GetCandidate::IDEMPOTENT;

    fn call(&self) -> Result<Call, BuildError> {
        self.0.call()
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, DecodeError> {
        let Document { included, .. } = self.0.decode(response)?;
        let Item { data } = decode_json(response.body().as_bytes())?;
        Ok((data, included))
    }
}
