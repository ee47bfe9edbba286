#!lua
-- Makes another generation the current one, in one step.
--
-- KEYS[1]  partitions
-- ARGV[1]  the generation that is to be current now
-- ARGV[2]  the one that is to be
--
-- Returns 1, or 0: another one is current, or the new one is gone.

local partitions, before, after = KEYS[1], ARGV[1], ARGV[2]
if redis.call('HGET', partitions, 'current') ~= before or redis.call('HEXISTS', partitions, 'generation:' .. after) == 0 then
  return 0
end
redis.call('HSET', partitions, 'current', after)
return 1
