#!lua
-- Makes a new epoch the owner of a partition; every earlier one is fenced from then on.
--
-- KEYS[1]  meta
-- ARGV[1]  a random token of the worker
--
-- Returns { epoch, offset, logTime, watermark }.

local meta = KEYS[1]
local before = redis.call('HGET', meta, 'epoch')
local count = before and tonumber(string.match(before, '^%d+')) or 0
local epoch = string.format('%d', count + 1) .. '-' .. ARGV[1]

redis.call('HSET', meta, 'epoch', epoch, 'step', '0')
for _, field in ipairs({ 'offset', 'logTime', 'watermark' }) do
  redis.call('HSETNX', meta, field, '0')
end
local stored = redis.call('HMGET', meta, 'offset', 'logTime', 'watermark')
return { epoch, stored[1], stored[2], stored[3] }
