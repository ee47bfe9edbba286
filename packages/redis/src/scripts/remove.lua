#!lua
-- Takes a generation out of the table before its keys are removed, in one step.
--
-- KEYS[1]  partitions
-- ARGV[1]  the generation
--
-- Returns 1, or 0: it is the current one, and stays.

local partitions, generation = KEYS[1], ARGV[1]
if redis.call('HGET', partitions, 'current') == generation then
  return 0
end
redis.call('HDEL', partitions, 'generation:' .. generation)
redis.call('HSET', partitions, 'removing:' .. generation, '')
return 1
