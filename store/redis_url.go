package store

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// RedisURLs says which addresses are understood. "rediss" instead of "redis"
// speaks TLS, also before "+sentinel" and "+cluster".
const RedisURLs = "redis://user:password@host:6379/0, unix:///path/to/redis.sock?db=0, " +
	"redis+sentinel://user:password@host1:26379,host2:26379/master/0?sentinel_username=…&sentinel_password=…, " +
	"redis+cluster://user:password@host1:6379,host2:6379"

const (
	redisPort    = "6379"
	sentinelPort = "26379"
)

// errRedisURL hides the address, and the password in it.
func errRedisURL(why string) error {
	return fmt.Errorf("read Redis URL: %s; accepted: %s", why, RedisURLs)
}

// redisClient makes the client that an address asks for; it does not connect.
func redisClient(address string, patience time.Duration) (goredis.UniversalClient, error) {
	kind, rest, _ := strings.Cut(address, "://")
	secure := strings.HasPrefix(kind, "rediss")
	switch kind {
	case "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster":
		opt, err := manyRedis(rest, strings.HasSuffix(kind, "+sentinel"))
		if err != nil {
			return nil, errRedisURL(err.Error())
		}
		if secure {
			opt.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		return goredis.NewUniversalClient(hasty(opt, patience)), nil
	case "redis", "rediss", "unix":
		opt, err := goredis.ParseURL(address)
		if err != nil {
			return nil, errRedisURL(concealed(err).Error())
		}
		return goredis.NewClient(hastyOne(opt, patience)), nil
	}
	return nil, errRedisURL("it begins with none of these")
}

// manyRedis reads what follows the scheme of an address with several hosts.
func manyRedis(rest string, sentinel bool) (*goredis.UniversalOptions, error) {
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	user, hosts := "", authority
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		user, hosts = authority[:i+1], authority[i+1:]
	}
	// The standard library knows no list of hosts: it reads the rest.
	u, err := url.Parse("redis://" + user + "host" + tail)
	if err != nil {
		return nil, errors.New("it is no URL")
	}
	port := redisPort
	if sentinel {
		port = sentinelPort
	}
	opt := &goredis.UniversalOptions{IsClusterMode: !sentinel}
	opt.Username = u.User.Username()
	opt.Password, _ = u.User.Password()
	if opt.Addrs, err = addresses(hosts, port); err != nil {
		return nil, err
	}
	path := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	if sentinel {
		return opt, sentinelOptions(opt, path, u.Query())
	}
	if len(path) > 0 || u.RawQuery != "" {
		return nil, errors.New("a cluster has one database and no options")
	}
	return opt, nil
}

// sentinelOptions reads the master's name, the database and who asks the sentinels.
func sentinelOptions(opt *goredis.UniversalOptions, path []string, query url.Values) error {
	if len(path) == 0 || len(path) > 2 {
		return errors.New("after the sentinels comes the name of the master, then perhaps the database")
	}
	opt.MasterName = path[0]
	if len(path) == 2 {
		n, err := strconv.Atoi(path[1])
		if err != nil || n < 0 {
			return errors.New("the database is no number")
		}
		opt.DB = n
	}
	for key := range query {
		switch key {
		case "sentinel_username":
			opt.SentinelUsername = query.Get(key)
		case "sentinel_password":
			opt.SentinelPassword = query.Get(key)
		default:
			return fmt.Errorf("there is no option %q", key)
		}
	}
	return nil
}

// addresses splits a list of hosts and gives those without a port the usual one.
func addresses(hosts, port string) ([]string, error) {
	var out []string
	for host := range strings.SplitSeq(hosts, ",") {
		u, err := url.Parse("redis://" + host)
		if err != nil || u.Hostname() == "" || u.Host != host {
			return nil, errors.New("a host of the list is no host")
		}
		out = append(out, net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port)))
	}
	return out, nil
}

// hasty bounds everything asked of Redis. Nothing is tried twice by the library:
// the breaker decides. Nobody tells us of maintenance, and asking for it costs a
// command a connection.
func hasty(o *goredis.UniversalOptions, patience time.Duration) *goredis.UniversalOptions {
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = patience, patience, patience, patience
	o.ContextTimeoutEnabled, o.DisableIdentity = true, true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o
}

// hastyOne is hasty for a single server, whose other options the URL may name.
func hastyOne(o *goredis.Options, patience time.Duration) *goredis.Options {
	o.MaxRetries, o.DialerRetries = -1, 1
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = patience, patience, patience, patience
	o.ContextTimeoutEnabled, o.DisableIdentity = true, true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o
}
