#!lua
-- The table of a store's partitions: made when it is missing, else returned as it is.
--
-- KEYS[1]  partitions
-- ARGV[1]  generation
-- ARGV[2]  its layout, should it have to be made (JSON { count, tags })
-- ARGV[3]  '1': the generation may be made beside the current one, for a rebuild
--
-- Returns { current generation, layout of the generation, nil = it is not there }.

local partitions, generation = KEYS[1], ARGV[1]
redis.call('HSETNX', partitions, 'current', generation)
local current = redis.call('HGET', partitions, 'current')
if current == generation or ARGV[3] == '1' then
  redis.call('HSETNX', partitions, 'generation:' .. generation, ARGV[2])
end
return { current, redis.call('HGET', partitions, 'generation:' .. generation) }
