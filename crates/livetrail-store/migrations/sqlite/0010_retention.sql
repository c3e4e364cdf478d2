-- Where the log begins. `floor` is the position before the first activity that retention keeps. `removals` counts the rows of
-- livetrail_removed that were ever made, and `holds` the changes of livetrail_holds.
CREATE TABLE livetrail_bounds (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    floor    INTEGER NOT NULL,
    removals INTEGER NOT NULL,
    holds    INTEGER NOT NULL
);
INSERT INTO livetrail_bounds SELECT 1, coalesce((SELECT min(position) FROM activities) - 1, 0), 0, 0;

-- The positions above the floor whose activities were removed, in the order of removal.
CREATE TABLE livetrail_removed (number INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE);

-- Dropping the oldest activities moves the floor first, so that it leaves no rows here.
CREATE TRIGGER activities_removed AFTER DELETE ON activities
WHEN OLD.position > (SELECT floor FROM livetrail_bounds)
BEGIN
    UPDATE livetrail_bounds SET removals = removals + 1;
    INSERT INTO livetrail_removed (number, position) SELECT removals, OLD.position FROM livetrail_bounds;
END;

-- Legal holds: an activity that one of them means is kept. Null means any tenant, user or time.
CREATE TABLE livetrail_holds (
    id         TEXT PRIMARY KEY,
    reason     TEXT NOT NULL,
    tenant     TEXT,
    user_id    TEXT,
    from_time  INTEGER,
    until_time INTEGER,
    made_by    TEXT,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
