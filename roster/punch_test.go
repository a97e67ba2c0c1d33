package roster

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// jakarta is the zone of the machines.
func jakarta() *time.Location { return time.FixedZone("WIB", 7*3600) }

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, jakarta())
	if err != nil {
		panic(err)
	}
	return t
}

func TestParsePunch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line string
		want Punch
		bad  bool
	}{
		"a file's":          {"        1\t2026-11-23 07:12:05\t1\t0\t1\t0", Punch{PIN: "1", At: at("2026-11-23 07:12:05")}, false},
		"a push's, CRLF":    {"1017\t2026-11-23 07:12:05\t0\t15\t\t0\t0\r", Punch{PIN: "1017", At: at("2026-11-23 07:12:05")}, false},
		"two columns":       {"7\t2026-11-23 07:12:05", Punch{PIN: "7", At: at("2026-11-23 07:12:05")}, false},
		"zeros before":      {"00000042\t2026-11-23 07:12:05\t1", Punch{PIN: "42", At: at("2026-11-23 07:12:05")}, false},
		"letters":           {"A17\t2026-11-23 07:12:05\t1", Punch{PIN: "A17", At: at("2026-11-23 07:12:05")}, false},
		"no tab":            {"1,2026-11-23 07:12:05,1,0", Punch{}, true},
		"serial number":     {"CGKK223862906", Punch{}, true},
		"no such day":       {"1\t2026-02-30 07:12:05\t1", Punch{}, true},
		"the last century":  {"1\t1999-12-31 23:59:59\t1", Punch{}, true},
		"PIN 0":             {"0\t2026-11-23 07:12:05\t1", Punch{}, true},
		"PIN of words":      {"Sri Wahyuni\t2026-11-23 07:12:05\t1", Punch{}, true},
		"a PIN too long":    {strings.Repeat("9", 25) + "\t2026-11-23 07:12:05", Punch{}, true},
		"a template's line": {"FP PIN=1\tFID=6\tSize=4\tValid=1\tTMP=AAAA", Punch{}, true},
		"nothing":           {"", Punch{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := ParsePunch(c.line, jakarta())
			if ok == c.bad {
				t.Fatalf("ok = %v", ok)
			}
			if ok && (got.PIN != c.want.PIN || !got.At.Equal(c.want.At)) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestReadPunchesOfManyTools(t *testing.T) {
	t.Parallel()
	want := []Punch{{PIN: "12", At: at("2026-11-23 07:12:05")}, {PIN: "12", At: at("2026-11-23 16:03:00")}}
	for name, c := range map[string]struct {
		file  string
		names map[string]string
	}{
		"attlog.dat":          {"  12\t2026-11-23 07:12:05\t1\t0\t1\t0\r\n  12\t2026-11-23 16:03:00\t1\t1\t1\t0\r\n", nil},
		"attlog, serial":      {"CGKK223862906\n12\t2026-11-23 07:12:05\t1\n12\t2026-11-23 16:03:00\t1\n", nil},
		"one cell":            {"No. ID;Nama;Waktu\n12;Sri;23/11/2026 07:12:05\n12;Sri;23/11/2026 16.03\n", nil},
		"two cells":           {"PIN,Tanggal,Jam\n12,2026-11-23,07:12:05\n12,2026-11-23,4:03 PM\n", nil},
		"a row a day":         {"PIN\tTanggal\tMasuk\tPulang\n12\t23-11-2026\t07:12:05\t16:03\n", nil},
		"names of their own":  {"Nomor Mesin,Stempel\n12,2026-11-23 07:12:05\n12,2026-11-23T16:03:00\n", map[string]string{"pin": "Nomor Mesin", "waktu": "Stempel"}},
		"Excel's own figures": {"pin,waktu\n12,46349.300057870370\n12,46349.66875\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := ReadPunches(strings.NewReader(c.file), PunchQuery{Zone: jakarta(), Names: c.names})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(want, got.Punches); diff != "" {
				t.Errorf("punches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadPunchesTellsEveryFault(t *testing.T) {
	t.Parallel()
	_, problems := ReadPunches(strings.NewReader("pin,waktu\n,2026-11-23 07:12\n12,kemarin\n12,11/23/2026 07:12\n12,2026-11-23 07:12\n"), PunchQuery{Zone: jakarta()})
	lines := []int{}
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{2, 3, 4}, lines); diff != "" {
		t.Errorf("lines of problems (-want +got):\n%s\n%v", diff, problems)
	}
	_, problems = ReadPunches(strings.NewReader("pin,waktu\n12,x\n"), PunchQuery{Zone: jakarta(), Names: map[string]string{"jari": "Finger"}})
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "jari") {
		t.Errorf("a wrong --map: %v", problems)
	}
}

// TestPunchLinesNeverPanicOrInvent: whatever the bytes, each punch has a clean PIN
// and stands in the text.
func FuzzReadPunchLines(f *testing.F) {
	f.Add("12\t2026-11-23 07:12:05\t1\n")
	f.Add("FP PIN=1\tTMP=x\n\x00\x01\t\t\t")
	f.Fuzz(func(t *testing.T, text string) {
		got, skipped := ReadPunchLines(text, jakarta())
		if lines := strings.Count(text, "\n") + 1; len(got)+skipped > lines {
			t.Fatalf("%d punches and %d skipped of %d lines", len(got), skipped, lines)
		}
		for _, p := range got {
			if clean, ok := CleanPIN(p.PIN); !ok || clean != p.PIN || !strings.Contains(text, p.PIN) {
				t.Fatalf("PIN %q", p.PIN)
			}
		}
	})
}

func TestSkew(t *testing.T) {
	t.Parallel()
	now := at("2026-11-23 07:30:00")
	one := func(text string) []Punch { return []Punch{{PIN: "1", At: at(text)}} }
	var s Skew
	if s = s.After(one("2026-11-23 07:29:50"), now); s.Wrong() {
		t.Fatalf("a right clock: %+v", s)
	}
	if s = s.After(one("2026-11-23 08:29:50"), now); !s.Wrong() || s.Off < 59*time.Minute {
		t.Fatalf("an hour ahead: %+v", s)
	}
	if s = s.After(one("2026-11-23 07:30:10"), now); s.Wrong() {
		t.Fatalf("set right again: %+v", s)
	}
	night := []Punch{{PIN: "1", At: at("2026-11-22 21:00:00")}, {PIN: "2", At: at("2026-11-22 23:00:00")}}
	for range 5 {
		if s = s.After(night, now); s.Wrong() {
			t.Fatal("many old ones after a night without network are right")
		}
	}
	for i := range skewTimes {
		if s.Wrong() {
			t.Fatalf("blamed after %d", i)
		}
		s = s.After(one("2026-11-23 07:10:00"), now)
	}
	if !s.Wrong() || s.Off > -19*time.Minute {
		t.Fatalf("twenty minutes behind, again and again: %+v", s)
	}
	punches := append(one("2026-11-23 07:29:00"), one("2026-11-24 07:00:00")...)
	Skew{}.Mark(punches, now)
	if punches[0].Doubt || !punches[1].Doubt {
		t.Errorf("a punch of the future doubts itself: %+v", punches)
	}
}

func TestPINs(t *testing.T) {
	t.Parallel()
	q := PINQuery{People: map[string]EmployeeID{"198001012005011001": 1, "198502022010012002": 2}, Devices: []string{"A1"}, Today: MustDay("2026-11-23")}
	file := "nip,pin,mesin,mulai,sampai\n198001012005011001,0017,,,\n198502022010012002,17,A1,,\n198502022010012002,18,,2026-01-01,2026-06-30\n198001012005011001,18,,2026-07-01,\n"
	pins, problems := ReadPINs(strings.NewReader(file), q)
	if len(problems) > 0 || len(pins) != 4 || pins[0].PIN != "17" {
		t.Fatalf("%+v, %v", pins, problems)
	}
	_, problems = ReadPINs(strings.NewReader("nip,pin\n198001012005011001,17\n198502022010012002,17\n"), q)
	if len(problems) != 1 || problems[0].Line != 3 {
		t.Errorf("one PIN of two people: %v", problems)
	}
	_, problems = ReadPINs(strings.NewReader("nip,pin,mesin\n198001012005011001,17,B9\n"), q)
	if len(problems) != 1 {
		t.Errorf("a machine nobody added: %v", problems)
	}
}

// TestComparePINsGivesEachPINOnce: after any file, no PIN of a machine is two
// people's on a day, and the same file again changes nothing.
func TestComparePINsGivesEachPINOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var stored []PIN
		for range rapid.IntRange(1, 4).Draw(t, "files") {
			var file []PIN
			for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
				p := PIN{
					Employee: EmployeeID(rapid.IntRange(1, 3).Draw(t, "who")), PIN: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "pin"),
					Device: rapid.SampledFrom([]string{"", "A"}).Draw(t, "device"), Line: i + 2,
					From: MustDay("2026-01-01").Add(rapid.IntRange(0, 20).Draw(t, "from")),
				}
				if rapid.Bool().Draw(t, "ends") {
					p.To = p.From.Add(rapid.IntRange(0, 10).Draw(t, "to"))
				}
				if file = append(file, p); len(SharedPINs(file)) > 0 {
					file = file[:len(file)-1]
				}
			}
			for _, c := range ComparePINs(stored, file) {
				stored = c.applied(stored)
			}
			if shared := SharedPINs(stored); len(shared) > 0 {
				t.Fatalf("shared: %+v", shared)
			}
		}
	})
}
