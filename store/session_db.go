package store

import (
	"database/sql"

	"github.com/jackc/pgx/v5/stdlib"
)

// whatsappSchema holds the tables of the library that speaks WhatsApp. They are its
// own, made and changed by it; nothing of ours reads them.
const whatsappSchema = "whatsapp"

// whatsappConns is enough for one number: the library sends one message at a time.
const whatsappConns = 4

// WhatsApp opens the tables of the WhatsApp session: keys, sessions and what the
// library must know to read a message a second time. They see nothing of ours. The
// caller closes it.
func (s *Store) WhatsApp() *sql.DB {
	c := s.pool.Config().ConnConfig.Copy()
	c.RuntimeParams["search_path"] = whatsappSchema
	c.RuntimeParams["application_name"] = "ekinerja whatsapp"
	c.Tracer = nil // it guards statements that are ours
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(whatsappConns)
	return db
}
