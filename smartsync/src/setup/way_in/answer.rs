//! What an answer says about the way that the notification took.

use smartsync_transport::{StatusCode, Url};

use super::{Stage, StageFinding};
use crate::{config::ServerSection, engine::test_notification::NOTHING, words::commands::way_in as words};

/// What was sent, and to whom.
pub(super) struct Sent<'a> {
    pub(super) url: &'a Url,
    /// What a receiver of ours says of its body.
    pub(super) digest: &'a str,
    pub(super) server: &'a ServerSection,
}

/// What was answered.
pub(super) struct Answer<'a> {
    pub(super) status: StatusCode,
    /// What a receiver of ours says that it has received; `None`: somebody else answered, or one with other keys.
    pub(super) received: Option<&'a str>,
    /// Where a redirect leads.
    pub(super) location: Option<&'a str>,
    /// Whether it says which, as whatever asks for credentials has to.
    pub(super) asks_for_credentials: bool,
}

impl Answer<'_> {
    /// The stages behind the connection, up to the first that the notification did not get through.
    pub(super) fn judge(&self, sent: &Sent<'_>) -> Vec<StageFinding> {
        let Some(received) = self.received else {
            // Who has not our key is not told that we are here, so of our own answer nothing but its status is known.
            return vec![match self.status {
                StatusCode::UNAUTHORIZED if !self.asks_for_credentials => {
                    StageFinding::failed(Stage::Signature, words::other_key())
                }
                _ => self.of_somebody_else(sent),
            }];
        };
        let mut stages = vec![StageFinding::good(Stage::Proxy, words::ANSWERED)];
        if received == NOTHING {
            stages.push(self.without_receiver(sent));
            return stages;
        }
        stages.push(StageFinding::good(Stage::Path, words::AT_PATH));
        if received != sent.digest {
            stages.push(StageFinding::failed(Stage::Body, words::changed()));
            return stages;
        }
        stages.push(StageFinding::good(Stage::Body, words::WHOLE));
        stages.extend(self.of_receiver());
        stages
    }

    /// SmartSync has the whole body.
    fn of_receiver(&self) -> Vec<StageFinding> {
        let signed = StageFinding::good(Stage::Signature, words::SIGNED);
        match self.status {
            StatusCode::OK => vec![signed, StageFinding::good(Stage::Database, words::RECORDABLE)],
            StatusCode::UNAUTHORIZED => vec![StageFinding::failed(Stage::Signature, words::other_key())],
            StatusCode::SERVICE_UNAVAILABLE => {
                vec![signed, StageFinding::failed(Stage::Database, words::not_recorded())]
            }
            other => vec![StageFinding::failed(Stage::Signature, words::no_notification(other.as_u16()))],
        }
    }

    /// SmartSync answered, and none of its receivers.
    fn without_receiver(&self, sent: &Sent<'_>) -> StageFinding {
        let (path, asked) = (sent.server.path.as_str(), sent.url.path());
        match self.status {
            StatusCode::NOT_FOUND => StageFinding::failed(Stage::Path, words::other_path(path, asked)),
            StatusCode::METHOD_NOT_ALLOWED => StageFinding::failed(Stage::Path, words::other_method()),
            other => StageFinding::failed(Stage::Body, words::not_whole(other.as_u16())),
        }
    }

    /// It never came to SmartSync, or not with what it was asked by.
    fn of_somebody_else(&self, sent: &Sent<'_>) -> StageFinding {
        let code = self.status.as_u16();
        let listen = sent.server.listen.to_string();
        let told = match self.status {
            status if status.is_success() => words::taken_by_another(code, &listen),
            status if status.is_redirection() => words::redirected(code, self.to().as_deref()),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
                words::unknown_to_proxy(code, sent.url.path(), &listen)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                words::credentials_asked(code)
            }
            StatusCode::PAYLOAD_TOO_LARGE => words::too_large(code),
            StatusCode::TOO_MANY_REQUESTS => words::too_many(code),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                words::not_reached(code, &listen)
            }
            _ => words::answered_by_another(code, &listen),
        };
        StageFinding::failed(Stage::Proxy, told)
    }

    /// Of the address that a redirect leads to, the origin: its path may be a secret.
    fn to(&self) -> Option<String> {
        let there = Url::parse(self.location?).ok()?;
        Some(there.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::finding::Verdict;

    const DIGEST: &str = "00ff";

    fn judged(code: u16, received: Option<&str>, path: &str) -> Vec<StageFinding> {
        let url = format!("https://hooks.example.com{path}").parse().unwrap();
        let server = ServerSection::default();
        let status = StatusCode::from_u16(code).unwrap();
        let location = Some("https://elsewhere.example.com/secret-path");
        let asks_for_credentials = code == 401;
        Answer { status, received, location, asks_for_credentials }.judge(&Sent {
            url: &url,
            digest: DIGEST,
            server: &server,
        })
    }

    #[test]
    fn each_answer_names_the_stage_that_failed() {
        for (code, received, stage) in [
            (200, None, Stage::Proxy),
            (204, None, Stage::Proxy),
            (301, None, Stage::Proxy),
            (308, None, Stage::Proxy),
            (401, None, Stage::Proxy),
            (403, None, Stage::Proxy),
            (404, None, Stage::Proxy),
            (405, None, Stage::Proxy),
            (413, None, Stage::Proxy),
            (429, None, Stage::Proxy),
            (500, None, Stage::Proxy),
            (502, None, Stage::Proxy),
            (503, None, Stage::Proxy),
            (504, None, Stage::Proxy),
            (404, Some(NOTHING), Stage::Path),
            (405, Some(NOTHING), Stage::Path),
            (413, Some(NOTHING), Stage::Body),
            (408, Some(NOTHING), Stage::Body),
            (200, Some("another"), Stage::Body),
            (401, Some("another"), Stage::Body),
            (401, Some(DIGEST), Stage::Signature),
            (400, Some(DIGEST), Stage::Signature),
            (503, Some(DIGEST), Stage::Database),
        ] {
            let found = judged(code, received, "/webhooks/oneflow");
            let (last, before) = found.split_last().unwrap();
            assert_eq!((last.stage, last.verdict), (stage, Verdict::Bad), "{code} {received:?}");
            assert!(last.next.is_some(), "{code} {received:?}");
            assert!(before.iter().all(|found| found.verdict == Verdict::Good && found.stage < stage));
        }
    }

    #[test]
    fn a_refusal_that_asks_for_no_credentials_is_one_of_the_signature() {
        let url = "https://hooks.example.com/webhooks/oneflow".parse().unwrap();
        let server = ServerSection::default();
        let sent = Sent { url: &url, digest: DIGEST, server: &server };
        let status = StatusCode::UNAUTHORIZED;
        let of = |asks_for_credentials| {
            Answer { status, received: None, location: None, asks_for_credentials }.judge(&sent)[0].stage
        };
        assert_eq!((of(false), of(true)), (Stage::Signature, Stage::Proxy));
    }

    #[test]
    fn only_what_smartsync_has_taken_whole_is_good() {
        let found = judged(200, Some(DIGEST), "/webhooks/oneflow");
        let stages: Vec<Stage> = found.iter().map(|found| found.stage).collect();
        assert_eq!(stages, [Stage::Proxy, Stage::Path, Stage::Body, Stage::Signature, Stage::Database]);
        assert!(found.iter().all(|found| found.verdict == Verdict::Good));
    }

    #[test]
    fn a_path_that_the_proxy_has_changed_is_told_from_another_one() {
        let next = |path| judged(404, Some(NOTHING), path).pop().unwrap().next.unwrap();
        assert!(next("/webhooks/oneflow").starts_with("have the proxy pass the path on unchanged"));
        assert!(next("/hooks").starts_with("register the address with `/webhooks/oneflow`"));
    }

    #[test]
    fn of_where_a_redirect_leads_only_the_origin_is_shown() {
        let text = judged(301, None, "/webhooks/oneflow").pop().unwrap().text;
        assert_eq!(text, "it was redirected (301) to https://elsewhere.example.com");
    }
}
