package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/roster"
)

// ErrNotScratch: rows are only copied into a database without people.
var ErrNotScratch = errors.New("the database to rehearse in is not empty")

// notRehearsed are tables whose rows no job goes by: messages, people's own words,
// pictures, the record. They stay where they are.
const notRehearsed = `{goose_db_version,epoch,inbox,outbox,outbox_copy,answer,button,invite,conversation,enrol_attempt,blob,evidence,audit,audit_head,reach,outage}`

// CopyTo copies what the jobs go by into an empty database of the same version, out
// of one snapshot that changes nothing here. progress, when set, is told the tables
// copied so far.
func (s *Store) CopyTo(ctx context.Context, to *Store, progress func(done, total int)) error {
	var people int
	if err := to.pool.QueryRow(ctx, "SELECT count(*) FROM employee").Scan(&people); err != nil {
		return fmt.Errorf("look at the scratch database: %w", err)
	}
	if people > 0 {
		return ErrNotScratch
	}
	target, err := to.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("open the scratch database: %w", err)
	}
	defer target.Release()
	// Tables come in any order; what they refer to comes with them or not at all.
	if _, err := target.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return fmt.Errorf("prepare the scratch database: %w", err)
	}
	defer func() { _, _ = target.Exec(ctx, "RESET session_replication_role") }() // the connection is of no more use otherwise
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		tables, err := rehearsed(ctx, tx)
		if err != nil {
			return err
		}
		for i, t := range tables {
			if err := copyTable(ctx, tx.Conn(), target.Conn(), t); err != nil {
				return fmt.Errorf("copy table %s: %w", t.name, err)
			}
			if progress != nil {
				progress(i+1, len(tables))
			}
		}
		return nil
	})
}

// copied is a table with its columns, and the one that counts by itself.
type copied struct{ name, columns, identity string }

func rehearsed(ctx context.Context, tx pgx.Tx) ([]copied, error) {
	rows, err := tx.Query(ctx, `SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
		coalesce(max(a.attname) FILTER (WHERE a.attidentity <> ''), '')
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> ALL($1::text::text[])
		GROUP BY c.relname ORDER BY c.relname`, notRehearsed)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (t copied, err error) {
		err = r.Scan(&t.name, &t.columns, &t.identity)
		return t, err
	})
	return out, wrapped("list tables", err)
}

func copyTable(ctx context.Context, from, to *pgx.Conn, t copied) error {
	name := pgx.Identifier{t.name}.Sanitize()
	if _, err := to.Exec(ctx, "DELETE FROM "+name); err != nil { // a row that a migration made
		return err
	}
	r, w := io.Pipe()
	go func() {
		_, err := from.PgConn().CopyTo(ctx, w, fmt.Sprintf("COPY (SELECT %s FROM %s) TO STDOUT (FORMAT binary)", t.columns, name))
		_ = w.CloseWithError(err) // nil is the end
	}()
	_, err := to.PgConn().CopyFrom(ctx, r, fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT binary)", name, t.columns))
	_ = r.CloseWithError(err) // lets the other side end
	if err != nil || t.identity == "" {
		return err
	}
	column := pgx.Identifier{t.identity}.Sanitize()
	_, err = to.Exec(ctx, fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s', '%s'), (SELECT coalesce(max(%s), 0) + 1 FROM %s), false)",
		name, t.identity, column, name))
	return err
}

// Rehearsed is one message that would have gone out.
type Rehearsed struct {
	At       time.Time
	Key      string
	Kind     string
	Channel  string
	Employee roster.EmployeeID // 0: a group
	Name     string
	OPD      string
	About    roster.Day
	Chat     bot.Address
	Text     string
	Guarded  bool // its reason was looked at again when it went
}

// Rehearse takes what is due at now out of the outbox, as the sender would, and
// notes it as sent. Only for a scratch database: nobody gets anything.
func (s *Store) Rehearse(ctx context.Context, now time.Time) ([]Rehearsed, error) {
	const most = 500
	box := &Outbox{Store: s}
	var out []Rehearsed
	for {
		claimed, err := box.Claim(ctx, now, most)
		if err != nil || len(claimed) == 0 {
			return out, err
		}
		ids, done := make([]int64, len(claimed)), make([]bot.Settlement, len(claimed))
		byID := make(map[int64]bot.Claimed, len(claimed))
		for i, c := range claimed {
			ids[i], byID[c.ID] = c.ID, c
			done[i] = bot.Settlement{
				ID: c.ID, Attempt: c.Attempt, State: bot.SettledSent, To: c.Msg.To, MessageID: fmt.Sprint("latihan-", c.ID),
			}
		}
		rows, err := s.q().SentRows(ctx, ids)
		if err != nil {
			return out, fmt.Errorf("read rehearsed messages: %w", err)
		}
		for _, r := range rows {
			m := byID[r.ID].Msg
			out = append(out, Rehearsed{
				At: now, Key: r.Key, Kind: r.Kind, Channel: r.Network, Employee: roster.EmployeeID(r.EmployeeID), Name: r.Name, OPD: r.Opd,
				About: r.AboutDay, Chat: m.To, Text: m.Text, Guarded: r.Guard != "",
			})
		}
		if err := box.Settle(ctx, now, done); err != nil {
			return out, err
		}
	}
}

// GiveChats gives people without a chat one that leads nowhere, in a scratch
// database; keep says who gets one. It returns how many.
func (s *Store) GiveChats(ctx context.Context, now time.Time, keep func(roster.EmployeeID) bool) (int, error) {
	all, err := s.q().ChatlessPeople(ctx)
	if err != nil {
		return 0, fmt.Errorf("find people without a chat: %w", err)
	}
	var ids []int64
	for _, id := range all {
		if keep(roster.EmployeeID(id)) {
			ids = append(ids, id)
		}
	}
	return len(ids), wrapped("give chats", s.q().AddChats(ctx, ids, now))
}
