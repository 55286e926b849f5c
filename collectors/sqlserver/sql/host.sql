/* dbconsole:host */
SELECT
  i.cpu_count AS cores,
  CAST(i.physical_memory_kb AS bigint) AS memory_kb,
  CAST(i.committed_target_kb AS bigint) AS target_kb,
  (SELECT COUNT(*) FROM sys.database_mirroring AS m WHERE m.mirroring_state IS NOT NULL) AS mirrored,
  (SELECT COUNT(*) FROM sys.dm_hadr_database_replica_states AS r WHERE r.is_local = 1) AS replicated
FROM sys.dm_os_sys_info AS i;
