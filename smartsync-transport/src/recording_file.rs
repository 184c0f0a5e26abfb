//! The file of recorded answers.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use url::Url;

use crate::{
    asked::Asked,
    body::Body,
    redaction::{Placeholders, Redaction, Redactor, is_placeholder},
    transport::{Request, Response},
};

/// The most bytes that are played back in place of a file.
const MOST: u64 = 16 * 1024 * 1024;
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
pub(crate) struct RecordingFile {
    version: u32,
    /// How many there are of each shape, so that new ones count on.
    placeholders: BTreeMap<String, u64>,
    exchanges: Vec<Exchange>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Exchange {
    request: RecordedRequest,
    answer: RecordedAnswer,
}

#[derive(Clone, Serialize, Deserialize)]
struct RecordedRequest {
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    query: Vec<String>,
    #[serde(flatten)]
    content: Content,
}

#[derive(Clone, Serialize, Deserialize)]
struct RecordedAnswer {
    status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(flatten)]
    content: Content,
}

/// JSON, or the length of anything else; neither of an empty body.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some")]
    body: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

/// A `null` is a body as well.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// One exchange as it was, in memory only.
pub(crate) struct Taken {
    pub(crate) request: Request,
    pub(crate) response: Response,
    /// Whether it is of a file, which goes elsewhere.
    pub(crate) is_file: bool,
    /// The length of that file.
    pub(crate) file: Option<u64>,
}

impl RecordingFile {
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        // Where, and not what: the text may be somebody's.
        let file: Self = serde_json::from_str(&text).map_err(|error| {
            let place =
                format!("line {}, column {}: not a file of recorded answers", error.line(), error.column());
            io::Error::new(io::ErrorKind::InvalidData, place)
        })?;
        if file.version != VERSION {
            let text = format!("version {}, where this crate reads {VERSION}: record it anew", file.version);
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(file)
    }

    pub(crate) fn empty() -> Self {
        Self { version: VERSION, placeholders: BTreeMap::new(), exchanges: Vec::new() }
    }

    pub(crate) fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// This file with more exchanges behind its own. All are redacted together, in their order: so the same answers make the same file.
    pub(crate) fn with<'a>(&self, taken: impl Iterator<Item = &'a Taken>, redaction: &Redaction) -> Self {
        let mut placeholders = Placeholders::after(&self.placeholders);
        let mut exchanges = self.exchanges.clone();
        exchanges.extend(taken.map(|taken| taken.redacted(redaction, &mut placeholders)));
        Self { version: VERSION, placeholders: placeholders.counts, exchanges }
    }

    /// Written beside its place and then moved there, so that a file is whole whenever the test ends.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        fs::write(&beside, text)?;
        fs::rename(&beside, path)
    }
}

impl Taken {
    fn redacted(&self, redaction: &Redaction, placeholders: &mut Placeholders) -> Exchange {
        let url = Url::parse(&self.request.uri().to_string());
        let url = url.unwrap_or_else(|_| Url::parse("https://unknown.example").expect("an address"));
        let mut redactor = Redactor { redaction, placeholders, url: &url, is_file: self.is_file };
        let (path, query) = redactor.asked(&Asked::of(&self.request));
        let request = RecordedRequest {
            method: self.request.method().to_string(),
            path,
            query: query.into_iter().map(|(name, value)| format!("{name}={value}")).collect(),
            content: Content::of(self.request.body(), &mut redactor),
        };
        let content = match self.file {
            Some(bytes) => Content { body: None, bytes: Some(bytes) },
            None => Content::of(self.response.body(), &mut redactor),
        };
        let headers = redactor.headers(self.response.headers());
        Exchange {
            request,
            answer: RecordedAnswer { status: self.response.status().as_u16(), headers, content },
        }
    }
}

impl Content {
    fn of(body: &Body, redactor: &mut Redactor<'_>) -> Self {
        if body.is_empty() {
            return Self::default();
        }
        match serde_json::from_slice(body.as_bytes()) {
            Ok(value) => Self { body: Some(redactor.json(value)), bytes: None },
            Err(_) => Self { body: None, bytes: u64::try_from(body.len()).ok() },
        }
    }

    fn play(&self) -> Body {
        match (&self.body, self.bytes) {
            (Some(value), _) => Body::from(value.to_string()),
            (None, bytes) => {
                let bytes = bytes.unwrap_or_default().min(MOST);
                Body::from(vec![b'-'; usize::try_from(bytes).unwrap_or_default()])
            }
        }
    }
}

impl Exchange {
    pub(crate) fn asked(&self) -> String {
        let RecordedRequest { method, path, query, .. } = &self.request;
        let names: Vec<&str> = query.iter().map(|pair| pair.split('=').next().unwrap_or_default()).collect();
        let mark = if names.is_empty() { "" } else { "?" };
        format!("{method} {path}{mark}{}", names.join("&"))
    }

    /// Whether it is the answer to what is asked for. A placeholder in path or query stands for any text, unless `exactly`.
    pub(crate) fn answers(&self, asked: &Asked, exactly: bool) -> bool {
        let fits = |recorded: &str, asked: &str| recorded == asked || !exactly && is_placeholder(recorded);
        let RecordedRequest { method, path, query, .. } = &self.request;
        let parts = || path.split('/').zip(asked.path.split('/'));
        let pairs = || query.iter().map(|pair| pair.split_once('=').unwrap_or((pair, ""))).zip(&asked.query);
        method.as_str() == asked.method.as_str()
            && path.split('/').count() == asked.path.split('/').count()
            && query.len() == asked.query.len()
            && parts().all(|(recorded, asked)| fits(recorded, asked))
            && pairs().all(|((name, value), (n, v))| fits(name, n) && fits(value, v))
    }

    pub(crate) fn play(&self) -> io::Result<Response> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut response = Response::new(self.answer.content.play());
        *response.status_mut() =
            StatusCode::from_u16(self.answer.status).map_err(|_| wrong("no HTTP status"))?;
        for (name, value) in &self.answer.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("no name of a header"))?;
            let value = HeaderValue::from_str(value).map_err(|_| wrong("no value of a header"))?;
            response.headers_mut().append(name, value);
        }
        Ok(response)
    }
}
