package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Receipt is the kept report of a day, of a code, or the newest.
func (r *Records) Receipt(ctx context.Context, id roster.EmployeeID, day roster.Day, code string) (conversations.Receipt, bool, error) {
	if err := r.own(id); err != nil {
		return conversations.Receipt{}, false, fmt.Errorf("read receipt: %w", err)
	}
	if day.IsZero() {
		var err error
		day, err = r.q.NewestReceiptDay(ctx, int64(id), code)
		if errors.Is(err, pgx.ErrNoRows) {
			return conversations.Receipt{}, false, nil
		}
		if err != nil {
			return conversations.Receipt{}, false, fmt.Errorf("find receipt: %w", err)
		}
	}
	row, err := r.q.ReceiptOf(ctx, int64(id), day)
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Receipt{}, false, nil
	}
	if err != nil {
		return conversations.Receipt{}, false, fmt.Errorf("read receipt: %w", err)
	}
	out := conversations.Receipt{
		Day: row.Day, Code: row.Code, Sent: row.State == "submitted", Late: row.Late, Version: int(row.Version),
		Versions: int(row.Versions), KeptAt: row.At, SHA256: hex.EncodeToString(row.Hash),
	}
	if row.SubmittedAt != nil {
		out.SentAt = *row.SubmittedAt
	}
	readers, err := r.q.ReadersOf(ctx, row.ID)
	if err != nil {
		return out, false, fmt.Errorf("read who opened a report: %w", err)
	}
	for _, x := range readers {
		out.Readers = append(out.Readers, conversations.Reader{Name: x.Name, At: x.At, Reason: x.Reason})
	}
	return out, true, nil
}

// Why is what was decided and sent about a day; false when nothing was decided.
func (r *Records) Why(ctx context.Context, id roster.EmployeeID, day roster.Day) (conversations.Why, bool, error) {
	if err := r.own(id); err != nil {
		return conversations.Why{}, false, fmt.Errorf("read duty: %w", err)
	}
	row, err := r.q.DutyWhy(ctx, int64(id), day)
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Why{}, false, nil
	}
	if err != nil {
		return conversations.Why{}, false, fmt.Errorf("read duty: %w", err)
	}
	why := conversations.Why{Day: dayOfDuty(row, r.loc), Graced: row.Graced}
	if row.PlannedDeadline != nil {
		why.Planned = *row.PlannedDeadline
	}
	if row.AskedAt != nil {
		why.AskedAt = *row.AskedAt
	}
	rep, found, err := r.Report(ctx, id, day)
	if err != nil {
		return why, false, err
	}
	if found {
		why.Day.Report = &rep.Head
		if why.Lapsed, err = r.q.LapsedAbout(ctx, int64(id), day); err != nil {
			return why, false, fmt.Errorf("read the clock of a report: %w", err)
		}
	}
	return why, true, r.sentAbout(ctx, id, day, &why)
}

func (r *Records) sentAbout(ctx context.Context, id roster.EmployeeID, day roster.Day, why *conversations.Why) error {
	employee := int64(id)
	sent, err := r.q.SentAbout(ctx, &employee, day)
	if err != nil {
		return fmt.Errorf("read what was sent about a day: %w", err)
	}
	for _, s := range sent {
		why.Sent = append(why.Sent, conversations.SentAbout{Kind: conversations.Kind(s.Kind), At: s.At})
	}
	told, err := r.q.ToldAbout(ctx, employee, day)
	if err != nil {
		return fmt.Errorf("read who was told about a day: %w", err)
	}
	for _, x := range told {
		why.Told = append(why.Told, conversations.Reader{Name: x.Name, At: x.At})
	}
	return nil
}

// Everything is all that is kept about a person, as JSON.
func (r *Records) Everything(ctx context.Context, id roster.EmployeeID) ([]byte, error) {
	if err := r.own(id); err != nil {
		return nil, fmt.Errorf("read all about a person: %w", err)
	}
	data, err := r.q.DataOf(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("read all about a person: %w", err)
	}
	return indented(data)
}

func indented(data []byte) ([]byte, error) {
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", "  "); err != nil {
		return nil, fmt.Errorf("indent data: %w", err)
	}
	return out.Bytes(), nil
}

// Staff are the days of those whom viewer leads on a day, by name.
func (r *Records) Staff(ctx context.Context, viewer roster.EmployeeID, day roster.Day) ([]conversations.StaffDay, error) {
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.StaffReportsRow, error) {
		return q.StaffReports(ctx, day, int64(viewer))
	})
	if err != nil {
		return nil, fmt.Errorf("read reports of staff: %w", err)
	}
	out := make([]conversations.StaffDay, len(rows))
	for i, s := range rows {
		out[i] = conversations.StaffDay{
			ID: roster.EmployeeID(s.ID), Name: s.Name, Sent: s.State == "submitted", Late: s.Late,
			State: roster.State(s.Duty), Reason: roster.Reason(s.Reason),
		}
		if s.SubmittedAt != nil {
			out[i].SentAt = *s.SubmittedAt
		}
	}
	return out, nil
}

// MayRead tells whether viewer is the person, led them on the day, or stands above
// them in today's line. What was sent with a report is seen by the same people.
func (r *Records) MayRead(ctx context.Context, viewer, id roster.EmployeeID, day roster.Day) (bool, error) {
	may, err := r.q.MayRead(ctx, db.MayReadParams{Viewer: int64(viewer), EmployeeID: int64(id), Day: day, Today: r.today})
	return may, wrapped("check who may read", err)
}

// loadFormer fills in who has left and still writes: rights on the own data stay.
func (w *work) loadFormer(ctx context.Context, q *db.Queries) error {
	id := employeeOf(w.key)
	if id == 0 {
		return nil
	}
	p, err := q.FormerPerson(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read who has left: %w", err)
	}
	w.turn.Former = &conversations.Person{ID: id, Name: p.Name, Sex: roster.Sex(p.Sex), Lang: p.Lang}
	return nil
}
