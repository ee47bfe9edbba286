#!lua
-- The table of a store's partitions: made when it is missing, else returned as it is.
--
-- KEYS[1]  partitions
-- ARGV[1]  generation
-- ARGV[2]  its layout, should it have to be made (JSON { count, tags })
-- ARGV[3]  'only': that generation; 'beside': it may be made beside the current one, for a rebuild;
--          'current': whichever is current, that generation in a new store
--
-- Returns { current generation, layout of the generation, nil = it is not there }.

local partitions, generation, which = KEYS[1], ARGV[1], ARGV[3]
redis.call('HSETNX', partitions, 'current', generation)
local current = redis.call('HGET', partitions, 'current')
if which == 'current' then
  generation = current
end
if current == generation or which == 'beside' then
  redis.call('HSETNX', partitions, 'generation:' .. generation, ARGV[2])
end
return { current, redis.call('HGET', partitions, 'generation:' .. generation) }
