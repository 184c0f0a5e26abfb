//! What of this machine the program needs: the folder and the files of its state, their modes, the port, the way out.

mod access;
mod files;
mod network;
mod postgres;

pub(crate) use self::network::outgoing_proxy;
use crate::{
    config::Config,
    setup::finding::{Finding, Verdict},
};

/// What was found out about this machine without asking a service.
pub(crate) fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = of_any(config);
    findings.extend(files::key_in_reach(config).map(Finding::shared));
    findings
}

fn of_any(config: &Config) -> Vec<Finding> {
    let mut findings = files::findings(config);
    findings.extend(postgres::findings(config).into_iter().map(Finding::shared));
    findings.extend(network::findings(config));
    findings
}

/// The same for a configuration that may be meant for another machine, as in a CI: only what is wrong, and as warnings. Where the
/// key lies is seen on the machine where it does.
pub(crate) fn warnings(config: &Config) -> Vec<Finding> {
    let wrong = of_any(config).into_iter().filter(|finding| finding.verdict != Verdict::Good);
    wrong.map(|finding| Finding { verdict: Verdict::Warning, ..finding }).collect()
}
