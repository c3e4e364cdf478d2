-- Who made a key, and when it was last used (written at most once a minute). Sign-in links and tickets have a table of their own from now
-- on; those that were kept here were valid for half an hour at most.
DELETE FROM livetrail_credentials WHERE single_use;
ALTER TABLE livetrail_credentials ADD COLUMN created_by TEXT, ADD COLUMN last_used_at BIGINT;

-- Sessions. `secret` is the hash of what the cookie holds; `id` only names the row. `backing` is what the session rests on: `key` and the
-- key's id, `user` with the user's id and the issuer of the token, or `built-in`.
CREATE TABLE livetrail_sessions (
    id             TEXT COLLATE "C" PRIMARY KEY,
    secret         BYTEA NOT NULL,
    user_id        TEXT NOT NULL,
    role           TEXT NOT NULL,
    tenant         TEXT,
    backing        TEXT NOT NULL,
    backing_id     TEXT,
    backing_issuer TEXT,
    made_by        TEXT,
    address        TEXT,
    user_agent     TEXT,
    created_at     BIGINT NOT NULL,
    last_seen_at   BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL
);

-- What works once: sign-in links and tickets for streams (`kind`), and whom they stand for. A ticket of a session ends with that session.
CREATE TABLE livetrail_grants (
    id                 TEXT COLLATE "C" PRIMARY KEY,
    kind               TEXT NOT NULL,
    secret             BYTEA NOT NULL,
    user_id            TEXT NOT NULL,
    role               TEXT NOT NULL,
    tenant             TEXT,
    backing            TEXT NOT NULL,
    backing_id         TEXT,
    backing_issuer     TEXT,
    session_id         TEXT,
    credential_ends_at BIGINT,
    made_by            TEXT,
    created_at         BIGINT NOT NULL,
    expires_at         BIGINT NOT NULL
);
CREATE INDEX livetrail_grants_by_end ON livetrail_grants (expires_at);

-- Sessions are not signed any more, so the key that signed them opens nothing and goes.
DELETE FROM livetrail_settings WHERE name = 'session';
