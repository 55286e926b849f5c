/* dbconsole:mirroring */
SELECT TOP (500)
    CAST(dbs.name AS nvarchar(128)) AS database_name,
    mir.mirroring_state,
    mir.mirroring_state_desc,
    mir.mirroring_role_desc,
    mir.mirroring_role_sequence,
    mir.mirroring_safety_level_desc,
    mir.mirroring_partner_instance,
    mir.mirroring_witness_state_desc,
    que.unsent_kb,
    que.unapplied_kb
FROM sys.database_mirroring AS mir
INNER JOIN sys.databases AS dbs
    ON dbs.database_id = mir.database_id
LEFT JOIN (
    SELECT
        RTRIM(ctr.instance_name) COLLATE DATABASE_DEFAULT AS database_name,
        MAX(CASE WHEN ctr.counter_name LIKE N'Log Send Queue KB%' THEN ctr.cntr_value END) AS unsent_kb,
        MAX(CASE WHEN ctr.counter_name LIKE N'Redo Queue KB%' THEN ctr.cntr_value END) AS unapplied_kb
    FROM sys.dm_os_performance_counters AS ctr
    WHERE ctr.object_name LIKE N'%:Database Mirroring%'
    GROUP BY ctr.instance_name
) AS que
    ON que.database_name = dbs.name COLLATE DATABASE_DEFAULT
WHERE mir.mirroring_state IS NOT NULL
    AND dbs.name <> N'rdsadmin'
ORDER BY dbs.name;
