/* dbconsole:mysql_binary_log_status */
SHOW BINARY LOG STATUS
