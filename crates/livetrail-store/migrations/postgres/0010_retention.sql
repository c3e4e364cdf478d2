-- The application waits no longer than this behind the lock of a trigger. The step is tried again.
SET LOCAL lock_timeout = '500ms';

-- A dump of an earlier version that was restored over this one has left them. Holds stay.
DROP TABLE IF EXISTS livetrail_bounds, livetrail_removed, livetrail_removed_incoming;
DROP FUNCTION IF EXISTS livetrail_note_removed() CASCADE;

-- Where the log begins. `floor` is the position before the first activity that retention keeps. `removals` is the last number of
-- livetrail_removed that was given, and `holds` counts the changes of livetrail_holds.
CREATE TABLE livetrail_bounds (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    floor    BIGINT NOT NULL,
    removals BIGINT NOT NULL,
    holds    BIGINT NOT NULL
);
INSERT INTO livetrail_bounds
SELECT 1, coalesce((SELECT min(position) FROM activity_logs WHERE position > 0) - 1, last_value), 0, 0 FROM livetrail_head;

-- The positions above the floor whose activities were removed, in the order of removal.
CREATE TABLE livetrail_removed (number BIGINT PRIMARY KEY, position BIGINT NOT NULL UNIQUE);

-- Removed positions that have no number yet. A number that the deleting transaction took would become visible when that
-- transaction ends, perhaps after a higher number, and a reader that has seen the higher one would never read it.
CREATE TABLE livetrail_removed_incoming (position BIGINT NOT NULL);
ALTER TABLE livetrail_removed_incoming REPLICA IDENTITY FULL;

-- Legal holds: an activity that one of them means is kept. Null means any tenant, user or time.
CREATE TABLE IF NOT EXISTS livetrail_holds (
    id         TEXT COLLATE "C" PRIMARY KEY,
    reason     TEXT NOT NULL,
    tenant     TEXT,
    user_id    TEXT,
    from_time  BIGINT,
    until_time BIGINT,
    made_by    TEXT,
    created_at BIGINT NOT NULL
);

-- Records the rows that a DELETE removes, whoever runs it: it may be a role without rights on Livetrail's own tables.
-- Dropping the oldest activities moves the floor first, so that it leaves no rows here.
DO $$
DECLARE name TEXT;
BEGIN
  EXECUTE format('CREATE FUNCTION livetrail_note_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS %L', format('BEGIN
      INSERT INTO %1$I.livetrail_removed_incoming (position)
      SELECT position FROM gone WHERE position > (SELECT floor FROM %1$I.livetrail_bounds);
      RETURN NULL;
    END', current_schema()));
  REVOKE EXECUTE ON FUNCTION livetrail_note_removed() FROM PUBLIC;
  -- A statement's trigger is that of the table it names, so each partition has its own.
  FOR name IN SELECT 'activity_logs' UNION ALL SELECT 'activity_logs_from_' || first_position FROM livetrail_partitions LOOP
    EXECUTE format('CREATE TRIGGER livetrail_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION livetrail_note_removed()', name);
  END LOOP;
END $$;
