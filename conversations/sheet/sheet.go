// Package sheet draws letters as PDF, to be printed and signed by somebody.
//
// It knows a page, paragraphs and where a signature goes. It never knows a sentence:
// every word comes from the caller. The same letter gives the same bytes. The letters
// are those of Latin-1 with the usual dashes and quotation marks; others are drawn as
// a question mark.
package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Letter is one page.
type Letter struct {
	Banner     string // across the top, such as that it is a draft
	Title      string
	Number     string   // below the title
	Address    string   // lines of the receiver
	Paragraphs []string // lines within one are kept
	Signature  string   // lines, on the right
	Foot       string   // small, at the bottom
	At         time.Time
}

const (
	margin = 25.0 // millimetres
	line   = 6.0
)

// PDF draws the letter on A4.
func PDF(l Letter) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(l.At.UTC())
	pdf.SetModificationDate(l.At.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetMargins(margin, 20, margin)
	pdf.SetAutoPageBreak(true, 25)
	pdf.SetTitle(l.Title, true)
	latin := pdf.UnicodeTranslatorFromDescriptor("")
	write := func(size float64, style, align, text string) {
		pdf.SetFont("Helvetica", style, size)
		pdf.MultiCell(0, line, latin(plain(text)), "", align, false)
	}
	pdf.SetFooterFunc(func() {
		pdf.SetY(-18)
		write(8, "I", "C", l.Foot)
	})
	pdf.AddPage()
	write(9, "B", "C", l.Banner)
	pdf.Ln(8)
	write(14, "B", "C", l.Title)
	write(11, "", "C", l.Number)
	pdf.Ln(8)
	write(11, "", "L", l.Address)
	for _, p := range l.Paragraphs {
		pdf.Ln(4)
		write(11, "", "L", p)
	}
	pdf.Ln(10)
	pdf.SetLeftMargin(110)
	write(11, "", "L", l.Signature)
	pdf.SetLeftMargin(margin)
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw letter: %w", err)
	}
	return out.Bytes(), nil
}

// plain replaces what the letters of the page do not have.
func plain(s string) string {
	return strings.NewReplacer("…", "...", "\t", " ", "\r", "").Replace(s)
}
