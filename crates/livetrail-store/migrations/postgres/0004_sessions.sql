-- Signing in forgets expired sessions, and ends the oldest of those that rest on the same key or user. Neither reads the whole table.
CREATE INDEX livetrail_sessions_by_end ON livetrail_sessions (expires_at);
CREATE INDEX livetrail_sessions_by_backing ON livetrail_sessions (backing, COALESCE(backing_id, ''), created_at);
