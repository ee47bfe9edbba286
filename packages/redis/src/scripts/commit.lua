#!lua
-- Writes a change in one step, or nothing: epoch, offset and step are checked before the first write.
--
-- KEYS     meta, wake, out, changes, then the key of each put, the key of each append, and the key of each hash and list once
-- ARGV     epoch, fromOffset, toOffset, logTime, watermark,
--          step ('' = not compared), changesKept, what it changed (bytes of `encodeChanged`),
--          number of puts, of appends, of fields, of expiries, of members, of wakes, of outbox entries; then
--          per put           bytes, expiry in ms ('' = none, 'gone' = remove)
--          per append        bytes
--          per field         index of its hash in KEYS, field, bytes ('' = remove)
--          per expiry        index of its hash in KEYS, ms
--          per member        index of its list in KEYS, member, score ('' = remove)
--          per wake          subject, time ('' = none)
--          per outbox entry  id, topic, key, bytes, headers (JSON object, '' = none)
--
-- Returns { 'committed', its id in the feed, the id before } | { 'fenced' } | { 'behind', stored offset }.

local meta, wake, out, changes = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local stored = redis.call('HMGET', meta, 'epoch', 'offset', 'cursor', 'step')
if stored[1] ~= ARGV[1] then
  return { 'fenced' }
end
local step = stored[4] or '0'
if stored[2] ~= ARGV[2] or (ARGV[6] ~= '' and ARGV[6] ~= step) then
  return { 'behind', stored[2] }
end

local toOffset, logTime, watermark = ARGV[3], ARGV[4], ARGV[5]
local puts, appends, fields = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local expiries, members, wakes, entries = tonumber(ARGV[12]), tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
local stepAfter = toOffset == stored[2] and string.format('%d', tonumber(step) + 1) or '0'

-- The feed comes first. Each entry names the one before it, so that a reader sees when entries are missing, also when a snapshot was restored.
local previous = stored[3] or '0-0'
local cursor = redis.call('XADD', changes, 'MAXLEN', '~', ARGV[7], '*',
  'previous', previous, 'offset', toOffset, 'logTime', logTime, 'watermark', watermark, 'changed', ARGV[8])
redis.call('HSET', meta, 'offset', toOffset, 'logTime', logTime, 'watermark', watermark, 'cursor', cursor, 'step', stepAfter)

local key, arg = 4, 15
for _ = 1, puts do
  local bytes, expiry = ARGV[arg + 1], ARGV[arg + 2]
  key, arg = key + 1, arg + 2
  if expiry == '' then
    redis.call('SET', KEYS[key], bytes)
  elseif expiry == 'gone' then
    redis.call('DEL', KEYS[key])
  else
    redis.call('SET', KEYS[key], bytes, 'PX', expiry)
  end
end

for _ = 1, appends do
  key, arg = key + 1, arg + 1
  redis.call('APPEND', KEYS[key], ARGV[arg])
end

for _ = 1, fields do
  local hash, field, bytes = KEYS[tonumber(ARGV[arg + 1])], ARGV[arg + 2], ARGV[arg + 3]
  arg = arg + 3
  if bytes == '' then
    redis.call('HDEL', hash, field)
  else
    redis.call('HSET', hash, field, bytes)
  end
end

for _ = 1, expiries do
  redis.call('PEXPIRE', KEYS[tonumber(ARGV[arg + 1])], ARGV[arg + 2])
  arg = arg + 2
end

for _ = 1, members do
  local list, member, score = KEYS[tonumber(ARGV[arg + 1])], ARGV[arg + 2], ARGV[arg + 3]
  arg = arg + 3
  if score == '' then
    redis.call('ZREM', list, member)
  else
    redis.call('ZADD', list, score, member)
  end
end

for _ = 1, wakes do
  local subject, at = ARGV[arg + 1], ARGV[arg + 2]
  arg = arg + 2
  if at == '' then
    redis.call('ZREM', wake, subject)
  else
    redis.call('ZADD', wake, at, subject)
  end
end

for _ = 1, entries do
  redis.call('XADD', out, '*', 'id', ARGV[arg + 1], 'topic', ARGV[arg + 2], 'key', ARGV[arg + 3], 'bytes', ARGV[arg + 4], 'headers', ARGV[arg + 5])
  arg = arg + 5
end

return { 'committed', cursor, previous }
