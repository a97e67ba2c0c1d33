package store

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"ekinerja/bot"
)

const (
	// redisPatience bounds everything asked of Redis: Postgres is nearly as near.
	redisPatience = 100 * time.Millisecond
	// breakAfter errors in a row, Redis is left alone for breakFor.
	breakAfter = 3
	breakFor   = 2 * time.Second
	// sayEvery bounds how often the log tells that Redis is away.
	sayEvery = 10 * time.Second
)

// Redis is live state that may vanish. It is safe for concurrent use; a nil
// Redis is one that is always away.
type Redis struct {
	client goredis.UniversalClient
	log    *slog.Logger

	mu     sync.Mutex
	errors int       // in a row
	rest   bot.Rest  // left alone meanwhile
	said   time.Time // when the log was told last
}

// RedisConfig says where Redis is.
type RedisConfig struct {
	URL string // see [RedisURLs]; ignored with Dial
	// Dial, when set, opens connections: the Redis inside the process.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Patience bounds everything asked; 0 means 100 ms.
	Patience time.Duration
	Log      *slog.Logger
}

// quiet silences the library's own logger, which is one for all clients and
// prints a line for every failed connection. Our own line comes from [Redis.after].
var quiet = sync.OnceFunc(func() { goredis.SetLogger(silence{}) })

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

// OpenRedis makes a client; it does not connect. Only an unreadable URL is an error.
func OpenRedis(cfg RedisConfig) (*Redis, error) {
	quiet()
	if cfg.Patience == 0 {
		cfg.Patience = redisPatience
	}
	r := &Redis{log: cfg.Log}
	if cfg.Dial != nil {
		r.client = goredis.NewClient(hastyOne(&goredis.Options{Addr: "in-process", Dialer: cfg.Dial}, cfg.Patience))
		return r, nil
	}
	var err error
	if r.client, err = redisClient(cfg.URL, cfg.Patience); err != nil {
		return nil, err
	}
	return r, nil
}

// Ping asks Redis for a sign of life.
func (r *Redis) Ping(ctx context.Context) error { return r.client.Ping(ctx).Err() }

// Close ends all connections.
func (r *Redis) Close() error {
	if r == nil {
		return nil
	}
	return r.client.Close()
}

// open reports whether Redis may be asked now.
func (r *Redis) open(now time.Time) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rest.Left(now) == 0
}

// after notes how asking ended.
func (r *Redis) after(now time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.errors = 0
		return
	}
	if r.errors++; r.errors >= breakAfter {
		r.errors, r.rest = 0, bot.Rest{From: now, Until: now.Add(breakFor)}
	}
	if r.log != nil && (r.said.IsZero() || now.Sub(r.said) >= sayEvery) {
		r.said = now
		r.log.Warn("redis is away, postgres answers alone", "error", err)
	}
}

// putNewer writes a value with its version unless a newer one is there: results
// of two turns may arrive here in the wrong order.
var putNewer = goredis.NewScript(`
local have = redis.call('HGET', KEYS[1], 'v')
if have and tonumber(have) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'b', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`)

// sessionLife is how long an untouched session stays in Redis.
const sessionLife = 48 * time.Hour

// Sessions is a copy of conversations' bodies, each with its version. A copy is
// good only for exactly that version and that life of the database.
type Sessions struct {
	Redis *Redis // nil: every look finds nothing
	Epoch string // [Store.Epoch]
	// Observe, when set, hears for each message whether the copy served.
	Observe func(hit bool)
}

func (c *Sessions) served(hit bool) {
	if c != nil && c.Observe != nil {
		c.Observe(hit)
	}
}

func (c *Sessions) key(key string) string { return "conv:{" + c.Epoch + "}:" + key }

// Copy is what is kept of a conversation. Version -1 says that nothing is.
type Copy struct {
	Key     string
	Version int64
	Body    []byte
}

// Get is the copies of conversations, in the order of the keys.
func (c *Sessions) Get(ctx context.Context, now time.Time, keys ...string) []Copy {
	out := make([]Copy, len(keys))
	for i, key := range keys {
		out[i] = Copy{Key: key, Version: -1}
	}
	if c == nil || !c.Redis.open(now) {
		return out
	}
	pipe := c.Redis.client.Pipeline()
	asked := make([]*goredis.SliceCmd, len(keys))
	for i, key := range keys {
		asked[i] = pipe.HMGet(ctx, c.key(key), "v", "b")
	}
	_, err := pipe.Exec(ctx)
	c.Redis.after(now, err)
	for i, a := range asked {
		out[i].read(a)
	}
	return out
}

// read takes over an answer, if it is one.
func (c *Copy) read(a *goredis.SliceCmd) {
	got, err := a.Result()
	if err != nil || len(got) != 2 {
		return
	}
	v, okV := got[0].(string)
	b, okB := got[1].(string)
	n, err := strconv.ParseInt(v, 10, 64)
	if okV && okB && err == nil && json.Valid([]byte(b)) {
		c.Version, c.Body = n, []byte(b)
	}
}

// Put leaves copies, each if it is newer than what is there. Errors cost speed only.
func (c *Sessions) Put(ctx context.Context, now time.Time, all ...Copy) {
	if c == nil || len(all) == 0 || !c.Redis.open(now) {
		return
	}
	err := c.put(ctx, all, putNewer.EvalSha)
	if goredis.HasErrorPrefix(err, "NOSCRIPT") { // Redis has been restarted
		err = c.put(ctx, all, putNewer.Eval)
	}
	c.Redis.after(now, err)
}

// evaluate runs a script.
type evaluate func(ctx context.Context, c goredis.Scripter, keys []string, args ...any) *goredis.Cmd

func (c *Sessions) put(ctx context.Context, all []Copy, run evaluate) error {
	pipe := c.Redis.client.Pipeline()
	for _, s := range all {
		run(ctx, pipe, []string{c.key(s.Key)}, s.Version, s.Body, int64(sessionLife/time.Second))
	}
	_, err := pipe.Exec(ctx)
	return err
}
