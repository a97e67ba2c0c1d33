package roster

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Limits of an import. A city of 10,000 needs a fifth of them.
const (
	MaxFile    = 5 << 20 // bytes of a file
	MaxRows    = 50_000
	MaxColumns = 60

	// enoughRows are read, so that Parse can tell that there are too many.
	enoughRows = MaxRows + headerDepth + 1
)

// Why a file cannot be read at all.
var (
	ErrFileSize = errors.New("the file is larger than 5 MB; split it")
	ErrEmpty    = errors.New("the file is empty")
	ErrOldExcel = errors.New("this is an old Excel file (.xls); save it as .xlsx or CSV")
	ErrNotXLSX  = errors.New("this is not a readable Excel file; save it again as .xlsx or CSV")
	ErrUnpacked = errors.New("the Excel file unpacks to more than is accepted; save it as CSV")
)

// Table is a file as rows of text, blank ones left out, before anything is
// understood.
type Table struct {
	Rows []Row
	// Problems were met while reading; the rows they belong to are missing.
	Problems []Problem
}

// Row is one row and the line it begins on in the file, from 1.
type Row struct {
	Line  int
	Cells []string
}

func (r Row) blank() bool {
	return !slices.ContainsFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// Problem is one thing that an operator must or should mend in a file.
type Problem struct {
	Line   int    // in the file, from 1; 0 is the file as a whole
	Column string // as the file's header calls it, may be empty
	Value  string // what was found
	// Message says what is wrong, Fix how to mend it; neither contains numbers
	// of people.
	Message, Fix string
	// Warning: the import may go on.
	Warning bool
}

// String is the problem in one line, without the value.
func (p Problem) String() string {
	where := fmt.Sprintf("line %d", p.Line)
	if p.Column != "" {
		where += ", " + p.Column
	}
	return fmt.Sprintf("%s: %s; %s", where, p.Message, p.Fix)
}

// hasErrors reports whether anything but warnings is there.
func hasErrors(ps []Problem) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning })
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
}

func unreadable(err error) Problem {
	return Problem{Message: err.Error(), Fix: "send a CSV or .xlsx file"}
}

// ReadTable reads a CSV or XLSX file, whichever it is by its first bytes.
func ReadTable(r io.Reader) (Table, error) { return readTable(r, rosterColumns()) }

func readTable(r io.Reader, known []columnDef) (Table, error) {
	b, err := readLimited(r)
	switch {
	case err != nil:
		return Table{}, err
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return readXLSX(b)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return Table{}, ErrOldExcel
	}
	return parseCSV(b, known)
}

// ReadCSV reads a CSV file: UTF-8, UTF-16 with a byte order mark, else
// Windows-1252; separated by comma, semicolon or tab, whichever makes sense of
// the header. It fails on what is too large or empty; a broken row is a Problem
// of the Table.
func ReadCSV(r io.Reader) (Table, error) { return readCSV(r, rosterColumns()) }

func readCSV(r io.Reader, known []columnDef) (Table, error) {
	b, err := readLimited(r)
	if err != nil {
		return Table{}, err
	}
	return parseCSV(b, known)
}

func readLimited(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read file: %w", err)
	case len(b) > MaxFile:
		return nil, ErrFileSize
	}
	return b, nil
}

func parseCSV(b []byte, known []columnDef) (Table, error) {
	text := strings.ReplaceAll(decode(b), "\x00", "")
	if strings.TrimSpace(text) == "" {
		return Table{}, ErrEmpty
	}
	sep, skip := separator(text, known)
	if skip > 0 { // keep the line break, so that lines are counted as the operator sees them
		text = text[skip:]
	}
	cr := csv.NewReader(strings.NewReader(text))
	cr.Comma, cr.FieldsPerRecord = sep, -1
	cr.TrimLeadingSpace = sep != '\t' // it would eat empty cells between tabs
	var t Table
	for len(t.Rows) < enoughRows {
		cells, err := cr.Read()
		if err == io.EOF {
			break
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			t.Problems = append(t.Problems, quoteProblem(bad))
			continue
		}
		line, _ := cr.FieldPos(0)
		if r := (Row{line, cells}); !r.blank() {
			t.Rows = append(t.Rows, r)
		}
	}
	return t, nil
}

func quoteProblem(e *csv.ParseError) Problem {
	return Problem{
		Line:    e.StartLine,
		Message: "a quotation mark is in the wrong place or missing, so the row cannot be read",
		Fix:     `remove the quotation mark, or write it twice ("") inside a quoted cell`,
	}
}

// decode makes text of bytes in the encodings that spreadsheets write.
func decode(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(b[3:]), "\uFFFD")
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
		if err == nil {
			return string(out)
		}
	case utf8.Valid(b):
		return string(b)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// separator finds the separator and how many bytes to skip before the table.
// Excel's own first line "sep=;" decides; else the separator which finds the
// most known column names in the first rows, the comma when it is a tie.
func separator(text string, known []columnDef) (sep rune, skip int) {
	if len(text) > 4 && strings.EqualFold(text[:4], "sep=") && strings.ContainsRune(",;\t", rune(text[4])) {
		return rune(text[4]), 5
	}
	best, most := ',', 0
	for _, s := range []rune{',', ';', '\t'} {
		for i, line := range strings.SplitN(text, "\n", headerDepth+1) {
			if i == headerDepth {
				break
			}
			if n := knownNames(strings.Split(line, string(s)), known); n > most {
				best, most = s, n
			}
		}
	}
	return best, 0
}
