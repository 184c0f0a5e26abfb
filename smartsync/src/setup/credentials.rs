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

use crate::{
    setup::finding::{Finding, Subject},
    words::commands::credentials as words,
};

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
            words::base_url_leads_nowhere(base_url.path(), &status(error)),
            words::BASE_URL_NEXT,
        );
    }
    if !error.is_unauthorized() {
        return unreachable(subject, error, "`oneflow.base_url`");
    }
    if let Some(client) = without_user {
        match client.send(&Ping::new()).await {
            Ok(_) => {
                let text = words::user_refused(&status(error));
                return Finding::bad(subject, text, words::USER_NEXT).refusal();
            }
            Err(error) if !error.is_unauthorized() => {
                return unreachable(subject, &error, "`oneflow.base_url`");
            }
            Err(_) => {}
        }
    }
    Finding::bad(subject, words::token_refused(&status(error)), words::TOKEN_NEXT).refusal()
}

/// The account of a token.
pub(super) async fn account_of(client: &OneflowClient) -> Result<AccountId, Finding> {
    client.send(&GetAccount::new()).await.map(|account| account.id).map_err(|error| {
        let text = words::account_unreadable(CauseChain(&error));
        if error.is_unauthorized() {
            return Finding::bad(Subject::Oneflow, text, words::ALLOW_ACCOUNT).refusal();
        }
        Finding::bad(Subject::Oneflow, text, words::CHECK_ONEFLOW)
    })
}

/// The company of a key, if it could be read, and what the key may read.
pub(super) async fn company_of(client: &TeamtailorClient, findings: &mut Vec<Finding>) -> Option<CompanyId> {
    let subject = Subject::Teamtailor;
    let company = client.send(&GetCompany::new()).await.map(|company| company.data.id);
    if let Err(error) = &company
        && error.status() == Some(StatusCode::UNAUTHORIZED)
    {
        findings.push(Finding::bad(subject, words::KEY_REFUSED, words::KEY_NEXT).refusal());
        return None;
    }
    let (company, proof) = match company {
        Ok(id) => (Some(id), Ok(())),
        Err(error) => (None, Err(error)),
    };
    let [of_company, of_candidates, of_custom_fields] = words::READS;
    let reads = [
        (of_company, proof),
        (of_candidates, proves(client, &ListCandidates::new().page_size(1)).await),
        (of_custom_fields, proves(client, &ListCustomFields::new().page_size(1)).await),
    ];
    let mut lacking = Vec::new();
    let mut told = Vec::new();
    for (what, result) in &reads {
        match result {
            Ok(()) => {}
            Err(error) if error.is_unauthorized() => lacking.push(words::lacking(what, &status(error))),
            // What stands in the way of one stands in the way of all.
            Err(error) if told.contains(&error.status()) => {}
            Err(error) => {
                told.push(error.status());
                findings.push(unreachable(subject, error, words::TEAMTAILOR_KEYS));
            }
        }
    }
    if !lacking.is_empty() {
        let text = words::may_not_read(&lacking);
        findings.push(Finding::bad(subject, text, words::SCOPE_NEXT).refusal());
    } else if reads.iter().all(|(_, result)| result.is_ok()) {
        findings.push(Finding::good(subject, words::MAY_READ));
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
    Finding::bad(subject, CauseChain(error).to_string(), words::check_keys(keys))
}

fn status(error: &Error) -> String {
    error.status().map_or_else(|| words::NO_ANSWER.to_owned(), |status| status.as_u16().to_string())
}
