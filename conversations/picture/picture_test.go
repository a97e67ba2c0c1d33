package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/go-analyze/charts"

	"ekinerja/roster"
)

const maxBytes = 40 << 10

var (
	words = Legend{
		OnTime: "Tepat waktu", Late: "Terlambat", Missing: "Tidak lapor",
		Off: "Tidak wajib", Holiday: "Libur", Waiting: "Menunggu",
	}
	longName = "Raden Ajeng Kusumaningtyas Wulandari Putri, S.Sos., M.Si."
	mean     = &Level{Label: "Pekan lalu 88,0", Value: 88}
)

// drawn renders, demands a size within the limit, and decodes.
func drawn(t *testing.T, render func() ([]byte, error)) *image.Paletted {
	t.Helper()
	raw, err := render()
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > maxBytes {
		t.Errorf("%d bytes, want at most %d", len(raw), maxBytes)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := img.(*image.Paletted)
	if !ok || p.Rect.Dx() != width {
		t.Fatalf("got %T of %v, want a palette and %d wide", img, img.Bounds(), width)
	}
	margins(t, p)
	return p
}

// margins demands an empty edge all around: text that ran over would touch it.
func margins(t *testing.T, p *image.Paletted) {
	t.Helper()
	corner := p.ColorIndexAt(0, 0)
	for y := range p.Rect.Dy() {
		line := p.Pix[y*p.Stride : y*p.Stride+width]
		for _, edge := range [][]byte{line[:28], line[width-28:]} {
			if bytes.Count(edge, []byte{corner}) != len(edge) {
				t.Fatalf("ink in the margin of line %d", y)
			}
		}
	}
	for x := range width {
		if p.ColorIndexAt(x, p.Rect.Dy()-1) != corner || p.ColorIndexAt(x, 3) != corner {
			t.Fatalf("ink in the margin at column %d", x)
		}
	}
}

// pixels counts the pixels of exactly this colour.
func pixels(p *image.Paletted, c charts.Color) (n int) {
	for i, entry := range p.Palette {
		if entry == (color.RGBA{c.R, c.G, c.B, 255}) {
			n += bytes.Count(p.Pix, []byte{byte(i)})
		}
	}
	return n
}

func week(n int) WeekChart {
	w := WeekChart{Title: "Rekap 16–20 November 2026", Subtitle: longName, Previous: mean, Legend: words, Nothing: "Tidak ada hari wajib lapor"}
	states := []State{OnTime, Late, Missing, Off, Holiday, Waiting}
	for i := range n {
		v := float64((i*37 + 60) % 101)
		w.Days = append(w.Days, Day{Label: "Sen " + strconv.Itoa(i+16), State: states[i%len(states)], Value: v, Text: strconv.Itoa(int(v))})
	}
	return w
}

func TestWeek(t *testing.T) {
	t.Parallel()
	odd := week(5)
	odd.Days[0].Value, odd.Days[1].Value = math.NaN(), math.Inf(1)
	odd.Days[2].Text, odd.Days[0].Label = strings.Repeat("9", 80), longName
	odd.Previous = &Level{Label: strings.Repeat(longName, 4), Value: -20}
	odd.Title = strings.Repeat(longName+" ", 5)
	bare := week(5)
	bare.Previous, bare.Legend = nil, Legend{}
	for name, w := range map[string]WeekChart{
		"none": week(0), "one": week(1), "five": week(5), "six": week(6), "month": week(31), "odd": odd, "bare": bare,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drawn(t, func() ([]byte, error) { return Week(w) })
		})
	}
}

func TestSameChartSameBytes(t *testing.T) {
	t.Parallel()
	first, err := Week(week(6))
	again, errAgain := Week(week(6))
	if err != nil || errAgain != nil || !bytes.Equal(first, again) {
		t.Errorf("two drawings differ: %d and %d bytes, %v, %v", len(first), len(again), err, errAgain)
	}
}

func TestWeekHeightIsTheValue(t *testing.T) {
	t.Parallel()
	area := func(s State, v float64) int {
		w := WeekChart{Title: "x", Days: []Day{{Label: "Sen", State: s, Value: v, Text: "1"}}}
		fill := map[State]charts.Color{OnTime: blue, Late: orange, Missing: red}[s]
		return pixels(drawn(t, func() ([]byte, error) { return Week(w) }), fill)
	}
	full, half := area(OnTime, 100), area(OnTime, 50)
	if ratio := float64(full) / float64(half); ratio < 1.98 || ratio > 2.05 {
		t.Errorf("100 covers %.2f times what 50 covers, want 2: the axis must begin at 0", ratio)
	}
	if over := area(OnTime, 250); over != full {
		t.Errorf("250 covers %d, 100 covers %d: the axis must end at 100", over, full)
	}
	if late := area(Late, 100); late < full-50 || late > full+50 {
		t.Errorf("a late 100 covers %d, on time %d", late, full)
	}
	if missing := area(Missing, 100); missing == 0 || missing > full/10 {
		t.Errorf("a missing day covers %d, want a small mark", missing)
	}
}

func team(n int) TeamChart {
	c := TeamChart{Title: "Tim Bidang Pendaftaran Penduduk", Subtitle: "16–20 November 2026", Mean: mean, Count: "Jumlah orang", Nothing: "Belum ada anggota"}
	for i := range n {
		c.Rows = append(c.Rows, Row{Name: string(rune('A'+i%26)) + longName, Value: float64(i * 37 % 101), Text: "100,0", None: i%9 == 8})
	}
	return c
}

