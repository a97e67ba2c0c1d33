package store

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// freezer is a process that stops between reading what is to be done and doing
// it, each time, until it is woken.
type freezer struct {
	Jobs
	reached, wake chan struct{}
}

func (f freezer) freeze() {
	f.reached <- struct{}{}
	<-f.wake
}

func (f freezer) AddDuties(ctx context.Context, now time.Time, planned []jobs.Planned) (int, error) {
	f.freeze()
	return f.Jobs.AddDuties(ctx, now, planned)
}

func (f freezer) Ask(ctx context.Context, now time.Time, says []conversations.Say) (int, error) {
	f.freeze()
	return f.Jobs.Ask(ctx, now, says)
}

func (f freezer) Remind(ctx context.Context, now time.Time, step int, says []conversations.Say) (int, error) {
	f.freeze()
	return f.Jobs.Remind(ctx, now, step, says)
}

func (f freezer) Commit(ctx context.Context, now time.Time, run jobs.Run, b jobs.Batch) (bool, error) {
	f.freeze()
	return f.Jobs.Commit(ctx, now, run, b)
}

// TestFrozenRunnerDoublesNothing: at every hour of a week's end one process
// stops in the middle of its work, another one does all of it meanwhile, and
// 25 s later the first goes on with what it had read.
func TestFrozenRunnerDoublesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	head := o.person("Bambang", "1000")
	for i := range 12 {
		o.led(head, o.person(fmt.Sprint("Pegawai ", i), fmt.Sprint(i+1)))
	}
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	f := freezer{Jobs{o.open()}, make(chan struct{}), make(chan struct{})}
	frozen := jobs.New(jobs.Deps{
		Store: f, Words: words, Policy: jobs.Default(), Rubrics: []scoring.Rubric{scoring.Solo()}, Loc: wib(),
		Log: slog.New(slog.DiscardHandler),
	})
	freezes := 0
	for _, at := range []time.Time{
		on(fri, "07.00"), on(fri, "15.30"), on(fri, "16.20"), on(fri, "20.30"), on("2026-11-30", "08.00"),
	} {
		ended := make(chan error, 1)
		go func() {
			_, err := frozen.Tick(t.Context(), at)
			ended <- err
		}()
		for going := true; going; {
			select {
			case <-f.reached:
				freezes++
				o.tick(at.Add(25 * time.Second))
				f.wake <- struct{}{}
			case err := <-ended:
				if err != nil {
					t.Errorf("%s: the woken process: %v", at, err)
				}
				going = false
			}
		}
		o.tick(at.Add(26 * time.Second))
	}
	got := map[string]int{"freezes": min(freezes, 5)}
	for _, k := range []string{"ask/", "remind/", "week/", "escalate/"} {
		got[k] = o.sent(k)
	}
	want := map[string]int{"ask/": 13, "remind/": 26, "week/": 13, "escalate/": 1, "freezes": 5}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := one[int64](o.stage, "SELECT count(*) FROM escalation_member"); n != 12 {
		t.Errorf("%d members, want 12", n)
	}
	if n := one[int64](o.stage, "SELECT count(*) FROM duty WHERE day = $1::date", roster.MustDay(fri).String()); n != 13 {
		t.Errorf("%d duties, want 13", n)
	}
}
