-- Saved views: what the page of activities shows, by name. `query` is the page's query string. The owner is a user of an
-- issuer and a tenant, each empty for none; `user_id` is null once the user was erased. `shared` ones are shown to all
-- readers of the tenant. One view of an owner at most is the default. Times are in microseconds. After the dump of an
-- older version was loaded over a log that had views, they stay.
CREATE TABLE IF NOT EXISTS livetrail_views (
    id         TEXT COLLATE "C" PRIMARY KEY,
    user_id    TEXT,
    issuer     TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    shared     BIGINT NOT NULL,
    is_default BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS livetrail_views_owner ON livetrail_views (user_id, tenant);
CREATE INDEX IF NOT EXISTS livetrail_views_shared ON livetrail_views (tenant) WHERE shared = 1;
