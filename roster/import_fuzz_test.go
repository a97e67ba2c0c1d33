package roster

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func isErr(err, want error) bool { return errors.Is(err, want) }

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(head + budi + ",Budi,Kominfo,,0812\n"))
	f.Add([]byte("\xff\xfen\x00i\x00p\x00"))
	f.Add([]byte("sep=;\nnip;\"nama\nopd"))
	var book bytes.Buffer
	if err := WriteXLSX(&book, []Employee{{Number: budi, Name: "Budi", OPD: "Kominfo"}}); err != nil {
		f.Fatal(err)
	}
	f.Add(book.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := ReadTable(bytes.NewReader(b))
		if err != nil {
			return
		}
		last := 0
		for _, r := range table.Rows {
			if r.Line <= last || r.blank() {
				t.Fatalf("row on line %d after line %d: %q", r.Line, last, r.Cells)
			}
			last = r.Line
		}
		Parse(table, nil)
	})
}

// FuzzParse gives cells as lines and fields as the given text has them, and
// demands of every accepted person what the rest of the program relies on.
func FuzzParse(f *testing.F) {
	f.Add(budi + "|Budi|Kominfo||0812\n" + ani + "|Ani|Kominfo|" + budi + "|")
	f.Add("'=x|'|=1|1E+5|+")
	f.Fuzz(func(t *testing.T, s string) {
		table := Table{Rows: []Row{{1, []string{"nip", "nama", "opd", "atasan", "hp", "jenis", "unit"}}}}
		for i, line := range strings.Split(s, "\n") {
			table.Rows = append(table.Rows, Row{i + 2, strings.Split(line, "|")})
		}
		im, problems := Parse(table, nil)
		for i := 1; i < len(problems); i++ {
			if problems[i-1].Line > problems[i].Line {
				t.Fatalf("out of order: %v", problems)
			}
		}
		seen := map[string]bool{}
		for _, r := range im.Rows {
			e := r.Employee
			if e.Number == "" || e.Name == "" || e.OPD == "" || e.Kind == "" || seen[e.Number] || e.Supervisor == e.Number {
				t.Fatalf("accepted %+v", e)
			}
			seen[e.Number] = true
		}
	})
}

// city is a roster of n people, ten to a supervisor, as CSV.
func city(n int) string {
	var b strings.Builder
	b.WriteString("nip,nama,jenis,jabatan,opd,unit,nip_atasan,hp,pola_kerja,bahasa\n")
	nip := func(i int) string { return fmt.Sprintf("1986%02d%02d2015051%03d", i/999/28+1, i/999%28+1, i%999+1) }
	for i := range n {
		boss := ""
		if i > 0 {
			boss = nip(i / 10)
		}
		fmt.Fprintf(&b, "%s,Pegawai Nomor %d,PNS,Pelaksana,Dinas %d,Bidang %d,%s,08%010d,5HK,id\n",
			nip(i), i, i%50, i%7, boss, 1200000000+i)
	}
	return b.String()
}

func TestParseACity(t *testing.T) {
	t.Parallel()
	im, problems := parse(t, city(10_000))
	if len(problems) > 0 || len(im.Rows) != 10_000 {
		t.Fatalf("%d rows, %d problems, first %v", len(im.Rows), len(problems), problems[:min(3, len(problems))])
	}
}

func BenchmarkParse10k(b *testing.B) {
	file := city(10_000)
	for b.Loop() {
		table, err := ReadCSV(strings.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		if im, _ := Parse(table, nil); len(im.Rows) != 10_000 {
			b.Fatalf("%d rows", len(im.Rows))
		}
	}
}
