//! A browser without scripts: it asks for views, keeps what it is told to, and sends forms.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::form_urlencoded;

/// What every answer says, whatever it is the answer to.
const HEADERS: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];

/// No answer is larger.
const MOST_BYTES: usize = 40_000;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) text: String,
}

/// A browser without scripts.
pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) host: String,
    /// Further lines of the head, each with its end.
    pub(crate) says: String,
    pub(crate) cookie: Option<String>,
    /// What the forms of the last view say.
    pub(crate) form_token: String,
    /// Every answer so far.
    pub(crate) answers: Arc<Mutex<Vec<String>>>,
}

impl Answered {
    pub(crate) fn location(&self) -> &str {
        self.headers.get("location").map(String::as_str).unwrap_or_default()
    }

    /// The text without its marks, on one line.
    pub(crate) fn read(&self) -> String {
        let mut read = String::new();
        let mut is_mark = false;
        for c in self.text.chars() {
            match c {
                '<' => is_mark = true,
                '>' => {
                    is_mark = false;
                    read.push(' ');
                }
                c if !is_mark => read.push(c),
                _ => {}
            }
        }
        let read = read.replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&");
        read.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the field of a form says that has this name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let behind = self.text.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
        behind.split('"').next()
    }
}

impl Browser {
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self {
            address,
            host: address.to_string(),
            says: String::new(),
            cookie: None,
            form_token: String::new(),
            answers: Arc::default(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answered {
        self.ask("GET", path, "").await
    }

    /// The view at `path`, which is there.
    pub(crate) async fn view(&mut self, path: &str) -> Answered {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.read());
        answer
    }

    /// Sends a form of the last view, and goes where that leads.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let answer = self.post(path, fields).await;
        if answer.status == 303 { self.get(answer.location()).await } else { answer }
    }

    /// Sends a form of the last view.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let token = self.form_token.clone();
        self.post_as(path, &[fields, &[("form_token", &token)]].concat()).await
    }

    /// Sends these fields and no others.
    pub(crate) async fn post_as(&mut self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask("POST", path, &body).await
    }

    async fn ask(&mut self, method: &str, path: &str, body: &str) -> Answered {
        let cookie = self.cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{}{cookie}connection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            self.says,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, text) = text.split_once("\r\n\r\n").expect("an answer");
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers: BTreeMap<String, String> =
            headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        for (name, value) in HEADERS {
            assert_eq!(headers.get(name).map(String::as_str), Some(value), "{method} {path}");
        }
        assert!(text.len() < MOST_BYTES, "{method} {path} has {} bytes", text.len());
        if let Some(cookie) = headers.get("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let answer = Answered { status, headers, text: text.to_owned() };
        if let Some(token) = answer.field("form_token") {
            self.form_token = token.to_owned();
        }
        self.answers.lock().unwrap().push(answer.text.clone());
        answer
    }
}
