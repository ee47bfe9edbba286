#!lua flags=no-writes
-- Everything of one moment: position, records, open intervals up to its log time, and the keys that changed.
--
-- KEYS     meta, changes, then the key of each record, and the key of each open query
-- ARGV     cursor ('' = none), number of records, then per open query how many of its oldest members to return
--
-- Returns { offset, logTime, watermark, cursor, values, open, changed }:
--   values   one per record, nil = absent
--   open     per query { count, { member, since, member, since, … } }
--   changed  nil = lost, else per commit after the cursor its changed keys (JSON array)

local meta, changes = KEYS[1], KEYS[2]
local since, records = ARGV[1], tonumber(ARGV[2])
local stored = redis.call('HMGET', meta, 'offset', 'logTime', 'watermark', 'cursor')
local offset, logTime, watermark, cursor = stored[1] or '0', stored[2] or '0', stored[3] or '0', stored[4] or '0-0'

-- unpack() puts its results on Lua's stack, which holds fewer than 8,000.
local values, chunk = {}, 1000
for from = 1, records, chunk do
  local to = math.min(from + chunk - 1, records)
  for _, value in ipairs(redis.call('MGET', unpack(KEYS, 2 + from, 2 + to))) do
    values[#values + 1] = value
  end
end

local open = {}
for i = 1, #KEYS - 2 - records do
  local key, members = KEYS[2 + records + i], tonumber(ARGV[2 + i])
  local oldest = {}
  if members > 0 then
    oldest = redis.call('ZRANGE', key, '-inf', logTime, 'BYSCORE', 'LIMIT', 0, members, 'WITHSCORES')
  end
  open[i] = { redis.call('ZCOUNT', key, '-inf', logTime), oldest }
end

-- The field of a stream entry, whose second element is a flat list of names and values.
local function field(entry, name)
  for i = 1, #entry[2], 2 do
    if entry[2][i] == name then
      return entry[2][i + 1]
    end
  end
end

local function changedSince()
  if since == '' then
    return false
  end
  local entries = redis.call('XRANGE', changes, '(' .. since, '+')
  local reached = cursor
  if entries[1] then
    reached = field(entries[1], 'previous')
  end
  if reached ~= since then
    return false
  end
  local keys = {}
  for i, entry in ipairs(entries) do
    keys[i] = field(entry, 'keys')
  end
  return keys
end

return { offset, logTime, watermark, cursor, values, open, changedSince() }
