//! The tables, and the steps to them from every older version.

use deadpool_postgres::ClientWrapper;
use tokio_postgres::Transaction;

use super::postgres_error::PostgresError;
use crate::store::store_error::StoreError;

/// The steps from an empty schema to the tables of this version, in order. A schema of version `n` lacks all but the first `n`. Steps are only ever added.
///
/// The tables are those of SQLite (see `store/migrations.rs`), each by tenant from the start. Beside them, `sessions` are the processes that work on the database,
/// and `leases` say which of them has what, for the engine to ask before each write. `looks` and `standing` count in milliseconds, `ledger.changed_at` in seconds.
const MIGRATIONS: [&str; 3] = [TABLES, DECISIONS, OVERVIEW];

/// Locks of this program, as the first half of an advisory lock's key: the letters `smsy`.
pub(super) const LOCKS: i32 = 0x736d_7379;

/// The second half of the lock that whoever changes the tables holds. Those of sessions begin with 1.
const MIGRATING: i32 = 0;

const TABLES: &str = "
    CREATE TABLE inbox (
        tenant text NOT NULL,
        callback_id text NOT NULL,
        kind text NOT NULL,
        id bigint NOT NULL,
        received_at bigint NOT NULL,
        PRIMARY KEY (tenant, callback_id, kind, id)
    );
    CREATE INDEX inbox_by_age ON inbox (received_at);

    -- A row comes, is claimed and goes: it is cleaned up early.
    CREATE TABLE waiting (
        tenant text NOT NULL,
        kind text NOT NULL,
        id bigint NOT NULL,
        candidate_id text,
        cause text NOT NULL,
        generation bigint NOT NULL,
        run_at bigint NOT NULL,
        lane smallint NOT NULL DEFAULT 0,
        claimed_generation bigint,
        claimed_by integer,
        -- As it was known when it was claimed, so that no two claims can be about one candidate.
        claimed_candidate text,
        attempts bigint NOT NULL DEFAULT 0,
        faults bigint NOT NULL DEFAULT 0,
        retry_at bigint,
        not_before bigint NOT NULL DEFAULT 0,
        outage text,
        last_error text,
        -- Whether more than a notification speaks of it.
        is_known boolean NOT NULL DEFAULT false,
        -- Since when it was due, if it was put back.
        put_back_from bigint,
        PRIMARY KEY (tenant, kind, id)
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.1);
    CREATE INDEX waiting_by_turn ON waiting (tenant, lane, run_at, id) WHERE claimed_by IS NULL;
    CREATE INDEX waiting_claimed ON waiting (tenant, candidate_id) WHERE claimed_by IS NOT NULL;
    CREATE INDEX waiting_by_claim ON waiting (claimed_by) WHERE claimed_by IS NOT NULL;
    CREATE INDEX waiting_by_outage ON waiting (tenant, outage) WHERE outage IS NOT NULL;
    CREATE UNIQUE INDEX one_of_a_candidate ON waiting (tenant, claimed_candidate) WHERE claimed_candidate IS NOT NULL;

    CREATE TABLE parked (
        tenant text NOT NULL,
        kind text NOT NULL,
        id bigint NOT NULL,
        parked_at bigint NOT NULL,
        attempts bigint NOT NULL,
        reason text NOT NULL,
        is_known boolean NOT NULL DEFAULT false,
        PRIMARY KEY (tenant, kind, id)
    );

    CREATE TABLE sessions (
        id integer GENERATED ALWAYS AS IDENTITY (CYCLE) PRIMARY KEY,
        is_server boolean NOT NULL,
        begun_at bigint NOT NULL,
        seen_at bigint NOT NULL
    ) WITH (fillfactor = 50);
    CREATE SEQUENCE fences;
    CREATE TABLE leases (
        tenant text NOT NULL,
        name text NOT NULL,
        mark bigint NOT NULL,
        session integer NOT NULL,
        ends bigint NOT NULL,
        PRIMARY KEY (tenant, name)
    ) WITH (fillfactor = 50);

    CREATE TABLE ledger (
        tenant text NOT NULL,
        contract_id bigint NOT NULL,
        entry jsonb NOT NULL,
        candidate_id text GENERATED ALWAYS AS (entry ->> 'candidate') STORED,
        changed_at bigint NOT NULL,
        PRIMARY KEY (tenant, contract_id)
    );
    CREATE INDEX ledger_by_candidate ON ledger (tenant, candidate_id);
    CREATE INDEX ledger_by_change ON ledger (tenant, changed_at);
    CREATE TABLE cards (
        tenant text NOT NULL,
        candidate_id text NOT NULL,
        entry jsonb NOT NULL,
        PRIMARY KEY (tenant, candidate_id)
    );
    CREATE TABLE creations (
        tenant text NOT NULL,
        request_id text NOT NULL,
        creation jsonb NOT NULL,
        candidate_id text GENERATED ALWAYS AS (coalesce(
            creation #>> '{intended,candidate}', creation #>> '{released,candidate}', creation #>> '{created,candidate}'
        )) STORED,
        PRIMARY KEY (tenant, request_id)
    );
    CREATE INDEX creations_by_candidate ON creations (tenant, candidate_id);
    CREATE TABLE forgotten (
        tenant text NOT NULL,
        candidate_id text NOT NULL,
        PRIMARY KEY (tenant, candidate_id)
    );
    CREATE TABLE overwrites (
        tenant text NOT NULL,
        minute bigint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (tenant, minute)
    );
    CREATE TABLE accounts (
        tenant text NOT NULL,
        service text NOT NULL,
        account text NOT NULL,
        PRIMARY KEY (tenant, service)
    );
    -- One key for all tenants.
    CREATE TABLE keys (name text PRIMARY KEY);
    -- What was used of a rate limit, by the name of its credential. A crash of the server empties it: what it lacks, each process tells anew.
    CREATE UNLOGGED TABLE permits (
        key text PRIMARY KEY,
        version bigint NOT NULL,
        used text NOT NULL
    ) WITH (fillfactor = 50);

    CREATE TABLE looks (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant text NOT NULL,
        contract_id bigint NOT NULL,
        candidate_id text,
        at bigint NOT NULL,
        cause text NOT NULL,
        failures bigint,
        state text,
        plan text,
        fields text NOT NULL,
        document text,
        document_reason text,
        drifts boolean,
        reason text,
        error text,
        next text NOT NULL,
        next_at bigint,
        duration bigint NOT NULL,
        requests bigint NOT NULL,
        last_change bigint,
        action text
    );
    CREATE INDEX looks_by_contract ON looks (tenant, contract_id, at, id);
    CREATE INDEX looks_by_age ON looks (tenant, at);
    CREATE INDEX looks_by_candidate ON looks (tenant, candidate_id) WHERE candidate_id IS NOT NULL;
    CREATE TABLE standing (
        tenant text NOT NULL,
        contract_id bigint NOT NULL,
        candidate_id text,
        looked_at bigint NOT NULL,
        cause text NOT NULL,
        failures bigint,
        state text,
        written bigint NOT NULL DEFAULT 0,
        unchanged bigint NOT NULL DEFAULT 0,
        held bigint NOT NULL DEFAULT 0,
        skipped bigint NOT NULL DEFAULT 0,
        failed bigint NOT NULL DEFAULT 0,
        document text,
        document_reason text,
        reasons text NOT NULL,
        drifts_since bigint,
        last_change bigint,
        left_alone_since bigint,
        PRIMARY KEY (tenant, contract_id)
    );
    CREATE INDEX standing_by_look ON standing (tenant, looked_at);
    CREATE INDEX standing_by_drift ON standing (tenant, drifts_since) WHERE drifts_since IS NOT NULL;
    CREATE INDEX standing_by_candidate ON standing (tenant, candidate_id) WHERE candidate_id IS NOT NULL;
    CREATE TABLE watermarks (
        tenant text NOT NULL,
        name text NOT NULL,
        value text NOT NULL,
        PRIMARY KEY (tenant, name)
    );
