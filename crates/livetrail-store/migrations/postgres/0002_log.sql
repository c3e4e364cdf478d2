-- The log. A row's position is its place; one that somebody else's SQL inserts has none yet (0) and stands in
-- activity_logs_incoming until it is given one. Partitions by position follow as the log grows.
CREATE TABLE activity_logs (
    id                 UUID NOT NULL DEFAULT gen_random_uuid(),
    timestamp          TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    user_id            TEXT NOT NULL,
    action_type        VARCHAR(50) NOT NULL,
    endpoint           VARCHAR(255),
    http_method        VARCHAR(10),
    status_code        INTEGER,
    success            BOOLEAN NOT NULL,
    error_message      TEXT,
    error_type         VARCHAR(100),
    target_user_id     TEXT,
    target_resource_id VARCHAR(255),
    resource_type      VARCHAR(50),
    details            JSONB,
    duration_ms        INTEGER,
    db_query_count     INTEGER,
    ip_address         INET,
    user_agent         TEXT,
    is_admin           BOOLEAN NOT NULL DEFAULT FALSE,
    created_at         TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    position           BIGINT NOT NULL DEFAULT 0,
    timestamp_adjusted BOOLEAN NOT NULL DEFAULT FALSE,
    changes            JSONB,
    session_id         VARCHAR(255),
    request_id         VARCHAR(128),
    trace_id           VARCHAR(64),
    tenant_id          VARCHAR(128),
    fingerprint        BYTEA
) PARTITION BY RANGE (position);

CREATE TABLE activity_logs_incoming PARTITION OF activity_logs FOR VALUES FROM (MINVALUE) TO (1);
-- They are taken in the order of their times, however many wait.
CREATE INDEX activity_logs_incoming_in_order ON activity_logs_incoming (timestamp, id);
