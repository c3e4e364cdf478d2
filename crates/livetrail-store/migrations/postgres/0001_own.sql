-- The partitions by position, and, of those that are full and have their indexes, within which bounds their ids lie:
-- those of version 7, which arrive in order, and others.
CREATE TABLE livetrail_partitions (
    first_position BIGINT PRIMARY KEY,
    last_position  BIGINT NOT NULL,
    sealed_at      TIMESTAMPTZ,
    v7_first       UUID,
    v7_last        UUID,
    other_first    UUID,
    other_last     UUID
);

CREATE TABLE livetrail_users (
    tenant       TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    email        TEXT,
    display_name TEXT,
    PRIMARY KEY (tenant, user_id)
);

CREATE TABLE livetrail_admins (user_id TEXT PRIMARY KEY);

-- Moments are microseconds since 1970, as in the embedded database.
CREATE TABLE livetrail_credentials (
    id         TEXT COLLATE "C" PRIMARY KEY,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    tenant     TEXT,
    secret     BYTEA NOT NULL,
    single_use BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

-- What the log needs to know of itself: its epoch and the secrets it made.
CREATE TABLE livetrail_settings (name TEXT PRIMARY KEY, value BYTEA NOT NULL);