";

/// What a person decided on a field is a row among the looks.
const DECISIONS: &str = "
    ALTER TABLE looks ADD COLUMN decided text;
";

/// What a person looks at: see the step of the same name for SQLite.
const OVERVIEW: &str = "
    ALTER TABLE looks ADD COLUMN template_type bigint;
    ALTER TABLE standing ADD COLUMN template_type bigint;
    CREATE INDEX looks_by_number ON looks (tenant, id);
    DROP INDEX standing_by_look;
    CREATE INDEX standing_by_look ON standing (tenant, looked_at, contract_id);
    CREATE INDEX standing_by_state ON standing (tenant, state, looked_at, contract_id) WHERE state IS NOT NULL;
    CREATE INDEX standing_by_template_type ON standing (tenant, template_type, looked_at, contract_id)
        WHERE template_type IS NOT NULL;
    CREATE INDEX standing_with_written ON standing (tenant, looked_at, contract_id) WHERE written > 0;
    CREATE INDEX standing_with_held ON standing (tenant, looked_at, contract_id) WHERE held > 0;
    CREATE INDEX standing_with_failed ON standing (tenant, looked_at, contract_id) WHERE failed > 0;
    CREATE TABLE standing_reasons (
        tenant text NOT NULL,
        contract_id bigint NOT NULL,
        reason text NOT NULL,
        looked_at bigint NOT NULL,
        PRIMARY KEY (tenant, contract_id, reason)
    );
    CREATE INDEX standing_reasons_by_look ON standing_reasons (tenant, reason, looked_at, contract_id);
    INSERT INTO standing_reasons SELECT tenant, contract_id, code, looked_at
        FROM standing, json_array_elements_text(reasons::json) AS code ON CONFLICT DO NOTHING;
    CREATE TABLE held (
        tenant text NOT NULL,
        contract_id bigint NOT NULL,
        -- In the order of their bytes, as in SQLite.
        data_field text COLLATE \"C\" NOT NULL,
        candidate_field text COLLATE \"C\" NOT NULL,
        candidate_id text,
        reason text,
        since bigint NOT NULL,
        looked_at bigint NOT NULL,
        plan text,
        relation text,
        PRIMARY KEY (tenant, contract_id, data_field, candidate_field)
    );
    CREATE INDEX held_by_age ON held (tenant, since, contract_id, data_field, candidate_field);
    INSERT INTO held
        SELECT standing.tenant, standing.contract_id, field ->> 0, field ->> 1, found.candidate_id, field ->> 3,
            coalesce(standing.drifts_since, found.at), found.at, found.plan, NULL
        FROM standing CROSS JOIN LATERAL (
                SELECT * FROM looks WHERE looks.tenant = standing.tenant AND looks.contract_id = standing.contract_id
                    AND looks.drifts IS NOT NULL ORDER BY looks.at DESC, looks.id DESC LIMIT 1
            ) AS found CROSS JOIN LATERAL json_array_elements(found.fields::json) AS field
        WHERE standing.held > 0 AND field ->> 2 = 'held' AND field ->> 3 IS DISTINCT FROM 'no-candidate'
        ON CONFLICT DO NOTHING;
    -- A row is counted up for an hour and then stays as it is.
    CREATE TABLE tallies (
        tenant text NOT NULL,
        hour bigint NOT NULL,
        what text NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (tenant, hour, what)
    ) WITH (fillfactor = 70);
    CREATE INDEX tallies_by_age ON tallies (hour);
