//! What `-v` and `RUST_LOG` show of each command, and what they never show.

use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::{Ended, Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, canary_contract};

/// What people have typed, and secrets.
const SECRET: [&str; 8] =
    ["canary", "Canary", "CANARY", "+4670", "Sample", ONEFLOW_TOKEN, TEAMTAILOR_KEY, SIGN_KEY];

/// Services with a contract of a candidate, in which everything that a person may have typed is recognisable.
async fn services() -> (HttpSandbox, Home, String, String) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (candidate, contract) = canary_contract(&services);
    (services, home, candidate, contract.to_string())
}

async fn run(home: &Home, arguments: &[&str], rust_log: Option<&str>) -> Ended {
    let mut command = home.command(arguments);
    if let Some(filter) = rust_log {
        command.env("RUST_LOG", filter);
    }
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[tokio::test]
async fn every_request_is_shown_with_its_contract_and_no_value_and_no_secret() {
    let (services, home, candidate, contract) = services().await;
    let (template, workspace) =
        (services.sandbox().seeded().template.to_string(), services.sandbox().seeded().workspace.to_string());
    let create = ["--candidate", &candidate, "--template", &template, "--workspace", &workspace];
    let look = format!("look{{contract={contract}}}:");
    let link = format!("link{{contract={contract}}}:");
    let commands: [(&[&str], &str, &str); 6] = [
        (&["check"], "", "ping"),
        (&["plan", &contract], &look, "get_contract"),
        (&["sync", &contract], &look, "get_contract"),
        (&["link", &contract, "--candidate", &candidate], &link, "get_contract"),
        (&["create", "--request", "hire-1"], "create{request=hire-1}:", "create_contract"),
        (&["webhook", "list"], "", "list_webhooks"),
    ];
    for (arguments, span, operation) in commands {
        let more = if arguments[0] == "create" { &create[..] } else { &[] };
        let arguments = [arguments, more].concat();
        for (verbose, rust_log) in [("-v", None), ("-vv", None), ("--config=smartsync.toml", Some("trace"))] {
            let ended = run(&home, &[&arguments[..], &[verbose]].concat(), rust_log).await;
            assert!(ended.code < 2, "{arguments:?}: {}", ended.err);
            let line = format!(
                "DEBUG {span}api_operation{{service=\"oneflow\" operation=\"{operation}\"}}: answered"
            );
            // Repeating a creation by its name reads the contract of the first one.
            let is_repeated = arguments[0] == "create" && verbose != "-v";
            assert!(is_repeated || ended.err.contains(&line), "{line} is not in {}", ended.err);
            assert!(ended.err.contains("status=200 milliseconds="), "{}", ended.err);
            // Whose the credentials are is asked once, for no contract.
            let is_of_contract =
                |line: &&str| !line.contains("\"get_account\"") && !line.contains("\"get_company\"");
            let lines =
                ended.err.lines().filter(|line| line.contains("api_operation")).filter(is_of_contract);
            assert!(
                lines.clone().count() > 0 && lines.clone().all(|line| line.contains(span)),
                "{}",
                ended.err
            );
            for word in SECRET {
                assert!(!ended.err.contains(word), "`{word}` is in the log of {arguments:?} {verbose}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_wrong_in_the_filter_is_said() {
    let (_services, home, _, contract) = services().await;
    for (filter, said) in [
        ("smartsync=debgu", "warning: `RUST_LOG` is ignored: error parsing level filter"),
        ("debgu", "warning: `RUST_LOG` contains neither a level nor `smartsync`"),
        ("smartsnyc=debug", "warning: `RUST_LOG` contains neither a level nor `smartsync`"),
    ] {
        let ended = run(&home, &["plan", &contract], Some(filter)).await;
        assert_eq!(ended.code, 0);
        assert!(ended.err.starts_with(said), "{filter}: {}", ended.err);
        assert!(
            ended.err.ends_with(" next: write for example `RUST_LOG=smartsync=debug`\n"),
            "{}",
            ended.err
        );
    }
    for filter in ["", "warn", "smartsync=info,warn", "smartsync::server::worker=trace"] {
        let ended = run(&home, &["plan", &contract], Some(filter)).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{filter}");
    }
}
