//! `smartsync-sandbox`: the sandbox on loopback, until Ctrl-C.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use smartsync_sandbox::{
    HttpSandbox, HttpSettings, SandboxSettings,
    unknowns::{ListsWithValues, Unknowns, WebhookList},
};

/// A stand-in for Oneflow and Teamtailor on this machine. Nothing leaves it but webhooks that you register.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port of the Oneflow API and of the control routes; 0 takes a free one.
    #[arg(long, default_value_t = 8801)]
    oneflow_port: u16,
    /// Port of the Teamtailor API; 0 takes a free one.
    #[arg(long, default_value_t = 8802)]
    teamtailor_port: u16,
    /// Port of the file storage; 0 takes a free one.
    #[arg(long, default_value_t = 8803)]
    storage_port: u16,
    /// Virtual seconds per second: 60 makes webhook retries, rate limits and download addresses sixty times faster.
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    time_scale: f64,
    /// A file that says which answers are true where no page says so: `{"oneflow": {"times-form": "with-colon"}}`. The two options below say the same
    /// of one fact each.
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// Lists of candidates with their custom field values included are answered with 500.
    #[arg(long)]
    candidate_lists_with_values_fail: bool,
    /// `GET /webhooks` of Oneflow is answered with an array, without `data` around it.
    #[arg(long)]
    bare_webhook_list: bool,
    /// Virtual seconds until a move to another stage over the API can be read; 15 to 50 were reported.
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    stage_delay: u32,
    /// Requests that the log keeps: the newest.
    #[arg(long, default_value_t = 100_000, value_name = "NUMBER")]
    logged_requests: usize,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("it must be a number above 0".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let taken = error.kind() == io::ErrorKind::AddrInUse;
            let hint =
                if taken { " (another program is on one of the ports; 0 takes a free one)" } else { "" };
            eprintln!("smartsync-sandbox: {error}{hint}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> io::Result<()> {
    let http = HttpSettings::new()
        .oneflow_port(arguments.oneflow_port)
        .teamtailor_port(arguments.teamtailor_port)
        .storage_port(arguments.storage_port)
        .time_scale(arguments.time_scale);
    let mut unknowns = match &arguments.world {
        Some(file) => read_world(file)?,
        None => Unknowns::default(),
    };
    if arguments.candidate_lists_with_values_fail {
        unknowns.teamtailor.lists_with_values = ListsWithValues::Error;
    }
    if arguments.bare_webhook_list {
        unknowns.oneflow.webhook_list = WebhookList::Array;
    }
    let settings = SandboxSettings::new()
        .start(jiff::Timestamp::now())
        .unknowns(unknowns)
        .stage_delay(Duration::from_secs(arguments.stage_delay.into()))
        .logged_requests(arguments.logged_requests);
    let sandbox = HttpSandbox::start_with(settings, http).await?;
    introduce(&sandbox, &mut io::stdout().lock())?;
    tokio::signal::ctrl_c().await
}

fn read_world(file: &Path) -> io::Result<Unknowns> {
    let of_file = |error: String| io::Error::other(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| of_file(error.to_string()))?;
    Unknowns::read(&text).map_err(|error| of_file(error.to_string()))
}

/// What a person needs to point SmartSync at it, and to play both sides.
fn introduce(running: &HttpSandbox, out: &mut impl Write) -> io::Result<()> {
    let sandbox = running.sandbox();
    let (oneflow, teamtailor) = (running.oneflow_url(), running.teamtailor_url());
    let (token, key, email) = (sandbox.oneflow_token(), sandbox.teamtailor_key(), sandbox.user_email());
    let seeded = sandbox.seeded();
    let (template, template_type, workspace) = (seeded.template, seeded.template_type, seeded.workspace);
    let (candidate, control) = (&seeded.candidate, running.control_url());
    writeln!(
        out,
        r#"Oneflow    {oneflow}   (template {template}, workspace {workspace})
Teamtailor {teamtailor}   (candidate {candidate})
Storage    {storage}

Point SmartSync at it:

  export ONEFLOW_API_TOKEN={token}
  export ONEFLOW_SIGN_KEY=sandbox-sign-key
  export TEAMTAILOR_API_KEY={key}

  # smartsync.toml
  [oneflow]
  base_url = "{oneflow}"
  token = {{ env = "ONEFLOW_API_TOKEN" }}
  user_email = "{email}"
  sign_keys = [{{ env = "ONEFLOW_SIGN_KEY" }}]

  [teamtailor]
  base_url = "{teamtailor}"
  token = {{ env = "TEAMTAILOR_API_KEY" }}

  [sync]   # also contracts that somebody else has made: those of the control routes
  link = ["ledger", "participant_custom_id", "email"]
  template_types = [{template_type}]
  document = {{ by_email = true }}

Register the webhook of `smartsync serve`:

  curl -X POST {oneflow}/webhooks -H "x-oneflow-api-token: {token}" -H "content-type: application/json" \
    -d '{{"callback_url": "http://127.0.0.1:8080/webhooks/oneflow", "sign_key": "sandbox-sign-key"}}'

Make a candidate and a contract, play the participant, and look at the card:

  S={control}
  curl $S/candidates -d '{{"email": "eva@example.com", "custom_fields": {{"oneflow-salary": "42000"}}}}'   # candidate 4712
  curl $S/contracts -d '{{"name": "Employment contract", "counterparties": [{{"name": "Eva Sample", "email": "eva@example.com"}}]}}'   # contract 9001
  curl $S/publish -d '{{"contract": 9001}}'
  curl $S/data-field -d '{{"contract": 9001, "custom_id": "oneflow-salary", "value": "45500"}}'
  curl $S/sign -d '{{"contract": 9001}}'
  smartsync sync 9001   # or wait a moment for `smartsync serve`
  curl $S/candidates/4712

Let something go wrong:

  curl $S/faults -d '{{"service": "teamtailor", "times": 3, "fault": "limit"}}'
  curl $S/faults
  curl -X DELETE $S/faults

Post a signed notification by hand:

  CALLBACK_ID="by-hand-$(date +%s)"
  SIGNATURE=$(printf '%s' "$CALLBACK_ID$ONEFLOW_SIGN_KEY" | sha1sum | cut -d ' ' -f 1)
  curl -i http://127.0.0.1:8080/webhooks/oneflow -H "content-type: application/json" \
    -d '{{"callback_id": "'"$CALLBACK_ID"'", "contract": {{"id": 9001}}, "signature": "'"$SIGNATURE"'", "events":
         [{{"id": 1, "type": "contract:sign", "created_time": "2031-03-03T09:00:00+0000"}}]}}'

All control routes, and what they take: curl {control}
Ctrl-C ends it; nothing is kept."#,
        storage = running.storage_url(),
    )
}
