package store

import (
	"context"

	"ekinerja/roster"
)

// probe asks one query about a person and a day, as a turn of the viewer would.
type probe struct {
	name string
	// allowed is the truth; sees is whether the query shows anything.
	allowed func(q *quarter, viewer, who string, day roster.Day) bool
	sees    func(ctx context.Context, r *Records, viewer, id roster.EmployeeID, day roster.Day) (bool, error)
}

func found[T any](_ T, ok bool, err error) (bool, error) { return ok, err }
func some[T any](all []T, err error) (bool, error)       { return len(all) > 0, err }

// now is whom a superior leads today; what waits for a superior is of today.
func leadsNow(q *quarter, viewer, who string, _ roster.Day) bool {
	return q.leadsOn(q.id[viewer], q.id[who], q.today)
}

func (q *quarter) probes() []probe {
	type id = roster.EmployeeID
	return append([]probe{
		{"MayRead", (*quarter).reads, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			return r.MayRead(ctx, v, who, d)
		}},
		{"Report", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			rep, ok, err := r.Report(ctx, who, d)
			return ok && len(rep.Items) > 0, err
		}},
		{"LatestReport", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			rep, ok, err := r.LatestReport(ctx, who, d.Add(1))
			return ok && rep.Day == d, err
		}},
		{"Evidence", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return some(r.Evidence(ctx, who, d))
		}},
		{
			"Verdict", func(q *quarter, v, who string, d roster.Day) bool {
				return d.Before(roster.MustDay("2026-11-20")) && q.reads(v, who, d)
			},
			func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
				return found(r.Verdict(ctx, who, d))
			},
		},
		{"History", (*quarter).knows, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return some(r.History(ctx, who, d, d))
		}},
		{
			"Absences", func(q *quarter, v, who string, d roster.Day) bool { return q.knows(v, who, d) },
			func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
				all, err := r.Absences(ctx, who, d)
				for _, a := range all {
					if a.From == d {
						return true, err
					}
				}
				return false, err
			},
		},
		{"Scores", (*quarter).reads, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			all, err := r.Scores(ctx, who, 9)
			for _, w := range all {
				if w.First == d {
					return true, err
				}
			}
			return false, err
		}},
		{
			"Staff", func(q *quarter, v, who string, d roster.Day) bool { return q.leadsOn(q.id[v], q.id[who], d) },
			func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
				all, err := r.Staff(ctx, v, d)
				for _, p := range all {
					if p.ID == who {
						return true, err
					}
				}
				return false, err
			},
		},
		{"Unread", func(q *quarter, v, who string, d roster.Day) bool {
			return !d.Before(roster.MustDay("2026-11-20")) && q.leadsOn(q.id[v], q.id[who], d)
		}, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Unread(ctx, v)
			for _, u := range all {
				if u.Employee == who && u.Day == d {
					return true, err
				}
			}
			return false, err
		}},
		{"Pending", leadsNow, func(ctx context.Context, r *Records, v, who id, d roster.Day) (bool, error) {
			all, err := r.Pending(ctx, v)
			for _, c := range all {
				if c.Person.ID == who && c.From == d {
					return true, err
				}
			}
			return false, err
		}},
		{"Receipt", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return found(r.Receipt(ctx, who, d, ""))
		}},
		{"Why", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return found(r.Why(ctx, who, d))
		}},
		{"Month", isSelf, func(ctx context.Context, r *Records, _, who id, d roster.Day) (bool, error) {
			return found(r.Month(ctx, who, d))
		}},
		{"Everything", isSelf, func(ctx context.Context, r *Records, _, who id, _ roster.Day) (bool, error) {
			data, err := r.Everything(ctx, who)
			return len(data) > 0, err
		}},
	}, q.meetings()...)
}

func isSelf(_ *quarter, viewer, who string, _ roster.Day) bool { return viewer == who }

// unasked are the methods of Records that no probe asks, and why nobody learns of a
// stranger from them.
func unasked() map[string]string {
	return map[string]string{
		"Flow":      "the questions are the same for all",
		"Invite":    "is found by its secret only",
		"Workdays":  "says when a pattern works, not what a person did",
		"Superior":  "who leads whom is no secret in an office",
		"Colleague": "name and office of a colleague; whoever asks has passed another query",
		"Usuals":    "is made of the person's own reports, for the person",
		"Plan":      "its rows are behind the second wall, see the tables below",
		"Claim":     "the same condition as Pending, by one claim",
		"Reviewed":  "the viewer's own verdicts",
		"RolesOf":   "who looks after an office is no secret in it",
		"Routed":    "who is responsible for what is no secret",
		"StandIns":  "who leads is no secret in an office",
		"Arrival":   "how far our own question to this chat has come",
		"Served":    "of a report that another query has shown; its rows are behind the second wall",

		"OfficeDays": "figures by office, see TestFiguresAreForHoldersOfRoles", "OfficeStaff": "the same", "OfficeOpen": "the same",
		"OfficeCases": "the same", "OfficeBlockers": "the same", "Service": "the same",
	}
}
