package roster

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// PIN is whose number a PIN is, on one machine or, with an empty Device, on all
// of them, and on which days. A zero To has no end.
type PIN struct {
	Employee EmployeeID
	PIN      string
	Device   string // its serial number
	From, To Day    // both included
	Line     int    // of the file
	ID       int64  // of the stored row
}

func pinColumns() []columnDef {
	return []columnDef{
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai"}},
		{colName, false, []string{"nama", "name", "nama lengkap"}}, // for people to read
		{colPIN, true, []string{"pin", "no id", "id mesin", "no absen"}},
		{colDevice, false, []string{"mesin", "sn", "nomor seri", "device", "serial"}},
		{colFrom, false, []string{"mulai", "dari", "from", "berlaku mulai"}},
		{colTo, false, []string{"sampai", "selesai", "s d", "to", "until"}},
	}
}

// PINQuery is what a list of PINs is about.
type PINQuery struct {
	People  map[string]EmployeeID // by number
	Devices []string              // serial numbers that are known
	Today   Day                   // from when a row without a first day holds
}

// ReadPINs reads whose PIN is whose: nip, pin and, where they differ by machine,
// mesin (the serial number), mulai, sampai. A PIN is never guessed from a NIP: its
// last four digits are somebody else's too in a city.
func ReadPINs(r io.Reader, q PINQuery) ([]PIN, []Problem) {
	s, err := readSheetOf(r, pinColumns())
	if err != nil {
		return nil, []Problem{unreadable(err)}
	}
	var out []PIN
	for _, row := range s.rows {
		before := len(s.problems)
		p := PIN{
			Employee: s.person(row, colNumber, q.People), Device: s.cell(row, colDevice),
			From: s.date(row, colFrom), To: s.date(row, colTo), Line: row.Line,
		}
		var ok bool
		if p.PIN, ok = CleanPIN(s.cell(row, colPIN)); !ok {
			s.bad(row, colPIN, "this is not a PIN of a machine", "write the number by which the machine knows the person")
		}
		if p.Device != "" && !slices.Contains(q.Devices, p.Device) {
			s.bad(row, colDevice, "no machine has this serial number", "add it first: ekinerja attendance device add")
		}
		if p.From.IsZero() {
			p.From = q.Today
		}
		if !p.To.IsZero() && p.To.Before(p.From) {
			s.bad(row, colTo, "the last day is before the first", "correct one of the two dates")
		}
		if len(s.problems) == before {
			out = append(out, p)
		}
	}
	s.shared(out)
	sortProblems(s.problems)
	return out, s.problems
}

// shared finds PINs that two people would have on the same machine and day.
func (s *sheet) shared(pins []PIN) {
	for _, c := range SharedPINs(pins) {
		i := slices.IndexFunc(s.rows, func(r Row) bool { return r.Line == c[1].Line })
		s.bad(s.rows[i], colPIN, fmt.Sprintf("line %d gives the same PIN to somebody else", c[0].Line),
			"ask the machine's keeper whose it is; write mulai and sampai when it changed hands, or mesin when machines differ")
	}
}

// SharedPINs are pairs of rows by which one PIN of one machine is two people's on
// the same day. One that holds for a machine and one that holds for all are no
// pair: the machine's own wins there.
func SharedPINs(pins []PIN) (pairs [][2]PIN) {
	sorted := slices.SortedStableFunc(slices.Values(pins), func(a, b PIN) int {
		return cmp.Or(cmp.Compare(a.PIN, b.PIN), cmp.Compare(a.Device, b.Device), cmp.Compare(a.Line, b.Line))
	})
	for i, a := range sorted {
		for _, b := range sorted[i+1:] {
			if a.PIN != b.PIN || a.Device != b.Device {
				break
			}
			if a.Employee != b.Employee && a.overlaps(b) {
				pairs = append(pairs, [2]PIN{a, b})
			}
		}
	}
	return pairs
}

func (p PIN) overlaps(o PIN) bool {
	return (o.To.IsZero() || !p.From.After(o.To)) && (p.To.IsZero() || !o.From.After(p.To))
}

// PINChange is what a row of a file changes. Ends are stored rows that hold no
// longer from New.From on, or never did; Gives: New is to be stored.
type PINChange struct {
	New   PIN
	Ends  []PIN
	Gives bool
}

// ComparePINs tells what rows of a file change of what is stored. A PIN that was
// somebody else's is theirs until the day before.
func ComparePINs(stored, file []PIN) []PINChange {
	var out []PINChange
	have := slices.Clone(stored)
	for _, n := range file {
		c := PINChange{New: n, Gives: true}
		for _, o := range have {
			switch {
			case o.PIN != n.PIN || o.Device != n.Device || !o.overlaps(n):
				continue
			case o.Employee == n.Employee && !o.From.After(n.From) && o.To == n.To:
				c.Gives = false // known already
			case o.Employee == n.Employee && o.From.Before(c.New.From):
				c.New.From = o.From
				c.Ends = append(c.Ends, o)
			default:
				c.Ends = append(c.Ends, o)
			}
		}
		if !c.Gives && len(c.Ends) == 0 {
			continue
		}
		out = append(out, c)
		have = c.applied(have)
	}
	return out
}

func (c PINChange) applied(have []PIN) []PIN {
	var out []PIN
	for _, o := range have {
		if !slices.Contains(c.Ends, o) {
			out = append(out, o)
		} else if o.From.Before(c.New.From) {
			o.To = c.New.From.Add(-1)
			out = append(out, o)
		}
	}
	if c.Gives {
		out = append(out, c.New)
	}
	return out
}