func TestTeam(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, MostNames, MostNames + 1, 500} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			p := drawn(t, func() ([]byte, error) { return Team(team(n)) })
			if n > 0 && pixels(p, blue) == 0 {
				t.Error("no bar")
			}
		})
	}
}

func TestTeamWithoutScores(t *testing.T) {
	t.Parallel()
	for _, n := range []int{3, 40} {
		c := team(n)
		c.Mean = nil
		for i := range c.Rows {
			c.Rows[i].None = true
		}
		if p := drawn(t, func() ([]byte, error) { return Team(c) }); pixels(p, blue) != 0 {
			t.Errorf("%d people without a score have bars", n)
		}
	}
}

// A supervisor must not read a ranking out of the order.
func TestTeamIsInTheOrderOfNames(t *testing.T) {
	t.Parallel()
	rows := []Row{{Name: "Wati", Value: 100}, {Name: "budi", Value: 10}, {Name: "Agus", Value: 50}}
	got := byName(rows)
	if got[0].Name != "Agus" || got[1].Name != "budi" || got[2].Name != "Wati" || rows[0].Name != "Wati" {
		t.Errorf("got %v from %v", got, rows)
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 4, 30} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			g := GroupChart{Title: "Kepatuhan " + longName, Subtitle: "per pekan", Target: mean, Nothing: "Belum ada data"}
			for i := range n {
				g.Weeks = append(g.Weeks, Rate{Label: "16–20 Nov", Value: 90, Text: "90 %", None: i == 2})
			}
			p := drawn(t, func() ([]byte, error) { return Group(g) })
			if n > 0 && pixels(p, blue) == 0 || n > 1 && pixels(p, sky) == 0 {
				t.Error("this week and the weeks before are not both there")
			}
		})
	}
}

func TestShift(t *testing.T) {
	t.Parallel()
	chart := ShiftChart{
		Title: longName, Subtitle: longName, Before: [10]int{0, 0, 3, 10, 40, 90, 300, 1200, 4000, 5000},
		After: [10]int{1, 0, 9, 10, 70, 190, 500, 2200, 4100, 3563}, BeforeIs: "solo 2026.1", AfterIs: "solo 2027.1", Count: "% dari seluruh skor", Nothing: "Tidak ada skor",
	}
	p := drawn(t, func() ([]byte, error) { return Shift(chart) })
	if pixels(p, blue) == 0 || pixels(p, sky) == 0 {
		t.Error("a distribution is missing")
	}
	if drawn(t, func() ([]byte, error) { return Shift(ShiftChart{Nothing: "Tidak ada skor"}) }); t.Failed() {
		t.Error("nothing to draw")
	}
}

func TestMonth(t *testing.T) {
	t.Parallel()
	for _, month := range []string{"2026-08-31", "2026-12-01", "2027-02-01"} {
		t.Run(month, func(t *testing.T) {
			t.Parallel()
			today := roster.MustDay(month)
			m := MonthChart{
				Title: "Bulan", Subtitle: longName, Month: today, Today: today, TodayIs: "Hari ini", Legend: words,
				Weekdays: [7]string{"Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"}, Days: map[roster.Day]State{},
			}
			first := today.FirstOfMonth()
			for i := -5; i < 40; i++ {
				m.Days[first.Add(i)] = State((i + 6) % 6)
			}
			p := drawn(t, func() ([]byte, error) { return Month(m) })
			for name, c := range map[string]charts.Color{
				"on time": blue, "late": orange, "missing": red, "off": faint, "holiday": purple, "today": ink,
			} {
				if pixels(p, c) < 100 {
					t.Errorf("%s: %d pixels of its colour", name, pixels(p, c))
				}
			}
		})
	}
}

// The same states in another month, or another year, must not show.
func TestMonthComparesTheYear(t *testing.T) {
	t.Parallel()
	m := MonthChart{
		Title: "Januari", Month: roster.MustDay("2027-01-15"), Legend: words,
		Days: map[roster.Day]State{roster.MustDay("2026-01-05"): OnTime, roster.MustDay("2026-12-31"): OnTime},
	}
	if n := pixels(drawn(t, func() ([]byte, error) { return Month(m) }), blue); n != 0 {
		t.Errorf("%d pixels of days outside the month", n)
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	c := newCanvas(40)
	f := plain(24, ink)
	for _, s := range []string{"", "a", longName, strings.Repeat("m", 500), "dua\nbaris  dan\tspasi", "ꦱꦭ 😀"} {
		for _, room := range []int{0, 5, 60, 400} {
			got := c.clip(s, room, f)
			if w := c.wide(got, f); w > room {
				t.Errorf("clip(%.20q, %d) = %q is %d wide", s, room, got, w)
			}
			if strings.ContainsAny(got, "\n\t") {
				t.Errorf("clip(%q) = %q keeps a line break", s, got)
			}
		}
	}
	if got := c.clip("Siti Aminah", 400, f); got != "Siti Aminah" {
		t.Errorf("a short name became %q", got)
	}
}

func BenchmarkWeek(b *testing.B) {
	w := week(5)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Week(w); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTeamOfMostNames(b *testing.B) {
	c := team(MostNames)
	for b.Loop() {
		if _, err := Team(c); err != nil {
			b.Fatal(err)
		}
	}
}
