package whatsapp

import "database/sql"

// Sessions is where the adapter keeps its session.
func (a *Adapter) Sessions() *sql.DB { return a.cfg.DB }
