/* dbconsole:mysql_replicas */
SHOW REPLICAS
