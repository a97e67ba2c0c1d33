package blobs

import (
	"encoding/binary"
	"image"
	"image/draw"
)

// jpegHead is what a JPEG says before its picture.
type jpegHead struct {
	progressive bool
	orientation int // 1 to 8 as in EXIF; 0: not said
}

// readJPEG walks over the segments before the picture. It never fails: what
// cannot be read says nothing.
func readJPEG(data []byte) (head jpegHead) {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker := data[i+1]
		if marker == 0xff || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8) { // filling, or without a length
			i++
			if marker != 0xff {
				i++
			}
			continue
		}
		n := int(binary.BigEndian.Uint16(data[i+2:]))
		if n < 2 || i+2+n > len(data) {
			return head
		}
		body := data[i+4 : i+2+n]
		switch marker {
		case 0xc2, 0xc6, 0xca, 0xce:
			head.progressive = true
		case 0xe1:
			if head.orientation == 0 {
				head.orientation = orientationOf(body)
			}
		case 0xda, 0xd9: // the picture, or the end
			return head
		}
		i += 2 + n
	}
	return head
}

// tagOrientation is EXIF's number of "which way is up".
const tagOrientation = 0x0112

// orientationOf reads the one tag of an EXIF segment that is not dropped.
func orientationOf(b []byte) int {
	if len(b) < 14 || string(b[:6]) != "Exif\x00\x00" {
		return 0
	}
	b = b[6:]
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return 0
	}
	count := int64(order.Uint16(b[at:]))
	for k := range count {
		e := at + 2 + 12*k
		if e+12 > int64(len(b)) {
			return 0
		}
		if order.Uint16(b[e:]) == tagOrientation {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}

// maxTurned is how many pixels are turned: it needs two more copies. A larger
// picture lies on its side, which whoever looks at it can mend.
const maxTurned = 12_000_000

// upright turns a picture as its orientation says, so that nothing needs to say
// it any more.
func upright(img image.Image, orientation int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if orientation < 2 || w*h > maxTurned {
		return img
	}
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Rect, img, b.Min, draw.Src)
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			fx, fy := source(orientation, x, y, w, h)
			copy(to.Pix[y*to.Stride+4*x:][:4], from.Pix[fy*from.Stride+4*fx:][:4])
		}
	}
	return to
}

// source is the pixel of a w × h picture that belongs at x, y of the upright one.
func source(orientation, x, y, w, h int) (fx, fy int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
