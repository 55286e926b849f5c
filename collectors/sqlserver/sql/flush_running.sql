/* dbconsole:flush_running */
-- Whether somebody's flush is still at work: what had come for a server that was held up is done late.
SELECT COUNT(*) AS running
FROM sys.dm_exec_requests AS req
CROSS APPLY sys.dm_exec_sql_text(req.sql_handle) AS txt
WHERE req.session_id <> @@SPID
    AND (
        txt.text LIKE N'%dbconsole:flush[_]one[_]plan %'
        OR txt.text LIKE N'%dbconsole:flush[_]database[_]plans %'
        OR txt.text LIKE N'%dbconsole:flush[_]all[_]plans %'
    )
    AND txt.text NOT LIKE N'%flush[_]running%';
