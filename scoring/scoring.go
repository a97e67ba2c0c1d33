// Package scoring turns the days of one person into a number with its reasons.
//
// It knows rubrics (rules as dated data), the sum of a day, the mean of a
// period, the discipline table and the figures of a team. It never does I/O,
// never reads a clock, never knows names, chats or sentences: a loss has a
// Reason, and the words for it belong to conversations. It never decides a
// sanction, a predicate or an amount of money; people do, with this as evidence.
//
// The sum, for every day that was due (profile "solo"):
//
//	points = 60 × min(1, recognised minutes ÷ 300)
//	       + 20 × punctuality  (on time 1, late 0.5, missing 0)
//	       + 20 × suitability  (sesuai 1, cukup 0.75, kurang 0.5, tidak 0, unreviewed 1)
//	P      = mean of points over the days that count
//	D      = max(0, 100 − Σ deductions of the attendance table, capped per day)
//	Score  = 0.6 P + 0.4 D, or P alone when there is no attendance record
//
// What each day does to the mean:
//
//	not due, excused, waived, pending ──▶ removed: the divisor shrinks too
//	on_time, late                     ──▶ counted with its points
//	missing                           ──▶ counted with 0
//
// Arithmetic is decimal. Every part of a day, P, D and Score are kept at six
// decimals, rounded half up; Shown rounds to two decimals and only for display.
// Each step starts from the kept six decimals, so the sum can be checked by hand
// from the stored terms.
package scoring

import "github.com/shopspring/decimal"

const (
	kept  = 6 // decimals of every stored figure
	shown = 2 // decimals of every displayed figure
)

// Shown rounds a figure for display: two decimals, half up.
func Shown(d decimal.Decimal) decimal.Decimal { return d.Round(shown) }

func hundred() decimal.Decimal { return decimal.New(100, 0) }
