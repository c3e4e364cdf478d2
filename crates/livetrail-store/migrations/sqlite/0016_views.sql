-- Saved views: what the page of activities shows, by name. `query` is the page's query string. The owner is a user of an
-- issuer and a tenant, each empty for none; `user_id` is null once the user was erased. `shared` ones are shown to all
-- readers of the tenant. One view of an owner at most is the default. Times are in microseconds.
CREATE TABLE livetrail_views (
    id         TEXT PRIMARY KEY,
    user_id    TEXT,
    issuer     TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    shared     INTEGER NOT NULL,
    is_default INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX livetrail_views_owner ON livetrail_views (user_id, tenant);
CREATE INDEX livetrail_views_shared ON livetrail_views (tenant) WHERE shared = 1;
