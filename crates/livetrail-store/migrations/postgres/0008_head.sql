-- The last position that was given, so that none is given again when the newest rows are deleted. It is set a moment after each commit: it may
-- lag behind the log and is never ahead of it.
CREATE SEQUENCE livetrail_head MINVALUE 0 START 0;
SELECT setval('livetrail_head', greatest((SELECT max(position) FROM activity_logs), 0));
