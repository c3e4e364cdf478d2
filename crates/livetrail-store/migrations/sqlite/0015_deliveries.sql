-- The destinations that are notified of alerts. `destination` is sealed. `severity` is the least one that an alert has
-- for this channel. `rules` has the ids of the only rules as a JSON array, empty for all. `cooldown` is in
-- microseconds. The columns from `last_success` on are what became of the last attempts;
-- `failing_since` is null after a success.
CREATE TABLE livetrail_alert_channels (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL,
    destination   TEXT NOT NULL,
    tenant        TEXT,
    severity      TEXT NOT NULL,
    rules         TEXT NOT NULL,
    cooldown      INTEGER NOT NULL,
    enabled       INTEGER NOT NULL,
    created_by    TEXT,
    created_at    INTEGER NOT NULL,
    last_success  INTEGER,
    last_failure  INTEGER,
    failure       TEXT,
    failing_since INTEGER
) WITHOUT ROWID;

-- The outbox: an alert that a channel is to be notified of. Alerts of one rule and one group have the same `thread`.
-- Several alerts may share a message, which has the id of its first alert; `message` is null before the first attempt.
-- The row of that alert has the attempts, and the other rows never become due. `trying` is 1 while an attempt has no
-- outcome. Times are in microseconds.
CREATE TABLE livetrail_deliveries (
    channel  TEXT NOT NULL,
    alert    TEXT NOT NULL,
    rule     TEXT NOT NULL,
    thread   TEXT NOT NULL,
    made_at  INTEGER NOT NULL,
    next_at  INTEGER NOT NULL,
    state    TEXT NOT NULL,
    message  TEXT,
    kind     TEXT,
    begun_at INTEGER,
    attempts INTEGER NOT NULL,
    trying   INTEGER NOT NULL,
    sent_at  INTEGER,
    failure  TEXT,
    PRIMARY KEY (channel, alert)
) WITHOUT ROWID;
CREATE INDEX livetrail_deliveries_due ON livetrail_deliveries (channel, next_at) WHERE state = 'waiting';
CREATE INDEX livetrail_deliveries_open ON livetrail_deliveries (channel, state) WHERE state <> 'sent';
CREATE INDEX livetrail_deliveries_sent ON livetrail_deliveries (sent_at) WHERE state = 'sent';
CREATE INDEX livetrail_deliveries_message ON livetrail_deliveries (channel, message);
CREATE INDEX livetrail_deliveries_first ON livetrail_deliveries (channel, rule, begun_at) WHERE alert = message;
CREATE INDEX livetrail_deliveries_made ON livetrail_deliveries (channel, made_at);
