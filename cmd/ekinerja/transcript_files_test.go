package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path"
)

// picture is a small photo, another one each time.
func (s *story) picture() []byte {
	s.t.Helper()
	s.pictures++
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	img.SetGray(s.pictures%8, s.pictures/8%8, color.Gray{Y: 200})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		s.t.Fatal(err)
	}
	return b.Bytes()
}

// document is a file of the kind that its name says; "besar" in the name makes
// it larger than anything that is kept, "rusak" something else than its name says.
func (s *story) document(name string) []byte {
	s.t.Helper()
	s.pictures++
	switch {
	case bytes.Contains([]byte(name), []byte("besar")):
		return append([]byte("%PDF-1.4\n"), make([]byte, 11<<20)...)
	case bytes.Contains([]byte(name), []byte("rusak")):
		return []byte("%PDF-1.4\nand then nothing")
	case path.Ext(name) == ".pdf":
		return fmt.Appendf(nil, "%%PDF-1.4\n%% %d\n%%%%EOF\n", s.pictures)
	}
	return []byte("PK\x03\x04 something of an office")
}
