/* dbconsole:deadlocks */
-- The files, then the last one that was read and how far; empty and 0 at first. The newest row always comes, so that
-- the next question begins behind it.
SELECT
    e.file_name AS file_name,
    e.file_offset AS file_offset,
    e.event_data AS event_data
FROM (
    SELECT
        f.file_name,
        f.file_offset,
        CASE WHEN f.object_name = N'xml_deadlock_report' THEN f.event_data END AS event_data,
        ROW_NUMBER() OVER (ORDER BY f.file_name DESC, f.file_offset DESC) AS from_last
    FROM sys.fn_xe_file_target_read_file(
        CAST(? AS nvarchar(260)), NULL, NULLIF(CAST(? AS nvarchar(260)), N''), NULLIF(CAST(? AS bigint), 0)
    ) AS f
) AS e
WHERE e.event_data IS NOT NULL OR e.from_last = 1
ORDER BY e.file_name, e.file_offset;
