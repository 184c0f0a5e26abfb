//! Every text of the page and of the commands in one catalogue. A language is a folder with a file of the same name: a text that it lacks does not compile.

mod english;
pub mod shared;

#[doc(hidden)]
pub use self::english::commands;

use smartsync_core::{
    Reason,
    outcome::{BaseState, ContractEdit, SideState},
    plan::Take,
};

use crate::store::{Age, Counted, DecisionEnd, FieldEnd, Tallied, Trigger};

/// The language of the page. The commands have theirs by [`commands`].
pub(crate) static WORDS: &Words = &english::ENGLISH;

/// The texts of a language.
pub(crate) struct Words {
    /// The language, as HTML names it.
    pub(crate) language: &'static str,
    pub(crate) frame: FrameWords,
    pub(crate) log_in: LogInWords,
    pub(crate) time: TimeWords,
    pub(crate) now: NowWords,
    pub(crate) contracts: ContractsWords,
    pub(crate) contract: ContractWords,
    pub(crate) held: HeldWords,
    pub(crate) decide: DecideWords,
    pub(crate) parked: ParkedWords,
    pub(crate) intake: IntakeWords,
    pub(crate) mapping: MappingWords,
    pub(crate) chart: ChartWords,
    pub(crate) again: AgainWords,
    pub(crate) error: ErrorWords,
    /// What is said of codes that are stored and sent: outcomes, states, triggers.
    pub(crate) code: CodeWords,
    /// The sentence of a reason.
    pub(crate) reason: fn(Reason) -> &'static str,
}

/// What is around every view.
pub(crate) struct FrameWords {
    pub(crate) skip: &'static str,
    pub(crate) views: &'static str,
    pub(crate) accounts: &'static str,
    pub(crate) log_out: &'static str,
    pub(crate) now: &'static str,
    pub(crate) contracts: &'static str,
    pub(crate) held: &'static str,
    pub(crate) parked: &'static str,
    pub(crate) intake: &'static str,
    pub(crate) mapping: &'static str,
    pub(crate) next: &'static str,
    pub(crate) first: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) none: &'static str,
    pub(crate) tenant: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) read_at: &'static str,
}

pub(crate) struct LogInWords {
    pub(crate) title: &'static str,
    pub(crate) token: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) button: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) too_many: &'static str,
}

/// How long ago, and until when.
pub(crate) struct TimeWords {
    pub(crate) ago: fn(u64) -> String,
    pub(crate) ahead: fn(u64) -> String,
    pub(crate) took: fn(u64) -> String,
}

pub(crate) struct NowWords {
    pub(crate) title: &'static str,
    pub(crate) server: &'static str,
    pub(crate) served: &'static str,
    pub(crate) not_served: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) oldest_waiting: &'static str,
    pub(crate) due: &'static str,
    pub(crate) running: &'static str,
    pub(crate) parked: &'static str,
    pub(crate) held: &'static str,
    pub(crate) drift: &'static str,
    pub(crate) drift_means: &'static str,
    pub(crate) oldest_drift: &'static str,
    pub(crate) last_notification: &'static str,
    pub(crate) last_look: &'static str,
    pub(crate) last_sweep: &'static str,
    /// Of the credential of a service: `Oneflow`.
    pub(crate) credential: fn(&str) -> String,
    pub(crate) accepted: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) not_asked: &'static str,
    pub(crate) not_known_here: &'static str,
    /// How many requests are left, and of how many.
    pub(crate) left: fn(i64, Option<i64>) -> String,
}

pub(crate) struct ContractsWords {
    pub(crate) title: &'static str,
    pub(crate) find: &'static str,
    pub(crate) id: &'static str,
    pub(crate) open: &'static str,
    pub(crate) contract: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) any: &'static str,
    pub(crate) with_outcome: &'static str,
    pub(crate) with_reason: &'static str,
    pub(crate) template_type: &'static str,
    pub(crate) age: &'static str,
    /// How long ago the last look was.
    pub(crate) aged: fn(Age) -> &'static str,
    pub(crate) apply: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) none: &'static str,
    pub(crate) matching: fn(&str) -> String,
    pub(crate) goes_on: &'static str,
    pub(crate) left: &'static str,
    pub(crate) next_look: &'static str,
    pub(crate) running: &'static str,
    pub(crate) again_all: &'static str,
    pub(crate) again_means: fn(Counted) -> String,
    pub(crate) again_confirm: &'static str,
    /// How many fields ended so: `2 held`.
    pub(crate) count: fn(u32, FieldEnd) -> String,
}

