//! The tables, and the steps to them from every older version.

use rusqlite::{Connection, TransactionBehavior};

/// The steps from an empty database to the tables of this version, in order. A database of version `n` lacks all but
/// the first `n`. Steps are only ever added.
///
/// `inbox` and `waiting` are what has to be done, `ledger`, `cards` and `creations` what the sync remembers, `forgotten` whom it
/// must not remember, `keys` the names of the keys that it was made under, `accounts` whose it is, `overwrites` how much was overwritten
/// in the last hour, `parked` what a person has to look at, `looks` what was done, `standing` how each contract stood when it was last looked at,
/// `standing_reasons` and `held` what was left then, in the order in which a person looks at it, `tallies` how much there was of what in each hour,
/// `watermarks` how far the periodic work has come. None holds a value of a field or a name. All but `keys` tell tenants apart; an empty name is
/// that of the nameless one.
const MIGRATIONS: [&str; 17] = [
    TABLES, TOMBSTONES, CARDS, WAITS, KEYS, LIMITS, CHANGES, PROOFS, NAMES, ITEMS, JOURNAL, ACTIONS, KNOWN,
    LEFT_ALONE, TENANTS, DECISIONS, OVERVIEW,
];

const TABLES: &str = "
    CREATE TABLE inbox (
        callback_id TEXT PRIMARY KEY,
        contract_id INTEGER NOT NULL,
        received_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    CREATE TABLE dirty (
        contract_id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        run_at INTEGER NOT NULL,
        claimed_generation INTEGER,
        claimed_until INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT
    ) STRICT;
    CREATE INDEX dirty_by_time ON dirty (run_at);
    CREATE TABLE ledger (contract_id INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
    CREATE TABLE creations (request_id TEXT PRIMARY KEY, creation TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE dead (
        contract_id INTEGER PRIMARY KEY,
        parked_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
";

/// A creation once was only the contract's id; the ledger knows whose it is.
const TOMBSTONES: &str = "
    CREATE TABLE forgotten (candidate_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_by_candidate ON ledger (entry ->> '$.candidate');
    UPDATE creations SET creation = json_object('created', json_object(
        'candidate', coalesce((
            SELECT entry ->> '$.candidate' FROM ledger WHERE contract_id = creation ->> '$.created'
        ), ''),
        'contract', creation ->> '$.created'
    )) WHERE creation ->> '$.created' IS NOT NULL;
";

/// What the sync itself has put on a candidate's card, through whichever contract. An empty id is none, so a creation of which
/// it is not known whose it was gets a word in its place.
const CARDS: &str = "
    CREATE TABLE cards (candidate_id TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
    UPDATE creations SET creation = json_set(creation, '$.created.candidate', 'unknown')
        WHERE creation ->> '$.created.candidate' = '';
";

/// Several contracts may have come under one callback id: its signature covers the id alone. Of a contract that waits it is known
/// until when it does of our own accord (`retry_at`), until when since a service asked for it or it has just been looked at
/// (`not_before`), which failures were its own (`faults`), what fails it and every other (`outage`), and whether it is looked at
/// after everything else (`is_last`).
const WAITS: &str = "
    CREATE TABLE notifications (
        callback_id TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (callback_id, contract_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO notifications SELECT callback_id, contract_id, received_at FROM inbox;
    DROP TABLE inbox;
    ALTER TABLE notifications RENAME TO inbox;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    ALTER TABLE dirty ADD COLUMN retry_at INTEGER;
    ALTER TABLE dirty ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE dirty ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE dirty ADD COLUMN outage TEXT;
    ALTER TABLE dirty ADD COLUMN is_last INTEGER NOT NULL DEFAULT 0;
    UPDATE dirty SET retry_at = run_at WHERE attempts > 0;
    DROP INDEX dirty_by_time;
    CREATE INDEX dirty_by_turn ON dirty (is_last, run_at);
";

/// The names of the keys under which there are rows: see `key_names`.
const KEYS: &str = "
    CREATE TABLE keys (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
";

/// For which accounts the database is, by service (see `accounts`), and how many values of cards were overwritten, by minute.
const LIMITS: &str = "
    CREATE TABLE accounts (service TEXT PRIMARY KEY, account TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE overwrites (minute INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
";

/// When the entry of a contract has last changed, in seconds: `retention` goes by it. Of those that are there nobody knows, so they count as
/// changed now.
const CHANGES: &str = "
    ALTER TABLE ledger ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
    UPDATE ledger SET changed_at = unixepoch();
    CREATE INDEX ledger_by_change ON ledger (changed_at);
";

/// Earlier versions did not note by what a contract was bound. Of one that was made here for its candidate, the creation is the proof,
/// also where its token is gone or signed with a key that counts no more.
const PROOFS: &str = "
    UPDATE ledger SET entry = json_set(entry, '$.linked_by', 'ledger')
        WHERE coalesce(entry ->> '$.linked_by', 'email') = 'email' AND (contract_id, entry ->> '$.candidate') IN (
            SELECT creation ->> '$.created.contract', creation ->> '$.created.candidate' FROM creations
        );
";

/// Tables are called what the rest of the program calls what is in them.
const NAMES: &str = "
    ALTER TABLE dirty RENAME TO waiting;
    DROP INDEX dirty_by_turn;
    CREATE INDEX waiting_by_turn ON waiting (is_last, run_at);
    ALTER TABLE dead RENAME TO parked;
";

/// What is worked on has a tenant and a kind. Of what waits, it is known whose card it is about, why it is looked at, and after what else (`lane`,
/// see `lane.rs`).
const ITEMS: &str = "
    CREATE TABLE items (
        tenant TEXT NOT NULL,
        kind TEXT NOT NULL,
        id ANY NOT NULL,
        candidate_id TEXT,
        cause TEXT NOT NULL,
        generation INTEGER NOT NULL,
        run_at INTEGER NOT NULL,
        lane INTEGER NOT NULL DEFAULT 0,
        claimed_generation INTEGER,
        claimed_until INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        faults INTEGER NOT NULL DEFAULT 0,
        retry_at INTEGER,
        not_before INTEGER NOT NULL DEFAULT 0,
        outage TEXT,
        last_error TEXT,
        PRIMARY KEY (tenant, kind, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO items SELECT '', 'contract', contract_id,
        (SELECT entry ->> '$.candidate' FROM ledger WHERE ledger.contract_id = waiting.contract_id), 'notification',
        generation, run_at, is_last * 2, claimed_generation, claimed_until, attempts, faults, retry_at, not_before, outage, last_error
        FROM waiting;
    DROP TABLE waiting;
    ALTER TABLE items RENAME TO waiting;
    CREATE INDEX waiting_by_turn ON waiting (lane, run_at);
    CREATE INDEX waiting_claimed ON waiting (candidate_id) WHERE claimed_generation IS NOT NULL;
    CREATE TABLE notifications (
        tenant TEXT NOT NULL,
        callback_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        id ANY NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (tenant, callback_id, kind, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO notifications SELECT '', callback_id, 'contract', contract_id, received_at FROM inbox;
    DROP TABLE inbox;
    ALTER TABLE notifications RENAME TO inbox;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    CREATE TABLE given_up (
        tenant TEXT NOT NULL,
        kind TEXT NOT NULL,
        id ANY NOT NULL,
        parked_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (tenant, kind, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO given_up SELECT '', 'contract', contract_id, parked_at, attempts, reason FROM parked;
    DROP TABLE parked;
    ALTER TABLE given_up RENAME TO parked;
";

/// A row for each look (`journal`), with an array for each field: data field, candidate field, outcome, reason, unreadable member. Of each
/// contract `standing` has the last one, and since when it drifts, so that nobody has to search the looks for it.
const JOURNAL: &str = "
    CREATE TABLE looks (
        id INTEGER PRIMARY KEY,
        tenant TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        candidate_id TEXT,
        at INTEGER NOT NULL,
        cause TEXT NOT NULL,
        failures INTEGER,
        state TEXT,
        plan TEXT,
        fields TEXT NOT NULL,
        document TEXT,
        document_reason TEXT,
        drifts INTEGER,
        reason TEXT,
        error TEXT,
        next TEXT NOT NULL,
        next_at INTEGER,
        duration INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        last_change INTEGER
    ) STRICT;
    CREATE INDEX looks_by_contract ON looks (tenant, contract_id, at);
    CREATE INDEX looks_by_age ON looks (at);
    CREATE INDEX looks_by_candidate ON looks (candidate_id) WHERE candidate_id IS NOT NULL;
    CREATE TABLE standing (
        tenant TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        candidate_id TEXT,
        looked_at INTEGER NOT NULL,
        cause TEXT NOT NULL,
        failures INTEGER,
        state TEXT,
        written INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        held INTEGER NOT NULL DEFAULT 0,
        skipped INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        document TEXT,
        document_reason TEXT,
        reasons TEXT NOT NULL,
        drifts_since INTEGER,
        last_change INTEGER,
        PRIMARY KEY (tenant, contract_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX standing_by_look ON standing (looked_at);
    CREATE INDEX standing_by_drift ON standing (tenant, drifts_since) WHERE drifts_since IS NOT NULL;
    CREATE INDEX standing_by_candidate ON standing (candidate_id) WHERE candidate_id IS NOT NULL;
    CREATE TABLE watermarks (
        tenant TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (tenant, name)
    ) STRICT, WITHOUT ROWID;
";

/// What a person did with a contract is a row among the looks at it.
const ACTIONS: &str = "
    ALTER TABLE looks ADD COLUMN action TEXT;
";

/// Whether more than a notification speaks of what waits or is parked (`known.rs`), and since when something was due that was put back: a time that a
/// service asked for (`not_before`) is another matter. Of what is parked nobody knows who had named it, so it counts as before.
const KNOWN: &str = "
    ALTER TABLE waiting ADD COLUMN is_known INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE waiting ADD COLUMN put_back_from INTEGER;
    ALTER TABLE parked ADD COLUMN is_known INTEGER NOT NULL DEFAULT 0;
    UPDATE waiting SET is_known = 1 WHERE lane = 1 OR cause IN ('sweep', 'by_hand') OR tenant = '' AND kind = 'contract' AND (
        EXISTS (SELECT 1 FROM ledger WHERE contract_id = waiting.id)
        OR EXISTS (SELECT 1 FROM standing WHERE tenant = '' AND contract_id = waiting.id AND state IS NOT NULL));
";

/// When a person has dropped a contract from the parked ones is where it stands, too, so that nobody has to search the looks for it. Of those that
/// are there it is known where nothing was done since.
const LEFT_ALONE: &str = "
    ALTER TABLE standing ADD COLUMN left_alone_since INTEGER;
    UPDATE standing SET left_alone_since = (
        SELECT CASE action WHEN 'dropped' THEN at END FROM looks
        WHERE looks.tenant = standing.tenant AND looks.contract_id = standing.contract_id
        ORDER BY at DESC, id DESC LIMIT 1
    );
";

/// What the sync remembers has a tenant, as what waits and what was done have. Rows that are there are the nameless one's. What is asked of one tenant
/// is found by an index that begins with it.
const TENANTS: &str = "
    CREATE TABLE with_tenant (
        tenant TEXT NOT NULL DEFAULT '',
        contract_id INTEGER NOT NULL,
        entry TEXT NOT NULL,
        changed_at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant, contract_id)
    ) STRICT;
    INSERT INTO with_tenant SELECT '', contract_id, entry, changed_at FROM ledger;
    DROP TABLE ledger;
    ALTER TABLE with_tenant RENAME TO ledger;
    CREATE INDEX ledger_by_candidate ON ledger (tenant, entry ->> '$.candidate');
    CREATE INDEX ledger_by_change ON ledger (tenant, changed_at);
    CREATE TABLE with_tenant (
        tenant TEXT NOT NULL DEFAULT '',
        candidate_id TEXT NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (tenant, candidate_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO with_tenant SELECT '', candidate_id, entry FROM cards;
    DROP TABLE cards;
    ALTER TABLE with_tenant RENAME TO cards;
    CREATE TABLE with_tenant (
        tenant TEXT NOT NULL DEFAULT '',
        request_id TEXT NOT NULL,
        creation TEXT NOT NULL,
        PRIMARY KEY (tenant, request_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO with_tenant SELECT '', request_id, creation FROM creations;
    DROP TABLE creations;
    ALTER TABLE with_tenant RENAME TO creations;
    CREATE TABLE with_tenant (
        tenant TEXT NOT NULL DEFAULT '',
        candidate_id TEXT NOT NULL,
        PRIMARY KEY (tenant, candidate_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO with_tenant SELECT '', candidate_id FROM forgotten;
    DROP TABLE forgotten;
    ALTER TABLE with_tenant RENAME TO forgotten;
    CREATE TABLE with_tenant (
        tenant TEXT NOT NULL DEFAULT '',
        service TEXT NOT NULL,
        account TEXT NOT NULL,
        PRIMARY KEY (tenant, service)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO with_tenant SELECT '', service, account FROM accounts;
    DROP TABLE accounts;
    ALTER TABLE with_tenant RENAME TO accounts;
    CREATE TABLE with_tenant (
        tenant TEXT NOT NULL DEFAULT '',
        minute INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (tenant, minute)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO with_tenant SELECT '', minute, count FROM overwrites;
    DROP TABLE overwrites;
    ALTER TABLE with_tenant RENAME TO overwrites;
    DROP INDEX waiting_by_turn;
    CREATE INDEX waiting_by_turn ON waiting (tenant, lane, run_at);
    DROP INDEX waiting_claimed;
    CREATE INDEX waiting_claimed ON waiting (tenant, candidate_id) WHERE claimed_generation IS NOT NULL;
    DROP INDEX inbox_by_age;
    CREATE INDEX inbox_by_age ON inbox (tenant, received_at);
    DROP INDEX looks_by_age;
    CREATE INDEX looks_by_age ON looks (tenant, at);
    DROP INDEX looks_by_candidate;
    CREATE INDEX looks_by_candidate ON looks (tenant, candidate_id) WHERE candidate_id IS NOT NULL;
    DROP INDEX standing_by_look;
    CREATE INDEX standing_by_look ON standing (tenant, looked_at);
    DROP INDEX standing_by_candidate;
    CREATE INDEX standing_by_candidate ON standing (tenant, candidate_id) WHERE candidate_id IS NOT NULL;
";

/// What a person decided on a field is a row among the looks.
const DECISIONS: &str = "
    ALTER TABLE looks ADD COLUMN decided TEXT;
";

/// What a person looks at, in the order in which that is shown: reasons and held fields in tables of their own, the rest by indexes that have the time of the last
/// look in them. Of contracts that are there, both tables are filled from the last look that has found something. Since when a field is held nobody knows: since
/// the contract drifts, if it does. What was counted, `overview/tallied.rs` names; there is nothing to begin with.
const OVERVIEW: &str = "
    ALTER TABLE looks ADD COLUMN template_type INTEGER;
    ALTER TABLE standing ADD COLUMN template_type INTEGER;
    CREATE INDEX looks_by_number ON looks (tenant, id);
    CREATE INDEX standing_by_state ON standing (tenant, state, looked_at) WHERE state IS NOT NULL;
    CREATE INDEX standing_by_template_type ON standing (tenant, template_type, looked_at) WHERE template_type IS NOT NULL;
    CREATE INDEX standing_with_written ON standing (tenant, looked_at, contract_id, written) WHERE written > 0;
    CREATE INDEX standing_with_held ON standing (tenant, looked_at, contract_id, held) WHERE held > 0;
    CREATE INDEX standing_with_failed ON standing (tenant, looked_at, contract_id, failed) WHERE failed > 0;
    CREATE TABLE standing_reasons (
        tenant TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        reason TEXT NOT NULL,
        looked_at INTEGER NOT NULL,
        PRIMARY KEY (tenant, contract_id, reason)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX standing_reasons_by_look ON standing_reasons (tenant, reason, looked_at);
    INSERT OR IGNORE INTO standing_reasons SELECT tenant, contract_id, code.value, looked_at
        FROM standing, json_each(iif(json_valid(reasons), reasons, '[]')) AS code;
    CREATE TABLE held (
        tenant TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        data_field TEXT NOT NULL,
        candidate_field TEXT NOT NULL,
        candidate_id TEXT,
        reason TEXT,
        since INTEGER NOT NULL,
        looked_at INTEGER NOT NULL,
        plan TEXT,
        relation TEXT,
        PRIMARY KEY (tenant, contract_id, data_field, candidate_field)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX held_by_age ON held (tenant, since);
    INSERT OR IGNORE INTO held
        SELECT looks.tenant, looks.contract_id, field.value ->> 0, field.value ->> 1, looks.candidate_id, field.value ->> 3,
            coalesce(standing.drifts_since, looks.at), looks.at, looks.plan, NULL
        FROM standing JOIN looks ON looks.id = (
                SELECT id FROM looks AS found
                WHERE found.tenant = standing.tenant AND found.contract_id = standing.contract_id AND found.drifts IS NOT NULL
                ORDER BY found.at DESC, found.id DESC LIMIT 1),
            json_each(iif(json_valid(looks.fields), looks.fields, '[]')) AS field
        WHERE standing.held > 0 AND field.value ->> 2 = 'held' AND field.value ->> 3 IS NOT 'no-candidate';
    CREATE TABLE tallies (
        tenant TEXT NOT NULL,
        hour INTEGER NOT NULL,
        what TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (tenant, hour, what)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tallies_by_age ON tallies (hour);
";

/// Counts up when the tables change.
pub(crate) const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings the tables up to this version unless they are of a newer one, in one transaction, and returns theirs.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<i64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // A version that this program cannot have written is left as it is.
    let Some(missing) = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..)) else {
        return Ok(version);
    };
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(SCHEMA_VERSION)
}
