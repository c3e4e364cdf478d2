-- How often the directory has changed. Profiles that were put have the number of their change. A profile that was removed has
-- none any more, so removals are counted apart.
CREATE TABLE livetrail_names (one INTEGER PRIMARY KEY CHECK (one = 1), changes BIGINT NOT NULL, removals BIGINT NOT NULL);
INSERT INTO livetrail_names VALUES (1, 0, 0);

ALTER TABLE livetrail_users ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX livetrail_users_by_change ON livetrail_users (changed);

-- A statement takes its number before it locks a profile, and holds the counter's row until its transaction ends. So numbers become
-- visible in order, and two writers of the directory cannot wait for each other.
DO $$
BEGIN
  EXECUTE format('CREATE FUNCTION livetrail_number_names() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS %L', format('BEGIN
      IF TG_LEVEL = ''STATEMENT'' THEN
        UPDATE %1$I.livetrail_names
           SET changes = changes + 1, removals = removals + (TG_OP IN (''DELETE'', ''TRUNCATE''))::int;
        RETURN NULL;
      END IF;
      -- Another key is a removal and an addition.
      IF TG_OP = ''UPDATE'' AND (OLD.tenant, OLD.user_id) IS DISTINCT FROM (NEW.tenant, NEW.user_id) THEN
        UPDATE %1$I.livetrail_names SET removals = removals + 1;
      END IF;
      NEW.changed := (SELECT changes FROM %1$I.livetrail_names);
      RETURN NEW;
    END', current_schema()));
  REVOKE EXECUTE ON FUNCTION livetrail_number_names() FROM PUBLIC;
END $$;
CREATE TRIGGER livetrail_numbers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON livetrail_users
  FOR EACH STATEMENT EXECUTE FUNCTION livetrail_number_names();
CREATE TRIGGER livetrail_number BEFORE INSERT OR UPDATE ON livetrail_users
  FOR EACH ROW EXECUTE FUNCTION livetrail_number_names();
