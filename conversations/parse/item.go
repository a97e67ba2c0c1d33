package parse

import (
	"encoding/json"
	"strings"
)

// Item is one activity as understood. What was not said is empty here and null
// in JSON.
type Item struct {
	// Description is the activity in the person's own words, without the fields
	// that were understood.
	Description string
	Quantity    Number
	// Unit is the canonical unit; an unknown noun is kept as typed, in lower case.
	Unit string
	// Minutes is the typed duration, else end−start (over midnight too); 0 unknown.
	Minutes int
	// Start and End are "HH:MM".
	Start, End string
	// More are further amounts: "1 kegiatan, 1 kasus", "9 objek pajak, Rp4.350.000".
	More []Result
	// Obstacle is what stood behind "kendala:" or "terkendala".
	Obstacle string
	// Source is the stretch of the cleaned message the item was read from.
	Source string
}

// Result is an amount with its unit; money has the unit "rupiah".
type Result struct {
	Quantity Number `json:"quantity"`
	Unit     string `json:"unit"`
}

type itemJSON struct {
	Description string   `json:"description"`
	Quantity    Number   `json:"quantity"`
	Unit        *string  `json:"unit"`
	Minutes     *int     `json:"minutes"`
	Start       *string  `json:"start"`
	End         *string  `json:"end"`
	More        []Result `json:"more,omitempty"`
	Obstacle    string   `json:"obstacle,omitempty"`
	Source      string   `json:"source"`
}

