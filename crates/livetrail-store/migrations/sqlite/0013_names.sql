-- How often the directory has changed. Profiles that were put have the number of their change. A profile that was removed has
-- none any more, so removals are counted apart.
CREATE TABLE livetrail_names (one INTEGER PRIMARY KEY CHECK (one = 1), changes INTEGER NOT NULL, removals INTEGER NOT NULL);
INSERT INTO livetrail_names VALUES (1, 0, 0);

ALTER TABLE livetrail_users ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX livetrail_users_by_change ON livetrail_users (changed);

CREATE TRIGGER livetrail_users_added AFTER INSERT ON livetrail_users
BEGIN
    UPDATE livetrail_names SET changes = changes + 1;
    UPDATE livetrail_users SET changed = (SELECT changes FROM livetrail_names) WHERE tenant = NEW.tenant AND user_id = NEW.user_id;
END;

-- Another key is a removal and an addition.
CREATE TRIGGER livetrail_users_changed AFTER UPDATE OF tenant, user_id, email, display_name ON livetrail_users
BEGIN
    UPDATE livetrail_names
       SET changes = changes + 1, removals = removals + (OLD.tenant IS NOT NEW.tenant OR OLD.user_id IS NOT NEW.user_id);
    UPDATE livetrail_users SET changed = (SELECT changes FROM livetrail_names) WHERE tenant = NEW.tenant AND user_id = NEW.user_id;
END;

CREATE TRIGGER livetrail_users_removed AFTER DELETE ON livetrail_users
BEGIN
    UPDATE livetrail_names SET removals = removals + 1;
END;
