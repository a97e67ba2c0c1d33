package main

import (
	"bufio"
	"encoding/json"
	"fmt"

	"ekinerja/conversations/parse"
)

// parseCmd shows what the parser understands, for operators who wonder.
type parseCmd struct{}

// maxParseLine is the longest line read: a message of 4096 runes, escaped.
const maxParseLine = 1 << 20

// Run reads one JSON string a line and writes one JSON object a line.
func (parseCmd) Run(io streams) error {
	in := bufio.NewScanner(io.in)
	in.Buffer(make([]byte, 64<<10), maxParseLine)
	out := json.NewEncoder(io.out)
	out.SetEscapeHTML(false)
	for line := 1; in.Scan(); line++ {
		if len(in.Bytes()) == 0 {
			continue
		}
		var text string
		if err := json.Unmarshal(in.Bytes(), &text); err != nil {
			return fmt.Errorf("read line %d: want a JSON string such as \"rapat 2 jam\": %w", line, err)
		}
		if err := out.Encode(parse.Read(text)); err != nil {
			return fmt.Errorf("write line %d: %w", line, err)
		}
	}
	return in.Err()
}
