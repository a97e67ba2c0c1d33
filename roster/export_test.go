package roster

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// genText draws text as the import would leave it: what it cleans is clean.
func genText(least int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		lead := rapid.SampledFrom([]string{"", "", "=", "+", "@", "'", "''", "'=", "-", "＝", "1", "_x0041_", "_x0041_x0042_", "\"", ";"}).Draw(t, "lead")
		return cleanText(lead + rapid.StringN(least, 20, 100).Draw(t, "text"))
	}).Filter(func(s string) bool {
		return badText(s, maxName) == "" && s != "-" && s != "–" && (least == 0 || s != "")
	})
}

func genRoster() *rapid.Generator[[]Employee] {
	return rapid.Custom(func(t *rapid.T) []Employee {
		staff := rapid.StringMatching(`[A-Z-][A-Z0-9-]{3,12}`)
		numbers := rapid.SliceOfNDistinct(rapid.OneOf(genNIP(), staff), 1, 8, rapid.ID[string]).Draw(t, "numbers")
		var es []Employee
		for i, n := range numbers {
			e := Employee{
				Number: n, Kind: NonASN, Name: genText(1).Draw(t, "name"), Post: genText(0).Draw(t, "post"),
				OPD: genText(1).Draw(t, "opd"), Unit: genText(0).Draw(t, "unit"),
				Pattern: rapid.SampledFrom([]Pattern{FiveDays, SixDays, Shifts}).Draw(t, "pattern"),
				Lang:    rapid.SampledFrom([]string{"id", "en"}).Draw(t, "lang"),
			}
			if nip, err := ParseNIP(n); err == nil {
				e.Sex, e.Kind = nip.Sex(), rapid.SampledFrom([]Kind{PNS, CPNS}).Draw(t, "kind")
				if nip.IsPPPK() {
					e.Kind = rapid.SampledFrom([]Kind{PPPK, PPPKPW}).Draw(t, "kind")
				}
			}
			if i > 0 && rapid.Bool().Draw(t, "led") {
				e.Supervisor = numbers[rapid.IntRange(0, i-1).Draw(t, "supervisor")]
			}
			if rapid.Bool().Draw(t, "phone") {
				e.Phone = "+6281234567" + string(rune('0'+i)) + "00"
			}
			es = append(es, e)
		}
		return es
	})
}

func TestImportReadsWhatExportWrote(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer, []Employee) error{"csv": WriteCSV, "xlsx": WriteXLSX} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				es := genRoster().Draw(t, "roster")
				var b bytes.Buffer
				if err := write(&b, es); err != nil {
					t.Fatal(err)
				}
				table, err := ReadTable(&b)
				if err != nil {
					t.Fatal(err)
				}
				im, problems := Parse(table, nil)
				if len(problems) > 0 {
					t.Fatalf("problems: %+v", problems)
				}
				if diff := cmp.Diff(es, im.Employees()); diff != "" {
					t.Fatal(diff)
				}
				if d := Compare(es, im.Employees(), Whole); d.Unchanged != len(es) || len(d.Changed)+len(d.Added)+len(d.Gone) > 0 {
					t.Fatalf("differs from itself: %+v", d)
				}
			})
		})
	}
}

func TestExportRunsNothing(t *testing.T) {
	t.Parallel()
	es := []Employee{{Number: budi, Name: "=HYPERLINK(\"x\")", Post: "@SUM(A1)", OPD: "-1", Unit: "＝1+1", Phone: "+6281234567890"}}
	var b bytes.Buffer
	if err := WriteCSV(&b, es); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff" + `"nip","nama","jenis","jabatan","opd","unit","nip_atasan","hp","pola_kerja","bahasa"` + "\r\n" +
		`"'` + budi + `","'=HYPERLINK(""x"")","","'@SUM(A1)","'-1","'＝1+1","","'+6281234567890","",""` + "\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := WriteXLSX(&b, es); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"A2", "B2", "D2", "E2", "F2", "H2"} {
		kind, err := f.GetCellType("Sheet1", cell)
		if err != nil || kind != excelize.CellTypeSharedString {
			t.Errorf("%s is of type %v, %v; want text", cell, kind, err)
		}
		if formula, err := f.GetCellFormula("Sheet1", cell); err != nil || formula != "" {
			t.Errorf("%s runs %q, %v", cell, formula, err)
		}
	}
}

// book makes an Excel file with these cells.
func book(t *testing.T, cells map[string]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for at, v := range cells {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSXNumbersThatLostDigits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		nip  any
		lost bool
	}{
		"text":          {budi, false},
		"float":         {1.98609262015051e17, true},
		"rounded":       {int64(198609262015051000), true},
		"exact integer": {int64(198609262015051001), false},
	} {
		table, err := ReadXLSX(bytes.NewReader(book(t, map[string]any{
			"A3": "NIP", "B3": "Nama", "C3": "OPD", "D3": "HP",
			"A4": tt.nip, "B4": "Budi", "C4": "Kominfo", "D4": 81234567890,
		})))
		if err != nil {
			t.Fatal(err)
		}
		im, problems := Parse(table, nil)
		if tt.lost {
			if len(problems) != 1 || problems[0].Line != 4 || !strings.Contains(problems[0].Message, "rounded") {
				t.Errorf("%s: got %v", name, problems)
			}
			continue
		}
		if len(problems) > 0 || len(im.Rows) != 1 || im.Rows[0].Employee.Phone != "+6281234567890" {
			t.Errorf("%s: got %v %v", name, im.Rows, problems)
		}
	}
}

