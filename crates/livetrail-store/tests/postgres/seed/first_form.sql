-- An application's database before its first migration: users are UUIDs everywhere.
CREATE TABLE users (id UUID PRIMARY KEY, email TEXT, display_name TEXT);
CREATE TABLE admin_profiles (user_id UUID PRIMARY KEY);
CREATE TABLE sessions (session_id TEXT PRIMARY KEY, title TEXT);
INSERT INTO sessions VALUES ('s-1', 'Something of the application''s own');
CREATE TABLE public.activity_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    timestamp TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    user_id UUID NOT NULL,
    action_type VARCHAR(50) NOT NULL,
    endpoint VARCHAR(255) NOT NULL,
    http_method VARCHAR(10) NOT NULL,
    status_code INTEGER NOT NULL,
    success BOOLEAN NOT NULL,
    error_message TEXT,
    error_type VARCHAR(100),
    target_user_id UUID,
    target_resource_id VARCHAR(255),
    resource_type VARCHAR(50),
    details JSONB,
    duration_ms INTEGER,
    db_query_count INTEGER,
    ip_address INET,
    user_agent TEXT,
    is_admin BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_activity_logs_user_id ON activity_logs(user_id);
CREATE INDEX idx_activity_logs_timestamp ON activity_logs(timestamp DESC);
CREATE INDEX idx_activity_logs_action_type ON activity_logs(action_type);
CREATE INDEX idx_activity_logs_endpoint ON activity_logs(endpoint);
CREATE INDEX idx_activity_logs_status_code ON activity_logs(status_code);
CREATE INDEX idx_activity_logs_target_user ON activity_logs(target_user_id);
CREATE INDEX idx_activity_logs_success ON activity_logs(success);
CREATE INDEX idx_activity_logs_user_timestamp ON activity_logs(user_id, timestamp DESC);
CREATE INDEX idx_activity_logs_admin_actions ON activity_logs(is_admin, timestamp DESC);