pub(crate) struct ContractWords {
    pub(crate) title: fn(i64) -> String,
    pub(crate) never_looked_at: &'static str,
    pub(crate) standing: &'static str,
    pub(crate) state: &'static str,
    pub(crate) candidate: &'static str,
    pub(crate) last_look: &'static str,
    pub(crate) why: &'static str,
    pub(crate) drifts_since: &'static str,
    pub(crate) left_alone_since: &'static str,
    pub(crate) document: &'static str,
    pub(crate) fields: &'static str,
    pub(crate) fields_caption: &'static str,
    pub(crate) no_fields: &'static str,
    pub(crate) more_fields: fn(usize) -> String,
    pub(crate) data_field: &'static str,
    pub(crate) candidate_field: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) sides: &'static str,
    pub(crate) rule: &'static str,
    /// In place of a rule.
    pub(crate) by_a_person: &'static str,
    pub(crate) contract_value: &'static str,
    pub(crate) card_value: &'static str,
    pub(crate) looks: &'static str,
    pub(crate) looks_caption: &'static str,
    pub(crate) at: &'static str,
    pub(crate) trigger: &'static str,
    pub(crate) found: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) requests: fn(u32) -> String,
    pub(crate) next_look: &'static str,
    pub(crate) next_none: &'static str,
    pub(crate) next_left: &'static str,
    pub(crate) next_at: &'static str,
    pub(crate) next_with_room: &'static str,
    pub(crate) next_parked: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) look_again: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) show: &'static str,
    pub(crate) show_means: &'static str,
    pub(crate) shown: &'static str,
    pub(crate) hide: &'static str,
    pub(crate) contract_name: &'static str,
    pub(crate) candidate_name: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) absent: &'static str,
}

pub(crate) struct HeldWords {
    pub(crate) title: &'static str,
    pub(crate) means: &'static str,
    pub(crate) none: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) count: fn(&str) -> String,
    pub(crate) since: &'static str,
    pub(crate) field: &'static str,
    pub(crate) why: &'static str,
    pub(crate) what_happened: &'static str,
}

/// Where a person decides what is held.
pub(crate) struct DecideWords {
    pub(crate) title: fn(i64) -> String,
    pub(crate) link: &'static str,
    pub(crate) link_short: &'static str,
    pub(crate) back: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) means: &'static str,
    /// Above the fields that the rules write with whatever is decided.
    pub(crate) besides: &'static str,
    /// The same of the signed document.
    pub(crate) besides_document: &'static str,
    pub(crate) contract: &'static str,
    pub(crate) card: &'static str,
    pub(crate) later: &'static str,
    /// What "not now" means for a field that only the limit of changes holds back.
    pub(crate) later_with_room: &'static str,
    pub(crate) button: &'static str,
    pub(crate) done: &'static str,
    pub(crate) done_partly: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) stale: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) busy: &'static str,
    /// Of a field, the side that was taken, and who said so.
    pub(crate) decided: fn(&str, Take, Option<&str>) -> String,
    pub(crate) ended: fn(&DecisionEnd) -> &'static str,
    /// Of a decision whose end was not noted.
    pub(crate) without_end: &'static str,
    pub(crate) base: fn(BaseState) -> &'static str,
    pub(crate) contract_side: fn(SideState) -> &'static str,
    pub(crate) card_side: fn(SideState) -> &'static str,
    pub(crate) edit: fn(ContractEdit) -> &'static str,
}

pub(crate) struct IntakeWords {
    pub(crate) title: &'static str,
    pub(crate) last_notification: &'static str,
    pub(crate) last_sweep: &'static str,
    pub(crate) notifications_caption: &'static str,
    pub(crate) delays_caption: &'static str,
    pub(crate) delays_mean: &'static str,
    pub(crate) what: &'static str,
    pub(crate) last_day: &'static str,
    pub(crate) last_month: &'static str,
}

pub(crate) struct ChartWords {
    pub(crate) looks: &'static str,
    pub(crate) fields: &'static str,
    pub(crate) delays: &'static str,
    pub(crate) notifications: &'static str,
    pub(crate) period: &'static str,
    pub(crate) day: &'static str,
    pub(crate) month: &'static str,
    pub(crate) steps_of_day: &'static str,
    pub(crate) steps_of_month: &'static str,
    pub(crate) most: fn(u64) -> String,
    pub(crate) nothing: &'static str,
    /// What is counted, in a legend.
    pub(crate) counted: fn(Tallied) -> &'static str,
}

