/* dbconsole:mysql_master_status */
SHOW MASTER STATUS
