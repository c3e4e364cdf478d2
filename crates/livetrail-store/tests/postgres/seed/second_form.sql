-- What the application itself does next, for users without an account.
ALTER TABLE activity_logs ALTER COLUMN user_id TYPE TEXT;
ALTER TABLE activity_logs ALTER COLUMN target_user_id TYPE TEXT;
