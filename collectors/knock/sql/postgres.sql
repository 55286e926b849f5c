/* dbconsole:knock */
SELECT
    pg_is_in_recovery() AS in_recovery,
    current_setting('transaction_read_only') = 'on' AS is_read_only,
    host(inet_server_addr()) || ':' || inet_server_port() AS node
