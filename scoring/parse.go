package scoring

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

//go:embed *.toml
var profiles embed.FS

// Solo is the rubric that is built in, the documented default.
func Solo() Rubric {
	r, err := Parse(strings.NewReader(string(Profile("solo"))))
	if err != nil {
		panic(err) // the file is part of the program and tested with it
	}
	return r
}

// Profiles are the names of the rubrics that come with the program: the default, and
// formulas of other governments to start from or to compare with.
func Profiles() []string { return []string{"solo", "barru", "dki", "kebumen", "bogor"} }

// Profile is the text of a rubric that comes with the program; nil for any other name.
func Profile(name string) []byte {
	raw, err := profiles.ReadFile(name + ".toml")
	if err != nil {
		return nil
	}
	return raw
}

// Parse reads a file that holds exactly one rubric.
func Parse(r io.Reader) (Rubric, error) {
	all, err := ParseAll(r)
	if err != nil {
		return Rubric{}, err
	}
	if len(all) != 1 {
		return Rubric{}, fmt.Errorf("read rubric: got %d, want one", len(all))
	}
	return all[0], nil
}

// ParseAll reads a file of [[rubric]] tables, solo.toml being the model. Every
// key must be known and every rule of Check must hold; no two rubrics may be in
// force on the same day. An error names the line and the key.
func ParseAll(r io.Reader) ([]Rubric, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read rubric: %w", err)
	}
	var f rubricFile
	meta, err := toml.Decode(string(raw), &f)
	if err != nil {
		return nil, syntaxError(err)
	}
	text := source(raw)
	if extra := meta.Undecoded(); len(extra) > 0 {
		return nil, text.unknown(extra[0])
	}
	out := make([]Rubric, len(f.Rubric))
	for i, t := range f.Rubric {
		rubric, bad := t.rubric()
		if bad == nil {
			bad = rubric.firstFault()
		}
		if bad != nil {
			return nil, text.at(i, bad)
		}
		out[i] = rubric
	}
	if i, bad := checkRanges(out); bad != nil {
		return nil, text.at(i, bad)
	}
	return out, nil
}

func syntaxError(err error) error {
	if pe, ok := errors.AsType[toml.ParseError](err); ok {
		return fmt.Errorf("read rubric: line %d: %s: %s", pe.Position.Line, pe.LastKey, pe.Message)
	}
	return fmt.Errorf("read rubric: %w", err)
}

type rubricFile struct {
	Rubric []rubricTable `toml:"rubric"`
}

type rubricTable struct {
	Name    string `toml:"name"`
	Version string `toml:"version"`
	From    date   `toml:"from"`
	To      date   `toml:"to"`
	Basis   string `toml:"basis"`
	Target  int    `toml:"target_minutes"`
	Minutes struct {
		Cap        Cap    `toml:"cap"`
		Month      int    `toml:"month_target"`
		Additional number `toml:"additional"`
	} `toml:"minutes"`
	Days struct {
		Excused FreeDay `toml:"excused"`
		Waived  FreeDay `toml:"waived"`
	} `toml:"days"`
	Weights struct {
		Minutes     number `toml:"minutes"`
		Punctual    number `toml:"punctual"`
		Suitability number `toml:"suitability"`
	} `toml:"weights"`
	Punctual struct {
		OnTime  number `toml:"on_time"`
		Late    number `toml:"late"`
		Missing number `toml:"missing"`
	} `toml:"punctual"`
	Suitability struct {
		Sesuai     number `toml:"sesuai"`
		Cukup      number `toml:"cukup"`
		Kurang     number `toml:"kurang"`
		Tidak      number `toml:"tidak"`
		Unreviewed number `toml:"unreviewed"`
	} `toml:"suitability"`
	Index struct {
		P number `toml:"p"`
		D number `toml:"d"`
	} `toml:"index"`
	Attendance struct {
		DayCap   number         `toml:"day_cap"`
		Class    []classTable   `toml:"class"`
		Presence *presenceTable `toml:"presence"`
		Ceiling  *ceilingTable  `toml:"ceiling"`
	} `toml:"attendance"`
	Given []givenTable `toml:"given"`
}

type givenTable struct {
	Code   string `toml:"code"`
	Weight number `toml:"weight"`
	Share  number `toml:"share"`
}

type presenceTable struct {
	Days    number `toml:"days"`
	Hours   number `toml:"hours"`
	FullDay int    `toml:"full_day"`
}

type ceilingTable struct {
	PerMinute int `toml:"per_minute"`
	NoIn      int `toml:"no_in"`
	NoOut     int `toml:"no_out"`
	Absent    int `toml:"absent"`
}

type classTable struct {
	Code    string `toml:"code"`
	Kind    Kind   `toml:"kind"`
	From    int    `toml:"from"`
	To      int    `toml:"to"`
	Percent number `toml:"percent"`
}

// number is a decimal of the file. A value that is none, or none at all, is
// noted and reported later, when the line is known.
type number struct {
	value decimal.Decimal
	set   bool
	bad   string
}

