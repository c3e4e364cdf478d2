-- Texts that repeat from activity to activity, kept once. `kind` is a `sqlite::terms::Kind`.
CREATE TABLE terms (
    id   INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (kind, text)
);

-- The log. The position is the row's own key; moments are microseconds since 1970.
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
    error_message      TEXT,
    error_type         INTEGER REFERENCES terms,
    target_user_id     TEXT,
    target_resource_id TEXT,
    resource_type      INTEGER REFERENCES terms,
    details            TEXT,
    changes            TEXT,
    duration_ms        INTEGER,
    db_query_count     INTEGER,
    ip_address         TEXT,
    user_agent         INTEGER REFERENCES terms,
    is_admin           INTEGER NOT NULL,
    session_id         TEXT,
    request_id         TEXT,
    trace_id           TEXT
);

-- Idempotency is by tenant and id. Version 7 ids arrive in order, so this index grows at its end.
CREATE UNIQUE INDEX activities_by_id ON activities (id, coalesce(tenant, 0));
-- Lists begin with the newest; the position, being the row's key, decides between equals.
CREATE INDEX activities_by_time ON activities (occurred);

CREATE TABLE livetrail_users (
    tenant       TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    email        TEXT,
    display_name TEXT,
    PRIMARY KEY (tenant, user_id)
) WITHOUT ROWID;

CREATE TABLE livetrail_admins (user_id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE livetrail_credentials (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    tenant     TEXT,
    secret     BLOB NOT NULL,
    single_use BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) WITHOUT ROWID;

-- What the log needs to know of itself: its epoch and the secrets it made.
CREATE TABLE livetrail_settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- The log as a table of plain columns, for reading with any SQLite client.
CREATE VIEW activity_logs AS
SELECT a.position,
       lower(substr(hex(a.id), 1, 8) || '-' || substr(hex(a.id), 9, 4) || '-' || substr(hex(a.id), 13, 4) || '-'
             || substr(hex(a.id), 17, 4) || '-' || substr(hex(a.id), 21)) AS id,
       strftime('%Y-%m-%dT%H:%M:%S', a.occurred / 1000000, 'unixepoch')
             || printf('.%06dZ', a.occurred % 1000000) AS timestamp,
       strftime('%Y-%m-%dT%H:%M:%S', a.created / 1000000, 'unixepoch')
             || printf('.%06dZ', a.created % 1000000) AS created_at,
       a.adjusted AS timestamp_adjusted,
       (SELECT text FROM terms WHERE id = a.user) AS user_id,
       (SELECT text FROM terms WHERE id = a.action) AS action_type,
       (SELECT text FROM terms WHERE id = a.endpoint) AS endpoint,
       (SELECT text FROM terms WHERE id = a.http_method) AS http_method,
       a.status_code, a.success, a.error_message,
       (SELECT text FROM terms WHERE id = a.error_type) AS error_type,
       a.target_user_id, a.target_resource_id,
       (SELECT text FROM terms WHERE id = a.resource_type) AS resource_type,
       a.details, a.changes, a.duration_ms, a.db_query_count, a.ip_address,
       (SELECT text FROM terms WHERE id = a.user_agent) AS user_agent,
       a.is_admin, a.session_id, a.request_id, a.trace_id,
       (SELECT text FROM terms WHERE id = a.tenant) AS tenant_id
  FROM activities a;
