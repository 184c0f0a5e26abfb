//! What an answer says about the way that the notification took.

use smartsync_transport::{StatusCode, Url};

use super::{Stage, StageFinding};
use crate::{config::ServerSection, engine::test_notification::NOTHING};

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
    /// What a receiver of ours says that it has received; `None`: somebody else answered.
    pub(super) received: Option<&'a str>,
    /// Where a redirect leads.
    pub(super) location: Option<&'a str>,
}

impl Answer<'_> {
    /// The stages behind the connection, up to the first that the notification did not get through.
    pub(super) fn judge(&self, sent: &Sent<'_>) -> Vec<StageFinding> {
        let Some(received) = self.received else { return vec![self.of_somebody_else(sent)] };
        let mut stages = vec![StageFinding::good(Stage::Proxy, "SmartSync answered")];
        if received == NOTHING {
            stages.push(self.without_receiver(sent));
            return stages;
        }
        stages.push(StageFinding::good(Stage::Path, "it receives notifications at this path"));
        if received != sent.digest {
            stages.push(StageFinding::bad(
                Stage::Body,
                "the body was changed on the way",
                "have the proxy pass bodies on as they are: nothing may rewrite, decode or shorten them",
            ));
            return stages;
        }
        stages.push(StageFinding::good(Stage::Body, "the body arrived as it was sent"));
        stages.extend(self.of_receiver());
        stages
    }

    /// SmartSync has the whole body.
    fn of_receiver(&self) -> Vec<StageFinding> {
        let signed = StageFinding::good(Stage::Signature, "a sign key of the server fits");
        match self.status {
            StatusCode::OK => {
                let noted = "the server could record it, and answered 200";
                vec![signed, StageFinding::good(Stage::Database, noted)]
            }
            StatusCode::UNAUTHORIZED => vec![StageFinding::bad(
                Stage::Signature,
                "no sign key of the server fits (401): it runs with other keys than this configuration",
                "if `oneflow.sign_keys` was changed since the server has started, have it read the file again (`systemctl reload smartsync`, \
                 or SIGHUP); else use the configuration of that server. Oneflow must sign with the same key: `smartsync webhook register`",
            )],
            StatusCode::SERVICE_UNAVAILABLE => vec![
                signed,
                StageFinding::bad(
                    Stage::Database,
                    "the server cannot record it (503)",
                    "its log says why; run `smartsync check` on the machine of the server",
                ),
            ],
            other => vec![StageFinding::bad(
                Stage::Signature,
                format!("the server did not take it for a notification ({})", other.as_u16()),
                "run the same version of smartsync here and there",
            )],
        }
    }

    /// SmartSync answered, and none of its receivers.
    fn without_receiver(&self, sent: &Sent<'_>) -> StageFinding {
        let (path, url) = (sent.server.path.as_str(), sent.url.path());
        match self.status {
            StatusCode::NOT_FOUND => StageFinding::bad(
                Stage::Path,
                "SmartSync receives nothing at the path that it was asked for (404)",
                if path == url {
                    format!(
                        "have the proxy pass the path on unchanged: SmartSync has to be asked for `{path}`"
                    )
                } else {
                    format!(
                        "register the address with `{path}`, as `server.path` says, or have the proxy make that of `{url}`"
                    )
                },
            ),
            StatusCode::METHOD_NOT_ALLOWED => StageFinding::bad(
                Stage::Path,
                "it arrived as another method than POST (405)",
                "have the proxy pass the request on itself, without a redirect on the way: that makes a GET of it",
            ),
            other => StageFinding::bad(
                Stage::Body,
                format!("the body did not arrive whole ({})", other.as_u16()),
                "see whether the proxy waits for the whole body before it passes a request on, and how large one may be",
            ),
        }
    }

    /// It never came to SmartSync, or not with what it was asked by.
    fn of_somebody_else(&self, sent: &Sent<'_>) -> StageFinding {
        let code = self.status.as_u16();
        let listen = sent.server.listen;
        let (text, next) = match self.status {
            status if status.is_success() => (
                format!("something else than SmartSync answered with {code}: Oneflow would take every notification for received, and all would be lost"),
                format!("check the host name and the path, and that the proxy passes them on to {listen}, with all headers"),
            ),
            status if status.is_redirection() => (
                format!("it was redirected ({code}){}", self.to()),
                "register the address that it leads to, with https and the exact path: a notification does not follow it".to_owned(),
            ),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => (
                format!("the server in front of SmartSync does not know this path ({code})"),
                format!("have the proxy pass `{}` on to {listen}, for this host name and for POST", sent.url.path()),
            ),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => (
                format!("something in front of SmartSync asks for credentials, or refuses this machine ({code})"),
                "let POST requests to this path through without either: Oneflow has no credentials for it, and the signature is what proves it"
                    .to_owned(),
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                format!("the server in front of SmartSync refuses the body as too large ({code})"),
                "allow bodies of 64 KiB".to_owned(),
            ),
            StatusCode::TOO_MANY_REQUESTS => (
                format!("the server in front of SmartSync refuses more requests ({code})"),
                "allow more of them: Oneflow sends one for each change".to_owned(),
            ),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => (
                format!("the proxy does not reach SmartSync ({code})"),
                format!("start `smartsync serve`, and compare the address that the proxy passes requests on to with `server.listen`, {listen}"),
            ),
            _ => (
                format!("something else than SmartSync answered with {code}"),
                format!("see the log of the proxy, and have it pass the path on to {listen}"),
            ),
        };
        StageFinding::bad(Stage::Proxy, text, next)
    }

    /// Of the address that a redirect leads to, the origin: its path may be a secret.
    fn to(&self) -> String {
        let there = self.location.and_then(|location| Url::parse(location).ok());
        there.map(|url| format!(" to {}", url.origin().ascii_serialization())).unwrap_or_default()
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
        Answer { status, received, location }.judge(&Sent { url: &url, digest: DIGEST, server: &server })
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
