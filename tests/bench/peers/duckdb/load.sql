-- The raw events of a file of NDJSON, in its order, as one table of what the KPIs need.
CREATE OR REPLACE TABLE events AS
SELECT row_number() OVER () AS place, tenant, replace(replace(type, 'deskpulse.', ''), '.v1', '') AS type, epoch_ms(time) AS at_ms,
  data->>'contactId' AS contact, data->>'queue' AS queue, data->>'agentId' AS agent, data->>'channel' AS channel, data->>'from' AS sender,
  coalesce((data->>'automatic')::boolean, false) AS automatic, data->>'handledBy' AS handled_by
FROM read_ndjson($file, columns = {tenant: 'VARCHAR', type: 'VARCHAR', time: 'TIMESTAMP', data: 'JSON'})
