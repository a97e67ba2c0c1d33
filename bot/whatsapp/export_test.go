package whatsapp

import "database/sql"

// Sessions is where the adapter keeps its session.
func (a *Adapter) Sessions() *sql.DB { return a.cfg.DB }

// Deafen is as when a message could not be stored.
func (a *Adapter) Deafen() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.deaf = true
}

// Refused reports that a message was left with the network.
func (a *Adapter) Refused() bool { return a.refusedSome() }

// Tell is an event of the library.
func (a *Adapter) Tell(event any) { a.react(event) }
