-- An activity log as applications often have it: every question has an index, and every INSERT pays for all of them.
CREATE TABLE activity_logs (
    id                 UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    timestamp          TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    user_id            TEXT NOT NULL,
    action_type        VARCHAR(50) NOT NULL,
    endpoint           VARCHAR(255) NOT NULL,
    http_method        VARCHAR(10) NOT NULL,
    status_code        INTEGER NOT NULL,
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
    created_at         TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX ON activity_logs (user_id);
CREATE INDEX ON activity_logs (timestamp DESC);
CREATE INDEX ON activity_logs (action_type);
CREATE INDEX ON activity_logs (endpoint);
CREATE INDEX ON activity_logs (status_code);
CREATE INDEX ON activity_logs (target_user_id);
CREATE INDEX ON activity_logs (success);
CREATE INDEX ON activity_logs (user_id, timestamp DESC);
CREATE INDEX ON activity_logs (is_admin, timestamp DESC);
