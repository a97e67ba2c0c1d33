package jobs

import (
	"context"
	"time"

	"ekinerja/roster"
)

// forgetChunk is how many rows one tick looks through, of each kind.
const forgetChunk = 2000

// Memory are the rows whose keeping has an end: what a network sent word for
// word, and the pictures we sent. The words themselves and the figures of
// pictures stay with reports and scores, for as long as the archive wants them.
type Memory interface {
	// ForgetRaw empties the network's own form of messages that came before a
	// moment, from where it stopped last, of at most limit rows.
	ForgetRaw(ctx context.Context, now, before time.Time, limit int) (int, error)
	// ForgetPictures drops the pictures of messages made before a moment.
	ForgetPictures(ctx context.Context, now, before time.Time, limit int) (int, error)
}

// KeepPolicy is for how many days something is kept; see policy.toml.
type KeepPolicy struct{ Raw, Pictures int }

// forget ends the keeping of what nobody needs any more (UU 27/2022, article 43:
// personal data is to be erased when its purpose has ended).
type forget struct{ Deps }

func (j forget) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	n, err := j.Store.ForgetRaw(ctx, now, j.before(now, j.Policy.Keep.Raw), forgetChunk)
	res.did("raw", n)
	if err != nil {
		return res, err
	}
	n, err = j.Store.ForgetPictures(ctx, now, j.before(now, j.Policy.Keep.Pictures), forgetChunk)
	res.did("pictures", n)
	return res, err
}

// before is the beginning of the oldest day that is kept.
func (j forget) before(now time.Time, days int) time.Time {
	return roster.DayOf(now).Add(-days).At(0, j.Loc)
}
