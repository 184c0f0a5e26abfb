//! What a credential is worth: whether it is accepted, for whom, and what it may read.

use oneflow_client::{
    AccountId, OneflowClient,
    accounts::{GetAccount, Ping},
};
use smartsync_transport::{CauseChain, Endpoint, Error, Service, StatusCode, Url};
use teamtailor_client::{
    CompanyId, TeamtailorClient, candidates::ListCandidates, companies::GetCompany,
    custom_fields::ListCustomFields,
};

use crate::setup::finding::{Finding, Subject};

/// Why Oneflow refuses a ping. It answers a bad token and an unknown user alike; a client without the user, where there is one, shows what
/// the token is worth.
pub(super) async fn refused_by_oneflow(
    base_url: &Url,
    without_user: Option<&OneflowClient>,
    error: &Error,
) -> Finding {
    let subject = Subject::Oneflow;
    if error.is_not_found() && base_url.path().trim_end_matches('/') != "/v1" {
        return Finding::bad(
            subject,
            format!(
                "`oneflow.base_url` leads to `{}`, where nothing answers ({})",
                base_url.path(),
                status(error)
            ),
            "write `https://api.oneflow.com/v1`, or remove `base_url`",
        );
    }
    if !error.is_unauthorized() {
        return unreachable(subject, error, "`oneflow.base_url`");
    }
    if let Some(client) = without_user {
        match client.send(&Ping::new()).await {
            Ok(_) => {
                let text =
                    format!("the token is accepted, but `oneflow.user_email` is refused ({})", status(error));
                let next = "set it to the e-mail address of an active user of the same account";
                return Finding::bad(subject, text, next).refusal();
            }
            Err(error) if !error.is_unauthorized() => {
                return unreachable(subject, &error, "`oneflow.base_url`");
            }
            Err(_) => {}
        }
    }
    Finding::bad(
        subject,
        format!("the token is refused ({})", status(error)),
        "create a new one under Marketplace > API tokens, and check that `oneflow.base_url` belongs to the same account",
    )
    .refusal()
}

/// The account of a token.
pub(super) async fn account_of(client: &OneflowClient) -> Result<AccountId, Finding> {
    client.send(&GetAccount::new()).await.map(|account| account.id).map_err(|error| {
        let text = format!("the account cannot be read, so nothing will be written: {}", CauseChain(&error));
        if error.is_unauthorized() {
            let next = "allow the token to read `GET /accounts/me`, then run the check again";
            return Finding::bad(Subject::Oneflow, text, next).refusal();
        }
        let next = "check `oneflow.base_url` and the connection to the service, then run the check again";
        Finding::bad(Subject::Oneflow, text, next)
    })
}

/// The company of a key, if it could be read, and what the key may read.
pub(super) async fn company_of(client: &TeamtailorClient, findings: &mut Vec<Finding>) -> Option<CompanyId> {
    let subject = Subject::Teamtailor;
    let company = client.send(&GetCompany::new()).await.map(|company| company.data.id);
    if let Err(error) = &company
        && error.status() == Some(StatusCode::UNAUTHORIZED)
    {
        let text = "the key is refused (401): it is wrong, or the account is on another host";
        let next =
            "compare with Settings > Integrations > API keys, which also shows the base URL of the account";
        findings.push(Finding::bad(subject, text, next).refusal());
        return None;
    }
    let (company, proof) = match company {
        Ok(id) => (Some(id), Ok(())),
        Err(error) => (None, Err(error)),
    };
    let reads = [
        ("the company", proof),
        ("candidates", proves(client, &ListCandidates::new().page_size(1)).await),
        ("custom fields", proves(client, &ListCustomFields::new().page_size(1)).await),
    ];
    let mut lacking = Vec::new();
    let mut told = Vec::new();
    for (what, result) in &reads {
        match result {
            Ok(()) => {}
            Err(error) if error.is_unauthorized() => lacking.push(format!("{what} ({})", status(error))),
            // What stands in the way of one stands in the way of all.
            Err(error) if told.contains(&error.status()) => {}
            Err(error) => {
                told.push(error.status());
                findings.push(unreachable(
                    subject,
                    error,
                    "`teamtailor.base_url` and `teamtailor.api_version`",
                ));
            }
        }
    }
    if !lacking.is_empty() {
        let text = format!("the key may not read {}: its scope is not Admin", lacking.join(", "));
        let next =
            "create a key with scope Admin and permission Read/Write; an existing key cannot be changed";
        findings.push(Finding::bad(subject, text, next).refusal());
    } else if reads.iter().all(|(_, result)| result.is_ok()) {
        findings.push(Finding::good(
            subject,
            "the key may read the company, candidates and custom fields. Whether it may write was not tested, \
             because nothing was written",
        ));
    }
    company
}

/// Whether an operation is answered; what it answers does not matter.
async fn proves<S: Service, E: Endpoint<Service = S>>(
    client: &smartsync_transport::ApiClient<S>,
    operation: &E,
) -> Result<(), Error> {
    client.send(operation).await.map(drop)
}

fn unreachable(subject: Subject, error: &Error, keys: &str) -> Finding {
    Finding::bad(
        subject,
        CauseChain(error).to_string(),
        format!("check {keys}, and the connection to the service"),
    )
}

fn status(error: &Error) -> String {
    error.status().map_or_else(|| "no answer".to_owned(), |status| status.as_u16().to_string())
}
