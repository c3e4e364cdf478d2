-- The dump of an older version may have been loaded over a log that had these tables. The rules stay. The alerts go,
-- because their positions are given again.
DROP TABLE IF EXISTS livetrail_alert_progress, livetrail_alerts;

-- How far the log was evaluated, and by whom. `turn` is the number of the evaluator: one with a smaller number may
-- change nothing any more. `rules` counts the changes of livetrail_alert_rules, `changes` those of
-- livetrail_alerts. `until` is when the turn of `node` ends, in microseconds. `saturated` has the rules that have too
-- many groups, each with the position since which further ones are not counted, as JSON.
CREATE TABLE livetrail_alert_progress (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    position  BIGINT NOT NULL,
    rules     BIGINT NOT NULL,
    changes   BIGINT NOT NULL DEFAULT 0,
    turn      BIGINT NOT NULL,
    node      TEXT,
    until     BIGINT NOT NULL,
    saturated TEXT NOT NULL DEFAULT '{}'
);
-- What was stored before there were alerts raises none.
INSERT INTO livetrail_alert_progress (one, position, rules, turn, node, until)
SELECT 1, greatest(last_value, floor, (SELECT max(position) FROM activity_logs)), 0, 0, NULL, 0
FROM livetrail_head, livetrail_bounds;

-- Rules of the operator, and changes of the built-in ones. `after` is the position from which on this version counts.
CREATE TABLE IF NOT EXISTS livetrail_alert_rules (
    id         TEXT COLLATE "C" PRIMARY KEY,
    definition TEXT NOT NULL,
    enabled    BIGINT NOT NULL,
    tenant     TEXT,
    after      BIGINT NOT NULL,
    changed_by TEXT,
    changed_at BIGINT NOT NULL
);
UPDATE livetrail_alert_rules SET after = least(after, (SELECT position FROM livetrail_alert_progress));

-- Raised alerts. `grouped` is what their activities have in common, and `content` all that the evaluator knows of
-- them, both as JSON. The columns from `state` to `muted_until` are what people have decided. `recorded` is 1 once
-- the log has the activity of the alert. `changed` is the number of its last change.
CREATE TABLE livetrail_alerts (
    id           TEXT COLLATE "C" PRIMARY KEY,
    rule         TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    title        TEXT NOT NULL,
    severity     TEXT NOT NULL,
    tenant       TEXT,
    grouped      TEXT NOT NULL,
    position     BIGINT NOT NULL,
    raised_at    BIGINT NOT NULL,
    first_at     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    open_ended   BIGINT NOT NULL,
    content      TEXT NOT NULL,
    state        TEXT NOT NULL,
    state_by     TEXT,
    state_at     BIGINT,
    state_reason TEXT,
    muted_until  BIGINT,
    recorded     BIGINT NOT NULL DEFAULT 0,
    changed      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX livetrail_alerts_position ON livetrail_alerts (position, id);
CREATE INDEX livetrail_alerts_group ON livetrail_alerts (rule, grouped, last_at);
CREATE INDEX livetrail_alerts_unrecorded ON livetrail_alerts (position) WHERE recorded = 0;
CREATE INDEX livetrail_alerts_last ON livetrail_alerts (last_at);
CREATE INDEX livetrail_alerts_changed ON livetrail_alerts (changed, id);
CREATE INDEX livetrail_alerts_open ON livetrail_alerts (rule) WHERE state = 'open';