pub(crate) struct ParkedWords {
    pub(crate) title: &'static str,
    pub(crate) means: &'static str,
    pub(crate) none: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) all_reasons: &'static str,
    pub(crate) show: &'static str,
    pub(crate) caption: fn(&str, bool) -> String,
    pub(crate) reason: &'static str,
    pub(crate) attempts: &'static str,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) to_do: &'static str,
    pub(crate) decide: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) retry_one: fn(i64) -> String,
    pub(crate) drop_one: fn(i64) -> String,
    pub(crate) retry_all: &'static str,
    pub(crate) drop_all: &'static str,
    pub(crate) confirm_retry: &'static str,
    pub(crate) confirm_drop: &'static str,
    pub(crate) retry_means: fn(usize) -> String,
    pub(crate) drop_means: fn(usize) -> String,
    pub(crate) retried: fn(usize) -> String,
    pub(crate) dropped: fn(usize) -> String,
}

pub(crate) struct MappingWords {
    pub(crate) title: &'static str,
    pub(crate) check: &'static str,
    pub(crate) check_means: &'static str,
    pub(crate) checked: &'static str,
    pub(crate) diagnostics: &'static str,
    pub(crate) fits: &'static str,
    pub(crate) fits_by_itself: &'static str,
    pub(crate) more_diagnostics: fn(usize) -> String,
    pub(crate) line: fn(usize) -> String,
    pub(crate) pairs: &'static str,
    pub(crate) pairs_caption: fn(usize) -> String,
    pub(crate) no_pairs: &'static str,
    pub(crate) by_convention: &'static str,
    pub(crate) convention_on: &'static str,
    pub(crate) convention_off: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) when: &'static str,
    pub(crate) on_conflict: &'static str,
    pub(crate) on_first_sight: &'static str,
    pub(crate) on_empty: &'static str,
    pub(crate) permissions: &'static str,
    pub(crate) permissions_caption: fn(usize) -> String,
    pub(crate) permissions_means: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) host: &'static str,
    pub(crate) access: &'static str,
    pub(crate) read: &'static str,
    pub(crate) write: &'static str,
    pub(crate) request: &'static str,
    pub(crate) what: &'static str,
    pub(crate) except: fn(&str) -> String,
    pub(crate) why: &'static str,
}

/// Looking again at many, with the count first and a progress that can be stopped.
pub(crate) struct AgainWords {
    pub(crate) title: &'static str,
    pub(crate) looked_at: fn(usize, Counted) -> String,
    pub(crate) is_running: &'static str,
    pub(crate) is_stopped: &'static str,
    pub(crate) is_done: &'static str,
    pub(crate) has_failed: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) refresh: &'static str,
    pub(crate) no_server: &'static str,
}

pub(crate) struct ErrorWords {
    pub(crate) title: &'static str,
    pub(crate) back: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) wrong_host: &'static str,
    pub(crate) through_proxy: &'static str,
    pub(crate) wrong_form: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) unknown_reason: &'static str,
    pub(crate) too_many_jobs: &'static str,
    pub(crate) store: &'static str,
    pub(crate) service: &'static str,
    pub(crate) account: &'static str,
    pub(crate) broken_off: &'static str,
    pub(crate) bug: &'static str,
}

/// Words for codes. Each is the code itself where a newer version has written one that this one does not know.
pub(crate) struct CodeWords {
    pub(crate) outcome: fn(&str) -> Option<&'static str>,
    pub(crate) state: fn(&str) -> Option<&'static str>,
    pub(crate) trigger: fn(&str) -> Option<&'static str>,
    pub(crate) retry: fn(u32) -> String,
    pub(crate) action: fn(&str) -> Option<&'static str>,
    /// Why a look failed as a whole, where that is no [`Reason`].
    pub(crate) failure: fn(&str) -> Option<&'static str>,
    pub(crate) rule: fn(&str) -> Option<&'static str>,
}

impl Words {
    /// Why something ended as it did: the sentence of a reason, or the code that a newer version has written.
    pub(crate) fn why(&self, code: &str) -> String {
        let sentence = Reason::from_code(code).map(self.reason).or_else(|| (self.code.failure)(code));
        sentence.unwrap_or(code).to_owned()
    }

    /// Why a look began.
    pub(crate) fn because_of(&self, trigger: Trigger) -> String {
        match trigger {
            Trigger::Retry(failures) => (self.code.retry)(failures),
            Trigger::Notification | Trigger::Sweep | Trigger::ByHand => {
                (self.code.trigger)(trigger.as_str()).unwrap_or(trigger.as_str()).to_owned()
            }
        }
    }
}
