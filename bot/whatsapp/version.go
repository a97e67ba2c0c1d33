package whatsapp

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
)

// versionPatience bounds the question for the newest version.
const versionPatience = 10 * time.Second

// prepared sets what the libraries keep in variables of their own, once: the name
// under "Linked devices", and silence instead of lines on the terminal.
var prepared = sync.OnceFunc(func() {
	store.SetOSInfo("e-Kinerja", [3]uint32{1, 0, 0})
	var quiet logger.Loggable = silent{}
	logger.Setup(&quiet)
})

// versions guards the version that the library announces, one for the process.
var versions sync.Mutex

// announce sets the version of the configuration, if there is one.
func announce(version string) error {
	if version == "" {
		return nil
	}
	v, err := store.ParseVersion(version)
	if err != nil {
		return fmt.Errorf("read whatsapp version: %w", err)
	}
	set(v)
	return nil
}

// set reports whether the version is another one than before.
func set(v store.WAVersionContainer) bool {
	versions.Lock()
	defer versions.Unlock()
	if v == store.GetWAVersion() {
		return false
	}
	store.SetWAVersion(v)
	return true
}

// refresh asks for the newest version before a connection; without an answer the
// one that is known has to do.
func (a *Adapter) refresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, versionPatience)
	defer cancel()
	if _, err := a.newest(ctx); err != nil && ctx.Err() == nil {
		a.log.Warn("whatsapp version not asked for, announcing the known one", "error", fmt.Sprintf("%T", err))
	}
}

// newest asks the network which version is current and announces it from now on;
// what the operator has set stays. It reports whether that is another one.
func (a *Adapter) newest(ctx context.Context) (changed bool, err error) {
	if a.cfg.Version != "" {
		return false, nil
	}
	h := &http.Client{Transport: a.cfg.Carrier}
	v, err := whatsmeow.GetLatestVersion(ctx, h)
	if err != nil {
		return false, fmt.Errorf("ask for the whatsapp version: %w", err)
	}
	return set(*v), nil
}
