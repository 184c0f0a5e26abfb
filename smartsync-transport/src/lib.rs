#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "test-util")]
mod asked;
mod base_url;
mod body;
mod build_error;
mod byte_sink;
mod call;
mod cause_text;
mod client;
mod client_settings;
mod config_error;
mod counted;
mod credential;
mod decode;
mod endpoint;
mod error;
#[doc(hidden)]
pub mod generated_support;
mod hints;
#[cfg(feature = "test-util")]
mod hostile_answers;
mod id;
mod known_words;
mod limiter;
mod loopback;
mod multipart;
mod one_line;
mod open_enum;
mod page_error;
mod pages;
mod patch;
mod plain_text;
mod problem;
mod public_address;
#[cfg(feature = "reqwest")]
mod public_names;
#[cfg(feature = "test-util")]
mod recorded_answers;
#[cfg(feature = "test-util")]
mod recording_file;
#[cfg(feature = "test-util")]
mod redaction;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod retry;
mod retry_quota;
#[cfg(feature = "test-util")]
mod scripted;
mod shared_budget;
mod shared_limiters;
mod sleep;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "test-util")]
pub mod test_util;
mod timestamp;
#[cfg(feature = "reqwest")]
mod tls;
mod tolerant;
mod trace;
mod transport;
mod unreadable;

pub use async_trait::async_trait;
pub use bytes::Bytes;
pub use http::{self, HeaderMap, Method, StatusCode};
pub use jiff;
#[cfg(feature = "reqwest")]
pub use reqwest;
pub use secrecy::{ExposeSecret, SecretString};
pub use url::Url;

#[cfg(feature = "test-util")]
#[doc(no_inline)]
pub use self::test_util::{ScriptedTransport, assert_says_nothing, hostile_answers};
pub use self::{
    base_url::versioned_base_url,
    body::Body,
    build_error::BuildError,
    byte_sink::{BlockingWrite, ByteSink},
    call::Call,
    client::{ApiClient, ApiClientBuilder, ClientRequest, RatePermit, Reply},
    config_error::ConfigError,
    credential::{credential, sign_key},
    decode::{DecodeError, Lenient, decode_json, decode_text},
    endpoint::{Endpoint, NextPage, Paged, Service},
    error::{CauseChain, Error},
    hints::{LONGEST_HINT, RateLimit},
    id::EmptyId,
    limiter::Limiter,
    loopback::is_loopback,
    multipart::Part,
    one_line::{one_line, short_name},
    open_enum::UnknownValue,
    pages::{Items, PageError, Pages},
    patch::Patch,
    plain_text::plain_text,
    problem::Problem,
    public_address::is_public,
    retry::{Attempt, Decision, RetryPolicy, Wait},
    shared_budget::{Grant, PERMIT_VALIDITY, Report, SeenUse, SharedBudget, SharedBudgetError, SharedWindow},
    sleep::Sleep,
    timestamp::{Timestamp, UnknownTime},
    transport::{OperationName, Request, Response, Timeout, Transport, TransportError},
    unreadable::Unreadable,
};
#[cfg(feature = "reqwest")]
pub use self::{
    reqwest_transport::{ReqwestTransport, ReqwestTransportBuilder},
    sleep::TokioSleep,
};

/// What the macros of this crate expand to. Not part of the API.
#[doc(hidden)]
pub mod __private {
    pub use serde::{
        self, Deserialize, Deserializer, Serialize, Serializer,
        de::{IgnoredAny, MapAccess},
        ser::SerializeMap,
    };
}
