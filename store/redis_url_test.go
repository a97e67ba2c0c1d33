package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"
)

// understood is what an address came to, in short.
func understood(c goredis.UniversalClient) string {
	switch c := c.(type) {
	case *goredis.ClusterClient:
		o := c.Options()
		return "cluster " + strings.Join(o.Addrs, " ") + " " + o.Username + ":" + o.Password + secured(o.TLSConfig != nil)
	case *goredis.Client:
		o := c.Options()
		return strings.TrimSpace(o.Network + " " + o.Addr + " " + o.Username + ":" + o.Password + secured(o.TLSConfig != nil) + " " + string(rune('0'+o.DB)))
	}
	return "?"
}

func secured(tls bool) string {
	if tls {
		return " tls"
	}
	return ""
}

func TestRedisURLs(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"redis://u:p@h:1/3":                            "tcp h:1 u:p 3",
		"rediss://h":                                   "tcp h:6379 : tls 0",
		"unix:///run/r.sock?db=2":                      "unix /run/r.sock : 2",
		"redis+cluster://u:p@a:1,b":                    "cluster a:1 b:6379 u:p",
		"rediss+cluster://[::1]:7,b":                   "cluster [::1]:7 b:6379 : tls",
		"redis+sentinel://u:p@a:1,b/main/4":            "tcp FailoverClient u:p 4",
		"rediss+sentinel://a/main?sentinel_password=x": "tcp FailoverClient : tls 0",
	} {
		c, err := redisClient(url, time.Second)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if diff := cmp.Diff(want, understood(c)); diff != "" {
			t.Errorf("%s: %s", url, diff)
		}
		_ = c.Close()
	}
}

func TestSentinelsAreAsked(t *testing.T) {
	t.Parallel()
	o, err := manyRedis("u:p@a:1,b/main/4?sentinel_username=s&sentinel_password=q", true)
	if err != nil {
		t.Fatal(err)
	}
	f := o.Failover()
	got := []string{f.MasterName, strings.Join(f.SentinelAddrs, " "), f.Username, f.Password, f.SentinelUsername, f.SentinelPassword}
	if diff := cmp.Diff([]string{"main", "a:1 b:26379", "u", "p", "s", "q"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRedisURLsThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "h:6379", "http://h", "redis://h/x", "unix://", "redis://h?no_such=1",
		"redis+sentinel://a,b", "redis+sentinel://a/m/x", "redis+sentinel://a/m/1/2", "redis+sentinel://a/m?x=1",
		"redis+sentinel:///m", "redis+sentinel://a,,b/m", "redis+cluster://a,b:x", "redis+cluster://a/1", "redis+cluster://",
		"redis+cluster://u:%zz@a",
	} {
		c, err := redisClient(url, time.Second)
		if err == nil {
			_ = c.Close()
			t.Errorf("%q is accepted", url)
			continue
		}
		if !strings.Contains(err.Error(), "redis+sentinel://") || !strings.Contains(err.Error(), "redis+cluster://") {
			t.Errorf("%q: the error does not say what is accepted: %v", url, err)
		}
	}
}
