-- Users who are admins where the application's token binds them to this tenant. Those of livetrail_admins are admins in every tenant.
CREATE TABLE livetrail_tenant_admins (
    tenant  TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (tenant, user_id)
) WITHOUT ROWID;
