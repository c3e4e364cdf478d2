-- Who acted in a user's name, and through what. Older rows have null in these columns.
--
-- The application may have columns of these names. One is used if it can hold every text that the API stores. Beside any
-- other one, Livetrail's own column has the prefix livetrail_, so that the application's column stays as it is.
-- The application waits no longer than this behind the lock. The step is tried again.
SET LOCAL lock_timeout = '500ms';
DO $$
DECLARE
  field TEXT;
  longest INTEGER;
  theirs RECORD;
BEGIN
  FOR field, longest IN VALUES ('delegate_id', 255), ('delegate_type', 50), ('via', 50) LOOP
    SELECT attrelid, attnum, attgenerated, attnotnull, atttypid, atttypmod INTO theirs FROM pg_attribute
    WHERE attrelid = 'activity_logs'::regclass AND attname = field AND NOT attisdropped;
    IF NOT FOUND THEN
      EXECUTE format('ALTER TABLE activity_logs ADD COLUMN %I VARCHAR(%s)', field, longest);
    ELSIF theirs.attgenerated <> '' OR theirs.attnotnull
      OR NOT (theirs.atttypid = 'text'::regtype
        -- The modifier of a varchar is its length and four; -1 stands for any length.
        OR theirs.atttypid = 'varchar'::regtype AND (theirs.atttypmod = -1 OR theirs.atttypmod >= longest + 4))
      -- A rule that an adoption has carried over does not hold for rows of the API.
      OR EXISTS (SELECT FROM pg_constraint WHERE conrelid = theirs.attrelid AND theirs.attnum = ANY(conkey)
        AND NOT (contype = 'c' AND pg_get_constraintdef(oid) LIKE '%fingerprint IS NOT NULL%'))
    THEN
      EXECUTE format('ALTER TABLE activity_logs ADD COLUMN IF NOT EXISTS %I VARCHAR(%s)',
        'livetrail_' || field, longest);
    END IF;
  END LOOP;
END $$;
