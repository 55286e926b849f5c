/* dbconsole:agent_jobs */
EXEC msdb.dbo.sp_help_job;
