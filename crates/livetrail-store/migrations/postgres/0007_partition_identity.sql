-- A publication of all tables refuses changes in a partition in which no key tells the rows apart.
DO $$
DECLARE name TEXT;
BEGIN
  FOR name IN SELECT 'activity_logs_from_' || first_position FROM livetrail_partitions LOOP
    EXECUTE format('ALTER TABLE %I REPLICA IDENTITY USING INDEX %I', name, name || '_position');
  END LOOP;
END $$;
