SELECT user_id, ip_address, COUNT(*) as attempts
FROM activity_logs
WHERE action_type = 'user_login'
  AND success = FALSE
  AND timestamp > NOW() - INTERVAL '24 hours'
GROUP BY user_id, ip_address
HAVING COUNT(*) >= 3
ORDER BY attempts DESC;
