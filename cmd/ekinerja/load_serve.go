package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"

	"ekinerja/bot"
	"ekinerja/store"
)

// pacer keeps Telegram's limits, unless the network is a simulated one that has none.
func (s settings) pacer() bot.Pacer {
	if s.TelegramUnlimited {
		return nil
	}
	return bot.NewLocalPacer(bot.TelegramRates())
}

// sends is how many messages may be in flight; 0 means the usual number, which
// is plenty within Telegram's limits.
func (s settings) sends() int {
	if s.TelegramUnlimited {
		return 64
	}
	return 0
}

// humanPace bounds what one chat may send, unless those who write are simulated.
func (s settings) humanPace() store.Pace {
	if s.TelegramUnlimited {
		return store.Pace{}
	}
	return store.HumanPace()
}

// garbagePercent lets the heap grow to five times what lives, about 10 MB here,
// before garbage is collected: memory is cheaper than a tenth of the time.
const garbagePercent = 400

// easeGarbage sets it, unless the operator has said otherwise.
func easeGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
}

// profile writes a CPU profile to the file until stop; without a name it does nothing.
func profile(name string) (stop func(), err error) {
	if name == "" {
		return func() {}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("%w: EKINERJA_PPROF: %w", errConfig, err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("profile: %w", err)
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close() // a lost profile harms nobody
	}, nil
}
