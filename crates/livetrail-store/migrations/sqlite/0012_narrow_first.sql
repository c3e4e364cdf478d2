-- Short columns stand before long texts. SQLite keeps the end of a long row on overflow pages, and a scan that needs only short columns
-- then reads none of these. A table that has rows stays as it is: see sqlite/migrate.rs.
DROP TABLE activities;
CREATE TABLE activities (
    position           INTEGER PRIMARY KEY,
    id                 BLOB NOT NULL,
    fingerprint        BLOB,
    occurred           INTEGER NOT NULL,
    created            INTEGER NOT NULL,
    adjusted           INTEGER NOT NULL,
    tenant             INTEGER REFERENCES terms,
    user               INTEGER NOT NULL REFERENCES terms,
    action             INTEGER NOT NULL REFERENCES terms,
    endpoint           INTEGER REFERENCES terms,
    http_method        INTEGER REFERENCES terms,
    status_code        INTEGER,
    success            INTEGER NOT NULL,
    error_type         INTEGER REFERENCES terms,
    resource_type      INTEGER REFERENCES terms,
    duration_ms        INTEGER,
    db_query_count     INTEGER,
    user_agent         INTEGER REFERENCES terms,
    is_admin           INTEGER NOT NULL,
    delegate           INTEGER REFERENCES terms,
    delegate_type      TEXT,
    via                INTEGER REFERENCES terms,
    ip_address         TEXT,
    target_user_id     TEXT,
    target_resource_id TEXT,
    session_id         TEXT,
    request_id         TEXT,
    trace_id           TEXT,
    error_message      TEXT,
    details            TEXT,
    changes            TEXT
);

-- As in the first step. Idempotency is by tenant and id; the fallback's lists and retention go by time.
CREATE UNIQUE INDEX activities_by_id ON activities (id, coalesce(tenant, 0));
CREATE INDEX activities_by_time ON activities (occurred);

-- As in 0010_retention.
CREATE TRIGGER activities_removed AFTER DELETE ON activities
WHEN OLD.position > (SELECT floor FROM livetrail_bounds)
BEGIN
    UPDATE livetrail_bounds SET removals = removals + 1;
    INSERT INTO livetrail_removed (number, position) SELECT removals, OLD.position FROM livetrail_bounds;
END;
