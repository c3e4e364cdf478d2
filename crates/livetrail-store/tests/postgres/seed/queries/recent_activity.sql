SELECT action_type, endpoint, success, timestamp
FROM activity_logs
WHERE user_id = 'user-id-here'
ORDER BY timestamp DESC
LIMIT 50;
