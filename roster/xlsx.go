package roster

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// What an Excel file may unpack to. A roster of 10,000 is about 4 MB of XML;
// the sum allows for the styles and themes that offices carry along.
const (
	maxUnpacked = 64 << 20 // bytes, all parts together
	maxPart     = 16 << 20 // bytes, one part
	maxParts    = 2_000
	maxRatio    = 250 // unpacked to packed of a part of bombSize or more
	bombSize    = 1 << 20
	maxCells    = 2 * MaxRows * MaxColumns // blank ones counted
)

// ReadXLSX reads the first sheet of an Excel file, cells as text. What unpacks
// to too much is refused by the sizes that the archive declares, before
// anything is unpacked; the archive reader then holds it to them.
func ReadXLSX(r io.Reader) (Table, error) {
	b, err := readLimited(r)
	if err != nil {
		return Table{}, err
	}
	return readXLSX(b)
}

func readXLSX(b []byte) (t Table, err error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return Table{}, fmt.Errorf("%w: %w", ErrNotXLSX, err)
	}
	if err := checkSizes(z); err != nil {
		return Table{}, err
	}
	if err := checkSheets(z); err != nil {
		return Table{}, fmt.Errorf("%w: %w", ErrNotXLSX, err)
	}
	// The library trusts the file's inner references; a crafted file may not
	// stop the program.
	defer func() {
		if p := recover(); p != nil {
			t, err = Table{}, fmt.Errorf("%w: %v", ErrNotXLSX, p)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{
		UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxPart, RawCellValue: true,
	})
	if err != nil {
		return Table{}, fmt.Errorf("%w: %w", ErrNotXLSX, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return Table{}, ErrEmpty
	}
	return readSheet(f, sheets[0])
}

// checkSizes refuses a zip bomb by its table of contents.
func checkSizes(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return ErrUnpacked
	}
	var sum uint64
	for _, f := range z.File {
		size, packed := f.UncompressedSize64, f.CompressedSize64
		if size > maxPart || size > bombSize && size/maxRatio > packed {
			return ErrUnpacked
		}
		if sum += size; sum > maxUnpacked {
			return ErrUnpacked
		}
	}
	return nil
}

// checkSheets reads every sheet's XML to its end: the library takes a broken
// sheet for a short one, and half a roster looks like one from which people left.
func checkSheets(z *zip.Reader) error {
	for _, f := range z.File {
		if !strings.HasPrefix(strings.ToLower(f.Name), "xl/worksheets/sheet") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		d := xml.NewDecoder(r)
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}

func readSheet(f *excelize.File, sheet string) (Table, error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return Table{}, fmt.Errorf("%w: %w", ErrNotXLSX, err)
	}
	defer func() { _ = rows.Close() }() // nothing was written
	var t Table
	cells := 0
	for line := 1; rows.Next() && len(t.Rows) < enoughRows; line++ {
		row, err := rows.Columns()
		if err != nil {
			return Table{}, fmt.Errorf("%w: line %d: %w", ErrNotXLSX, line, err)
		}
		if cells += len(row); cells > maxCells {
			return Table{}, ErrUnpacked
		}
		if r := (Row{line, row}); !r.blank() {
			t.Rows = append(t.Rows, r)
		}
	}
	if err := rows.Error(); err != nil {
		return Table{}, fmt.Errorf("%w: %w", ErrNotXLSX, err)
	}
	if len(t.Rows) == 0 {
		return Table{}, ErrEmpty
	}
	return t, nil
}
