package blobs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"ekinerja/store/blobs"
)

// gps is what must never be found in a kept picture.
const gps = "GPS-7.5666,110.8167"

func photo(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{R: uint8(x * 9), G: uint8(y * 7), B: uint8(x ^ y), A: 255})
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegment puts a segment behind the start of a JPEG.
func withSegment(data []byte, marker byte, body []byte) []byte {
	out := append([]byte{}, data[:2]...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), data[2:]...)
}

// exif is a segment with an orientation and a place.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	b := append([]byte("Exif\x00\x00"), head...)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x0112) // orientation: one SHORT
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = append(b, 0, 0)
	b = order.AppendUint16(b, 0x8825) // where the place is
	b = order.AppendUint16(b, 4)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint32(b, 38)
	b = order.AppendUint32(b, 0)
	return append(b, gps...)
}

// withChunk puts a chunk behind the header of a PNG.
func withChunk(data []byte, name, body string) []byte {
	const header = 8 + 25
	c := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	c = append(c, name+body...)
	c = binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE([]byte(name+body)))
	return append(append(append([]byte{}, data[:header]...), c...), data[header:]...)
}

// inflated is a PNG of one pixel that says it has many more.
func inflated(data []byte, w, h uint32) []byte {
	out := append([]byte{}, data...)
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// tiny is a lossless WebP of one pixel.
var tiny = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

// corpus is what people and others may send, each with what must come of it.
func corpus(t testing.TB) map[string]struct {
	data []byte
	mime string
	err  error
} {
	t.Helper()
	j, p := asJPEG(t, photo(60, 40)), asPNG(t, photo(20, 10))
	type file = struct {
		data []byte
		mime string
		err  error
	}
	files := map[string]file{
		"a photo":                    {data: j, mime: "image/jpeg"},
		"a photo with a place, II":   {data: withSegment(j, 0xe1, exif(binary.LittleEndian, 6)), mime: "image/jpeg"},
		"a photo with a place, MM":   {data: withSegment(j, 0xe1, exif(binary.BigEndian, 3)), mime: "image/jpeg"},
		"XMP and a comment":          {data: withSegment(withSegment(j, 0xfe, []byte(gps)), 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+gps)), mime: "image/jpeg"},
		"something hangs behind it":  {data: append(append([]byte{}, j...), []byte("PK\x03\x04"+eicar+gps)...), mime: "image/jpeg"},
		"a screenshot":               {data: p, mime: "image/png"},
		"a screenshot with words":    {data: withChunk(p, "tEXt", "Comment\x00"+gps), mime: "image/png"},
		"a screenshot with eXIf":     {data: withChunk(p, "eXIf", "MM\x00*"+gps), mime: "image/png"},
		"a PNG that is a page too":   {data: append(append([]byte{}, p...), "<script>alert(1)</script>"+gps...), mime: "image/png"},
		"WebP":                       {data: tiny, mime: "image/png"},
		"WebP with a place":          {data: append(append([]byte{}, tiny...), "EXIF"+gps...), mime: "image/png"},
		"a PDF":                      {data: []byte("%PDF-1.7\n1 0 obj\n%%EOF\n"), mime: "application/pdf"},
		"a PDF without an end":       {data: []byte("%PDF-1.7\n1 0 obj\n"), err: blobs.ErrKind},
		"a PDF that is too large":    {data: append([]byte("%PDF-1.7\n"), make([]byte, blobs.MaxDocument)...), err: blobs.ErrSize},
		"EICAR called .jpg":          {data: []byte(eicar), err: blobs.ErrKind},
		"a page called .jpg":         {data: []byte("<html><script>1</script>"), err: blobs.ErrKind},
		"SVG":                        {data: []byte(`<svg onload="alert(1)"/>`), err: blobs.ErrKind},
		"GIF":                        {data: []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), err: blobs.ErrKind},
		"nothing":                    {err: blobs.ErrKind},
		"a beginning only, JPEG":     {data: j[:3], err: blobs.ErrKind},
		"a beginning only, PNG":      {data: p[:8], err: blobs.ErrKind},
		"half a photo":               {data: j[:len(j)/2], err: blobs.ErrKind},
		"half a screenshot":          {data: p[:len(p)/2], err: blobs.ErrKind},
		"a bomb of 60,000 × 60,000":  {data: inflated(p, 60_000, 60_000), err: blobs.ErrSize},
		"a bomb of one line":         {data: inflated(p, 1<<31-1, 1), err: blobs.ErrSize},
		"no pixels":                  {data: inflated(p, 0, 10), err: blobs.ErrKind},
		"more bytes than a photo's":  {data: append(append([]byte{}, j...), make([]byte, blobs.MaxPhoto)...), err: blobs.ErrSize},
		"a segment longer than all":  {data: append([]byte{0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff}, gps...), err: blobs.ErrKind},
		"EXIF that points elsewhere": {data: withSegment(j, 0xe1, []byte("Exif\x00\x00II*\x00\xff\xff\xff\xff"+gps)), mime: "image/jpeg"},
	}
	for o := range uint16(12) {
		files[fmt.Sprint("orientation ", o)] = file{data: withSegment(j, 0xe1, exif(binary.BigEndian, o)), mime: "image/jpeg"}
	}
	for i := range 80 { // truncated and torn at many places
		cut := len(j) * (i + 1) / 82
		files[fmt.Sprint("cut at ", i)] = file{data: j[:cut], err: blobs.ErrKind}
		torn := append([]byte{}, withChunk(p, "tEXt", gps)...)
		torn[8+(i*13)%(len(torn)-8)] ^= 0xff
		files[fmt.Sprint("torn at ", i)] = file{data: torn, mime: "?"}
	}
	return files
}

