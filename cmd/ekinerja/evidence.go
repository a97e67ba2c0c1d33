package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"ekinerja/conversations"
	"ekinerja/store"
	"ekinerja/store/blobs"
)

// openBlobs is where the bytes of evidence are kept.
func (s *settings) openBlobs() (blobs.Store, error) {
	place, isS3 := strings.CutPrefix(s.Evidence, "s3://")
	switch {
	case s.Evidence == "":
		return blobs.NewDisk(filepath.Join(s.DataDir, "evidence")), nil
	case !isS3 && strings.Contains(s.Evidence, "://"):
		return nil, wrong("EKINERJA_EVIDENCE", "(another kind of address)", "a folder, or s3://bucket/prefix")
	case !isS3:
		return blobs.NewDisk(s.Evidence), nil
	}
	if err := secret(&s.S3SecretKey, s.S3SecretKeyFile, "EKINERJA_S3_SECRET_KEY"); err != nil {
		return nil, err
	}
	bucket, prefix, _ := strings.Cut(place, "/")
	kept, err := blobs.NewS3(blobs.S3Config{
		Endpoint: s.S3Endpoint, Region: s.S3Region, Bucket: bucket, Prefix: strings.Trim(prefix, "/"),
		AccessKey: s.S3AccessKey, SecretKey: s.S3SecretKey, Now: time.Now, // a signature is of the real time
	})
	if err != nil {
		return nil, fmt.Errorf("%w: EKINERJA_S3_…: %w", errConfig, err)
	}
	return kept, nil
}

// evidence tries the place where pictures and documents are kept, and says what
// waits for it.
func (e *examination) evidence(ctx context.Context, db *store.Store, s settings) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	where := s.Evidence
	if where == "" {
		where = filepath.Join(s.DataDir, "evidence")
	}
	if err := blobs.Probe(ctx, s.blobs); err != nil {
		e.wrong("evidence cannot be kept in %s: %v; nothing is lost, it is fetched when this is mended", where, err)
		return
	}
	n, err := db.AwaitedEvidence(ctx)
	if err != nil {
		e.wrong("evidence cannot be counted: %v", err)
		return
	}
	e.good("evidence is kept in %s; %d pieces are still to be fetched", where, n)
}

// newKeeper brings files from the network to where they are kept.
func (a *app) newKeeper() *store.Keeper {
	words := &conversations.Handler{Words: a.s.words}
	return &store.Keeper{
		Store: a.store, Blobs: a.s.blobs, Fetch: a.fetch, Lost: words.LostEvidence,
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
