/* dbconsole:mysql_slave_status */
SHOW SLAVE STATUS
