//! Why `smartsync probe` sends each of its requests.

pub const WHOSE_ACCOUNT: &str = "whose account it is";
pub const HOW_MANY_CANDIDATES: &str = "how many candidates there are; paging";
pub const HOW_MANY_CONTRACTS: &str = "how many contracts there are; forms of times; what a list has";
pub const OF_TOKEN: &str = "what is said of the token";
pub const SENT: &str = "parties, participants and data fields of a contract that was sent";
pub const SIGNED: &str = "the same of one that was signed";
pub const DRAFT: &str = "the same of a draft";
pub const EVENTS: &str = "whether events can be listed";
pub const EVENTS_OF_PARTICIPANTS: &str = "whether those of participants are among them";
pub const SLASH: &str = "whether a slash at the end matters";
pub const REDIRECT: &str = "whether it redirects; the redirect is not followed";
pub const WEBHOOKS: &str = "what a list of webhooks is";
pub const LAST_PAGE: &str = "how a last page says so";
pub const FILTER: &str = "whether a filter that matches nothing lists nothing";
pub const REFUSAL: &str = "what a refusal says of its parameters";
pub const INCLUDED_VALUES: &str = "whether a list can include values";
pub const DEFINITIONS: &str = "whether definitions come along with values";
pub const PAGING_AND_OWNER: &str = "paging; the owner of a field";
pub const OWNERS: &str = "the owners of fields";
pub const PAGING: &str = "paging";
