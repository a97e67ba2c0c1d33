package roster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	head = "nip,nama,opd,nip_atasan,hp\n"
	budi = "198609262015051001"
	ani  = "198702142010012002"
	sari = "198509152022212001"
)

func parse(t *testing.T, file string, known ...Employee) (Import, []Problem) {
	t.Helper()
	table, err := ReadCSV(strings.NewReader(file))
	if err != nil {
		t.Fatalf("ReadCSV: %v", err)
	}
	return Parse(table, known)
}

func TestParseWholeRow(t *testing.T) {
	t.Parallel()
	im, problems := parse(t, "Jabatan;NIP ;  Nama Lengkap;JENIS;OPD;Unit_Kerja;NIP Atasan;No. HP;Pola Kerja;Bahasa\r\n"+
		"Analis;198509152022212001; Sari  Dewi ;pppk pw;Dinas Kesehatan;Puskesmas Gajahan;;0812-3456-7890;6hk;EN\r\n"+
		"-;tkpk-0017;Joko;;Dinas Kesehatan;;19850915 202221 2 001;-;;\r\n")
	want := []ImportRow{
		{2, Employee{
			Number: sari, Name: "Sari Dewi", Kind: PPPKPW, Sex: Female, Post: "Analis", OPD: "Dinas Kesehatan",
			Unit: "Puskesmas Gajahan", Phone: "+6281234567890", Pattern: SixDays, Lang: "en",
		}},
		{3, Employee{
			Number: "TKPK-0017", Name: "Joko", Kind: NonASN, OPD: "Dinas Kesehatan", Pattern: FiveDays, Lang: "id",
			Supervisor: sari,
		}},
	}
	if diff := cmp.Diff(want, im.Rows); diff != "" {
		t.Error(diff)
	}
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
}

func TestReadsWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	plain := head + budi + ",Budi André,Dinas Kominfo,,081234567890\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(plain, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	utf16be, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.Windows1252.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"comma":           plain,
		"semicolon":       strings.ReplaceAll(plain, ",", ";"),
		"tab":             strings.ReplaceAll(plain, ",", "\t"),
		"byte order mark": "\ufeff" + plain,
		"utf-16":          utf16,
		"utf-16 be":       utf16be,
		"windows-1252":    latin,
		"crlf":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"no last newline": strings.TrimSuffix(plain, "\n"),
		"sep line":        "sep=;\r\n" + strings.ReplaceAll(plain, ",", ";"),
		"title rows":      "DAFTAR PEGAWAI,,,,\nKota Surakarta,,,,\n\n" + plain,
		"quoted":          `"nip","nama","opd","nip_atasan","hp"` + "\n" + `"` + budi + `","Budi André","Dinas Kominfo","","081234567890"` + "\n",
		"space, quote":    `nip, "nama", "opd", nip_atasan, hp` + "\n" + budi + `, "Budi André", "Dinas Kominfo", , 081234567890` + "\n",
		"apostrophes":     head + "'" + budi + ",Budi André,Dinas Kominfo,,'+6281234567890\n",
		"empty columns":   "nip,nama,opd,nip_atasan,hp,,,\n" + budi + ",Budi André,Dinas Kominfo,,081234567890,,,\n,,,,,,,\n , ,,,,,,\n",
		"line in a cell":  head + budi + ",\"Budi\nAndré\",Dinas Kominfo,,081234567890\n",
		"combining mark":  head + budi + ",Budi Andre\u0301,Dinas\u00a0Kominfo,,081234567890\n",
		"short row":       "nip,nama,hp,opd,nip_atasan\n" + budi + ",Budi André,081234567890,Dinas Kominfo\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			im, problems := parse(t, file)
			if len(problems) > 0 || len(im.Rows) != 1 {
				t.Fatalf("got %v, %v", im.Rows, problems)
			}
			want := Employee{
				Number: budi, Name: "Budi André", Kind: PNS, Sex: Male, OPD: "Dinas Kominfo",
				Phone: "+6281234567890", Pattern: FiveDays, Lang: "id",
			}
			if diff := cmp.Diff(want, im.Rows[0].Employee); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	row := budi + ",Budi,Kominfo,,\n"
	roster := Employee{Number: ani, Name: "Ani", Phone: "+6281234567890", Supervisor: budi}
	for _, tt := range []struct {
		name, file string
		want       []string // line, column and words of each message
	}{
		{"no header", "1,2,3\n4,5,6\n", []string{"1||no row with column names"}},
		{"required column", "nip,nama\n" + budi + ",Budi\n", []string{"1|opd|required column"}},
		{"unknown column", "nip,nama,opd,golongan\n" + budi + ",Budi,Kominfo,III/a\n", []string{"1|golongan|not known"}},
		{"column twice", "nip,nama,opd,nomor\n" + row, []string{"1|nomor|mean the same"}},
		{"missing values", head + ",,,,081234567899\n", []string{"2|nip|missing", "2|nama|missing", "2|opd|missing"}},
		{"short nip", head + "19860926201505100,Budi,Kominfo,,\n", []string{"2|nip|18 digits"}},
		{"no such birthday", head + "198602302015051001,Budi,Kominfo,,\n", []string{"2|nip|birth date"}},
		{"rounded, comma", "nip;nama;opd\n1,98609E+17;Budi;Kominfo\n", []string{"2|nip|rounded"}},
		{"rounded, point", head + "1.98609262015051E+17,Budi,Kominfo,,\n", []string{"2|nip|rounded"}},
		{"rounded to 000", head + "198609262015051000,Budi,Kominfo,,\n", []string{"2|nip|rounded"}},
		{"bad staff number", head + "A/1,Budi,Kominfo,,\n", []string{"2|nip|staff number"}},
		{"kind unknown", "nip,nama,opd,jenis\n" + budi + ",Budi,Kominfo,TNI\n", []string{"2|jenis|not known"}},
		{"kind says pppk", "nip,nama,opd,jenis\n" + budi + ",Budi,Kominfo,PPPK\n", []string{"2|jenis|that of a PNS"}},
		{"kind says pns", "nip,nama,opd,jenis\n" + sari + ",Sari,Kominfo,PNS\n", []string{"2|jenis|that of a PPPK"}},
		{"kind says none", "nip,nama,opd,jenis\n" + sari + ",Sari,Kominfo,NON_ASN\n", []string{"2|jenis|number is a NIP"}},
		{"pns without nip", "nip,nama,opd,jenis\nABC-1,Sari,Kominfo,PNS\n", []string{"2|nip|18 digits"}},
		{"bad phone", head + budi + ",Budi,Kominfo,,12345\n", []string{"2|hp|telephone"}},
		{"rounded phone", head + budi + ",Budi,Kominfo,,6.28123E+12\n", []string{"2|hp|rounded"}},
		{"pattern", "nip,nama,opd,pola\n" + budi + ",Budi,Kominfo,7HK\n", []string{"2|pola|work pattern"}},
		{"language", "nip,nama,opd,bahasa\n" + budi + ",Budi,Kominfo,jv\n", []string{"2|bahasa|language"}},
		{"same number", head + row + "19860926 201505 1 001,Budi B,Kominfo,,\n", []string{"3|nip|on line 2"}},
		{"same phone", head + budi + ",Budi,Kominfo,,081234567899\n" + sari + ",Sari,Kominfo,,+6281234567899\n", []string{"3|hp|on line 2"}},
		{"phone of the roster", head + budi + ",Budi,Kominfo,,081234567890\n", []string{"2|hp|somebody else"}},
		{"own phone of the roster", head + ani + ",Ani,Kominfo,,081234567890\n" + row, nil},
		{"supervisor of the roster", head + sari + ",Sari,Kominfo," + ani + ",\n", nil},
		{"supervisor unknown", head + sari + ",Sari,Kominfo,197001011995031001,\n", []string{"2|nip_atasan|nobody"}},
		{"supervisor by name", head + sari + ",Sari,Kominfo,\"Budi, S.Sos.\",\n", []string{"2|nip_atasan|not a number"}},
		{"supervisor rounded", head + sari + ",Sari,Kominfo,1.98609E+17,\n", []string{"2|nip_atasan|rounded"}},
		{"own supervisor", head + budi + ",Budi,Kominfo," + budi + ",\n", []string{"2|nip_atasan|their own"}},
		{
			"circle in the file",
			head + budi + ",Budi,Kominfo," + ani + ",\n" + ani + ",Ani,Kominfo," + sari + ",\n" + sari + ",Sari,Kominfo," + budi + ",\n",
			[]string{"2|nip_atasan|circle: line 2 (…1001) → line 3 (…2002) → line 4 (…2001) → line 2"},
		},
		{
			"circle through the roster", head + budi + ",Budi,Kominfo," + ani + ",\n",
			[]string{"2|nip_atasan|circle: line 2 (…1001) → on the roster (…2002) → line 2"},
		},
		{"circle that the file opens", head + budi + ",Budi,Kominfo," + ani + ",\n" + ani + ",Ani,Kominfo,,\n", nil},
		{"long name", head + budi + "," + strings.Repeat("é", 121) + ",Kominfo,,\n", []string{"2|nama|longer than 120"}},
		{"name just fits", head + budi + "," + strings.Repeat("é", 120) + ",Kominfo,,\n", nil},
		{"control character", head + budi + ",Bu\x01di,Kominfo,,\n", []string{"2|nama|cannot be shown"}},
		{"reversed text", head + budi + ",Bu\u202edi,Kominfo,,\n", []string{"2|nama|cannot be shown"}},
		{"quotes", head + "198609262015051001,Budi \"B\" S,Kominfo,,\n" + ani + ",Ani,Kominfo,,\n", []string{"2||quotation mark"}},
		{"open quote", head + ani + ",Ani,Kominfo,,\n" + budi + ",\"Budi,Kominfo,,\n", []string{"3||quotation mark"}},
		{"columns", head + strings.TrimSuffix(row, "\n") + strings.Repeat(",", 60) + "x\n", []string{"2||more than 60 columns"}},
		{
			"everything, in order of lines",
			"nip,nama,opd,hp,gaji\n,Budi,Kominfo,1,1\n" + budi + ",,Kominfo,2,1\n" + budi + ",Budi,,,\n",
			[]string{"1|gaji|not known", "2|nip|missing", "2|hp|telephone", "3|nama|missing", "3|hp|telephone", "4|opd|missing", "4|nip|on line 3"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := parse(t, tt.file, roster)
			if len(problems) != len(tt.want) {
				t.Fatalf("got %v, want %v", problems, tt.want)
			}
			for i, p := range problems {
				w := strings.SplitN(tt.want[i], "|", 3)
				if fmt.Sprint(p.Line) != w[0] || p.Column != w[1] || !strings.Contains(p.Message, w[2]) {
					t.Errorf("got %+v, want %v", p, tt.want[i])
				}
				if p.Fix == "" {
					t.Errorf("%v tells no way to mend it", p)
				}
				if s := p.String(); strings.Contains(s, budi) || strings.Contains(s, ani) || strings.Contains(s, sari) {
					t.Errorf("a whole NIP in %q", s)
				}
			}
		})
	}
}

