package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// samplePhoto is a picture to attach as evidence: a form on a desk, drawn here
// so that no photograph of anybody is needed. tint tells phones apart.
func samplePhoto(tint int) []byte {
	const width, height = 480, 320
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	desk := color.RGBA{uint8(150 + 8*(tint%hues)), 116, 82, 255}
	fill(img, img.Bounds(), desk)
	for y := 0; y < height; y += 16 { // the grain of the wood
		fill(img, image.Rect(0, y, width, y+1), color.RGBA{120, 90, 62, 255})
	}
	fill(img, image.Rect(126, 26, 366, 312), color.RGBA{90, 66, 46, 255}) // the shadow
	fill(img, image.Rect(120, 20, 360, 306), color.RGBA{252, 251, 246, 255})
	fill(img, image.Rect(140, 38, 172, 70), color.RGBA{32, 92, 92, 255}) // the letterhead
	fill(img, image.Rect(184, 42, 336, 50), color.RGBA{60, 60, 60, 255})
	fill(img, image.Rect(184, 58, 300, 64), color.RGBA{130, 130, 130, 255})
	fill(img, image.Rect(140, 80, 340, 82), color.RGBA{60, 60, 60, 255})
	for row := range 8 {
		y := 98 + 20*row
		fill(img, image.Rect(140, y, 340-17*(row*row%5), y+7), color.RGBA{168, 168, 164, 255})
	}
	fill(img, image.Rect(262, 262, 330, 290), color.RGBA{176, 52, 60, 255}) // the stamp
	fill(img, image.Rect(266, 266, 326, 286), color.RGBA{252, 251, 246, 255})
	fill(img, image.Rect(272, 273, 320, 279), color.RGBA{176, 52, 60, 255})
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil // a buffer takes everything; the phone would refuse an empty picture
	}
	return out.Bytes()
}

func fill(img draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// sampleLetter is a PDF of one page, as an order to travel would be; the table
// at its end is computed, because readers check it.
func sampleLetter() []byte {
	const words = "BT /F1 18 Tf 60 780 Td (SURAT TUGAS) Tj 0 -30 Td /F1 12 Tf (Nomor 094/1234) Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(words), words),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	places := make([]int, len(objects))
	for i, o := range objects {
		places[i] = out.Len()
		_, _ = fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := out.Len()
	_, _ = fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		_, _ = fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	_, _ = fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}
