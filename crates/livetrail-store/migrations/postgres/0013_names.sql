-- A dump of an earlier version that was restored over this one has left them.
DROP TABLE IF EXISTS livetrail_names;
DROP FUNCTION IF EXISTS livetrail_number_names() CASCADE;

-- The numbers of the last change of the directory, and of the last one that removed a profile. A profile that was put has the number
-- of its change.
CREATE TABLE livetrail_names (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    last_change  BIGINT NOT NULL,
    last_removal BIGINT NOT NULL
);
INSERT INTO livetrail_names VALUES (1, 0, 0);

ALTER TABLE livetrail_users ADD COLUMN IF NOT EXISTS changed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS livetrail_users_by_change ON livetrail_users (changed);

-- A transaction takes one number, before it locks a profile, and holds this table's row until it ends. So numbers become visible in
-- order. Every writer of the directory waits for the former one here, and for nothing that the former one may wait for.
DO $$
BEGIN
  EXECUTE format('CREATE FUNCTION livetrail_number_names() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS %L', format('BEGIN
      IF TG_WHEN = ''AFTER'' THEN
        UPDATE %1$I.livetrail_names SET last_removal = last_change
         WHERE last_removal <> last_change AND EXISTS (SELECT FROM gone);
        RETURN NULL;
      ELSIF TG_LEVEL = ''STATEMENT'' THEN
        UPDATE %1$I.livetrail_names SET last_change = last_change + 1 WHERE xmin <> pg_current_xact_id()::xid;
        IF TG_OP = ''TRUNCATE'' THEN
          UPDATE %1$I.livetrail_names SET last_removal = last_change WHERE last_removal <> last_change;
        END IF;
        RETURN NULL;
      END IF;
      -- Another key is a removal and an addition.
      IF TG_OP = ''UPDATE'' AND (OLD.tenant, OLD.user_id) IS DISTINCT FROM (NEW.tenant, NEW.user_id) THEN
        UPDATE %1$I.livetrail_names SET last_removal = last_change WHERE last_removal <> last_change;
      END IF;
      -- While a dump is loaded, the number may not be there yet.
      NEW.changed := coalesce((SELECT last_change FROM %1$I.livetrail_names), 0);
      RETURN NEW;
    END', current_schema()));
  REVOKE EXECUTE ON FUNCTION livetrail_number_names() FROM PUBLIC;
END $$;
CREATE TRIGGER livetrail_numbers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON livetrail_users
  FOR EACH STATEMENT EXECUTE FUNCTION livetrail_number_names();
CREATE TRIGGER livetrail_removal AFTER DELETE ON livetrail_users REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION livetrail_number_names();
CREATE TRIGGER livetrail_number BEFORE INSERT OR UPDATE ON livetrail_users
  FOR EACH ROW EXECUTE FUNCTION livetrail_number_names();