func TestOnlyWarningsAreAccepted(t *testing.T) {
	t.Parallel()
	im, problems := parse(t, "nip,nama,opd,golongan\n"+budi+",Budi,Kominfo,III/a\n")
	if !Accepted(problems) || len(im.Rows) != 1 || len(problems) != 1 {
		t.Errorf("unknown column: %v %v", im.Rows, problems)
	}
	im, problems = parse(t, head+budi+",Budi,,,\n"+ani+",Ani,Kominfo,"+budi+",\n")
	if Accepted(problems) || len(im.Rows) != 1 || len(problems) != 1 {
		t.Errorf("a row with a problem is still somebody's supervisor: %v %v", im.Rows, problems)
	}
}

func TestTooManyRows(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("nomor,nama,opd\n")
	for i := range MaxRows + 5 {
		fmt.Fprintf(&b, "T-%06d,N,O\n", i)
	}
	im, problems := parse(t, b.String())
	if len(im.Rows) != MaxRows || len(problems) != 1 || problems[0].Line != MaxRows+2 {
		t.Errorf("got %d rows, %v", len(im.Rows), problems)
	}
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file string
		want error
	}{
		"empty":     {"", ErrEmpty},
		"blank":     {"\ufeff \r\n\n", ErrEmpty},
		"too large": {strings.Repeat("x", MaxFile+1), ErrFileSize},
		"old excel": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ErrOldExcel},
		"bad zip":   {"PK\x03\x04 and no more", ErrNotXLSX},
	} {
		if _, err := ReadTable(strings.NewReader(tt.file)); !isErr(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                   "",
		"Budi":               "Budi",
		"=1+1":               "'=1+1",
		"+6281":              "'+6281",
		"-x":                 "'-x",
		"@SUM":               "'@SUM",
		"\tx":                "'\tx",
		"\rx":                "'\rx",
		"\nx":                "'\nx",
		"＝1":                 "'＝1",
		"＋1":                 "'＋1",
		"－1":                 "'－1",
		"＠x":                 "'＠x",
		"'Aisyah":            "'Aisyah",
		"''x":                "'''x",
		"'=x":                "''=x",
		"'1":                 "''1",
		"198609262015051001": "'198609262015051001",
		"12345":              "12345",
	} {
		if got := guard(in); got != want || unguard(got) != in {
			t.Errorf("guard(%q) = %q, back %q; want %q", in, got, unguard(got), want)
		}
	}
}

func TestSupervisorWithADeclaredLongNumber(t *testing.T) {
	t.Parallel()
	_, problems := parse(t, "nip,nama,opd,jenis,atasan\n3372010101900001,Joko,Kominfo,NON_ASN,\n"+
		budi+",Budi,Kominfo,,3372010101900001\n")
	if len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
	if _, problems := parse(t, "nip,nama,opd\n3372010101900001,Joko,Kominfo\n"); Accepted(problems) {
		t.Error("sixteen digits without a kind are a mistyped NIP")
	}
}
