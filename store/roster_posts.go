package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// PutPosts makes true what a file says of posts, from day on: those it names are
// held by whom it names and nobody else. It tells how many people are led
// otherwise from then on. Holders and superior posts must have their first day,
// see [roster.CommandFacts.WithPosts].
func (s *Store) PutPosts(ctx context.Context, now time.Time, day roster.Day, entries []roster.PostEntry) (rerouted int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := putPosts(ctx, q, entries); err != nil {
			return err
		}
		if err := putSuperiors(ctx, q, day, entries); err != nil {
			return err
		}
		if err := putHolders(ctx, q, day, entries); err != nil {
			return err
		}
		if rerouted, err = relink(ctx, q, day); err != nil {
			return err
		}
		return noteRoster(ctx, q, now, "roster.posts", map[string]any{"posts": len(entries), "rerouted": rerouted})
	})
	return rerouted, err
}

func putPosts(ctx context.Context, q *db.Queries, entries []roster.PostEntry) error {
	var put db.PutPostsParams
	for _, e := range entries {
		put.Codes, put.Names = append(put.Codes, e.Code), append(put.Names, e.Name)
		put.Opds, put.Units = append(put.Opds, e.OPD), append(put.Units, e.Unit)
	}
	if err := q.AddOffices(ctx, put.Opds); err != nil {
		return fmt.Errorf("add offices: %w", err)
	}
	if err := q.AddPlaces(ctx, put.Opds, put.Units); err != nil {
		return fmt.Errorf("add units: %w", err)
	}
	if err := q.PutPosts(ctx, put); err != nil {
		return fmt.Errorf("put posts: %w", err)
	}
	return nil
}

func putSuperiors(ctx context.Context, q *db.Queries, day roster.Day, entries []roster.PostEntry) error {
	var codes, above, froms []string
	for _, e := range entries {
		if e.Above != nil {
			codes, above, froms = append(codes, e.Code), append(above, e.Above.Code), append(froms, e.Above.From.String())
		}
	}
	if err := q.DropSuperiorPosts(ctx, codes, froms); err != nil {
		return fmt.Errorf("take superior posts back: %w", err)
	}
	if err := q.EndSuperiorPosts(ctx, codes, froms); err != nil {
		return fmt.Errorf("end superior posts: %w", err)
	}
	if err := q.PutSuperiorPosts(ctx, db.PutSuperiorPostsParams{Codes: codes, Superiors: above, Froms: froms}); err != nil {
		return fmt.Errorf("put superior posts: %w", err)
	}
	if err := q.SetSuperiorPosts(ctx, db.SetSuperiorPostsParams{Codes: codes, Superiors: above, Froms: froms, Day: day}); err != nil {
		return fmt.Errorf("put superior posts for the version before: %w", err)
	}
	return nil
}

func putHolders(ctx context.Context, q *db.Queries, day roster.Day, entries []roster.PostEntry) error {
	var codes []string
	var put db.PutAssignmentsParams
	for _, e := range entries {
		codes = append(codes, e.Code)
		for _, h := range e.Holders {
			put.Codes, put.Employees = append(put.Codes, e.Code), append(put.Employees, int64(h.Employee))
			put.Kinds, put.Letters = append(put.Kinds, string(h.Kind)), append(put.Letters, h.Letter)
			put.Froms, put.Tos = append(put.Froms, h.From.String()), append(put.Tos, dayAfter(h.To))
		}
	}
	if err := q.DropAssignments(ctx, codes, day); err != nil {
		return fmt.Errorf("take assignments back: %w", err)
	}
	if err := q.EndAssignments(ctx, day, codes); err != nil {
		return fmt.Errorf("end assignments: %w", err)
	}
	if err := q.PutAssignments(ctx, put); err != nil {
		return fmt.Errorf("put assignments: %w", err)
	}
	return nil
}
