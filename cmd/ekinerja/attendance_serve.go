package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/conversations"
	"ekinerja/store"
	"ekinerja/web"
	"ekinerja/web/adms"
)

// flushMachines is how often it is noted which machines were heard.
const flushMachines = 30 * time.Second

// machines makes the receiver of what attendance machines push.
func (a *app) machines() *adms.Receiver {
	keep := &store.Punches{Store: a.store, Now: a.clock.Now, Wake: a.wakeSender}
	if a.s.policy.Attend.Note {
		keep.Note = func(p conversations.Person, at time.Time, first bool) conversations.Say {
			return conversations.Say{Msg: a.s.words.To(p).PresenceNote(at, first)}
		}
	}
	return adms.New(adms.Config{Machines: a.store, Keep: keep.Keep, Now: a.clock.Now, Log: a.log})
}

// serveMachines listens for attendance machines until ctx ends; not at all when no
// address is configured. Machines are a listener of their own: they speak no TLS,
// and belong behind a wall that lets only the offices in.
func (a *app) serveMachines(ctx context.Context) error {
	if a.s.ADMSListen == "" {
		return nil
	}
	receiver := a.machines()
	srv := web.NewServer(a.s.ADMSListen, receiver)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		a.log.Info("listening for attendance machines", "addr", a.s.ADMSListen)
		if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("listen on %s for machines: %w", a.s.ADMSListen, err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		// ctx is over; what a machine is sending right now is still taken.
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return srv.Shutdown(stop)
	})
	g.Go(func() error {
		return a.every(ctx, flushMachines, func(ctx context.Context) {
			if err := receiver.Flush(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("machines not noted", "error", err)
			}
		})
	})
	return g.Wait()
}
