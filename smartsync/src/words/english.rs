//! English: the texts of the page, and below it those of the commands.

pub mod commands;

use smartsync_core::{
    Reason,
    outcome::{BaseState, ContractEdit, SideState},
    plan::Take,
};

use super::{
    AgainWords, ChartWords, CodeWords, ContractWords, ContractsWords, DecideWords, ErrorWords, FrameWords,
    HeldWords, IntakeWords, LogInWords, MappingWords, NowWords, ParkedWords, TimeWords, Words,
};
use crate::store::{Age, Counted, DecisionEnd, Tallied};

pub(crate) static ENGLISH: Words = Words {
    language: "en",
    frame: FrameWords {
        skip: "Skip to the content",
        views: "Views",
        accounts: "Accounts",
        log_out: "Log out",
        now: "Now",
        contracts: "Contracts",
        held: "Held",
        parked: "Parked",
        intake: "Intake",
        mapping: "Mapping",
        next: "Next",
        first: "Back to the first",
        cancel: "Cancel",
        none: "none",
        tenant: "Tenant",
        unknown: "not known any more",
        yes: "yes",
        no: "no",
        read_at: "As of",
    },
    log_in: LogInWords {
        title: "Log in",
        token: "Token",
        hint: "The one that `[page] token` in the configuration names.",
        button: "Log in",
        wrong: "That is not the token.",
        too_many: "Too many wrong tokens are being tried at this moment. Wait a little, then try again.",
    },
    time: TimeWords {
        ago: |seconds| format!("{} ago", span(seconds)),
        ahead: |seconds| format!("in {}", span(seconds)),
        took: |milliseconds| format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
    },
    now: NowWords {
        title: "Now",
        server: "Server",
        served: "running",
        not_served: "not running: nothing is looked at until one is started",
        waiting: "Waiting",
        oldest_waiting: "First to be looked at",
        due: "due",
        running: "Being looked at",
        parked: "Parked",
        held: "Fields that are held",
        drift: "Cards that lack something agreed",
        drift_means: "An agreed value, or the signed document, is not on the candidate's card.",
        oldest_drift: "Longest so",
        last_notification: "Last notification",
        last_look: "Last look",
        last_sweep: "Last pass over all contracts",
        credential: |service| format!("Credential for {service}"),
        accepted: "accepted",
        refused: "refused: `smartsync check` shows what it may do",
        not_asked: "not used since this process began",
        not_known_here: "not used by this page, which runs without a server: what its server has used, and what is left of its limit, `/metrics` and the page of `serve` show",
        left: |left, limit| match limit {
            Some(limit) => format!("{left} of {limit} requests left in its period"),
            None => format!("{left} requests left in its period"),
        },
    },
    contracts: ContractsWords {
        title: "Contracts",
        find: "Find a contract",
        id: "Contract id",
        open: "Open",
        contract: "Contract",
        filter: "Show only",
        any: "any",
        with_outcome: "With a field that was",
        with_reason: "With the reason",
        template_type: "Template type (id)",
        age: "Last look",
        aged: |age| match age {
            Age::WithinHour => "within an hour",
            Age::WithinDay => "within a day",
            Age::WithinWeek => "within a week",
            Age::BeforeDay => "more than a day ago",
            Age::BeforeWeek => "more than a week ago",
            Age::BeforeMonth => "more than a month ago",
        },
        apply: "Show",
        clear: "Show all",
        caption: "Contracts that were looked at, the last one first",
        none: "No contract matches.",
        matching: |count| format!("{count} match."),
        goes_on: "None of those that were searched so far matches; the search goes on behind them.",
        left: "What is left",
        next_look: "Next look",
        running: "now",
        again_all: "Look again at all that match",
        again_means: |count| {
            let are = if count == Counted::new(1, false) { "contract is" } else { "contracts are" };
            format!(
                "{count} {are} looked at again, some at a time. You see how far that is, and can stop it."
            )
        },
        again_confirm: "Look again",
        count: |count, end| format!("{count} {}", end.as_str()),
    },
    contract: ContractWords {
        title: |id| format!("Contract {id}"),
        never_looked_at: "This contract has not been looked at, or that is no longer remembered.",
        standing: "Where it stands",
        state: "State",
        candidate: "Candidate",
        last_look: "Last look",
        why: "Reasons",
        drifts_since: "The card lacks something agreed since",
        left_alone_since: "Left alone by a person since",
        document: "Signed document",
        fields: "Fields",
        fields_caption: "Every mapped field, as the last look that could read the contract found it",
        no_fields: "No look that is still remembered could read the contract.",
        more_fields: |count| format!("{count} more fields"),
        data_field: "Data field",
        candidate_field: "Candidate field",
        outcome: "Outcome",
        reason: "Why",
        sides: "Both sides",
        rule: "Rule that decided",
        by_a_person: "a person's decision",
        contract_value: "In the contract",
        card_value: "On the card",
        looks: "Looks",
        looks_caption: "The last looks and what people did, the newest first",
        at: "When",
        trigger: "Because of",
        found: "Found and done",
        cost: "Cost",
        requests: |count| counted(u64::from(count), "request", "requests"),
        next_look: "Then",
        next_none: "nothing left to do",
        next_left: "something is left",
        next_at: "another look",
        next_with_room: "waits for the limit on changes until",
        next_parked: "parked",
        failed: "Failed",
        look_again: "Look again",
        asked: "This contract will be looked at again: a running server begins within a minute.",
        show: "Show names and values",
        show_means: "Reads them from both services now. They are neither stored nor logged.",
        shown: "Names and values, read from both services just now",
        hide: "Hide names and values",
        contract_name: "Name of the contract",
        candidate_name: "Name of the candidate",
        unreadable: "could not be read",
        empty: "empty",
        absent: "not there",
    },
    held: HeldWords {
        title: "Held",
        means: "Nothing is written to these fields as they are. Where it says “Decide”, somebody has to decide which value is right. Nobody can decide on the others: why they are held says what has to change. Those held longest come first.",
        none: "No field is held.",
        caption: "Fields that are held, the one held longest first",
        count: |count| format!("{count} held."),
        since: "Since",
        field: "Field",
        why: "Why",
        what_happened: "What happened",
    },
    decide: DecideWords {
        title: |id| format!("Decide what is held of contract {id}"),
        link: "Decide what is held",
        link_short: "Decide",
        back: "Back to the contract",
        nothing: "Nothing of this contract is held that a person could decide at this moment.",
        means: "What you choose is carried out only if both sides are still as they are now. A look at the contract comes with it.",
        besides: "That look also writes what the rules say, whatever you choose here:",
        besides_document: "The signed document is put on the card.",
        contract: "Take the contract's value",
        card: "Keep the card's value",
        later: "Not now",
        later_with_room: "Not now: it is written by itself once the limit of changes has room",
        button: "Carry out",
        done: "Your decision was carried out.",
        done_partly: "Not all of what you decided was carried out: below, each decision says how it ended.",
        changed: "Something changed while it was read, so no values are shown. Try again.",
        stale: "Contract or card have changed since you were shown them, so nothing was written. This is how they are now.",
        refused: "Not everything that you chose can be decided, so nothing was written.",
        busy: "This contract, or another one of its candidate, is being looked at, so nothing was written. Try again in a minute.",
        decided: |field, take, by| {
            let side = match take {
                Take::Contract => "the contract's value",
                Take::Card => "the card's value",
            };
            by.map_or_else(|| format!("{field}: {side}"), |by| format!("{field}: {side}, by {by}"))
        },
        ended: |end| match end {
            DecisionEnd::Applied => "carried out.",
            DecisionEnd::Refused(_) => "not carried out.",
            DecisionEnd::Failed(_) => "it failed.",
            DecisionEnd::Unknown => "how it ended is not known.",
        },
        without_end: "being carried out, or broken off: how it ended is not known",
        base: |state| match state {
            BaseState::Value => "Both sides once agreed on a value.",
            BaseState::Empty => "Both sides once agreed that the field is empty.",
            BaseState::None => "It is not known what both sides last agreed on.",
        },
        contract_side: |state| match state {
            SideState::Same => "The contract still holds it.",
            SideState::Moved => "The contract holds another one.",
            SideState::Empty => "The contract holds nothing.",
            SideState::Differs => "The contract differs from the card.",
        },
        card_side: |state| match state {
            SideState::Same => "The card still holds it.",
            SideState::Moved => "The card holds another one.",
            SideState::Empty => "The card holds nothing.",
            SideState::Differs => "The card differs from the contract.",
        },
        edit: |edit| match edit {
            ContractEdit::FilledIn => "The participant filled in a blank.",
            ContractEdit::Changed => "The participant changed a prefilled value.",
            ContractEdit::Emptied => "The participant cleared a prefilled value.",
        },
    },
    parked: ParkedWords {
        title: "Parked",
        means: "These contracts were given up after too many failures. Fix the cause, then replay them.",
        none: "No contract is parked.",
        filter: "Only those with this reason",
        all_reasons: "All reasons",
        show: "Show",
        caption: |count, is_one| format!("{count} parked contract{}", if is_one { "" } else { "s" }),
        reason: "Why the last look failed",
        attempts: "Failed looks",
        first: "First attempt",
        last: "Last attempt",
        to_do: "What to do",
        decide: "Decide",
        retry: "Replay",
        drop: "Drop",
        retry_one: |id| format!("Replay contract {id}"),
        drop_one: |id| format!("Drop contract {id}"),
        retry_all: "Replay all of these",
        drop_all: "Drop all of these",
        confirm_retry: "Replay parked contracts",
        confirm_drop: "Drop parked contracts",
        retry_means: |count| {
            let which = counted(count as u64, "contract is", "contracts are");
            format!("{which} looked at again, with all tries before it.")
        },
        drop_means: |count| {
            let which = counted(count as u64, "contract is", "contracts are");
            format!(
                "{which} left alone until it changes, or until a notification comes. Nothing of it is written."
            )
        },
        retried: |count| {
            let which = counted(count as u64, "contract waits", "contracts wait");
            format!("{which} to be looked at again: a running server begins within a minute.")
        },
        dropped: |count| {
            let which = counted(count as u64, "contract is", "contracts are");
            format!("{which} no longer parked.")
        },
    },
    intake: IntakeWords {
        title: "Intake",
        last_notification: "Last notification",
        last_sweep: "Last pass over all contracts",
        notifications_caption: "Notifications, and contracts of which none told",
        delays_caption: "From the change of a contract to the look at it",
        delays_mean: "Of looks that a notification caused and that found the contract changed, by the clocks of Oneflow and of this server.",
        what: "What",
        last_day: "24 hours",
        last_month: "30 days",
    },
    mapping: MappingWords {
        title: "Mapping",
        check: "Check against both services",
        check_means: "Reads which fields both services have now. It reads no contract and no candidate.",
        checked: "Checked against the fields that both services have now.",
        diagnostics: "Findings",
        fits: "The mapping matches both services.",
        fits_by_itself: "Nothing is wrong with the mapping by itself. Whether it matches both services, a check says.",
        more_diagnostics: |count| format!("And {count} more: `smartsync check` shows all."),
        line: |line| format!("line {line}"),
        pairs: "Pairs of fields",
        pairs_caption: |count| counted(count as u64, "pair", "pairs"),
        no_pairs: "The configuration names no pair.",
        by_convention: "by convention",
        convention_on: "Beside these, fields whose names match are paired by convention: a check shows which.",
        convention_off: "No fields are paired by convention.",
        direction: "Direction",
        when: "Moment",
        on_conflict: "If both changed",
        on_first_sight: "At first sight",
        on_empty: "If emptied",
        permissions: "Permissions",
        permissions_caption: |count| {
            counted(count as u64, "request that is allowed", "requests that are allowed")
        },
        permissions_means: "Whatever is not listed here is refused before it is sent.",
        hash: "Fingerprint",
        host: "Host",
        access: "Access",
        read: "read",
        write: "write",
        request: "Request",
        what: "What",
        except: |names| format!("except {names}"),
        why: "What for",
    },
    chart: ChartWords {
        looks: "Looks",
        fields: "Fields",
        delays: "From change to look",
        notifications: "Notifications",
        period: "Period of the charts",
        day: "24 hours",
        month: "30 days",
        steps_of_day: "by the hour, the last 24 hours",
        steps_of_month: "by the day, the last 30 days",
        most: |most| format!("at most {most}"),
        nothing: "Nothing was counted.",
        counted: tallied,
    },
    again: AgainWords {
        title: "Looking again",
        looked_at: |done, all| {
            let which = counted(done as u64, "contract was", "contracts were");
            format!("{which} looked at, of {all}.")
        },
        is_running: "The others follow.",
        is_stopped: "Stopped: no more are asked for. Those that already wait are still looked at.",
        is_done: "All of them were looked at.",
        has_failed: "The database failed, so no more are asked for.",
        stop: "Stop",
        refresh: "Show the progress now",
        no_server: "No server is running: they are looked at once one is started.",
    },
    error: ErrorWords {
        title: "That did not work",
        back: "Back to the start",
        not_found: "There is nothing at this address.",
        wrong_host: "This page answers only to the address of this machine, such as 127.0.0.1 or localhost.",
        through_proxy: "This page has no token, so it is for this machine only, and a proxy has passed this request on. Behind a proxy, set `token` in `[page]`.",
        wrong_form: "This form is no longer valid, so nothing was done. Go back, load the page again, and repeat it.",
        too_large: "The form is too large or did not arrive in time, so nothing was done.",
        unknown_reason: "There is no such reason, so nothing was done. Choose one from the list of parked contracts.",
        too_many_jobs: "Twenty of these go on already, so nothing was asked for. Stop one, or wait until one has ended.",
        store: "The database could not be read or written. Try again; if it goes on, `smartsync check` says why.",
        service: "A service could not be read.",
        account: "It is not certain that the credentials are for the accounts that this database is for, so nothing was written. `smartsync check` says more.",
        broken_off: "Your decision was broken off, as when the claim on the contract lapses while the machine stands still. What of it was written is not known: the contract shows it once it has been looked at again.",
        bug: "The page could not be made. This is a bug.",
    },
    code: CodeWords {
        outcome,
        state,
        trigger,
        retry: |failures| format!("retry {failures}"),
        action,
        failure,
        rule,
    },
    reason: Reason::sentence,
};

fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// In the largest unit that fits, rounded down.
fn span(seconds: u64) -> String {
    match seconds {
        0..60 => counted(seconds, "second", "seconds"),
        60..3_600 => counted(seconds / 60, "minute", "minutes"),
        3_600..172_800 => counted(seconds / 3_600, "hour", "hours"),
        _ => counted(seconds / 86_400, "day", "days"),
    }
}

fn tallied(what: Tallied) -> &'static str {
    match what {
        Tallied::LookWrote => "wrote something",
        Tallied::LookUnchanged => "found nothing to do",
        Tallied::LookLeft => "left something",
        Tallied::LookFailed => "failed",
        Tallied::FieldWritten => "written",
        Tallied::FieldUnchanged => "unchanged",
        Tallied::FieldHeld => "held",
        Tallied::FieldSkipped => "skipped",
        Tallied::FieldFailed => "failed",
        Tallied::NotificationAccepted => "accepted",
        Tallied::NotificationRepeated => "repeated",
        Tallied::NotificationSameId => "accepted under the id of another",
        Tallied::RefusedSignature => "refused: not signed with our key",
        Tallied::RefusedNoNotification => "refused: no notification of Oneflow",
        Tallied::RefusedTooLarge => "refused: too large",
        Tallied::RefusedIncomplete => "refused: incomplete",
        Tallied::RefusedTooSlow => "refused: too slow",
        Tallied::RefusedNotRecorded => "refused: could not be recorded",
        Tallied::RefusedCopies => "refused: altered copies",
        Tallied::DelayFiveSeconds => "5 seconds or less",
        Tallied::DelayHalfMinute => "30 seconds or less",
        Tallied::DelayTwoMinutes => "2 minutes or less",
        Tallied::DelayTenMinutes => "10 minutes or less",
        Tallied::DelayHour => "an hour or less",
        Tallied::DelayLonger => "longer",
        Tallied::SweepFound => "found by a pass over all contracts, without a notification",
    }
}

