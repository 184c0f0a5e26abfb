//! The candidate among the signers of a contract.

use url::Host;

use super::link_token::LinkToken;
use crate::{
    candidate::{CandidateSnapshot, DefaultField},
    contract::{ContractSnapshot, Signer},
    keys::SyncKeys,
};

/// Whether the candidate has signed. It is the signer with its token, else with its e-mail address, else the only one.
/// Where several could be meant, all of them must have signed.
pub(crate) fn has_candidate_signed(
    contract: &ContractSnapshot,
    candidate: &CandidateSnapshot,
    keys: &SyncKeys,
) -> bool {
    let has_token = |text: &String| matches!(LinkToken::verify(text, keys), Some(Ok(token)) if token.candidate == candidate.id);
    let email = candidate.defaults.get(&DefaultField::Email);
    let has_email = |text: &String| email.is_some_and(|email| folded(email) == folded(text));
    let by_token = |signer: &&Signer| signer.custom_id.as_ref().is_some_and(has_token);
    let by_email = |signer: &&Signer| signer.email.as_ref().is_some_and(has_email);
    let have_signed = |signers: &[&Signer]| signers.iter().all(|signer| signer.has_signed);
    let with_token: Vec<&Signer> = contract.signers.iter().filter(by_token).collect();
    let with_email: Vec<&Signer> = contract.signers.iter().filter(by_email).collect();
    contract.is_signed()
        || match (with_token.as_slice(), with_email.as_slice(), contract.signers.as_slice()) {
            ([], [], [only]) => only.has_signed,
            ([], [], _) => false,
            ([], signers, _) | (signers, _, _) => have_signed(signers),
        }
}

/// What could not be read of the signers and decides which of them is the candidate, and whether it has signed.
pub(crate) fn lost_of_signers(contract: &ContractSnapshot) -> Option<&'static str> {
    let of_signers = || contract.signers.iter().find_map(|signer| signer.unreadable.iter().next());
    contract.lost("parties").or_else(of_signers)
}

/// An e-mail address as it is compared: in front of the `@` without regard to the case of ASCII letters, and of no others (a Kelvin
/// sign is no `k`, and another mailbox); behind it as names of hosts are, by IDNA.
pub(crate) fn folded(email: &str) -> String {
    let email = email.trim();
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            let domain = match Host::parse(domain) {
                Ok(Host::Domain(ascii)) => ascii,
                _ => domain.to_ascii_lowercase(),
            };
            format!("{}@{domain}", local.to_ascii_lowercase())
        }
        None => email.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn addresses_are_one_by_ascii_case_and_by_the_name_of_the_host() {
        for (a, b, is_one) in [
            ("Ann@Example.com", " ann@example.COM ", true),
            ("kim@example.com", "\u{212a}im@example.com", false),
            ("ann@m\u{fc}nchen.example", "ANN@M\u{dc}NCHEN.example", true),
            ("ann@m\u{fc}nchen.example", "ann@xn--mnchen-3ya.example", true),
            ("\u{e9}va@example.com", "\u{c9}va@example.com", false),
            ("strasse@example.com", "stra\u{df}e@example.com", false),
            ("i@example.com", "\u{130}@example.com", false),
            ("ann", "ANN", true),
            ("ann@example.com", "ann@example.org", false),
        ] {
            assert_eq!(folded(a) == folded(b), is_one, "{a} {b}");
        }
    }
}
