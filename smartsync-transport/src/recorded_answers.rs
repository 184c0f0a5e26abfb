//! A transport for tests: the answers of the service itself, recorded once and played back ever after.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use crate::{
    asked::{Asked, complaint},
    byte_sink::ByteSink,
    counted::Counted,
    recording_file::{RecordingFile, Taken},
    redaction::Redaction,
    transport::{Request, Response, Transport, TransportError, give_body},
};

/// Whether the service is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recording {
    /// Never: what is not recorded is an error.
    #[default]
    Off,
    /// For what is not recorded, which is then added to the file. What was recorded before keeps its placeholders, so a text that is in
    /// both has two: record all where they have to be equal.
    Missing,
    /// Always: the file is written anew.
    All,
}

/// Plays back answers that the service gave once, and records them.
///
/// A file belongs to one test. It is JSON, to be read and committed: an exchange after the other, in the order in which they began,
/// redacted as [`Redaction`] says. It holds no request header, no time of the recording and nothing that changes by itself: the
/// same answers make the same file. It is written anew after each exchange, beside its place and then moved there; so nothing has to be
/// called at the end, a fault of the disk is an error of the request, and a test that fails leaves what was answered until then.
///
/// A request is answered by the first exchange that has its method, path and query and was not played back yet; a placeholder in path
/// or query stands for any text. The body is recorded to be read: it is not compared. What was no answer (a connection that broke) is not
/// recorded. A body that is not JSON is played back as as many other bytes, 16 MiB at most.
///
/// ```no_run
/// use smartsync_transport::test_util::{RecordedAnswers, Recording, Redaction};
/// # use smartsync_transport::test_util::ScriptedTransport;
/// # fn open(service: ScriptedTransport, recording: Recording) -> std::io::Result<()> {
/// let answers = RecordedAnswers::open("tests/answers/postpone.json")?; // only plays back
///
/// let answers = RecordedAnswers::builder("tests/answers/postpone.json")
///     .recording(recording, service) // an argument of yours, and the transport that asks the service
///     .redaction(Redaction::new().keep("/v1/template_types/*", "name"))
///     .open()?;
/// # Ok(())
/// # }
/// ```
pub struct RecordedAnswers {
    of: RecordedAnswersBuilder,
    tape: Mutex<Tape>,
}

struct Tape {
    file: RecordingFile,
    /// Which exchanges of the file were played back.
    played: Vec<bool>,
    /// What was asked of the service, in the order in which it was; `None` while there is no answer.
    taken: Vec<Option<Taken>>,
    unanswered: Vec<String>,
}

/// Where a file is, and what it is for.
#[must_use]
pub struct RecordedAnswersBuilder {
    path: PathBuf,
    recording: Recording,
    service: Option<Arc<dyn Transport>>,
    redaction: Redaction,
}

impl fmt::Debug for RecordedAnswersBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedAnswersBuilder").field("recording", &self.recording).finish_non_exhaustive()
    }
}

/// Without what was recorded.
impl fmt::Debug for RecordedAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedAnswers").field("recording", &self.of.recording).finish_non_exhaustive()
    }
}

impl RecordedAnswersBuilder {
    /// Whether `service` is asked. Without this call nothing is, and no transport is needed.
    pub fn recording(mut self, recording: Recording, service: impl Transport + 'static) -> Self {
        self.recording = recording;
        self.service = Some(Arc::new(service));
        self
    }

    /// What is recorded as it is. By default [`Redaction::new`].
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    /// Reads the file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or was not recorded and is only to be played back.
    pub fn open(self) -> io::Result<RecordedAnswers> {
        let file = match (self.recording, RecordingFile::read(&self.path)) {
            (Recording::All, _) => RecordingFile::empty(),
            (_, Ok(file)) => file,
            (Recording::Missing, Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                RecordingFile::empty()
            }
            (_, Err(error)) => {
                let is_not_there = error.kind() == io::ErrorKind::NotFound;
                let hint = if is_not_there { " (record it with `Recording::Missing`)" } else { "" };
                return Err(io::Error::new(error.kind(), format!("{}: {error}{hint}", self.path.display())));
            }
        };
        let played = vec![false; file.exchanges().len()];
        let tape = Tape { file, played, taken: Vec::new(), unanswered: Vec::new() };
        Ok(RecordedAnswers { of: self, tape: Mutex::new(tape) })
    }
}

