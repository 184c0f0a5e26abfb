//! Asks what `init` wants to know: options answer first, then a person on the terminal.

use std::{
    io::{self, IsTerminal as _, Write as _},
    thread,
};

use async_trait::async_trait;
use smartsync::{
    setup::{
        Finding,
        init::{Answer, Front, Proposal, Question, Unanswered},
    },
    words::commands::init as words,
};
use smartsync_transport::one_line;
use tokio::sync::oneshot;

use crate::{
    cli::{Init, KeepSecrets},
    finding_lines::{word, write_finding},
    hidden_input::{HiddenInput, read_hidden_line},
    output::table,
    signals::{Signal, Stop},
};

/// The terminal, and the options that were given.
pub(crate) struct Terminal<'a> {
    options: &'a Init,
    stop: Stop,
    is_there: bool,
    /// The signal that came while an answer was awaited.
    pub(crate) signal: Option<Signal>,
}

impl<'a> Terminal<'a> {
    pub(crate) fn new(options: &'a Init, stop: Stop) -> Self {
        let is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self { options, stop, is_there, signal: None }
    }

    /// What is typed next, or nothing at the end of the input. A signal ends the wait.
    async fn line(&mut self, is_secret: bool) -> Result<String, Unanswered> {
        let (answer, mut answered) = oneshot::channel();
        let read = move || {
            let mut line = String::new();
            let read =
                if is_secret { read_hidden_line() } else { io::stdin().read_line(&mut line).map(|_| line) };
            answer.send(read).ok();
        };
        // A thread of its own: whatever is read on a terminal cannot be broken off, and the end of the process must not wait for it.
        thread::Builder::new().spawn(read).map_err(|_| Unanswered::Ended)?;
        tokio::select! {
            biased;
            signal = self.stop.asked() => {
                self.signal = Some(signal);
                writeln!(io::stderr()).ok();
                Err(Unanswered::Stopped)
            }
            line = &mut answered => match line {
                Ok(Ok(line)) if !line.is_empty() => Ok(line),
                Ok(Ok(_) | Err(_)) | Err(_) => Err(Unanswered::Ended),
            }
        }
    }
}

#[async_trait]
impl Front for Terminal<'_> {
    fn given(&self, question: &Question<'_>) -> Option<Answer> {
        let Init {
            oneflow_token, user_email, teamtailor_token, secrets, no_pairs, webhook, no_webhook, ..
        } = self.options;
        match question {
            Question::OneflowToken => oneflow_token.clone().map(Answer::From),
            Question::UserEmail => user_email.as_deref().map(Answer::text),
            Question::TeamtailorKey => teamtailor_token.clone().map(Answer::From),
            Question::Secrets => secrets.map(|secrets| match secrets {
                KeepSecrets::Files => Answer::text("files"),
                KeepSecrets::Env => Answer::text("env"),
            }),
            Question::Pairs(_) => no_pairs.then(|| Answer::text("n")),
            Question::Webhook { .. } if *no_webhook => Some(Answer::text("")),
            Question::Webhook { .. } => webhook.as_ref().map(|url| Answer::text(url.as_str())),
            Question::Changes { .. } | _ => None,
        }
    }

    async fn answer(
        &mut self,
        number: u8,
        question: &Question<'_>,
        refused: Option<&Finding>,
    ) -> Result<Answer, Unanswered> {
        if let (true, Some(default)) = (self.options.yes, question.default()) {
            show_context(question).map_err(|_| Unanswered::Ended)?;
            return if refused.is_some() { Err(Unanswered::Refused) } else { Ok(Answer::text(default)) };
        }
        if !self.is_there || self.options.yes {
            return Err(if refused.is_some() { Unanswered::Refused } else { Unanswered::NoTerminal });
        }
        match refused {
            Some(finding) => self.tell(finding),
            None => show_context(question).map_err(|_| Unanswered::Ended)?,
        }
        let is_secret = question.is_secret();
        // Before the question: whoever answers at once is not shown either.
        let hidden = is_secret.then(HiddenInput::begin).transpose().map_err(|_| Unanswered::Ended)?;
        let is_yes_or_no = matches!(question, Question::Pairs(_) | Question::Changes { .. });
        let default = question.default().filter(|default| !default.is_empty());
        let hint = match default {
            _ if is_secret => words::HIDDEN.to_owned(),
            _ if is_yes_or_no => " [Y/n]".to_owned(),
            Some(default) => format!(" [{default}]"),
            None => String::new(),
        };
        let mut shown = io::stderr();
        write!(shown, "[{number}] {}{hint}: ", question.text())
            .and_then(|()| shown.flush())
            .map_err(|_| Unanswered::Ended)?;
        let line = self.line(is_secret).await;
        drop(hidden);
        let line = line?;
        let text = line.trim();
        let text = if text.is_empty() { question.default().unwrap_or_default() } else { text };
        Ok(Answer::text(text))
    }

    fn tell(&mut self, finding: &Finding) {
        // What could not be tried is not refused.
        let verdict = if finding.is_refusal() { words::REFUSED } else { word(finding.verdict) };
        let next = finding.next.as_deref();
        write_finding(&mut io::stderr(), verdict, finding.subject, &finding.text, next).ok();
    }
}

/// What a person has to see before they can answer.
fn show_context(question: &Question<'_>) -> io::Result<()> {
    if let Question::Pairs(proposal) = question {
        return show_pairs(proposal);
    }
    if let Question::Changes { proposal, changes } = question {
        if proposal.entries().next().is_some() {
            show_pairs(proposal)?;
        }
        return show_changes(changes);
    }
    Ok(())
}

/// The fields of both sides, in pairs as far as they have partners.
fn show_pairs(proposal: &Proposal) -> io::Result<()> {
    let mut shown = io::stderr();
    let rows = proposal
        .pairs
        .iter()
        .map(|pair| [pair.oneflow.clone(), pair.teamtailor.to_string(), pair.likeness.to_string()]);
    let alone = proposal.oneflow_alone.iter().map(|key| [key.clone(), "-".to_owned(), String::new()]);
    let custom = proposal.teamtailor_alone.iter();
    let custom = custom.map(|name| ["-".to_owned(), format!("custom:{name}"), String::new()]);
    let rows = rows.chain(alone).chain(custom);
    writeln!(shown, "\n{}\n", table(words::COLUMNS, rows))
}

fn show_changes(changes: &str) -> io::Result<()> {
    let mut shown = io::stderr();
    writeln!(shown)?;
    for line in changes.lines() {
        writeln!(shown, "{}", one_line(line))?;
    }
    writeln!(shown)
}
