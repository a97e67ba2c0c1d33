-- One question to the limits of one account, answered in one step for all who
-- share it: may this message go now? The rules are those of bot.Pace.
--
-- KEYS  1  the account
--       2  the chat; none when only looking
-- ARGV  1  now, or 0 for this server's own time
--       2  how long from now the account must rest, or 0
--       3  class of the message, or -1 to look and take nothing
--       4  how long the account goes at half speed after a rest
--       5… Every and Burst of the classes 0 to 3, then of the chat
--
-- Answers how long to wait; 0: the message is taken, or could be.
-- Every time is in whole µs: a double holds them exactly until the year 2255.

-- Seconds after which what nobody asked about is forgotten: by then it is at rest.
local accountLife, chatLife = 3600, 300

local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local rest, class, slowdown = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

-- text writes a number as it is; by itself Lua would round it to 14 digits.
local function text(n) return string.format('%.0f', n) end

local have = redis.call('HMGET', KEYS[1], 'rest', 'slow', '0', '1', '2', '3', 'told')
local resting, slow = tonumber(have[1] or 0), tonumber(have[2] or 0)
-- Told later than now: this clock was put back since, and nobody knows what is
-- left of the rest (bot.Rest). Who knows of it says so with every question.
if now + 1000000 < tonumber(have[7] or 0) then resting, slow = 0, 0 end
if rest > 0 and now + rest > resting then
  resting, slow = now + rest, now + rest + slowdown
  redis.call('HSET', KEYS[1], 'rest', text(resting), 'slow', text(slow), 'told', text(now))
  redis.call('EXPIRE', KEYS[1], text(math.ceil((rest + slowdown) / 1000000) + accountLife))
end
local speed = 1
if now < slow then speed = 0.5 end

-- allow answers how long a message is too early, and the arrival time after it.
-- An arrival time that no message can have caused comes from a clock that was
-- put back since, and is forgotten: it must not stop anybody.
local function allow(tat, every, burst)
  if tat < now or tat > now + 4 * burst * every then tat = now end
  return tat - now - (burst - 1) * every, tat + every
end

local wait = math.max(resting - now, 0)
local taken = {}
for c = 0, math.max(class, 0) do
  local every, burst = tonumber(ARGV[5 + 2 * c]) / speed, tonumber(ARGV[6 + 2 * c])
  local early, tat = allow(tonumber(have[3 + c] or 0), every, burst)
  wait = math.max(wait, early)
  taken[#taken + 1], taken[#taken + 2] = tostring(c), text(tat)
end
if class < 0 then return wait end

local early, tat = allow(tonumber(redis.call('GET', KEYS[2]) or 0), tonumber(ARGV[13]), tonumber(ARGV[14]))
wait = math.max(wait, early)
if wait > 0 then return wait end
redis.call('HSET', KEYS[1], unpack(taken))
redis.call('EXPIRE', KEYS[1], math.max(redis.call('TTL', KEYS[1]), accountLife))
redis.call('SET', KEYS[2], text(tat), 'EX', chatLife)
return 0