// UnmarshalTOML takes 1, 0.75 and "0.75".
func (n *number) UnmarshalTOML(v any) error {
	n.set = true
	switch v := v.(type) {
	case int64:
		n.value = decimal.New(v, 0)
	case float64:
		if v != v || v > 1e9 || v < -1e9 {
			n.bad = fmt.Sprint(v)
			return nil
		}
		n.value = decimal.NewFromFloat(v) // the shortest decimal: what was written
	case string:
		d, err := decimal.NewFromString(v)
		if err == nil && d.Exponent() <= kept { // 1e999999999 is short to write and endless to add
			n.value = d
		} else {
			n.bad = v
		}
	default:
		n.bad = fmt.Sprint(v)
	}
	return nil
}

// date is a civil date of the file.
type date struct {
	day roster.Day
	bad string
}

// UnmarshalTOML takes 2026-01-31 and "2026-01-31".
func (d *date) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case time.Time:
		d.day = roster.DayOf(v)
	case string:
		day, err := roster.ParseDay(v)
		if err != nil {
			d.bad = v
		}
		d.day = day
	default:
		d.bad = fmt.Sprint(v)
	}
	return nil
}

// reading collects the first bad value of a table, so that the conversion below
// stays a list.
type reading struct{ bad *fault }

func (x *reading) number(key string, n number) decimal.Decimal {
	switch {
	case x.bad != nil:
	case !n.set:
		x.bad = &fault{key, "is missing, want a number"}
	case n.bad != "":
		x.bad = &fault{key, fmt.Sprintf("got %q, want a number", n.bad)}
	case n.value.Exponent() < -kept:
		x.bad = &fault{key, fmt.Sprintf("got %s, want at most %d decimals", n.value, kept)}
	}
	return n.value
}

func (x *reading) day(key string, d date) roster.Day {
	if x.bad == nil && d.bad != "" {
		x.bad = &fault{key, fmt.Sprintf("got %q, want a day as 2026-01-31", d.bad)}
	}
	return d.day
}

func (t rubricTable) rubric() (Rubric, *fault) {
	var x reading
	r := Rubric{
		Name: t.Name, Version: t.Version, Basis: t.Basis, Target: t.Target,
		From: x.day("from", t.From), To: x.day("to", t.To),
		Minutes: MinutesRule{Cap: t.Minutes.Cap, Month: t.Minutes.Month},
		Days:    FreeDays{Excused: t.Days.Excused, Waived: t.Days.Waived},
		Weights: Weights{
			Minutes:     x.number("weights.minutes", t.Weights.Minutes),
			Punctual:    x.number("weights.punctual", t.Weights.Punctual),
			Suitability: x.number("weights.suitability", t.Weights.Suitability),
		},
		Index: Index{P: x.number("index.p", t.Index.P), D: x.number("index.d", t.Index.D)},
	}
	if t.Minutes.Additional.set {
		r.Minutes.Additional = new(x.number("minutes.additional", t.Minutes.Additional))
	}
	for i, g := range t.Given {
		key := fmt.Sprintf("given[%d]", i)
		r.Given = append(r.Given, Given{Code: g.Code, Weight: x.number(key+".weight", g.Weight), Share: x.number(key+".share", g.Share)})
	}
	t.shares(&x, &r)
	t.attendance(&x, &r)
	return r, x.bad
}

// shares are those of the parts that have a weight at all.
func (t rubricTable) shares(x *reading, r *Rubric) {
	if !r.Weights.Punctual.IsZero() {
		r.Punctual = Punctual{
			OnTime:  x.number("punctual.on_time", t.Punctual.OnTime),
			Late:    x.number("punctual.late", t.Punctual.Late),
			Missing: x.number("punctual.missing", t.Punctual.Missing),
		}
	}
	if !r.Weights.Suitability.IsZero() {
		r.Suitability = Suitabilities{
			Sesuai:     x.number("suitability.sesuai", t.Suitability.Sesuai),
			Cukup:      x.number("suitability.cukup", t.Suitability.Cukup),
			Kurang:     x.number("suitability.kurang", t.Suitability.Kurang),
			Tidak:      x.number("suitability.tidak", t.Suitability.Tidak),
			Unreviewed: x.number("suitability.unreviewed", t.Suitability.Unreviewed),
		}
	}
}

// attendance is the discipline table, or what stands in its place.
func (t rubricTable) attendance(x *reading, r *Rubric) {
	a := t.Attendance
	if p := a.Presence; p != nil {
		r.Presence = &PresenceRule{
			Days:  x.number("attendance.presence.days", p.Days),
			Hours: x.number("attendance.presence.hours", p.Hours), FullDay: p.FullDay,
		}
	}
	if c := a.Ceiling; c != nil {
		r.Ceiling = &CeilingRule{PerMinute: c.PerMinute, NoIn: c.NoIn, NoOut: c.NoOut, Absent: c.Absent}
	}
	if a.DayCap.set || len(a.Class) > 0 || r.Presence == nil && r.Ceiling == nil {
		r.DayCap = x.number("attendance.day_cap", a.DayCap)
	}
	for i, c := range a.Class {
		percent := x.number(fmt.Sprintf("attendance.class[%d].percent", i), c.Percent)
		r.Discipline = append(r.Discipline, Class{Code: c.Code, Kind: c.Kind, From: c.From, To: c.To, Percent: percent})
	}
}
