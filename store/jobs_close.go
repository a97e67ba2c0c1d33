package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/bot"
	"ekinerja/jobs"
	"ekinerja/store/db"
)

// timerAccount names the inbox of messages that no network sent.
const timerAccount = "timer"

// UnsentDrafts are drafts whose deadline came after since and until now.
func (j Jobs) UnsentDrafts(ctx context.Context, since, now time.Time, limit int) ([]jobs.Draft, error) {
	rows, err := j.Store.q().UnsentDrafts(ctx, db.UnsentDraftsParams{Since: &since, At: &now, Most: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("find unsent drafts: %w", err)
	}
	out := make([]jobs.Draft, len(rows))
	for i, r := range rows {
		out[i] = jobs.Draft{Chat: bot.Address{Network: bot.Network(r.Network), ID: r.ChatID}, Day: r.Day}
	}
	return out, nil
}

// Tell puts messages of our own making in the inbox; the sweep finds them.
func (j Jobs) Tell(ctx context.Context, now time.Time, in []bot.MsgIn) error {
	inbox := Inbox{Store: j.Store, Now: func() time.Time { return now }}
	batch := make([]bot.Received, len(in))
	for i, m := range in {
		batch[i] = bot.Received{Msg: m}
	}
	return inbox.Receive(ctx, timerAccount, batch)
}
