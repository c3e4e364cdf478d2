-- Rows go from here when they are taken in. A publication of all tables (FOR ALL TABLES) refuses that for a table in which no key tells the
-- rows apart.
ALTER TABLE activity_logs_incoming REPLICA IDENTITY FULL;
