package store

import (
	"context"
	"fmt"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Beside is what is known of reports besides their words, by their rows.
func (r *Records) Beside(ctx context.Context, reports []int64) (map[int64]conversations.ReportBeside, error) {
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.ReportsBesideRow, error) { return q.ReportsBeside(ctx, reports) })
	if err != nil {
		return nil, fmt.Errorf("read what stands beside reports: %w", err)
	}
	pieces, err := seen(ctx, r, func(q *db.Queries) ([]db.EvidenceOfReportsRow, error) { return q.EvidenceOfReports(ctx, reports) })
	if err != nil {
		return nil, fmt.Errorf("read evidence of reports: %w", err)
	}
	out := make(map[int64]conversations.ReportBeside, len(rows))
	for _, row := range rows {
		out[row.ID] = conversations.ReportBeside{
			Reused: int(row.Reused), Same: int(row.Same), Span: int(row.Span), Crew: row.Crew, Contested: row.Contested,
		}
	}
	for _, p := range pieces {
		b := out[p.ID]
		b.Pieces = append(b.Pieces, conversations.Evidence{Inbox: p.InboxID, Kind: bot.AttachmentKind(p.Kind)})
		out[p.ID] = b
	}
	return out, nil
}

// Served are the items of the plan that the activities of a report serve.
func (r *Records) Served(ctx context.Context, id roster.EmployeeID, day roster.Day) ([]conversations.Served, error) {
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.PlanLinksOfRow, error) { return q.PlanLinksOf(ctx, int64(id), day) })
	if err != nil {
		return nil, fmt.Errorf("read what a report serves: %w", err)
	}
	out := make([]conversations.Served, len(rows))
	for i, row := range rows {
		out[i] = conversations.Served{Position: int(row.Position), Code: row.Code, Text: row.Said}
	}
	return out, nil
}

// Pieces are what was sent with somebody's report, if viewer may read it.
func (r *Records) Pieces(ctx context.Context, viewer, id roster.EmployeeID, day roster.Day) ([]conversations.SeenPiece, error) {
	may, err := r.MayRead(ctx, viewer, id, day)
	if err != nil || !may {
		return nil, err
	}
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.EvidenceSeenRow, error) { return q.EvidenceSeen(ctx, int64(id), day) })
	if err != nil {
		return nil, fmt.Errorf("read evidence for a superior: %w", err)
	}
	out := make([]conversations.SeenPiece, len(rows))
	for i, row := range rows {
		out[i] = conversations.SeenPiece{
			Evidence: conversations.Evidence{Inbox: row.InboxID, Album: row.Album, Kind: bot.AttachmentKind(row.Kind)},
			Kept:     row.State == "kept", Hash: row.Hash, PDF: row.Mime == "application/pdf", Lat: row.Lat, Lon: row.Lon,
		}
	}
	return out, nil
}
