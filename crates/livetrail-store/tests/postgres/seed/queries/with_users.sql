SELECT al.*, u.email, u.display_name
FROM activity_logs al
LEFT JOIN users u ON al.user_id = u.id::text
WHERE 1=1;
