/* dbconsole:mysql_all_slaves_status */
SHOW ALL SLAVES STATUS
