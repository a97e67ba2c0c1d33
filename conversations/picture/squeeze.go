package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
)

// colours is the size of the palette. With 16 a pixel takes half a byte, and the
// fills leave enough room for the greys at the edges of letters.
const colours = 16

// squeeze turns a picture of flat areas into one with a palette, a third of the
// size. Colours that differ only in the low bits of a channel become one: the
// one of them that covers most, so a fill keeps its exact colour and only the
// blends at the edges of letters move, by less than an eye can tell.
func squeeze(img image.Image) ([]byte, error) {
	src := image.NewRGBA(img.Bounds())
	draw.Draw(src, src.Rect, img, img.Bounds().Min, draw.Src)
	b := count(src)
	dst := image.NewPaletted(src.Rect, b.palette())
	index := b.index(dst.Palette)
	for i := range dst.Pix {
		dst.Pix[i] = index[bin(src.Pix[4*i:])]
	}
	var out bytes.Buffer
	if err := png.Encode(&out, dst); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return out.Bytes(), nil
}

// bin is the number of the group of colours a pixel belongs to: four bits a channel.
func bin(pix []uint8) int {
	return int(pix[0]>>4)<<8 | int(pix[1]>>4)<<4 | int(pix[2]>>4)
}

// bins hold, for each group, how many pixels it has and which colour leads it.
type bins struct {
	pixels [4096]int
	leader [4096]color.RGBA
}

// count fills the bins; the leader is found by majority vote in one pass.
func count(src *image.RGBA) *bins {
	b := new(bins)
	var lead [4096]int
	for i := 0; i+3 < len(src.Pix); i += 4 {
		p := src.Pix[i : i+4]
		n, c := bin(p), color.RGBA{p[0], p[1], p[2], 255}
		b.pixels[n]++
		switch {
		case lead[n] == 0:
			b.leader[n], lead[n] = c, 1
		case b.leader[n] == c:
			lead[n]++
		default:
			lead[n]--
		}
	}
	return b
}

// palette are our own colours as far as they occur, then the leaders of the
// largest other bins: a small red cross must stay red in a picture full of greys.
func (b *bins) palette() color.Palette {
	own := map[color.RGBA]bool{}
	for _, c := range inks() {
		own[color.RGBA{c.R, c.G, c.B, 255}] = true
	}
	var used []int
	for n, pixels := range b.pixels {
		if pixels > 0 {
			used = append(used, n)
		}
	}
	slices.SortStableFunc(used, func(x, y int) int {
		if ownX, ownY := own[b.leader[x]], own[b.leader[y]]; ownX != ownY {
			if ownX {
				return -1
			}
			return 1
		}
		return b.pixels[y] - b.pixels[x]
	})
	var p color.Palette
	for _, n := range used {
		c := b.leader[n]
		if len(p) < colours && (own[c] || !near(p, c)) {
			p = append(p, c)
		}
	}
	return p
}

// near reports whether the palette has a colour that could stand for c; a place
// is better spent on a blend in between.
func near(p color.Palette, c color.RGBA) bool {
	if len(p) == 0 {
		return false
	}
	o, ok := p[p.Index(c)].(color.RGBA)
	return ok && apart(o.R, c.R)+apart(o.G, c.G)+apart(o.B, c.B) < 60
}

func apart(a, b uint8) int { return max(int(a), int(b)) - min(int(a), int(b)) }

// index is the place in the palette for each bin.
func (b *bins) index(p color.Palette) (index [4096]uint8) {
	for n, pixels := range b.pixels {
		if pixels > 0 {
			index[n] = uint8(p.Index(b.leader[n]))
		}
	}
	return index
}
