SELECT endpoint,
       ROUND(AVG(duration_ms)::numeric, 2) as avg_ms,
       MAX(duration_ms) as max_ms,
       COUNT(*) as requests,
       ROUND(AVG(CASE WHEN success THEN 1 ELSE 0 END) * 100, 2) as success_rate
FROM activity_logs
WHERE timestamp > NOW() - INTERVAL '24 hours'
GROUP BY endpoint
ORDER BY avg_ms DESC;