impl RecordedAnswers {
    /// For playing back what is in the file at `path` and nothing else.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::builder(path).open()
    }

    /// For the file at `path`, which is recorded or played back.
    pub fn builder(path: impl AsRef<Path>) -> RecordedAnswersBuilder {
        RecordedAnswersBuilder {
            path: path.as_ref().to_owned(),
            recording: Recording::Off,
            service: None,
            redaction: Redaction::new(),
        }
    }

    /// Holds the test to its file: each exchange in it was asked for, and each request was answered. The last line of a test; nothing is
    /// checked when the transport is dropped.
    ///
    /// # Panics
    ///
    /// If not: the message names both.
    #[track_caller]
    pub fn assert_all_used(&self) {
        let tape = self.lock();
        let unused: Vec<String> = tape.left().collect();
        let complaint = complaint("the recording was not followed", &unused, &tape.unanswered);
        drop(tape);
        if let Some(complaint) = complaint {
            panic!("{complaint}");
        }
    }

    /// The recorded answer, or the service that is to be asked and the place of its answer.
    fn find(&self, request: &Request) -> Result<Found<'_>, TransportError> {
        let asked = Asked::of(request);
        let mut tape = self.lock();
        if let Some(position) = tape.find(&asked) {
            tape.played[position] = true;
            let answer = tape.file.exchanges()[position].play();
            return answer.map(Found::Recorded).map_err(TransportError::refused);
        }
        match &self.of.service {
            Some(service) if self.of.recording != Recording::Off => {
                tape.taken.push(None);
                Ok(Found::Ask { service: &**service, place: tape.taken.len() - 1 })
            }
            _ => {
                tape.unanswered.push(asked.to_string());
                let file = self.of.path.file_name().unwrap_or_default().to_string_lossy();
                let left: Vec<String> = tape.left().collect();
                let left = if left.is_empty() { "nothing".to_owned() } else { left.join(", ") };
                Err(TransportError::refused(format!(
                    "{asked} is not recorded in {file} (record it with `Recording::Missing`); left there: {left}"
                )))
            }
        }
    }

    fn record(&self, place: usize, taken: Taken) -> Result<(), TransportError> {
        let mut tape = self.lock();
        tape.taken[place] = Some(taken);
        let file = tape.file.with(tape.taken.iter().flatten(), &self.of.redaction);
        file.write(&self.of.path).map_err(TransportError::sink)
    }

    fn lock(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Found<'a> {
    Recorded(Response),
    Ask { service: &'a dyn Transport, place: usize },
}

impl Tape {
    fn find(&self, asked: &Asked) -> Option<usize> {
        let find = |exactly| {
            let mut exchanges = self.file.exchanges().iter().zip(&self.played);
            exchanges.position(|(exchange, played)| !played && exchange.answers(asked, exactly))
        };
        find(true).or_else(|| find(false))
    }

    fn left(&self) -> impl Iterator<Item = String> {
        let exchanges = self.file.exchanges().iter().zip(&self.played);
        exchanges.filter(|(_, played)| !**played).map(|(exchange, _)| exchange.asked())
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Transport for RecordedAnswers {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let (service, place) = match self.find(&request)? {
            Found::Recorded(response) => return Ok(response),
            Found::Ask { service, place } => (service, place),
        };
        let response = service.execute(request.clone()).await?;
        self.record(place, Taken { request, response: response.clone(), is_file: false, file: None })?;
        Ok(response)
    }

    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        let (service, place) = match self.find(&request)? {
            Found::Recorded(response) => return give_body(response, sink, max_bytes).await,
            Found::Ask { service, place } => (service, place),
        };
        let mut counted = Counted::new(sink);
        let response = service.execute_into(request.clone(), &mut counted, max_bytes).await?;
        let file = response.status().is_success().then_some(counted.bytes);
        self.record(place, Taken { request, response: response.clone(), is_file: true, file })?;
        Ok(response)
    }
}
