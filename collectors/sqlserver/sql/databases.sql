/* dbconsole:databases */
SELECT TOP (500)
    d.database_id AS database_id,
    d.name AS database_name,
    d.state_desc AS state_desc,
    d.user_access_desc AS user_access_desc,
    d.recovery_model_desc AS recovery_model_desc,
    d.log_reuse_wait_desc AS log_reuse_wait_desc
FROM sys.databases AS d
WHERE d.name <> N'rdsadmin'
ORDER BY d.database_id;
