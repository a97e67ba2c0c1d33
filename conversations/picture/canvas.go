package picture

import (
	"fmt"

	"github.com/go-analyze/charts"
	"github.com/go-analyze/charts/chartdraw"
)

// canvas is a picture being drawn. It uses the library's renderer below its
// chart types: those place labels and legends by rules of their own, which long
// Indonesian names break.
type canvas struct {
	r    chartdraw.Renderer
	w, h int
}

func newCanvas(h int) canvas {
	c := canvas{chartdraw.PNG(width, h), width, h}
	c.rect(0, 0, width, h, paper)
	return c
}

// fill paints the area inside the points.
func (c canvas) fill(color charts.Color, points ...charts.Point) {
	c.path(points)
	c.r.Close()
	c.r.SetFillColor(color)
	c.r.Fill()
	c.r.ResetStyle()
}

// line draws from point to point.
func (c canvas) line(color charts.Color, w float64, points ...charts.Point) {
	c.path(points)
	c.r.SetStrokeColor(color)
	c.r.SetStrokeWidth(w)
	c.r.Stroke()
	c.r.ResetStyle()
}

func (c canvas) path(points []charts.Point) {
	for i, p := range points {
		if i == 0 {
			c.r.MoveTo(p.X, p.Y)
			continue
		}
		c.r.LineTo(p.X, p.Y)
	}
}

func (c canvas) rect(x1, y1, x2, y2 int, color charts.Color) {
	if x2 > x1 && y2 > y1 {
		c.fill(color, pt(x1, y1), pt(x2, y1), pt(x2, y2), pt(x1, y2))
	}
}

func (c canvas) dot(x, y int, radius float64, color charts.Color) {
	c.r.SetFillColor(color)
	c.r.Circle(radius, x, y)
	c.r.Fill()
	c.r.ResetStyle()
}

// round is a filled rectangle with round corners.
func (c canvas) round(x1, y1, x2, y2, r int, color charts.Color) {
	for _, p := range []charts.Point{pt(x1+r, y1+r), pt(x2-r, y1+r), pt(x1+r, y2-r), pt(x2-r, y2-r)} {
		c.dot(p.X, p.Y, float64(r), color)
	}
	c.rect(x1+r, y1, x2-r, y2, color)
	c.rect(x1, y1+r, x2, y2-r, color)
}

func pt(x, y int) charts.Point { return charts.Point{X: x, Y: y} }

// png is the finished picture.
func (c canvas) png() ([]byte, error) {
	var out chartdraw.ImageWriter
	if err := c.r.Save(&out); err != nil {
		return nil, fmt.Errorf("draw picture: %w", err)
	}
	img, err := out.Image()
	if err != nil {
		return nil, fmt.Errorf("draw picture: %w", err)
	}
	return squeeze(img)
}
