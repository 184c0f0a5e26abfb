//! What `--help` of each command ends with: examples that can be typed, and how it ends; and of the whole program, the environment.

use std::fmt::Write as _;

use clap::Command;

/// The end of a command's help.
struct Epilogue {
    /// The words of the command: `parked list`.
    command: &'static str,
    examples: &'static [&'static str],
    /// Exit codes, each with what it says.
    exits: &'static [(&'static str, &'static str)],
}

const DONE: (&str, &str) = ("0", "done");
const FAILED: (&str, &str) = ("1", "failed: the error says why and what to do next");
const STOPPED: (&str, &str) = ("129, 130, 143", "stopped by SIGHUP, SIGINT or SIGTERM");

const EPILOGUES: &[Epilogue] = &[
    Epilogue {
        command: "demo",
        examples: &["smartsync demo", "smartsync demo --break no-link --json"],
        exits: &[("0", "the whole story went as it should"), ("1", "a stage failed")],
    },
    Epilogue {
        command: "drill",
        examples: &["smartsync drill --runs 100", "smartsync drill --seed 7"],
        exits: &[("0", "no rule was broken"), ("1", "something happened that must not, or the drill failed")],
    },
    Epilogue {
        command: "init",
        examples: &[
            "smartsync init",
            "smartsync init --yes --user-email integration@example.com --no-webhook",
        ],
        exits: &[
            ("0", "set up"),
            ("1", "failed, or the check or the test of the address found an error"),
            STOPPED,
        ],
    },
    Epilogue {
        command: "check",
        examples: &["smartsync check", "smartsync check --offline", "smartsync check --test-alert"],
        exits: &[("0", "no errors; there may be warnings"), ("1", "errors were found, or it failed")],
    },
    Epilogue {
        command: "schema save",
        examples: &["smartsync schema save", "smartsync schema save --output fields.json"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "schema config",
        examples: &["smartsync schema config > smartsync.schema.json"],
        exits: &[DONE],
    },
    Epilogue {
        command: "permissions",
        examples: &["smartsync permissions", "smartsync permissions --offline --json"],
        exits: &[DONE, ("1", "the mapping has errors, or it failed")],
    },
    Epilogue {
        command: "plan",
        examples: &["smartsync plan 9001", "smartsync plan --all --json"],
        exits: &[DONE, ("1", "a contract could not be planned"), STOPPED],
    },
    Epilogue {
        command: "sync",
        examples: &[
            "smartsync sync 9001 9002",
            "smartsync sync --all --max-changes 200",
            "smartsync sync --attach-again 9001",
        ],
        exits: &[
            ("0", "nothing is left to do"),
            ("1", "a contract could not be looked at"),
            ("2", "fields were held or failed, or a document was not attached"),
            STOPPED,
        ],
    },
    Epilogue {
        command: "create",
        examples: &[
            "smartsync create --candidate 4711 --template 5 --workspace 12 --request hire-2031-0042",
            "smartsync create --candidate 4711 --template 5 --workspace 12 --publish",
        ],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "link",
        examples: &["smartsync link 9001 --candidate 4711", "smartsync link 9001 --candidate 4711 --yes"],
        exits: &[DONE, FAILED, STOPPED],
    },
    Epilogue {
        command: "resolve",
        examples: &[
            "smartsync resolve 9001 custom:start-date --take contract",
            "smartsync resolve 9001 custom:start-date --take card --plan 5f0c1b",
        ],
        exits: &[
            ("0", "decided; other fields may still be held"),
            FAILED,
            (
                "2",
                "not decided: something has changed since, nobody can decide that, or the field is held or failed after all",
            ),
            STOPPED,
        ],
    },
    Epilogue {
        command: "forget",
        examples: &["smartsync forget --candidate 4711"],
        exits: &[DONE, FAILED, STOPPED],
    },
    Epilogue {
        command: "adopt",
        examples: &["smartsync adopt", "smartsync adopt --yes --json"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "serve",
        examples: &["smartsync serve", "smartsync --log-format json serve"],
        exits: &[
            ("0", "ended by SIGINT or SIGTERM, with all that had begun done"),
            FAILED,
            ("130, 143", "ended at once by a second SIGINT or SIGTERM"),
        ],
    },
    Epilogue {
        command: "page",
        examples: &["smartsync page", "smartsync --config acme.toml page"],
        exits: &[
            ("0", "ended by SIGINT or SIGTERM"),
            FAILED,
            ("130, 143", "ended at once by a second SIGINT or SIGTERM"),
        ],
    },
    Epilogue {
        command: "status",
        examples: &["smartsync status", "smartsync status --tenant acme-se --json"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "contracts list",
        examples: &[
            "smartsync contracts list",
            "smartsync contracts list --outcome held --reason conflict-held --age before-7d",
            "smartsync contracts list --state signed --json",
        ],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "contracts look",
        examples: &[
            "smartsync contracts look --reason unavailable",
            "smartsync contracts look --outcome failed --age within-24h --yes",
        ],
        exits: &[
            ("0", "all that match were looked at"),
            ("1", "failed, or no server is running: the error says what to do next"),
            STOPPED,
        ],
    },
    Epilogue {
        command: "held",
        examples: &["smartsync held", "smartsync held --json"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "intake",
        examples: &["smartsync intake", "smartsync intake --tenant acme-se --json"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "tail",
        examples: &[
            "smartsync tail",
            "smartsync tail --outcome held --outcome failed",
            "smartsync tail --state signed --template-type 12",
            "smartsync tail --contract 9001 --last 0 --json",
        ],
        exits: &[("0", "ended by SIGINT or SIGTERM"), FAILED],
    },
    Epilogue {
        command: "history",
        examples: &["smartsync history 9001", "smartsync history 9001 --field oneflow-city --limit 50"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "probe",
        examples: &[
            "smartsync probe --explain",
            "smartsync probe",
            "smartsync probe --write --explain",
            "smartsync probe --write --company Example",
        ],
        exits: &[DONE, ("1", "failed, or something that it has made is left and named")],
    },
    Epilogue {
        command: "probe clean",
        examples: &["smartsync probe clean"],
        exits: &[("0", "nothing is left"), ("1", "failed, or something is left and named")],
    },
    Epilogue {
        command: "facts",
        examples: &["smartsync facts", "smartsync facts --json"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "explain",
        examples: &["smartsync explain conflict-held", "smartsync explain SM0014", "smartsync explain"],
        exits: &[DONE, ("1", "there is no such code; the nearest are named")],
    },
    Epilogue {
        command: "parked list",
        examples: &["smartsync parked list", "smartsync parked list --reason unavailable"],
        exits: &[DONE, FAILED],
    },
    Epilogue { command: "parked show", examples: &["smartsync parked show 9001"], exits: &[DONE, FAILED] },
    Epilogue {
        command: "parked retry",
        examples: &["smartsync parked retry 9001", "smartsync parked retry --reason unavailable --yes"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "parked drop",
        examples: &["smartsync parked drop 9001", "smartsync parked drop --all --yes"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "store copy",
        examples: &[
            "smartsync store copy sqlite://smartsync.db postgres://smartsync@db.example.com/smartsync",
        ],
        exits: &[DONE, FAILED],
    },
    Epilogue { command: "webhook list", examples: &["smartsync webhook list"], exits: &[DONE, FAILED] },
    Epilogue {
        command: "webhook register",
        examples: &["smartsync webhook register https://sync.example.com/webhooks/oneflow"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "webhook test",
        examples: &["smartsync webhook test https://sync.example.com/webhooks/oneflow"],
        exits: &[("0", "it gets through"), ("1", "it does not get through: the error says where")],
    },
    Epilogue {
        command: "webhook remove",
        examples: &["smartsync webhook remove 5", "smartsync webhook remove 5 --yes"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "key new",
        examples: &["smartsync key new", "smartsync key new --file smartsync.key"],
        exits: &[DONE, FAILED],
    },
    Epilogue {
        command: "completions",
        examples: &[
            "smartsync completions bash > ~/.local/share/bash-completion/completions/smartsync",
            "smartsync completions zsh > ~/.zfunc/_smartsync",
            "smartsync completions fish > ~/.config/fish/completions/smartsync.fish",
        ],
        exits: &[DONE],
    },
    Epilogue {
        command: "man",
        examples: &["smartsync man --output /usr/local/share/man/man1"],
        exits: &[DONE, FAILED],
    },
];

/// The variables of the environment that the program heeds, each with what it does.
pub(crate) const ENVIRONMENT: &[(&str, &str)] = &[
    ("RUST_LOG", "what is logged, in place of -v: smartsync=debug"),
    ("NO_COLOR", "no colours, if it is not empty; --color goes first"),
    ("CLICOLOR", "no colours, if it is 0"),
    ("CLICOLOR_FORCE", "colours, even into a file, if it is not empty"),
    ("COLUMNS", "how wide a table may be; default: the width of the terminal"),
    ("HTTPS_PROXY", "the proxy for requests to the services"),
    ("HTTP_PROXY", "the same for a base_url with plain http"),
    ("ALL_PROXY", "the same for both"),
    ("NO_PROXY", "hosts for which no proxy is used"),
    ("SSL_CERT_FILE", "certificates that are trusted, in place of the system's (Linux)"),
    ("SSL_CERT_DIR", "the same, a folder of them (Linux)"),
];

/// The command line with the end of each command's help.
pub(super) fn with_epilogues(command: Command) -> Command {
    ended(command, "")
        .after_help("`smartsync COMMAND --help` shows examples and the exit codes.")
        .after_long_help(environment())
}

fn ended(command: Command, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(&name, |below| {
            let path = format!("{path} {name}").trim_start().to_owned();
            let below = ended(below, &path);
            match EPILOGUES.iter().find(|epilogue| epilogue.command == path) {
                Some(epilogue) => below.after_help(epilogue.text()),
                None => below,
            }
        })
    })
}

impl Epilogue {
    fn text(&self) -> String {
        let mut text = "Examples:\n".to_owned();
        for example in self.examples {
            writeln!(text, "  {example}").ok();
        }
        text.push_str("\nExit codes:\n");
        for (codes, meaning) in self.exits {
            writeln!(text, "  {codes:<4} {meaning}").ok();
        }
        text
    }
}

fn environment() -> String {
    let mut text = "Environment:\n".to_owned();
    for (name, meaning) in ENVIRONMENT {
        writeln!(text, "  {name:<15} {meaning}").ok();
    }
    text.push_str("  Besides, each variable that the configuration names as { env = \"NAME\" }.\n\n");
    text.push_str("`smartsync COMMAND --help` shows examples and the exit codes.");
    text
}
