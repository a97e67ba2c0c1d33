package blobs

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// What is let in. The limits on bytes are those a person is told; the others
// bound what a picture may cost while it is drawn anew.
const (
	MaxPhoto    = 5 << 20  // bytes of a picture
	MaxDocument = 10 << 20 // bytes of a PDF
	maxPixels   = 40_000_000
	maxDecoded  = 128 << 20 // bytes a decoder may need for it
	jpegQuality = 85
)

// Why a file is not kept.
var (
	// ErrKind: it is no picture or PDF that can be read, whatever it is called.
	ErrKind = errors.New("not a readable picture or PDF")
	// ErrSize: it has more bytes or pixels than we keep.
	ErrSize = errors.New("too large to keep")
)

// Cleaned is a file as it may be kept.
type Cleaned struct {
	Data []byte
	MIME string
	Hash Hash
}

// Clean makes a file fit to be kept. What it is, its first bytes say. A picture
// is decoded and drawn anew: where it was taken, by which telephone, its
// comments, and whatever hung behind it stay outside; only the way up is kept,
// by turning it. A PDF is kept as it is: nothing here ever renders it.
// The errors are ErrKind and ErrSize; a panic of a decoder is an ErrKind.
func Clean(data []byte) (c Cleaned, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = Cleaned{}, fmt.Errorf("%w: its decoder panicked", ErrKind)
		}
	}()
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return cleanPDF(data)
	case len(data) > MaxPhoto:
		return c, fmt.Errorf("%w: %d bytes", ErrSize, len(data))
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return cleanJPEG(data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return cleanPNG(data)
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return cleanWebP(data)
	}
	return c, ErrKind
}

// cleanPDF keeps a PDF that is all there: its end is near its end.
func cleanPDF(data []byte) (Cleaned, error) {
	if len(data) > MaxDocument {
		return Cleaned{}, fmt.Errorf("%w: %d bytes", ErrSize, len(data))
	}
	if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
		return Cleaned{}, fmt.Errorf("%w: a PDF without an end", ErrKind)
	}
	return Cleaned{Data: data, MIME: "application/pdf", Hash: HashOf(data)}, nil
}

func cleanJPEG(data []byte) (Cleaned, error) {
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Cleaned{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	head := readJPEG(data)
	cost := 4
	if head.progressive { // all coefficients at once, four bytes each
		cost = 20
	}
	if err := affordable(cfg, cost); err != nil {
		return Cleaned{}, err
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return Cleaned{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	return asJPEG(upright(img, head.orientation))
}

func cleanPNG(data []byte) (Cleaned, error) {
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Cleaned{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	cost := bytesOf(cfg.ColorModel)
	if len(data) > 28 && data[28] != 0 { // interlaced: decoded in parts, then put together
		cost *= 2
	}
	if err := affordable(cfg, cost); err != nil {
		return Cleaned{}, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return Cleaned{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	return asPNG(img)
}

func cleanWebP(data []byte) (Cleaned, error) {
	cfg, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return Cleaned{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	if err := affordable(cfg, 8); err != nil {
		return Cleaned{}, err
	}
	img, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		return Cleaned{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	if _, lossy := img.(*image.YCbCr); lossy {
		return asJPEG(img)
	}
	return asPNG(img)
}

// affordable looks at what a picture would cost before anything is decoded.
func affordable(cfg image.Config, bytesPerPixel int) error {
	w, h := int64(cfg.Width), int64(cfg.Height)
	if w <= 0 || h <= 0 {
		return fmt.Errorf("%w: no pixels", ErrKind)
	}
	if w > maxPixels || h > maxPixels || w*h > maxPixels || w*h*int64(bytesPerPixel) > maxDecoded {
		return fmt.Errorf("%w: %d × %d pixels", ErrSize, w, h)
	}
	return nil
}

func bytesOf(m color.Model) int {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

func asJPEG(img image.Image) (Cleaned, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return Cleaned{}, fmt.Errorf("%w: draw anew: %w", ErrKind, err)
	}
	return Cleaned{Data: out.Bytes(), MIME: "image/jpeg", Hash: HashOf(out.Bytes())}, nil
}

// asPNG keeps what was drawn by a program as sharp as it was, unless that grows
// beyond what we keep.
func asPNG(img image.Image) (Cleaned, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return Cleaned{}, fmt.Errorf("%w: draw anew: %w", ErrKind, err)
	}
	if out.Len() > MaxPhoto {
		return asJPEG(img)
	}
	return Cleaned{Data: out.Bytes(), MIME: "image/png", Hash: HashOf(out.Bytes())}, nil
}
