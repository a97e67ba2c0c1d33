package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"ekinerja/bot"
)

func updateOf(id string) []bot.Received {
	return []bot.Received{{Msg: bot.MsgIn{ExternalID: id}}}
}

// slowStore notes its batches and takes a second for each.
type slowStore struct {
	calls [][]string
	err   func(ids []string) error
}

func (s *slowStore) store(_ context.Context, account string, batch []bot.Received) error {
	<-time.After(time.Second) // of the bubble
	ids := []string{account}
	for _, r := range batch {
		ids = append(ids, r.Msg.ExternalID)
	}
	s.calls = append(s.calls, ids)
	if s.err != nil {
		return s.err(ids[1:])
	}
	return nil
}

func TestGatherStoresTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, s := &gather{}, &slowStore{}
		var wg sync.WaitGroup
		for _, c := range []struct{ account, id string }{{"a", "1"}, {"a", "2"}, {"a", "3"}, {"b", "4"}, {"a", "5"}} {
			wg.Go(func() {
				if err := g.add(t.Context(), c.account, updateOf(c.id), s.store); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		want := [][]string{{"a", "1"}, {"a", "2", "3"}, {"b", "4"}, {"a", "5"}}
		if diff := gocmp.Diff(want, s.calls); diff != "" {
			t.Error(diff)
		}
	})
}

// TestGatherBlamesNobodyElse: of three stored together one cannot be stored.
func TestGatherBlamesNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bad := &pgconn.PgError{Code: "22P02"}
		g, s := &gather{}, &slowStore{err: func(ids []string) error {
			if slices.Contains(ids, "bad") {
				return bad
			}
			return nil
		}}
		var wg sync.WaitGroup
		for _, id := range []string{"1", "2", "bad", "3"} {
			wg.Go(func() {
				err := g.add(t.Context(), "a", updateOf(id), s.store)
				if wrong := id == "bad"; errors.Is(err, bad) != wrong || !wrong && err != nil {
					t.Errorf("%s: %v", id, err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		want := [][]string{{"a", "1"}, {"a", "2", "bad", "3"}, {"a", "2"}, {"a", "bad"}, {"a", "3"}}
		if diff := gocmp.Diff(want, s.calls); diff != "" {
			t.Error(diff)
		}
	})
}

// TestGatherOutlivesItsCaller: who goes away takes nobody along.
func TestGatherOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var stored atomic.Int64
		g := &gather{}
		slow := func(ctx context.Context, _ string, batch []bot.Received) error {
			<-time.After(time.Second)
			stored.Add(int64(len(batch)))
			return ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 2)
		go func() { ended <- g.add(ctx, "a", updateOf("1"), slow) }()
		synctest.Wait()
		go func() { ended <- g.add(t.Context(), "a", updateOf("2"), slow) }()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("who went away was told %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("who stayed was told %v", err)
		}
		if n := stored.Load(); n != 2 {
			t.Errorf("%d stored, want 2", n)
		}
	})
}
