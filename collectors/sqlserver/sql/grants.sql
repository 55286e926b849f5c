/* dbconsole:grants */
SELECT p.permission_name AS name
FROM sys.fn_my_permissions(NULL, 'SERVER') AS p;
