/* dbconsole:mysql_slave_hosts */
SHOW SLAVE HOSTS
