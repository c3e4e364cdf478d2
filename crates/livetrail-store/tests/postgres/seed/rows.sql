-- Three users, one of them an admin, and some thousands of activities whose order of insertion is not that of their times.
INSERT INTO users SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'user' || n || '@example.org', 'User ' || n
  FROM generate_series(1, 3) n;
INSERT INTO admin_profiles VALUES ('00000000-0000-4000-8000-000000000001');
INSERT INTO activity_logs (timestamp, user_id, action_type, endpoint, http_method, status_code, success, error_message,
    error_type, target_user_id, target_resource_id, resource_type, details, duration_ms, db_query_count, ip_address,
    user_agent, is_admin)
  SELECT now() - ((n * 7919) % 1000) * interval '1000 seconds',
         ('00000000-0000-4000-8000-00000000000' || (1 + n % 3))::uuid,
         (ARRAY['user_login', 'chat_message', 'document_upload', 'admin_list_users'])[1 + n % 4],
         '/api/' || n % 9, 'POST', CASE WHEN n % 5 = 0 THEN 401 ELSE 200 END, n % 5 <> 0,
         CASE WHEN n % 5 = 0 THEN E'Wrong password\n„Zoë“ 🦀' END, CASE WHEN n % 5 = 0 THEN 'Denied' END,
         CASE WHEN n % 7 = 0 THEN '00000000-0000-4000-8000-000000000002'::uuid END, 'r-' || n, 'document',
         jsonb_build_object('n', n, 'text', repeat('x', n % 50), 'deep', jsonb_build_array(n / 3.0, NULL)),
         n % 1000, n % 20, ('192.0.2.' || n % 2)::inet, 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130', n % 4 = 3
  FROM generate_series(1, 5000) n;
