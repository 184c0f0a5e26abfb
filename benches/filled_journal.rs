//! A state with 100,000 contracts, of which some are held, parked or waiting, and 35 days of counts.

use std::{error::Error, path::Path};

/// In words of both databases; `series` are the numbers to 100,000, and `names` what is counted. `now`: the time of the last look, in milliseconds.
pub fn fill(now: i64) -> String {
    let hour = now / 3_600_000;
    format!(
        r#"
    INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, state, written, unchanged, held, failed, reasons, template_type)
        SELECT '', n, 'candidate', {now} - n * 1000, 'notification', CASE n % 3 WHEN 0 THEN 'signed' ELSE 'pending' END,
            (n % 7) / 6, 5, (n % 5) / 3, (n % 101) / 100, CASE n % 5 WHEN 3 THEN '["conflict-held"]' WHEN 4 THEN '["refused"]' ELSE '[]' END, n % 9
        FROM series;
    INSERT INTO standing_reasons (tenant, contract_id, reason, looked_at)
        SELECT '', n, CASE n % 5 WHEN 3 THEN 'conflict-held' ELSE 'refused' END, {now} - n * 1000 FROM series WHERE n % 5 >= 3;
    INSERT INTO held (tenant, contract_id, data_field, candidate_field, reason, since, looked_at, plan)
        SELECT '', n, 'oneflow-start-date', 'custom:start-date', 'conflict-held', {now} - n * 5000, {now} - n * 1000, '0a'
        FROM series WHERE n <= 60000;
    INSERT INTO parked (tenant, kind, id, parked_at, attempts, reason) SELECT '', 'contract', n, {now}, 20, 'refused' FROM series WHERE n % 50 = 0;
    INSERT INTO waiting (tenant, kind, id, cause, generation, run_at) SELECT '', 'contract', n, 'sweep', 1, {now} FROM series WHERE n % 20 = 0;
    INSERT INTO tallies (tenant, hour, what, count) SELECT '', {hour} - n / 26, names.name, n
        FROM series JOIN names ON names.id = n % 26 WHERE n < 26 * 840;
"#
    )
}

/// The rows of `names`.
pub fn names() -> String {
    let row = |(id, what): (usize, &smartsync::store::Tallied)| format!("({id}, '{}')", what.as_str());
    smartsync::store::Tallied::ALL.iter().enumerate().map(row).collect::<Vec<_>>().join(", ")
}

/// Fills a database that has its tables, and then does what `more` says.
pub fn fill_sqlite(path: &Path, now: i64, more: &str) -> Result<(), Box<dyn Error>> {
    let (fill, names) = (fill(now), names());
    rusqlite::Connection::open(path)?.execute_batch(&format!(
        "BEGIN; CREATE TEMP TABLE series AS WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100000) SELECT n FROM s;
         CREATE TEMP TABLE names (id, name); INSERT INTO names VALUES {names}; {fill} {more} COMMIT;"
    ))?;
    Ok(())
}