fn outcome(code: &str) -> Option<&'static str> {
    Some(match code {
        "written" => "written",
        "unchanged" => "unchanged",
        "held" => "held",
        "skipped" => "skipped",
        "failed" => "failed",
        "attached" => "attached",
        "already_there" => "already there",
        "not_due" => "not due",
        "later" => "later",
        _ => return None,
    })
}

fn state(code: &str) -> Option<&'static str> {
    Some(match code {
        "draft" => "draft",
        "pending" => "out for signature",
        "signed" => "signed",
        "declined" => "declined",
        "overdue" => "overdue",
        "unknown" => "unknown to this version",
        _ => return None,
    })
}

fn trigger(code: &str) -> Option<&'static str> {
    Some(match code {
        "notification" => "a notification",
        "retry" => "a retry",
        "sweep" => "a pass over all contracts",
        "by_hand" => "a person",
        _ => return None,
    })
}

fn action(code: &str) -> Option<&'static str> {
    Some(match code {
        "created" => "created",
        "adopted" => "found as an earlier attempt created it",
        "linked" => "linked to a candidate",
        "dropped" => "dropped from the parked contracts",
        "attach_again" => "document to be attached again",
        "decided" => "decided",
        _ => return None,
    })
}

fn failure(code: &str) -> Option<&'static str> {
    Some(match code {
        "took-too-long" => "The look took too long.",
        "interrupted" => "The look was broken off.",
        _ => return None,
    })
}