// bomb is an Excel file with one more part of that many zeros.
func bomb(t *testing.T, part string, size int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range []struct {
		name string
		r    io.Reader
	}{
		{"[Content_Types].xml", strings.NewReader("<Types/>")},
		{part, io.LimitReader(zeros{}, size)},
	} {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, p.r); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestZipBombsAreRefusedUnopened(t *testing.T) {
	t.Parallel()
	liar := bomb(t, "xl/worksheets/sheet1.xml", 8<<20)
	// The sizes in the table of contents are lowered; the data stays.
	at := bytes.LastIndex(liar, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(liar[at+24:], 1000)
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"big sheet":   {bomb(t, "xl/worksheets/sheet1.xml", 100<<20), ErrUnpacked},
		"big strings": {bomb(t, "xl/sharedStrings.xml", 17<<20), ErrUnpacked},
		"ratio":       {bomb(t, "xl/media/image1.png", 4<<20), ErrUnpacked},
		"lying sizes": {liar, ErrNotXLSX},
	} {
		// Each error is one that is given before anything is unpacked.
		if _, err := ReadXLSX(bytes.NewReader(tt.file)); !isErr(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

func TestCheckSizes(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	parts := func(n int, unpacked, packed uint64) []*zip.File {
		files := make([]*zip.File, n)
		for i := range files {
			files[i] = &zip.File{FileHeader: zip.FileHeader{UncompressedSize64: unpacked, CompressedSize64: packed}}
		}
		return files
	}
	for name, tt := range map[string]struct {
		files []*zip.File
		want  error
	}{
		"a large roster":   {parts(2, 16*mb, mb), nil},
		"one part":         {parts(1, 16*mb+1, 2*mb), ErrUnpacked},
		"all parts":        {parts(5, 13*mb, mb), ErrUnpacked},
		"packed too well":  {parts(1, 2*mb, 2*mb/maxRatio-1), ErrUnpacked},
		"small, all zeros": {parts(1, mb, 100), nil},
		"so many parts":    {parts(maxParts+1, 1, 1), ErrUnpacked},
		"sums that wrap":   {parts(2, 1<<63, 1<<62), ErrUnpacked},
	} {
		if err := checkSizes(&zip.Reader{File: tt.files}); !isErr(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// rawBook is an Excel file whose only sheet has this sheetData.
func rawBook(t *testing.T, sheetData string) []byte {
	t.Helper()
	plain := book(t, map[string]any{"A1": 1})
	from, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range from.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			if err := z.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+
			sheetData+`</sheetData></worksheet>`); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inline(at, text string) string {
	return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

func TestXLSXFarCells(t *testing.T) {
	t.Parallel()
	table, err := ReadXLSX(bytes.NewReader(rawBook(t,
		`<row r="1">`+inline("A1", "nip")+inline("B1", "nama")+inline("C1", "opd")+`</row>`+
			`<row r="2">`+inline("A2", budi)+inline("B2", "Budi")+inline("C2", "Kominfo")+inline("XFD2", "x")+`</row>`+
			`<row r="1048576">`+inline("A1048576", budi)+inline("B1048576", "Budi")+inline("C1048576", "Kominfo")+`</row>`)))
	if err != nil {
		t.Fatal(err)
	}
	im, problems := Parse(table, nil)
	if len(problems) != 1 || problems[0].Line != 2 || !strings.Contains(problems[0].Message, "60 columns") {
		t.Errorf("got %v", problems)
	}
	if len(im.Rows) != 1 || im.Rows[0].Line != 1048576 {
		t.Errorf("got %v", im.Rows)
	}
}

func TestXLSXBrokenSheetIsNotReadInPart(t *testing.T) {
	t.Parallel()
	file := rawBook(t, `<row r="1">`+inline("A1", "nip")+`</row><row r="2"><c r="A2"`)
	if table, err := ReadXLSX(bytes.NewReader(file)); !isErr(err, ErrNotXLSX) {
		t.Errorf("got %v, %v; want %v", table, err, ErrNotXLSX)
	}
}

func BenchmarkReadXLSX10k(b *testing.B) {
	table, err := ReadCSV(strings.NewReader(city(10_000)))
	if err != nil {
		b.Fatal(err)
	}
	im, _ := Parse(table, nil)
	var file bytes.Buffer
	if err := WriteXLSX(&file, im.Employees()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(file.Len()), "bytes")
	for b.Loop() {
		if _, err := ReadXLSX(bytes.NewReader(file.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}

func TestXLSXManyFarCells(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for range 2_000 {
		rows.WriteString(`<row>` + inline("XFD1", "x") + `</row>`)
	}
	if _, err := ReadXLSX(bytes.NewReader(rawBook(t, rows.String()))); !isErr(err, ErrUnpacked) {
		t.Errorf("got %v, want %v", err, ErrUnpacked)
	}
}
