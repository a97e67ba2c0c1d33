package roster

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// exported are the columns of an export, in order; the same that [Parse] reads.
func exported() []column {
	return []column{
		colNumber, colName, colKind, colPost, colOPD, colUnit, colSupervisor, colPhone, colPattern, colLang,
	}
}

// values are an employee's cells in the order of exported.
func values(e Employee) []string {
	return []string{
		e.Number, e.Name, string(e.Kind), e.Post, e.OPD, e.Unit, e.Supervisor, e.Phone, string(e.Pattern), e.Lang,
	}
}

// titles are the header cells of an export.
func titles() []string { return titlesOf(rosterColumns()) }

func titlesOf(known []columnDef) []string {
	var names []string
	for _, d := range known {
		names = append(names, strings.ReplaceAll(d.names[0], " ", "_"))
	}
	return names
}

// WriteCSV writes the roster so that [Parse] reads the same people back: UTF-8
// with a byte order mark, every cell quoted. A cell that a spreadsheet would
// run as a formula (telephones begin with +) or round (a NIP has more digits
// than it keeps) begins with an apostrophe; the import takes it away again.
func WriteCSV(w io.Writer, es []Employee) error {
	if err := writeCSV(w, titles(), rowsOf(es)); err != nil {
		return fmt.Errorf("write roster as CSV: %w", err)
	}
	return nil
}

func rowsOf(es []Employee) [][]string {
	rows := make([][]string, len(es))
	for i, e := range es {
		rows[i] = values(e)
	}
	return rows
}

// writeCSV writes rows under a header; see [WriteCSV].
func writeCSV(w io.Writer, head []string, rows [][]string) error {
	b := bufio.NewWriter(w)
	line := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				_ = b.WriteByte(',') // the writer keeps its first error for Flush
			}
			_, _ = b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		_, _ = b.WriteString("\r\n")
	}
	_, _ = b.WriteString("\ufeff")
	line(head)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i := range row {
			cells[i] = guard(row[i])
		}
		line(cells)
	}
	return b.Flush()
}

// WriteXLSX writes the roster as one sheet of text cells: nothing in it is a
// formula or a number, so nothing runs and no digit is lost when it is edited.
func WriteXLSX(w io.Writer, es []Employee) error {
	if err := writeXLSX(w, titles(), rowsOf(es)); err != nil {
		return fmt.Errorf("write roster as XLSX: %w", err)
	}
	return nil
}

// writeXLSX writes rows under a header; see [WriteXLSX].
func writeXLSX(w io.Writer, head []string, rows [][]string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // in memory only
	if err := fillSheet(f, head, rows); err != nil {
		return err
	}
	return f.Write(w)
}

const textFormat = 49 // Excel's built-in number format "@"

func fillSheet(f *excelize.File, head []string, rows [][]string) error {
	sheet := f.GetSheetName(0)
	style, err := f.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return err
	}
	last, err := excelize.ColumnNumberToName(len(head))
	if err != nil {
		return err
	}
	if err := f.SetColStyle(sheet, "A:"+last, style); err != nil {
		return err
	}
	if err := setRow(f, sheet, 1, head); err != nil {
		return err
	}
	for i, row := range rows {
		cells := make([]string, len(row))
		for j, c := range row {
			cells[j] = c
			if unguard(c) != c { // or the import would take it for our apostrophe
				cells[j] = "'" + c
			}
		}
		if err := setRow(f, sheet, i+2, cells); err != nil {
			return err
		}
	}
	return nil
}

func setRow(f *excelize.File, sheet string, row int, cells []string) error {
	for i, c := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return err
		}
		if err := f.SetCellStr(sheet, at, escapeXLSX(c)); err != nil {
			return err
		}
	}
	return nil
}

// escapedRune is how the format writes characters that XML cannot hold.
var escapedRune = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// escapeXLSX writes a text that looks like such an escape so that it is read as
// it stands (ECMA-376 22.9.2.19). The library reads escapes in shared strings
// but does not write them.
func escapeXLSX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if escapedRune.MatchString(s[i:]) {
			b.WriteString("_x005F")
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
