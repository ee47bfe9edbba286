-- The common KPIs of all tenants from the raw events, in one query: what is done where nobody keeps state. Events are in order, each there once.
-- Not in it: contacts handled, who waits now.
WITH course AS (
  SELECT *,
    first_value(channel IGNORE NULLS) OVER contact AS its_channel,
    first_value(queue IGNORE NULLS) OVER contact AS first_queue,
    last_value(queue IGNORE NULLS) OVER so_far AS its_queue,
    first_value(handled_by) OVER so_far AS began_with,
    count(*) FILTER (type IN ('contact.handed_off', 'contact.queued', 'contact.assigned')) OVER so_far AS to_humans,
    max(place) FILTER (type IN ('contact.queued', 'contact.assigned')) OVER contact AS last_taken,
    last_value(CASE WHEN type IN ('contact.assigned', 'contact.released') THEN agent END IGNORE NULLS) OVER so_far AS its_agent,
    last_value(CASE WHEN type IN ('contact.resolved', 'contact.closed', 'contact.ended', 'contact.abandoned') THEN at_ms
                    WHEN type = 'contact.reopened' THEN -1 END IGNORE NULLS) OVER before AS over_ms,
    count(*) FILTER (type IN ('contact.resolved', 'contact.closed', 'contact.ended', 'contact.abandoned')
                     OR (type = 'message.sent' AND sender = 'agent' AND NOT automatic)) OVER before AS turn
  FROM events
  WHERE contact IS NOT NULL
  WINDOW
    so_far AS (PARTITION BY tenant, contact ORDER BY place),
    before AS (PARTITION BY tenant, contact ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    contact AS (PARTITION BY tenant, contact ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), classed AS (
  SELECT *,
    CASE its_channel WHEN 'voice' THEN 'voice' WHEN 'email' THEN 'deferred' WHEN 'ticket' THEN 'deferred' ELSE 'live' END AS class,
    type = 'contact.handed_off'
      OR (type = 'message.sent' AND sender = 'customer' AND (began_with IS DISTINCT FROM 'bot' OR to_humans > 0)
          AND (over_ms IS NULL OR over_ms < 0 OR at_ms - over_ms > 600000)) AS asks
  FROM course
), turns AS ( -- From one answer, or end, to the next: the reply is owed from its first question on.
  SELECT tenant, contact, turn, any_value(its_channel) AS channel, any_value(class) AS class, min(at_ms) FILTER (asks) AS since_ms,
    arg_max(at_ms, place) AS last_ms, arg_max(type, place) AS last_type, arg_max(sender, place) AS last_sender,
    arg_max(automatic, place) AS last_automatic, arg_max(its_queue, place) AS queue, arg_max(agent, place) AS agent
  FROM classed
  WHERE class <> 'voice'
  GROUP BY tenant, contact, turn
), owed AS (
  SELECT *, row_number() OVER (PARTITION BY tenant, contact ORDER BY turn) AS nth FROM turns WHERE since_ms IS NOT NULL
), reply AS (
  SELECT tenant, 'reply' AS measure, last_ms AS at_ms, queue, agent, channel, class, last_ms - since_ms AS wait_ms,
    last_ms - since_ms <= CASE WHEN class = 'deferred' THEN 3600000 WHEN nth = 1 THEN 28000 ELSE 30000 END AS within
  FROM owed
  WHERE last_type = 'message.sent' AND last_sender = 'agent' AND NOT last_automatic
), opened AS (
  SELECT tenant, 'opened' AS measure, at_ms, first_queue AS queue, NULL AS agent, its_channel AS channel, class, NULL AS wait_ms, false AS within
  FROM classed
  WHERE type = 'contact.opened'
), resolved AS ( -- A call is resolved when an agent has had it and lets it go, or it ends, unless it goes on: then somebody takes it after that.
  SELECT tenant, 'resolved' AS measure, min(at_ms) AS at_ms, arg_min(its_queue, place) AS queue,
    arg_min(if(class = 'voice', its_agent, agent), place) AS agent, any_value(its_channel) AS channel, any_value(class) AS class,
    NULL AS wait_ms, false AS within
  FROM classed
  WHERE if(class = 'voice',
           type IN ('contact.released', 'contact.ended', 'contact.abandoned') AND its_agent IS NOT NULL AND place > last_taken,
           type = 'contact.resolved')
  GROUP BY tenant, contact
), fact AS (SELECT * FROM reply UNION ALL SELECT * FROM opened UNION ALL SELECT * FROM resolved),
sliced AS (
  SELECT tenant, measure, at_ms, wait_ms, within,
    unnest(['all', by_queue, 'agent=' || coalesce(agent, 'none'), by_channel, by_class, by_queue || ',' || by_channel, by_queue || ',' || by_class]) AS slice
  FROM (SELECT *, 'queue=' || coalesce(queue, 'none') AS by_queue, 'channel=' || channel AS by_channel, 'class=' || class AS by_class FROM fact)
)
SELECT tenant, slice, unit AS "bucketMs", (at_ms // unit * unit)::DOUBLE AS "startMs",
  (count(*) FILTER (measure = 'opened'))::INTEGER AS opened, (count(*) FILTER (measure = 'resolved'))::INTEGER AS resolved,
  count(wait_ms)::INTEGER AS replies, coalesce(sum(wait_ms), 0)::DOUBLE AS "sumMs", (count(*) FILTER (within))::INTEGER AS within,
  quantile_disc(wait_ms, 0.5)::DOUBLE AS "p50Ms", quantile_disc(wait_ms, 0.9)::DOUBLE AS "p90Ms", quantile_disc(wait_ms, 0.99)::DOUBLE AS "p99Ms"
FROM sliced, (VALUES (60000), (900000), (86400000)) AS units(unit)
WHERE NOT (measure = 'opened' AND slice LIKE 'agent=%')
GROUP BY tenant, slice, unit, "startMs"
