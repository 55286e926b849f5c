/* dbconsole:backup_tasks */
EXEC msdb.dbo.rds_task_status;
