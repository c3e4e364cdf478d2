-- How far the log was evaluated, and by whom. `turn` is the number of the evaluator: one with a smaller number may
-- change nothing any more. `rules` counts the changes of livetrail_alert_rules, `changes` those of
-- livetrail_alerts. `until` is when the turn of `node` ends, in microseconds. `saturated` has the rules that have too
-- many groups, each with the position since which further ones are not counted, as JSON.
CREATE TABLE livetrail_alert_progress (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    position  INTEGER NOT NULL,
    rules     INTEGER NOT NULL,
    changes   INTEGER NOT NULL DEFAULT 0,
    turn      INTEGER NOT NULL,
    node      TEXT,
    until     INTEGER NOT NULL,
    saturated TEXT NOT NULL DEFAULT '{}'
);
-- What was stored before there were alerts raises none.
INSERT INTO livetrail_alert_progress (one, position, rules, turn, node, until)
SELECT 1, max(coalesce((SELECT max(position) FROM activities), 0), (SELECT floor FROM livetrail_bounds)), 0, 0, NULL, 0;

-- Rules of the operator, and changes of the built-in ones. `after` is the position from which on this version counts.
CREATE TABLE livetrail_alert_rules (
    id         TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    enabled    INTEGER NOT NULL,
    tenant     TEXT,
    after      INTEGER NOT NULL,
    changed_by TEXT,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Raised alerts. `grouped` is what their activities have in common, and `content` all that the evaluator knows of
-- them, both as JSON. The columns from `state` to `muted_until` are what people have decided. `recorded` is 1 once
-- the log has the activity of the alert. `changed` is the number of its last change.
CREATE TABLE livetrail_alerts (
    id           TEXT PRIMARY KEY,
    rule         TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    title        TEXT NOT NULL,
    severity     TEXT NOT NULL,
    tenant       TEXT,
    grouped      TEXT NOT NULL,
    position     INTEGER NOT NULL,
    raised_at    INTEGER NOT NULL,
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    open_ended   INTEGER NOT NULL,
    content      TEXT NOT NULL,
    state        TEXT NOT NULL,
    state_by     TEXT,
    state_at     INTEGER,
    state_reason TEXT,
    muted_until  INTEGER,
    recorded     INTEGER NOT NULL DEFAULT 0,
    changed      INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX livetrail_alerts_position ON livetrail_alerts (position, id);
CREATE INDEX livetrail_alerts_group ON livetrail_alerts (rule, grouped, last_at);
CREATE INDEX livetrail_alerts_unrecorded ON livetrail_alerts (position) WHERE recorded = 0;
CREATE INDEX livetrail_alerts_last ON livetrail_alerts (last_at);
CREATE INDEX livetrail_alerts_changed ON livetrail_alerts (changed, id);
CREATE INDEX livetrail_alerts_open ON livetrail_alerts (rule) WHERE state = 'open';
