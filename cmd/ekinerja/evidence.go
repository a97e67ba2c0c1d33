package main

import (
	"context"
	"path/filepath"

	"ekinerja/bot/telegram"
	"ekinerja/conversations"
	"ekinerja/store"
	"ekinerja/store/blobs"
)

// openBlobs is where the bytes of evidence are kept.
func (s settings) openBlobs() blobs.Store {
	return blobs.NewDisk(filepath.Join(s.DataDir, "evidence"))
}

// newKeeper brings files from the network to where they are kept.
func (a *app) newKeeper(adapter *telegram.Adapter) *store.Keeper {
	words := &conversations.Handler{Words: a.s.words}
	return &store.Keeper{
		Store: a.store, Blobs: a.s.openBlobs(), Fetch: adapter.Fetch, Lost: words.LostEvidence,
		Log: a.log, Now: a.clock.Now, Loc: a.s.loc,
	}
}

// keepEvidence fetches what is awaited until nothing is due.
func (a *app) keepEvidence(ctx context.Context) error {
	for did := 0; ; did++ {
		more, err := a.keeper.Keep(ctx)
		if err != nil || !more {
			if did > 0 {
				a.wakeSender() // for whom a file is lost
			}
			return err
		}
	}
}

// keepForever is [app.keepEvidence] with its failures logged.
func (a *app) keepForever(ctx context.Context) {
	if err := a.keepEvidence(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("evidence not kept", "error", err)
	}
}

// sweepBlobs deletes what nothing refers to any more.
func (a *app) sweepBlobs(ctx context.Context) {
	n, err := a.keeper.Sweep(ctx)
	if err != nil && ctx.Err() == nil {
		a.log.Error("unused evidence not deleted", "error", err)
	}
	if n > 0 {
		a.log.Info("unused evidence deleted", "blobs", n)
	}
}
