package fakegram

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind int

// The faults. Every one but FaultCut and FaultDelay stops the call before it
// has an effect.
const (
	// FaultDown closes every connection without an answer, ends running long
	// polls, and holds back webhook posts. People can still write.
	FaultDown FaultKind = iota + 1
	// FaultError answers Status (502 if 0).
	FaultError
	// FaultTooMany answers 429 with RetryAfter (1 s if 0).
	FaultTooMany
	// FaultCut carries the call out, then closes the connection without an
	// answer: the person has the message, the bot does not know.
	FaultCut
	// FaultDelay waits for Delay, then carries on. The call is lost if the
	// client gives up first.
	FaultDelay
	// FaultBlocked answers 403 "bot was blocked by the user".
	FaultBlocked
	// FaultDeactivated answers 403 "user is deactivated".
	FaultDeactivated
	// FaultMigrated answers 400 with migrate_to_chat_id = MigrateTo.
	FaultMigrated
)

// Fault goes wrong at calls that match. Its zero filters match every call.
type Fault struct {
	Kind   FaultKind
	Method string // only this method; empty is all, getUpdates too
	ChatID int64  // only calls with this chat_id; 0 is all
	// Next is how many matching calls go wrong before the fault is over; 0 is
	// until it is removed.
	Next int
	// Probability of going wrong at a matching call; 0 is always. The draws of
	// a chat follow from Config.Seed and the count of its matching calls, so
	// they do not depend on how chats interleave. FaultDown ignores it.
	Probability float64

	Status     int           // for FaultError
	RetryAfter time.Duration // for FaultTooMany
	Delay      time.Duration // for FaultDelay
	MigrateTo  int64         // for FaultMigrated
}

// faults are the injected faults, oldest first.
type faults struct {
	seed uint64

	mu     sync.Mutex
	number uint64
	active []*activeFault
}

type activeFault struct {
	Fault
	number uint64
	left   int
	drawn  map[int64]uint64 // matching calls by chat
}

// Inject makes calls go wrong until the returned function is called, or until
// Next of them did.
func (s *Server) Inject(f Fault) (remove func()) {
	a := &activeFault{Fault: f, left: f.Next, drawn: map[int64]uint64{}}
	s.faults.mu.Lock()
	s.faults.number++
	a.number = s.faults.number
	s.faults.active = append(s.faults.active, a)
	s.faults.mu.Unlock()
	s.queue.interrupt()
	return func() { s.faults.remove(a) }
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.active = nil
}

func (f *faults) remove(a *activeFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active = slices.DeleteFunc(f.active, func(x *activeFault) bool { return x == a })
}

// down is true while a FaultDown without a count stands over the method. An
// empty method asks for the whole network.
func (f *faults) down(method string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.active, func(a *activeFault) bool {
		return a.Kind == FaultDown && a.Next == 0 && a.ChatID == 0 && (a.Method == "" || a.Method == method)
	})
}

// next answers the faults that hit this call and uses them up. All matching
// delays apply, and the first of the others.
func (f *faults) next(method string, chat int64) []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.active) == 0 {
		return nil
	}
	var hit []Fault
	stopped := false
	for _, a := range f.active {
		if a.Method != "" && a.Method != method || a.ChatID != 0 && a.ChatID != chat {
			continue
		}
		if stopped && a.Kind != FaultDelay || !f.draw(a, chat) {
			continue
		}
		stopped = stopped || a.Kind != FaultDelay
		a.left--
		hit = append(hit, a.Fault)
	}
	f.active = slices.DeleteFunc(f.active, func(a *activeFault) bool { return a.Next > 0 && a.left <= 0 })
	return hit
}

func (f *faults) draw(a *activeFault, chat int64) bool {
	if a.Probability <= 0 || a.Kind == FaultDown {
		return true
	}
	a.drawn[chat]++
	h := fnv.New64a()
	for _, v := range []uint64{f.seed, a.number, uint64(chat), a.drawn[chat]} {
		_ = binary.Write(h, binary.LittleEndian, v)
	}
	x := h.Sum64()
	x ^= x >> 29 // FNV leaves the high bits poor; fold and multiply once more
	x *= 0x9E3779B97F4A7C15
	return float64(x>>11)/math.Exp2(53) < a.Probability
}

// suffer applies the faults that come before the call; cut tells that the
// connection must close after it.
func suffer(ctx context.Context, hit []Fault) (cut bool, err error) {
	for _, f := range hit {
		switch f.Kind {
		case FaultDown:
			err = errCut
		case FaultCut:
			cut = true
		case FaultDelay:
			if !pause(ctx, f.Delay) {
				return false, errCut
			}
		default:
			err = f.answer()
		}
	}
	return cut, err
}

func (f Fault) answer() error {
	switch f.Kind {
	case FaultTooMany:
		return tooMany(max(f.RetryAfter, time.Second))
	case FaultBlocked:
		return errBlockedByUser
	case FaultDeactivated:
		return errDeactivated
	case FaultMigrated:
		return migrated(f.MigrateTo)
	default:
		status := f.Status
		if status == 0 {
			status = http.StatusBadGateway
		}
		return &apiError{code: status, description: http.StatusText(status)}
	}
}

// pause answers false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
