/* dbconsole:knock */
SELECT
    @@global.read_only AS is_read_only,
    @@global.innodb_read_only AS engine_is_read_only,
    CONCAT(@@hostname, ':', @@port) AS node
