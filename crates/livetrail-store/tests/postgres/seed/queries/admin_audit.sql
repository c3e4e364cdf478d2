SELECT timestamp, user_id, action_type, target_user_id, endpoint
FROM activity_logs
WHERE is_admin = TRUE
  AND timestamp > NOW() - INTERVAL '7 days'
ORDER BY timestamp DESC;