// MarshalJSON renders unknown fields as null.
func (it Item) MarshalJSON() ([]byte, error) {
	j := itemJSON{
		Description: it.Description, Quantity: it.Quantity, More: it.More, Obstacle: it.Obstacle, Source: it.Source,
		Unit: ptr(it.Unit), Start: ptr(it.Start), End: ptr(it.End), Minutes: ptr(it.Minutes),
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (it *Item) UnmarshalJSON(b []byte) error {
	var j itemJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*it = Item{
		Description: j.Description, Quantity: j.Quantity, More: j.More, Obstacle: j.Obstacle, Source: j.Source,
		Unit: val(j.Unit), Start: val(j.Start), End: val(j.End), Minutes: val(j.Minutes),
	}
	return nil
}

func ptr[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func val[T any](p *T) T {
	var v T
	if p != nil {
		v = *p
	}
	return v
}

// draft is an item while its parts are still coming in.
type draft struct {
	Item
	start, end     int // minutes of the day, -1 unknown
	dur            int
	hasDur         bool
	leading        bool // values came before the description
	from, to       int  // bytes of the cleaned message
	obstacleFrom   int
	doubts         []Doubt
	vague          bool
	noted          string // what stood behind "hasil:" without a number
	nonum          bool   // an amount was typed that needs asking
	obstacleIsOpen bool
	noteIsOpen     bool
	// bareObstacle is set when the obstacle, or a dash for none, was a field of
	// its own: what follows in the line is evidence.
	bareObstacle bool
	// weak is the description as it is when a doubtful amount in it was none
	// ("SDN Kadipiro 3", "Reviu RKA 3 OPD"): an amount in its own field proves that.
	weak string
}

func (d *draft) hasTime() bool   { return d.hasDur || d.start >= 0 || d.end >= 0 || d.vague }
func (d *draft) hasAmount() bool { return d.Quantity.Known() || d.nonum }
func (d *draft) hasValues() bool { return d.hasTime() || d.hasAmount() }

// take puts one understood value into the draft.
func (d *draft) take(s span, typed string) {
	switch s.kind {
	case spanQuantity:
		d.takeAmount(s, typed)
	case spanDuration:
		if d.hasDur {
			d.doubt(FieldMinutes, Disagrees, typed)
			return
		}
		d.dur, d.hasDur = s.minutes, true
		if s.reason != "" {
			d.doubt(FieldMinutes, s.reason, typed)
		}
	case spanRange:
		d.takeRange(s, typed)
	case spanObstacle: // the builder keeps it
	case spanVague:
		if !d.hasTime() {
			d.vague = true
			d.doubt(FieldTime, Vague, typed)
		}
	}
}

func (d *draft) takeRange(s span, typed string) {
	switch {
	case d.start < 0 && d.end < 0:
		d.start, d.end = s.start, s.end
	case d.start >= 0 && d.end < 0 && s.start >= 0 && s.end < 0:
		d.end = s.start
	case d.end < 0 && s.start < 0:
		d.end = s.end
	default:
		return
	}
	if s.reason != "" {
		d.doubt(FieldTime, s.reason, typed)
	}
}

func (d *draft) takeAmount(s span, typed string) {
	r := Result{s.num, s.unit}
	switch {
	case s.unit == "" && d.bareMinutes(s, typed):
	case s.reason == Between && !d.hasAmount():
		d.nonum, d.Unit = true, s.unit
		d.doubt(FieldQuantity, Between, typed)
	case !d.Quantity.Known() && !d.nonum, d.weak != "" && s.known && d.Unit != s.unit:
		if d.Quantity.Known() {
			d.Description, d.weak = d.weak, ""
		}
		d.Quantity, d.Unit = r.Quantity, r.Unit
		if s.reason != "" {
			d.doubt(FieldQuantity, s.reason, s.num.Indonesian())
		}
	case d.Unit == "rupiah" && !s.money && len(d.More) == 0:
		d.More = []Result{{d.Quantity, d.Unit}}
		d.Quantity, d.Unit = r.Quantity, r.Unit
	case len(d.More) < 5 && s.num.Known() && s.unit != "":
		d.More = append(d.More, r)
	}
}

// bareMinutes reads a lone number beside a range as the net minutes, and after
// "activity; 25;" or "rapat 90" as minutes that must be confirmed.
func (d *draft) bareMinutes(s span, typed string) bool {
	if d.hasDur || !s.num.Known() || s.num.milli%1000 != 0 || s.num.milli > 1440000 {
		return false
	}
	n := int(s.num.milli / 1000)
	long := span{start: d.start, end: d.end}.length()
	switch {
	case long > 0 && n <= long && n*2 >= long:
		d.dur, d.hasDur = n, true
		return true
	case (d.Quantity.Known() && n >= 5 || otherActivities[strings.ToLower(d.Description)] && n >= 15 && n%5 == 0) && !d.hasTime():
		d.dur, d.hasDur = n, true
		d.doubt(FieldMinutes, Ambiguous, typed)
		return true
	}
	return false
}

func (d *draft) doubt(f Field, r Reason, understood string) {
	d.doubts = append(d.doubts, Doubt{Field: f, Reason: r, Understood: strings.TrimSpace(understood)})
}

func (d *draft) doubted(f Field) bool {
	for _, q := range d.doubts {
		if q.Field == f {
			return true
		}
	}
	return false
}

// finish computes the minutes and says what is still to be asked.
func (d *draft) finish() (Item, []Doubt) {
	it := d.Item
	it.Start, it.End = hhmm(d.start), hhmm(d.end)
	long := span{start: d.start, end: d.end}.length()
	it.Minutes = long
	if d.hasDur {
		it.Minutes = d.dur
		if long > 0 && (d.dur > long || d.dur*2 < long) {
			d.doubt(FieldMinutes, Disagrees, it.Start+"–"+it.End)
		}
	}
	if it.Minutes == 0 && !d.doubted(FieldMinutes) && !d.doubted(FieldTime) {
		d.doubt(FieldMinutes, Missing, "")
	}
	if it.Description == "" {
		d.doubt(FieldDescription, Missing, "")
	}
	switch {
	case !it.Quantity.Known() && !d.doubted(FieldQuantity):
		d.doubt(FieldQuantity, Missing, d.noted)
	case it.Quantity.Known() && it.Unit == "":
		d.doubt(FieldUnit, NoUnit, it.Quantity.Indonesian())
	}
	return it, sortDoubts(d.doubts)
}

// sortDoubts puts the doubts of one item in the order of the questions.
func sortDoubts(in []Doubt) []Doubt {
	var out []Doubt
	for _, f := range [...]Field{FieldDescription, FieldQuantity, FieldUnit, FieldMinutes, FieldTime} {
		for _, q := range in {
			if q.Field == f {
				out = append(out, q)
			}
		}
	}
	return out
}
