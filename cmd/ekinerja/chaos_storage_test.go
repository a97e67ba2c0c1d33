package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ekinerja/store/embedded"
)

// ownPostgres is a server that the case may stop.
func ownPostgres(t *testing.T) servers {
	t.Helper()
	pg := &postgres{dir: t.TempDir()}
	pg.start(t)
	if out := run(t.Context(), []string{"migrate", "--database-url", pg.server.URL()}, streams{out: &pg.out, err: &pg.out}); out != 0 {
		t.Fatalf("migrate: %s", pg.out.String())
	}
	t.Cleanup(func() { _ = pg.server.Stop(context.Background()) })
	return servers{postgres: pg.server.URL(), own: pg}
}

// postgres is a server of one case.
type postgres struct {
	dir    string
	out    bytes.Buffer
	server *embedded.Server
}

func (p *postgres) start(t *testing.T) {
	t.Helper()
	server, err := embedded.Start(t.Context(), embedded.Config{DataDir: p.dir})
	if err != nil {
		t.Fatal(err)
	}
	p.server = server
}

// crash ends the server without a checkpoint, as pg_ctl stop -m immediate does.
func (p *postgres) crash(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(p.server.PID(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-p.server.Done()
	_ = p.server.Stop(t.Context()) // it is gone; this lets go of the directory
}

func restartPostgres(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for range n {
		r.servers.own.crash(r.t)
		r.servers.own.start(r.t)
		r.watch.heals()
		r.live(r.gap(1500*time.Millisecond, 3*time.Second))
	}
	return outcome{errorsLogged: true}
}

func cutCommits(r *rig, n int) outcome {
	var left atomic.Int64
	left.Store(int64(n))
	r.begin()
	r.live(load / 2)
	r.pg.Doom(func(answer []byte) bool {
		return bytes.Contains(answer, []byte("COMMIT\x00")) && rand.N(8) == 0 && left.Add(-1) >= 0
	})
	for deadline := time.Now().Add(time.Duration(n)*time.Second/8 + 5*time.Second); left.Load() > 0 && time.Now().Before(deadline); {
		r.live(100 * time.Millisecond)
	}
	r.pg.Doom(nil)
	r.watch.heals()
	done := n - int(max(left.Load(), 0))
	o := outcome{times: done, errorsLogged: true}
	if done < n/2 {
		o.blame("only %d connections were cut of %d", done, n)
	}
	return o
}

// ownRedis is a server that the case may kill.
func ownRedis(t *testing.T) servers {
	t.Helper()
	db := &redisServer{dir: t.TempDir()}
	db.start(t)
	t.Cleanup(db.kill)
	return servers{redis: "unix://" + db.socket() + "?db=0", ownRedis: db}
}

// redisServer is a Redis of one case; it ends with the test, however that ends.
type redisServer struct {
	dir string
	cmd *exec.Cmd
	end func() error
}

func (s *redisServer) socket() string { return filepath.Join(s.dir, "r.sock") }

func (s *redisServer) start(t *testing.T) {
	t.Helper()
	s.cmd = exec.Command("sh", "-c", `redis-server --port 0 --unixsocket "$0/r.sock" --dir "$0" --save "" --daemonize no `+
		`--logfile "$0/redis.log" </dev/null & cat >/dev/null; kill -9 $!; wait $!`, s.dir)
	leash, err := s.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.end = leash.Close
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		answer, err := ask(t.Context(), servers{redis: "unix://" + s.socket() + "?db=0"}, "PING")
		if err == nil && answer != "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("redis-server does not answer: %v", err)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// kill ends the server with SIGKILL.
func (s *redisServer) kill() {
	_ = s.end() // the shell kills it and ends
	_ = s.cmd.Wait()
}

func flush(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for range n {
		r.tell("FLUSHALL")
		r.live(300 * time.Millisecond)
	}
	return outcome{}
}

func killRedis(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for range n {
		r.servers.ownRedis.kill()
		r.live(r.gap(200*time.Millisecond, 800*time.Millisecond))
		r.servers.ownRedis.start(r.t)
		r.live(time.Second)
	}
	return outcome{}
}

// oldRedis brings back what Redis knew a while ago: every conversation that moved
// on since is older there than in Postgres.
func oldRedis(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	r.tell("SAVE")
	for range n {
		r.live(r.gap(time.Second, 2*time.Second))
		r.servers.ownRedis.kill()
		r.servers.ownRedis.start(r.t)
	}
	keys := r.tell("DBSIZE")
	return outcome{note: "snapshot read at each start; at the end " + keys}
}

func slowRedis(r *rig, _ int) outcome {
	r.begin()
	r.live(load)
	r.redis.Delay(5 * time.Second)
	r.live(6 * time.Second)
	o := outcome{}
	if p99 := r.watch.quantile(0.99); p99 > 3*time.Second {
		o.note = "p99 over 3 s: " + brief(p99)
	}
	r.redis.Delay(0)
	return o
}
