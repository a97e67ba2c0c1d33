package adms

import (
	"context"
	"net/http"
	"time"

	"ekinerja/store"
)

const (
	// missedEvery is how soon the list is read again for a number that is not on it:
	// a machine that was just added need not wait, a stranger costs no more.
	missedEvery = time.Second
	// strangersKept bounds what a flood of made-up numbers can fill.
	strangersKept  = 200
	strangersEvery = 10 * time.Minute
	longestSerial  = 40
)

// admit finds the machine that asks; false when it may not.
func (r *Receiver) admit(req *http.Request) (store.Device, bool, error) {
	serial := param(req, "SN")
	if serial == "" || len(serial) > longestSerial {
		return store.Device{}, false, nil
	}
	d, listed, err := r.find(req.Context(), serial)
	if err != nil {
		return d, false, err
	}
	if !d.Admits(req.PathValue("secret")) || !listed { // the hash is compared for unknown ones too
		r.stranger(serial)
		return store.Device{}, false, nil
	}
	r.mu.Lock()
	r.seen[d.ID] = r.cfg.Now()
	r.mu.Unlock()
	return d, true, nil
}

func (r *Receiver) find(ctx context.Context, serial string) (store.Device, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.cfg.Now()
	d, ok := r.devices[serial]
	age := now.Sub(r.listed)
	if r.devices != nil && age >= 0 && (age < missedEvery || ok && age < listEvery) {
		return d, ok, nil
	}
	all, err := r.cfg.Machines.Devices(ctx)
	if err != nil {
		return d, false, err
	}
	r.devices = make(map[string]store.Device, len(all))
	for _, x := range all {
		r.devices[x.Serial] = x
	}
	r.listed = now
	d, ok = r.devices[serial]
	return d, ok, nil
}

// forgetList lets the list be read anew.
func (r *Receiver) forgetList() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.devices = nil
}

// now keeps what a push said of a machine's clock until the list is read again.
func (r *Receiver) now(d store.Device) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.devices[d.Serial]; ok {
		known.Skew = d.Skew
		r.devices[d.Serial] = known
	}
}

// stranger logs a refused number now and then, so that whoever sets a machine up
// sees that it knocks.
func (r *Receiver) stranger(serial string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.cfg.Now()
	if last, known := r.strangers[serial]; known && now.Sub(last) < strangersEvery {
		return
	}
	if len(r.strangers) >= strangersKept {
		clear(r.strangers)
	}
	r.strangers[serial] = now
	r.cfg.Log.Warn("a machine was refused: not listed, revoked, or another secret in its path", "serial", serial)
}
