-- As for alerts: after the dump of an older version was loaded, channels stay, and deliveries go with their alerts.
DROP TABLE IF EXISTS livetrail_deliveries;

-- The destinations that are notified of alerts. `destination` is sealed. `severity` is the least one that an alert has
-- for this channel. `rules` has the ids of the only rules as a JSON array, empty for all. `cooldown` is in
-- microseconds. The columns from `last_success` on are what became of the last attempts;
-- `failing_since` is null after a success.
CREATE TABLE IF NOT EXISTS livetrail_alert_channels (
    id            TEXT COLLATE "C" PRIMARY KEY,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL,
    destination   TEXT NOT NULL,
    tenant        TEXT,
    severity      TEXT NOT NULL,
    rules         TEXT NOT NULL,
    cooldown      BIGINT NOT NULL,
    enabled       BIGINT NOT NULL,
    created_by    TEXT,
    created_at    BIGINT NOT NULL,
    last_success  BIGINT,
    last_failure  BIGINT,
    failure       TEXT,
    failing_since BIGINT
);

-- The outbox: an alert that a channel is to be notified of. Alerts of one rule and one group have the same `thread`.
-- Several alerts may share a message, which has the id of its first alert; `message` is null before the first attempt.
-- The row of that alert has the attempts, and the other rows never become due. `trying` is 1 while an attempt has no
-- outcome. Times are in microseconds.
CREATE TABLE livetrail_deliveries (
    channel  TEXT COLLATE "C" NOT NULL,
    alert    TEXT COLLATE "C" NOT NULL,
    rule     TEXT NOT NULL,
    thread   TEXT NOT NULL,
    made_at  BIGINT NOT NULL,
    next_at  BIGINT NOT NULL,
    state    TEXT NOT NULL,
    message  TEXT COLLATE "C",
    kind     TEXT,
    begun_at BIGINT,
    attempts BIGINT NOT NULL,
    trying   BIGINT NOT NULL,
    sent_at  BIGINT,
    failure  TEXT,
    PRIMARY KEY (channel, alert)
);
CREATE INDEX livetrail_deliveries_due ON livetrail_deliveries (channel, next_at) WHERE state = 'waiting';
CREATE INDEX livetrail_deliveries_open ON livetrail_deliveries (channel, state) WHERE state <> 'sent';
CREATE INDEX livetrail_deliveries_sent ON livetrail_deliveries (sent_at) WHERE state = 'sent';
CREATE INDEX livetrail_deliveries_message ON livetrail_deliveries (channel, message);
CREATE INDEX livetrail_deliveries_first ON livetrail_deliveries (channel, rule, begun_at) WHERE alert = message;
CREATE INDEX livetrail_deliveries_made ON livetrail_deliveries (channel, made_at);