";

/// Counts up when the tables change.
pub(super) const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings the tables up to this version unless they are of a newer one, in one transaction, and returns theirs. Another process that does so at the same
/// time is waited for.
pub(super) async fn migrate(client: &mut ClientWrapper) -> Result<i64, PostgresError> {
    let transaction = client.build_transaction().start().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1, $2)", &[&LOCKS, &MIGRATING]).await?;
    let version = version(&transaction).await?;
    // A version that this program cannot have written is left as it is.
    let missing = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..));
    let Some(missing) = missing.filter(|missing| !missing.is_empty()) else { return Ok(version) };
    for migration in missing {
        transaction.batch_execute(migration).await?;
    }
    transaction.execute("UPDATE smartsync_schema SET version = $1", &[&SCHEMA_VERSION]).await?;
    transaction.commit().await?;
    Ok(SCHEMA_VERSION)
}

/// Refuses tables that a newer program has made of those which were there when this one began: it may have changed what rows mean.
pub(super) async fn refuse_newer(client: &ClientWrapper, place: &str) -> Result<(), PostgresError> {
    let version = client.query_one("SELECT version FROM smartsync_schema", &[]).await?.try_get(0)?;
    expect_ours(version, place)
}

/// The same of a version that was read.
pub(super) fn expect_ours(version: i64, place: &str) -> Result<(), PostgresError> {
    if version == SCHEMA_VERSION {
        return Ok(());
    }
    Err(PostgresError::Refused(StoreError::Newer { path: place.to_owned(), version }))
}

/// That of the tables. Whoever may not make a schema can be given one.
async fn version(transaction: &Transaction<'_>) -> Result<i64, PostgresError> {
    let row = transaction
        .query_one(
            "SELECT to_regnamespace('smartsync') IS NULL, to_regclass('smartsync_schema') IS NULL",
            &[],
        )
        .await?;
    let (has_no_schema, has_no_version): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
    if has_no_schema {
        transaction.batch_execute("CREATE SCHEMA smartsync").await?;
    }
    if has_no_version {
        let create = "CREATE TABLE smartsync_schema (version bigint NOT NULL); INSERT INTO smartsync_schema VALUES (0)";
        transaction.batch_execute(create).await?;
    }
    Ok(transaction.query_one("SELECT version FROM smartsync_schema", &[]).await?.try_get(0)?)
}
