package embedded

import (
	"context"
	"fmt"
	"net"

	"github.com/alicebob/miniredis/v2"
)

// Redis is a Redis inside this process. It forgets everything when the process
// ends, which is allowed: live state is rebuilt from Postgres.
type Redis struct{ server *miniredis.Miniredis }

// StartRedis starts one; keys expire as time passes.
func StartRedis() *Redis {
	r := &Redis{server: miniredis.NewMiniRedis()}
	r.server.ClockTTL(true)
	return r
}

// Dial opens a connection without any port; it has the shape of the Dialer of
// go-redis and ignores the address.
func (r *Redis) Dial(context.Context, string, string) (net.Conn, error) {
	c, err := r.server.Dial()
	if err != nil {
		return nil, fmt.Errorf("dial embedded Redis: %w", err)
	}
	return c, nil
}

// Flush forgets everything, as a lost Redis would.
func (r *Redis) Flush() { r.server.FlushAll() }

// Close cuts all connections and ends the server.
func (r *Redis) Close() { r.server.Close() }
