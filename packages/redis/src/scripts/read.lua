#!lua flags=no-writes
-- Everything of one moment: position, records, hashes, lists up to its log time, and what changed.
--
-- KEYS     meta, changes, then the key of each record, of each hash of records, of each list and of each hash
-- ARGV     cursor ('' = none), number of records, of hashes of records, of lists, then
--          per hash of records  how many of its records to return, and their fields
--          per list  how many of its first members to return
--          per hash  its name in the feed, how many fields to return beside the changed ones (-1 = all), and these fields
--
-- Returns { offset, logTime, watermark, cursor, values, records, lists, changed, hashes }:
--   values   one per record, nil = absent
--   records  per hash of records the bytes of each, nil = absent
--   lists    per list { count, { member, score, member, score, … } }
--   changed  nil = lost, else what each commit after the cursor changed (bytes of `encodeChanged`)
--   hashes   per hash { 1 = whole, { field, bytes, field, bytes, … } } or { 0, { fields }, { bytes, nil = absent } }

local meta, changes = KEYS[1], KEYS[2]
local since, singles, groups, lists = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local stored = redis.call('HMGET', meta, 'offset', 'logTime', 'watermark', 'cursor')
local offset, logTime, watermark, cursor = stored[1] or '0', stored[2] or '0', stored[3] or '0', stored[4] or '0-0'

-- unpack() puts its results on Lua's stack, which holds fewer than 8,000.
local values, chunk = {}, 1000
for from = 1, singles, chunk do
  local to = math.min(from + chunk - 1, singles)
  for _, value in ipairs(redis.call('MGET', unpack(KEYS, 2 + from, 2 + to))) do
    values[#values + 1] = value
  end
end

local records, arg = {}, 4
for i = 1, groups do
  local key, count, bytes = KEYS[2 + singles + i], tonumber(ARGV[arg + 1]), {}
  for from = arg + 2, arg + 1 + count, chunk do
    local to = math.min(from + chunk - 1, arg + 1 + count)
    for _, value in ipairs(redis.call('HMGET', key, unpack(ARGV, from, to))) do
      bytes[#bytes + 1] = value
    end
  end
  arg = arg + 1 + count
  records[i] = bytes
end

local listed = {}
for i = 1, lists do
  local key, members = KEYS[2 + singles + groups + i], tonumber(ARGV[arg + i])
  local first = {}
  if members > 0 then
    first = redis.call('ZRANGE', key, '-inf', logTime, 'BYSCORE', 'LIMIT', 0, members, 'WITHSCORES')
  end
  listed[i] = { redis.call('ZCOUNT', key, '-inf', logTime), first }
end

-- The field of a stream entry, whose second element is a flat list of names and values.
local function field(entry, name)
  for i = 1, #entry[2], 2 do
    if entry[2][i] == name then
      return entry[2][i + 1]
    end
  end
end

-- The form of what a commit changed that this script reads: its first byte.
local form = 1

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
  local changed = {}
  for i, entry in ipairs(entries) do
    changed[i] = field(entry, 'changed')
    if not changed[i] or string.byte(changed[i]) ~= form then
      return false -- Written by another version.
    end
  end
  return changed
end

local changed = changedSince()

-- A number of 7 bits a byte, the lowest first, and the position behind it.
local function varint(bytes, at)
  local value, factor = 0, 1
  while true do
    local byte = string.byte(bytes, at)
    at = at + 1
    if byte < 128 then
      return value + byte * factor, at
    end
    value, factor = value + (byte - 128) * factor, factor * 128
  end
end

-- The stem of a name after the one before, and the position behind it.
local function stemAt(bytes, at, before)
  local shared, length
  shared, at = varint(bytes, at)
  length, at = varint(bytes, at)
  return string.sub(before, 1, shared) .. string.sub(bytes, at, at + length - 1), at + length
end

local function nameOf(stem, place)
  return place == 0 and stem or stem .. string.format('%.0f', place - 1)
end

-- Adds names as `writeNames` writes them, each as true.
local function addNames(names, bytes, at)
  local stem, stems, count, distance = '', nil, nil, nil
  stems, at = varint(bytes, at)
  for _ = 1, stems do
    stem, at = stemAt(bytes, at, stem)
    count, at = varint(bytes, at)
    local place = 0
    for _ = 1, count do
      distance, at = varint(bytes, at)
      place = place + distance
      names[nameOf(stem, place)] = true
    end
  end
end

-- Of each of these hashes its changed fields, each as true.
local function fieldsOf(commits, asked)
  local byKey = {}
  for _, bytes in ipairs(commits) do
    local keys, at = varint(bytes, 2)
    local stem, place, length = '', nil, nil
    for _ = 1, keys do
      stem, at = stemAt(bytes, at, stem)
      place, at = varint(bytes, at)
      length, at = varint(bytes, at)
      local key = nameOf(stem, place)
      if asked[key] and length > 0 then
        byKey[key] = byKey[key] or {}
        addNames(byKey[key], bytes, at)
      end
      at = at + length
    end
  end
  return byKey
end

local hashes, first = {}, 2 + singles + groups + lists
arg = arg + lists
local queries, asked = {}, {}
for i = 1, #KEYS - first do
  local name, count = ARGV[arg + 1], tonumber(ARGV[arg + 2])
  queries[i] = { key = KEYS[first + i], name = name, isWhole = count < 0 or not changed, from = arg + 3, to = arg + 2 + count }
  asked[name] = not queries[i].isWhole
  arg = arg + 2 + math.max(count, 0)
end
local changedFields = next(asked) and changed and fieldsOf(changed, asked) or {}
for i, query in ipairs(queries) do
  if query.isWhole then
    hashes[i] = { 1, redis.call('HGETALL', query.key) }
  else
    local wanted = changedFields[query.name] or {}
    for at = query.from, query.to do
      wanted[ARGV[at]] = true
    end
    local names, bytes = {}, {}
    for field in pairs(wanted) do
      names[#names + 1] = field
    end
    for from = 1, #names, chunk do
      local to = math.min(from + chunk - 1, #names)
      for _, value in ipairs(redis.call('HMGET', query.key, unpack(names, from, to))) do
        bytes[#bytes + 1] = value
      end
    end
    hashes[i] = { 0, names, bytes }
  end
end

return { offset, logTime, watermark, cursor, values, records, listed, changed, hashes }
