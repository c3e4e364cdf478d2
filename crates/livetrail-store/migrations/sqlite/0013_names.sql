-- The numbers of the last change of the directory, and of the last one that removed a profile. A profile that was put has the number
-- of its change.
CREATE TABLE livetrail_names (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    last_change  INTEGER NOT NULL,
    last_removal INTEGER NOT NULL
);
INSERT INTO livetrail_names VALUES (1, 0, 0);

ALTER TABLE livetrail_users ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX livetrail_users_by_change ON livetrail_users (changed);

CREATE TRIGGER livetrail_users_added AFTER INSERT ON livetrail_users
BEGIN
    UPDATE livetrail_names SET last_change = last_change + 1;
    UPDATE livetrail_users SET changed = (SELECT last_change FROM livetrail_names) WHERE tenant = NEW.tenant AND user_id = NEW.user_id;
END;

-- Another key is a removal and an addition.
CREATE TRIGGER livetrail_users_changed AFTER UPDATE OF tenant, user_id, email, display_name ON livetrail_users
BEGIN
    UPDATE livetrail_names SET last_change = last_change + 1;
    UPDATE livetrail_names SET last_removal = last_change WHERE OLD.tenant <> NEW.tenant OR OLD.user_id <> NEW.user_id;
    UPDATE livetrail_users SET changed = (SELECT last_change FROM livetrail_names) WHERE tenant = NEW.tenant AND user_id = NEW.user_id;
END;

CREATE TRIGGER livetrail_users_removed AFTER DELETE ON livetrail_users
BEGIN
    UPDATE livetrail_names SET last_change = last_change + 1, last_removal = last_change + 1;
END;
