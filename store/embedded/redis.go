package embedded

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Redis is a Redis inside this process. It forgets everything when the process
// ends, which is allowed: live state is rebuilt from Postgres.
type Redis struct {
	server *miniredis.Miniredis
	now    func() time.Time
	mu     sync.Mutex
	aged   time.Time // until when the keys have grown old
}

// aging is how much too long a key may live. The server can grow old with every
// command, but then sorts all its keys for each: with 10,000 people too slow.
const aging = 100 * time.Millisecond

// StartRedis starts one. Its time is now: when an application's clock is put
// forward, sessions and limits end accordingly.
func StartRedis(now func() time.Time) *Redis {
	r := &Redis{server: miniredis.NewMiniRedis(), now: now, aged: now()}
	r.age()
	return r
}

// Dial opens a connection without any port; it has the shape of the Dialer of
// go-redis and ignores the address.
func (r *Redis) Dial(context.Context, string, string) (net.Conn, error) {
	c, err := r.server.Dial()
	if err != nil {
		return nil, fmt.Errorf("dial embedded Redis: %w", err)
	}
	return newEager(c, r.age), nil
}

// Flush forgets everything, as a lost Redis would.
func (r *Redis) Flush() { r.server.FlushAll() }

// Close cuts all connections and ends the server.
func (r *Redis) Close() { r.server.Close() }

// age lets the time pass that has passed since it was last called.
func (r *Redis) age() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.server.SetTime(now)
	switch passed := now.Sub(r.aged); {
	case passed >= aging:
		r.server.FastForward(passed)
		r.aged = now
	case passed < 0: // a clock put back makes nothing younger
		r.aged = now
	}
}