fn rule(code: &str) -> Option<&'static str> {
    Some(match code {
        "both" => "both ways",
        "to_teamtailor" => "to the card",
        "to_oneflow" => "to new contracts",
        "edited" => "as soon as edited",
        "candidate_signed" => "candidate has signed",
        "all_signed" => "everyone has signed",
        "contract_wins" => "contract wins",
        "candidate_wins" => "card wins",
        "hold" => "held",
        "proven" => "contract, if the edit is proven",
        "keep" => "card is kept",
        "clear" => "card is cleared",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_contract_is_one_and_what_was_not_counted_to_its_end_is_no_total() {
        let (means, looked_at) = (ENGLISH.contracts.again_means, ENGLISH.again.looked_at);
        for (count, said) in [
            (Counted::new(1, false), "1 contract is looked"),
            (Counted::new(1, true), "1 or more contracts are looked"),
            (Counted::new(0, false), "0 contracts are looked"),
            (Counted::new(10_000, true), "10000 or more contracts are looked"),
        ] {
            assert!(means(count).starts_with(said), "{}", means(count));
        }
        assert_eq!(looked_at(1, Counted::new(1, false)), "1 contract was looked at, of 1.");
        assert_eq!(
            looked_at(25_000, Counted::new(10_000, true)),
            "25000 contracts were looked at, of 10000 or more."
        );
    }

    #[test]
    fn a_span_is_told_in_its_largest_unit() {
        for (seconds, text) in
            [(0, "0 seconds"), (1, "1 second"), (119, "1 minute"), (7_200, "2 hours"), (172_800, "2 days")]
        {
            assert_eq!(span(seconds), text);
        }
    }
}
