/* dbconsole:replicas */
-- Times are of the server's own zone: all are given in UTC.
SELECT TOP (2000)
    grp.name AS group_name,
    gst.primary_replica,
    CAST(ars.replica_id AS nvarchar(36)) AS replica_id,
    CAST(ars.is_local AS int) AS is_local,
    ars.role_desc,
    ars.connected_state_desc,
    ars.last_connect_error_description,
    rep.replica_server_name,
    rep.availability_mode_desc,
    rep.failover_mode_desc,
    rep.secondary_role_allow_connections_desc,
    drs.database_id,
    CAST(dbs.name AS nvarchar(128)) AS database_name,
    drs.synchronization_state_desc,
    drs.synchronization_health_desc,
    CAST(drs.is_suspended AS int) AS is_suspended,
    drs.suspend_reason_desc,
    drs.log_send_queue_size,
    drs.log_send_rate,
    drs.redo_queue_size,
    drs.redo_rate,
    drs.secondary_lag_seconds,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), drs.last_sent_time) AS last_sent,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), drs.last_received_time) AS last_received,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), drs.last_hardened_time) AS last_hardened,
    DATEADD(minute, DATEDIFF(minute, SYSDATETIME(), SYSUTCDATETIME()), drs.last_commit_time) AS last_commit
FROM sys.dm_hadr_availability_replica_states AS ars
LEFT JOIN sys.availability_replicas AS rep
    ON rep.replica_id = ars.replica_id
LEFT JOIN sys.availability_groups AS grp
    ON grp.group_id = ars.group_id
LEFT JOIN sys.dm_hadr_availability_group_states AS gst
    ON gst.group_id = ars.group_id
LEFT JOIN sys.dm_hadr_database_replica_states AS drs
    ON drs.replica_id = ars.replica_id
    AND drs.group_id = ars.group_id
LEFT JOIN sys.databases AS dbs
    ON dbs.group_database_id = drs.group_database_id
WHERE dbs.name IS NULL
    OR dbs.name <> N'rdsadmin'
ORDER BY grp.name, rep.replica_server_name, dbs.name;