// TestClean reads the corpus: nothing crashes, nothing of the sender's place and
// nothing that hung behind a picture is left, and what is no picture stays outside.
func TestClean(t *testing.T) {
	t.Parallel()
	files := corpus(t)
	if len(files) < 200 {
		t.Errorf("a corpus of %d files, want 200", len(files))
	}
	for name, f := range files {
		c, err := blobs.Clean(f.data)
		if f.mime == "?" { // either is right, but not a third
			if err != nil && !errors.Is(err, blobs.ErrKind) && !errors.Is(err, blobs.ErrSize) {
				t.Errorf("%s: %v", name, err)
			}
		} else if !errors.Is(err, f.err) || c.MIME != f.mime {
			t.Errorf("%s: %s, %v; want %s, %v", name, c.MIME, err, f.mime, f.err)
		}
		harmless(t, name, c, err)
	}
}

func harmless(t testing.TB, name string, c blobs.Cleaned, err error) {
	t.Helper()
	if err != nil {
		if len(c.Data) != 0 {
			t.Errorf("%s: refused, and %d bytes given", name, len(c.Data))
		}
		return
	}
	if blobs.HashOf(c.Data) != c.Hash {
		t.Errorf("%s: the hash is of other bytes", name)
	}
	if c.MIME == "application/pdf" {
		return // kept as it is, never rendered
	}
	for _, bad := range []string{"GPS", "Exif", "EXIF", "tEXt", "eXIf", "EICAR", "<script", "http://"} {
		if bytes.Contains(c.Data, []byte(bad)) {
			t.Errorf("%s: %q is still in it", name, bad)
		}
	}
	again, err := blobs.Clean(c.Data)
	if err != nil || again.MIME != c.MIME {
		t.Errorf("%s: what was kept is not accepted any more: %v", name, err)
	}
}

// TestUpright: a red mark at the upper left of what the eye saw is there again.
func TestUpright(t *testing.T) {
	t.Parallel()
	for orientation, at := range map[uint16]image.Point{
		1: {0, 0}, 2: {39, 0}, 3: {39, 23}, 4: {0, 23}, 5: {0, 0}, 6: {0, 23}, 7: {39, 23}, 8: {39, 0},
	} {
		img := image.NewRGBA(image.Rect(0, 0, 40, 24))
		for y := range 24 {
			for x := range 40 {
				c := color.RGBA{A: 255}
				if abs(x-at.X) < 8 && abs(y-at.Y) < 8 {
					c.R = 255
				}
				img.SetRGBA(x, y, c)
			}
		}
		c, err := blobs.Clean(withSegment(asJPEG(t, img), 0xe1, exif(binary.BigEndian, orientation)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := jpeg.Decode(bytes.NewReader(c.Data))
		if err != nil {
			t.Fatal(err)
		}
		if want := orientation >= 5; (got.Bounds().Dx() == 24) != want {
			t.Errorf("orientation %d: bounds %v", orientation, got.Bounds())
		}
		if r, _, _, _ := got.At(2, 2).RGBA(); r < 0x8000 {
			t.Errorf("orientation %d: the upper left is not red", orientation)
		}
	}
}

func abs(n int) int { return max(n, -n) }

func FuzzClean(f *testing.F) {
	for _, file := range corpus(f) {
		if len(file.data) < 1<<16 {
			f.Add(file.data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := blobs.Clean(data)
		if err != nil && !errors.Is(err, blobs.ErrKind) && !errors.Is(err, blobs.ErrSize) {
			t.Errorf("%v", err)
		}
		if err == nil && blobs.HashOf(c.Data) != c.Hash {
			t.Error("the hash is of other bytes")
		}
	})
}
