-- Only Livetrail gives positions and fingerprints. A row that a role without rights on Livetrail's own tables inserts with one
-- of them waits for its position like any other: it would pass for an activity of the API, or leave a gap before it. The
-- trigger fires after the row, since one before it would make COPY of many rows slower. A dump of an older version that was
-- loaded over the log leaves triggers and functions as they are.
DO $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION livetrail_take_position_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS %L', format('BEGIN
      UPDATE %1$I.activity_logs SET position = 0, fingerprint = NULL WHERE position = NEW.position AND id = NEW.id;
      IF NOT FOUND THEN RAISE EXCEPTION ''only Livetrail gives positions: leave position out of the INSERT''; END IF;
      RETURN NULL;
    END', current_schema()));
  REVOKE EXECUTE ON FUNCTION livetrail_take_position_back() FROM PUBLIC;
  -- Whether a role is Livetrail's is asked only of those that have not made the trigger. The table is named by a text, so
  -- that it can be dropped before a dump is loaded.
  EXECUTE format('CREATE OR REPLACE FUNCTION livetrail_watch_positions(partition REGCLASS) RETURNS VOID LANGUAGE plpgsql AS %L',
    format('BEGIN
      EXECUTE format(''CREATE TRIGGER livetrail_positions AFTER INSERT ON %%s FOR EACH ROW
        WHEN ((NEW.position > 0 OR NEW.fingerprint IS NOT NULL) AND current_user <> %%L
          AND NOT has_table_privilege(%%L::text, ''''INSERT''''))
        EXECUTE FUNCTION %1$I.livetrail_take_position_back()'', partition, current_user, ''%1$I.livetrail_settings'');
    END', current_schema()));
  REVOKE EXECUTE ON FUNCTION livetrail_watch_positions(REGCLASS) FROM PUBLIC;
END $$;

SELECT livetrail_watch_positions(pg_class.oid::regclass)
FROM pg_class WHERE oid IN (SELECT to_regclass('activity_logs_from_' || first_position) FROM livetrail_partitions
  UNION ALL SELECT 'activity_logs_incoming'::regclass)
AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = 'livetrail_positions');
