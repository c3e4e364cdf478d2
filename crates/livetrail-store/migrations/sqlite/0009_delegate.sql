-- Who acted in a user's name, and through what. Older rows have null in these columns.
ALTER TABLE activities ADD COLUMN delegate INTEGER REFERENCES terms;
ALTER TABLE activities ADD COLUMN delegate_type TEXT;
ALTER TABLE activities ADD COLUMN via INTEGER REFERENCES terms;

DROP VIEW activity_logs;
CREATE VIEW activity_logs AS
SELECT a.position,
       lower(substr(hex(a.id), 1, 8) || '-' || substr(hex(a.id), 9, 4) || '-' || substr(hex(a.id), 13, 4) || '-'
             || substr(hex(a.id), 17, 4) || '-' || substr(hex(a.id), 21)) AS id,
       strftime('%Y-%m-%dT%H:%M:%S', a.occurred / 1000000, 'unixepoch')
             || printf('.%06dZ', a.occurred % 1000000) AS timestamp,
       strftime('%Y-%m-%dT%H:%M:%S', a.created / 1000000, 'unixepoch')
             || printf('.%06dZ', a.created % 1000000) AS created_at,
       a.adjusted AS timestamp_adjusted,
       (SELECT text FROM terms WHERE id = a.user) AS user_id,
       (SELECT text FROM terms WHERE id = a.action) AS action_type,
       (SELECT text FROM terms WHERE id = a.endpoint) AS endpoint,
       (SELECT text FROM terms WHERE id = a.http_method) AS http_method,
       a.status_code, a.success, a.error_message,
       (SELECT text FROM terms WHERE id = a.error_type) AS error_type,
       a.target_user_id, a.target_resource_id,
       (SELECT text FROM terms WHERE id = a.resource_type) AS resource_type,
       a.details, a.changes, a.duration_ms, a.db_query_count, a.ip_address,
       (SELECT text FROM terms WHERE id = a.user_agent) AS user_agent,
       a.is_admin, a.session_id, a.request_id, a.trace_id,
       (SELECT text FROM terms WHERE id = a.tenant) AS tenant_id,
       (SELECT text FROM terms WHERE id = a.delegate) AS delegate_id,
       a.delegate_type,
       (SELECT text FROM terms WHERE id = a.via) AS via
  FROM activities a;
